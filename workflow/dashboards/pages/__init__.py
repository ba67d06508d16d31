"""Doors: the front page, the search, help beside each page, the first day, the operator's page."""

from workflow.dashboards.pages import frame, helping, home, operator, searching, touring, works
from workflow.dashboards.pages.blueprint import dashboards

__all__ = ["dashboards", "frame", "helping", "home", "operator", "searching", "touring", "works"]
