"""Doors: every room of an operation that this reader may open, in one list."""

from __future__ import annotations

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow import clock
from workflow.circuit.deadlines import local_day
from workflow.errors import NotFound
from workflow.operations.queries import operation as find_operation
from workflow.people.rules import folded
from workflow.signing.models import OPEN
from workflow.signing.pages.blueprint import signing
from workflow.signing.pages.words import STATES, state_badge
from workflow.signing.queries import rooms as found
from workflow.signing.queries.rooms import Open
from workflow.signing.queries.standing import ASKED, SIGNED, where
from workflow.signing.queries.told import openable
from workflow.web import listed
from workflow.web.places import here


@signing.get("/operations/<operation>/rooms")
def rooms(operation: str) -> Any:
    """What is to be signed, what was, and whom it waits for."""
    place = find_operation(here(g.identity))
    if place is None:
        raise NotFound()
    every = found.of_operation(place.id)
    mine = openable([one.subject for one in every], g.identity)
    known = [Open(one) for one in every if one.subject in mine]
    states = [(code, str(words)) for code, (words, _family) in STATES.items()]
    filters = [
        listed.Filter("q", _("Title or reference")),
        listed.Filter("state", _("State"), [("", _("All")), *states]),
    ]
    rows = [one for one in known if _wanted(one)]
    return listed.show(
        listed.Listed(
            title=_("Signatures"),
            lead=_("Documents to be signed, and those that were. %(name)s", name=place.name),
            columns=_columns(place.zone),
            rows=rows,
            known=len(known),
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


def _wanted(one: Open) -> bool:
    words, state = folded(request.args.get("q", "")).split(), request.args.get("state", "")
    said = folded(f"{one.title} {one.paper.reference}")
    return state in ("", one.row.state) and all(word in said for word in words)


def _columns(zone: str) -> list[listed.Column]:
    return [
        listed.Column(_("Document"), lambda one: one.title, _title, width=44),
        listed.Column(_("Reference"), lambda one: one.paper.reference, width=18, on_page=False),
        listed.Column(_("State"), lambda one: state_badge(one.row)[1], _state, width=26),
        listed.Column(_("Signed"), _signed, width=12),
        listed.Column(_("Asked now"), _asked, width=40),
        listed.Column(_("Since"), lambda one: local_day(one.row.opened_at or one.row.made_at, zone), width=14),
    ]


def _title(one: Open) -> listed.Cell:
    url = url_for("signing.room", reference=one.row.reference)
    return {"text": one.title, "url": url, "sub": one.paper.reference}


def _state(one: Open) -> listed.Cell:
    family, words = state_badge(one.row)
    return {"text": words, "state": family}


def _signed(one: Open) -> str:
    several = where(one, clock.now())
    done = sum(each.state == SIGNED for each in several)
    return _("%(done)s of %(count)s", done=done, count=len(several))


def _asked(one: Open) -> str:
    if one.row.state != OPEN:
        return ""
    return ", ".join(each.party.acting.name for each in where(one, clock.now()) if each.state == ASKED)
