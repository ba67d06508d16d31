"""Doors: the texts of an operation that are, were or will be discussed."""

from __future__ import annotations

from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow.charter.models import Consultation
from workflow.charter.pages.blueprint import charter
from workflow.charter.pages.words import phase_badge, version_name
from workflow.charter.queries import drafts as found
from workflow.charter.queries.entitled import may_draft
from workflow.errors import NotFound
from workflow.operations.queries import operation as find_operation
from workflow.web import listed
from workflow.web.places import here


@charter.get("/operations/<operation>/drafts")
def drafts(operation: str) -> Any:
    """Those this reader may open; who holds the pen begins another one."""
    place = find_operation(here(g.identity))
    if place is None:
        raise NotFound()
    rows, writes = found.of_operation(g.identity, place.id), may_draft(g.identity, place.id)
    counted = found.counted(rows)
    begin = (url_for("charter.begin", operation=place.id), _("Submit a text")) if writes else None
    return listed.show(
        listed.Listed(
            title=_("Texts under discussion"),
            lead=_("Charters and agreements on which partners and inhabitants contribute. %(name)s", name=place.name),
            columns=_columns(counted),
            rows=rows,
            known=len(rows),
            empty=listed.Empty(
                _("No text is under discussion"),
                _("A charter or an agreement stands here once it is submitted to those it concerns.")
                if not writes
                else _("Take a model, fill it in, say what is discussed: then invite those it concerns."),
                begin[0] if begin else "",
                begin[1] if begin else "",
            ),
            counted=lambda count: ngettext("%(num)s text", "%(num)s texts", count),
            place=place.name,
            file_name="textes-en-discussion",
            primary=begin,
            private=False,
        )
    )


def _columns(counted: dict[str, tuple[int, int]]) -> list[listed.Column]:
    return [
        listed.Column(_("Text"), lambda one: one.title, _title, width=44),
        listed.Column(_("State"), lambda one: phase_badge(found.phase_of(one))[1], _state, width=28),
        listed.Column(_("Until"), lambda one: one.closes, width=16),
        listed.Column(_("Contributions"), lambda one: counted.get(one.id, (0, 0))[0], width=14, number=True),
        listed.Column(_("To be answered"), lambda one: counted.get(one.id, (0, 0))[1], width=14, number=True),
    ]


def _title(one: Consultation) -> listed.Cell:
    url = url_for("charter.draft", reference=one.reference)
    return {"text": one.title, "url": url, "sub": version_name(one.current)}


def _state(one: Consultation) -> listed.Cell:
    family, words = phase_badge(found.phase_of(one))
    return {"text": words, "state": family}
