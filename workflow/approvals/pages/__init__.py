"""Doors: what waits for me; several at once; what is under way, and how late; who acts at each step."""

from workflow.approvals.pages import (
    late,
    several,
    sitting,
    sitting_agenda,
    sitting_attendance,
    sitting_closing,
    sitting_dossier,
    sitting_sheet,
    sittings,
    under_way,
    waiting,
    who_acts,
)
from workflow.approvals.pages.blueprint import approvals

__all__ = [
    "approvals",
    "late",
    "several",
    "sitting",
    "sitting_agenda",
    "sitting_attendance",
    "sitting_closing",
    "sitting_dossier",
    "sitting_sheet",
    "sittings",
    "under_way",
    "waiting",
    "who_acts",
]
