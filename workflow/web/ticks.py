"""Boxes of a list that stay ticked from page to page: turning the page sends the form of the list, and nothing is kept
anywhere in between.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import request, url_for

from workflow.db import begin_reading, db

EVERY = "*"  # ticks whatever the page shows
TURN = "turn"  # name of the buttons that show another page


@dataclass
class Ticks:
    """name: of the boxes; ticked: their values, EVERY among them; shown: values of the boxes of this page."""

    name: str
    ticked: frozenset[str] = frozenset()
    shown: set[str] = field(default_factory=set)

    def on(self, value: str) -> bool:
        """Whether this box of the page is ticked."""
        self.shown.add(value)
        return EVERY in self.ticked or value in self.ticked

    @property
    def all_of_page(self) -> bool:
        return EVERY in self.ticked

    @property
    def elsewhere(self) -> list[str]:
        """Ticked on other pages: sent along unseen."""
        return sorted(self.ticked - self.shown - {EVERY})

    @property
    def all_url(self) -> str:
        """This list with every box of the page ticked; with none, when they are."""
        told = {**request.args.to_dict(), **(request.view_args or {}), "tick": None if self.all_of_page else "all"}
        return url_for(request.endpoint or "", **told)


def sent(name: str) -> Ticks:
    """The ticks this request brings along."""
    if request.method == "POST":
        ticked = frozenset(request.form.getlist(name))
        return Ticks(name, ticked | {EVERY} if request.form.get(TURN) == "all" else ticked)
    return Ticks(name, frozenset((EVERY,)) if request.args.get("tick") == "all" else frozenset())


def turning() -> bool:
    """Whether this form only asks for another page of the list. That writes nothing: nobody who writes waits for it."""
    if request.method != "POST" or not request.form.get(TURN):
        return False
    db.session.rollback()
    begin_reading()
    return True
