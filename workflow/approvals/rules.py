"""Which refusals mean that somebody was faster."""

from __future__ import annotations

OVERTAKEN = frozenset(("not_open", "closed", "organisation_spoke", "already_decided", "moved"))
ROUTINE = frozenset(("Reminded", "StepOverdue", "Escalated", "StageEntered", "StepClosed", "Opened"))
"""Facts that follow by themselves: not what somebody did."""


def overtaken(code: str, shown_version: int, version: int) -> bool:
    """A refusal that would not have been one when the page was shown."""
    return code in OVERTAKEN and shown_version < version
