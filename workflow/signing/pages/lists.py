"""Doors: every room of an operation that this reader may open, in one list."""

from __future__ import annotations

import re
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow import clock
from workflow.circuit.deadlines import local_day
from workflow.errors import NotFound
from workflow.operations.models import Operation
from workflow.operations.queries import operation as find_operation
from workflow.people.rules import folded
from workflow.signing.pages.blueprint import signing
from workflow.signing.pages.words import STATES, state_badge
from workflow.signing.queries.listing import LATE, MINE, Line, Rooms, Wanted
from workflow.web import listed
from workflow.web.dates import format_date
from workflow.web.places import here

MOST_WORDS = 8
NAMED = 3  # names of those who are asked, on the page; the workbook holds them all
_WORD = re.compile(r"[^\W_]+")


@signing.get("/operations/<operation>/rooms")
def rooms(operation: str) -> Any:
    """What is to be signed, what was, and whom it waits for."""
    place = find_operation(here(g.identity))
    if place is None:
        raise NotFound()
    filters = _filters()
    asked = {one.name: one.asked for one in filters}
    words = tuple(_WORD.findall(folded(asked["q"]))[:MOST_WORDS])
    found = Rooms(g.identity, Wanted(place.id, clock.now(), place.zone, words, asked["state"]))
    return listed.show(
        listed.Listed(
            title=_("Signatures"),
            lead=_("Documents to be signed, and those that were. %(name)s", name=place.name),
            columns=_columns(place),
            rows=found,
            known=found.known,
            empty=listed.Empty(
                _("Nothing is to be signed"),
                _("Documents stand here once somebody has them signed, from the list of all papers."),
                url_for("filing.papers", operation=place.id),
                _("All papers"),
            ),
            filters=filters,
            counted=lambda count: ngettext("%(num)s document", "%(num)s documents", count),
            place=place.name,
            file_name="signatures",
        )
    )


def _filters() -> list[listed.Filter]:
    states = [(code, str(words)) for code, (words, _family) in STATES.items()]
    own = [(MINE, _("waits for my signature")), (LATE, _("late"))]
    return [
        listed.Filter("q", _("Title, reference or signatory")),
        listed.Filter("state", _("State"), [("", _("All")), *own, *states]),
    ]


def _columns(place: Operation) -> list[listed.Column]:
    zone = place.zone
    return [
        listed.Column(_("Document"), lambda one: one.title, _title, width=44),
        listed.Column(_("Reference"), lambda one: one.reference, width=18, on_page=False),
        listed.Column(_("State"), lambda one: _badge(one)[1], _state, width=26),
        listed.Column(_("Signed"), _signed, width=12),
        listed.Column(_("Still has to sign"), lambda one: ", ".join(one.asked), _asked, width=40),
        listed.Column(_("Until"), lambda one: one.until, _until, width=14),
        listed.Column(_("Since"), lambda one: local_day(one.row.opened_at or one.row.made_at, zone), width=14),
    ]


def _title(one: Line) -> listed.Cell:
    url = url_for("signing.room", reference=one.row.reference)
    return {"text": one.title, "url": url, "sub": one.reference}


def _badge(one: Line) -> tuple[str, str]:
    """(family of shape and colour, words)."""
    if one.over:
        return "late", _("the last day has passed")
    if one.late:
        return "late", _("late")
    return state_badge(one.row)


def _state(one: Line) -> listed.Cell:
    family, words = _badge(one)
    if one.mine:
        return {"text": _("waits for your signature"), "state": "todo", "sub": words}
    return {"text": words, "state": family}


def _signed(one: Line) -> str:
    return _("%(done)s of %(count)s", done=one.signed, count=one.count).replace(" ", "\N{NO-BREAK SPACE}")


def _asked(one: Line) -> listed.Cell:
    first, more = one.asked[:NAMED], len(one.asked) - NAMED
    told = ", ".join(first)
    return (
        {"text": ngettext("%(names)s and %(num)s more", "%(names)s and %(num)s more", more, names=told)}
        if more > 0
        else {"text": told}
    )


def _until(one: Line) -> listed.Cell:
    return {"text": format_date(one.until, "long") if one.until else ""}
