"""What the list of notices is asked for, and what it shows."""

from __future__ import annotations

from typing import Any

from flask import g, request
from flask_babel import gettext as _

from workflow.dossiers.pages.noticed import Line, lines, means, news, state
from workflow.dossiers.queries.notices import items
from workflow.dossiers.rules import (
    BOUNCED,
    HANDED_OVER,
    KEPT,
    NOTICE_STATES,
    SENT,
    TO_HAND_OVER,
    WAITING,
    folded,
    terms,
)
from workflow.operations.models import Operation
from workflow.web.listed import Column, Filter

SHOWN: dict[str, tuple[str, ...]] = {
    "": (TO_HAND_OVER,),
    "handed": (HANDED_OVER,),
    "back": (BOUNCED,),
    "mail": (WAITING, SENT, KEPT),
    "all": tuple(NOTICE_STATES),
}


def asked_lines(place: Operation) -> list[Line]:
    """The notices that the address asks for."""
    asked = {one.name: one.asked for one in filters()}
    found = lines(place, items(place.id, SHOWN.get(asked["state"], SHOWN[""])))
    return [line for line in found if _fits(line, asked)]


def to_print(place: Operation) -> list[Line]:
    """What is to be handed over, as the address narrows it down."""
    asked = {one.name: one.asked for one in filters()}
    return [line for line in lines(place, items(place.id, (TO_HAND_OVER,))) if _fits(line, asked)]


def _fits(line: Line, asked: dict[str, str]) -> bool:
    home = line.item.household
    kind = "household" if line.item.for_household else "person"
    words = folded(f"{line.who} {home.reference} {line.where} {line.referent}")
    return (
        asked["for"] in ("", kind)
        and (not asked["mine"] or home.referent == g.identity.person)
        and all(term in words for term in terms(asked["q"]))
    )


def filters() -> list[Filter]:
    return [
        Filter("q", _("Name, reference or address")),
        Filter(
            "state",
            _("State"),
            [
                ("", _("To hand over")),
                ("handed", _("Handed over")),
                ("back", _("Came back")),
                ("mail", _("Told by mail")),
                ("all", _("All")),
            ],
        ),
        Filter("for", _("For"), [("", _("Everybody")), ("household", _("Households")), ("person", _("Colleagues"))]),
        Filter("mine", _("Only the households that I follow"), tick=True),
    ]


def columns(ticked: list[str], asked: str) -> list[Column]:
    """State and means say nothing new in the list of what is to be handed over."""
    waiting, ticking = asked == "", asked in ("", "all") and request.args.get("format") != "xlsx"
    found = [
        Column(_("For whom"), lambda line: line.who, _who, 28),
        Column(_("News"), lambda line: news(line.notice), width=30),
        Column(_("Where"), lambda line: line.where, width=34),
        Column(_("Referent of the household"), lambda line: line.referent, width=24),
        Column(_("Since"), lambda line: line.notice.made_at.date(), lambda line: {"text": line.made}, 14),
        Column(_("How"), lambda line: means(line.notice), width=16, on_page=not waiting),
        Column(_("State"), lambda line: state(line.notice)[1], _state, 18, on_page=not waiting),
        Column(_("Done on"), lambda line: line.done, width=30, on_page=False),
    ]
    tick = Column(_("Tick"), lambda line: "", lambda line: _tick(line, ticked), 10)
    return [*found, tick] if ticking else found


def _who(line: Line) -> dict[str, Any]:
    reference = line.item.household.reference
    return {"text": line.who, "url": line.url, "sub": reference if reference != line.who else line.kind}


def _state(line: Line) -> dict[str, Any]:
    family, words = state(line.notice)
    return {"text": words, "state": family, "sub": line.done}


def _tick(line: Line, ticked: list[str]) -> dict[str, Any]:
    if not line.waits:
        return {"text": ""}
    told = {"form": "handed", "name": "notice", "value": line.notice.id, "checked": line.notice.id in ticked}
    return {"check": told | {"label": _("Handed over: %(who)s, %(news)s", who=line.who, news=news(line.notice))}}
