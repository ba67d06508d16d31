"""Jobs: papers of a decided dossier; a mail to the author of one that was sent back."""

from __future__ import annotations

from workflow import outbox


def make_papers(lease: outbox.Lease) -> None:
    """React to Completed: one row for each paper and audience."""


def make_paper(lease: outbox.Lease) -> None:
    """Write one paper."""


def tell_author(lease: outbox.Lease) -> None:
    """React to SentBack: a mail to the author that names no household and no answer."""
