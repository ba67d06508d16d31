"""Doors: rooms for signing."""

from workflow.signing.pages import acting, by_link, lists, on_paper, originals, preparing, room
from workflow.signing.pages.blueprint import signing

__all__ = ["acting", "by_link", "lists", "on_paper", "originals", "preparing", "room", "signing"]
