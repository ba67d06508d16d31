"""Jobs: the papers of a decided dossier; a mail to the author of one that was sent back."""

from workflow.dossiers.jobs.mails import tell_author
from workflow.dossiers.jobs.papers import make_paper, make_papers

__all__ = ["make_paper", "make_papers", "tell_author"]
