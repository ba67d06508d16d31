"""Jobs: the papers of a decided dossier; whoever a fact of it concerns is told."""

from workflow.dossiers.jobs.digest import daily_mails
from workflow.dossiers.jobs.handing_over import ask_handover_sheet, depart, make_handover_sheet, tell_successors
from workflow.dossiers.jobs.papers import make_paper, make_papers
from workflow.dossiers.jobs.personal_links import send_code, send_link
from workflow.dossiers.jobs.telling import tell, tell_again
from workflow.dossiers.jobs.versions import change_versions

__all__ = [
    "ask_handover_sheet",
    "change_versions",
    "daily_mails",
    "depart",
    "make_handover_sheet",
    "make_paper",
    "make_papers",
    "send_code",
    "send_link",
    "tell",
    "tell_again",
    "tell_successors",
]
