"""Doors: rooms for signing."""

from workflow.signing.pages import (
    acting,
    by_link,
    delivering,
    elsewhere,
    link_papers,
    links,
    lists,
    milestones,
    on_paper,
    originals,
    preparing,
    receiving,
    room,
)
from workflow.signing.pages.blueprint import signing

__all__ = [
    "acting",
    "by_link",
    "delivering",
    "elsewhere",
    "link_papers",
    "links",
    "lists",
    "milestones",
    "on_paper",
    "originals",
    "preparing",
    "receiving",
    "room",
    "signing",
]
