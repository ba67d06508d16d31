"""Doors: what became of each letter of a survey: sent, opened, begun, finished, come back."""

from __future__ import annotations

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow.people.rules import folded
from workflow.surveys.models import Survey
from workflow.surveys.pages.blueprint import surveys
from workflow.surveys.pages.listing import crumbs
from workflow.surveys.queries import surveys as found
from workflow.surveys.queries.recipients import Line, lines
from workflow.surveys.rules.following import HOW_SENT, STATES, WHY_RETURNED
from workflow.surveys.rules.frame import CHANNELS
from workflow.web import listed, spoken
from workflow.web.dates import format_date


@surveys.get("/surveys/<survey>/households")
def follow_up(survey: str) -> Any:
    """Every household of a survey; the filters find whom one looks for."""
    row = found.survey(g.identity, survey)
    known = lines(g.identity, row)
    filters = [
        listed.Filter("q", _("Name, address or reference")),
        listed.Filter(
            "state", _("State"), [("", _("All")), *((code, _(words)) for code, (_f, words) in STATES.items())]
        ),
        listed.Filter("channel", _("Answered"), [("", _("All")), *((code, _(one)) for code, one in CHANNELS.items())]),
        listed.Filter("lang", _("Language"), [("", _("All")), *_langs(known)]),
    ]
    rows = [one for one in known if _wanted(one)]
    return listed.show(
        listed.Listed(
            title=_("Follow-up of the letters"),
            lead=row.title,
            columns=_columns(row),
            rows=rows,
            known=len(known),
            filters=filters,
            counted=lambda count: ngettext("%(num)s household", "%(num)s households", count),
            empty=listed.Empty(_("Nobody"), _("No household is on the list of this survey.")),
            place=found.operation_of(row).name,
            file_name="suivi-enquete",
            more={"crumbs": crumbs(row)},
        ),
        "surveys/follow_up.html",
    )


def _langs(known: list[Line]) -> list[tuple[str, str]]:
    return [(code, spoken.named(code)) for code in sorted({one.row.lang for one in known})]


def _wanted(one: Line) -> bool:
    told = request.args
    words = folded(told.get("q", "")).split()
    said = folded(f"{one.home.reference} {one.home.name} {one.home.address}") if one.home else ""
    done = one.finished
    return (
        all(word in said for word in words)
        and told.get("state", "") in ("", one.state)
        and told.get("lang", "") in ("", one.row.lang)
        and told.get("channel", "") in ("", done.channel if done else "-")
    )


def _columns(row: Survey) -> list[listed.Column]:
    return [
        listed.Column(_("Household"), named, lambda one: _household(row, one), width=34),
        listed.Column(_("Reference"), lambda one: one.home.reference if one.home else "", width=16, on_page=False),
        listed.Column(_("State"), lambda one: _(STATES[one.state][1]), _state, width=34),
        listed.Column(_("Letter sent on"), lambda one: one.row.sent_on, _sent, width=20),
        listed.Column(
            _("Sent how"), lambda one: _(HOW_SENT.get(one.row.sent_how, "")) if one.row.sent_how else "", on_page=False
        ),
        listed.Column(_("Reminders"), lambda one: len(one.row.reminders), width=12, number=True),
        listed.Column(_("Answered"), channel_of, width=30),
        listed.Column(_("Answered on"), lambda one: one.finished.told_on if one.finished else None, width=18),
        listed.Column(_("Language"), lambda one: spoken.named(one.row.lang), width=16),
        listed.Column(_("Came back because"), why_returned, width=30, on_page=False),
    ]


def named(one: Line) -> str:
    return (one.home.name or one.home.reference) if one.home else _("household erased, or not yours to know")


def channel_of(one: Line) -> str:
    return _(CHANNELS[one.finished.channel]) if one.finished else ""


def why_returned(one: Line) -> str:
    return _(WHY_RETURNED.get(one.row.returned_why, "")) if one.row.returned_why else ""


def _household(row: Survey, one: Line) -> listed.Cell:
    if one.home is None:
        return {"text": named(one)}
    url = url_for("surveys.recipient", survey=row.id, recipient=one.row.id)
    return {"text": named(one), "url": url, "sub": one.home.reference}


def _state(one: Line) -> listed.Cell:
    family, words = STATES[one.state]
    return {"text": _(words), "state": family, "sub": why_returned(one)}


def _sent(one: Line) -> listed.Cell:
    if one.row.sent_on is None:
        return {"text": "—"}
    return {"text": format_date(one.row.sent_on, "d MMMM y"), "sub": _(HOW_SENT.get(one.row.sent_how, ""))}
