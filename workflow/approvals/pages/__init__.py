"""Doors: what waits for me; who acts at each step."""

from workflow.approvals.pages import waiting, who_acts
from workflow.approvals.pages.blueprint import approvals

__all__ = ["approvals", "waiting", "who_acts"]
