"""Doors: drafts submitted to contributions."""

from workflow.charter.pages import (
    answering,
    beginning,
    changes,
    commitments,
    contributing,
    desk,
    draft,
    from_word,
    lists,
    papers,
    public,
    wording,
)
from workflow.charter.pages.blueprint import charter

__all__ = [
    "answering",
    "beginning",
    "changes",
    "charter",
    "commitments",
    "contributing",
    "desk",
    "draft",
    "from_word",
    "lists",
    "papers",
    "public",
    "wording",
]
