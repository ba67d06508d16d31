"""Door: what is under way in an operation, for whoever looks after its procedures: remind, pass on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow import clock
from workflow.approvals import queries
from workflow.approvals.models import Voter
from workflow.approvals.pages import choosing
from workflow.approvals.pages.blueprint import approvals
from workflow.approvals.pages.cards import key_of
from workflow.approvals.pages.paged import Paged
from workflow.approvals.pages.words import Words
from workflow.approvals.queries.foreseeing import reminded_today
from workflow.approvals.queries.mine import Wanted
from workflow.approvals.queries.stuck import dead_ends
from workflow.approvals.queries.under_way import Line, UnderWay, managed
from workflow.circuit.deadlines import last_day, local_day
from workflow.circuit.decide import DeadEnd
from workflow.errors import NotFound
from workflow.web import listed
from workflow.web.dates import format_date
from workflow.web.spoken import label as said

STUCK = {"nobody": "Nobody may decide here now", "too_few": "Too few may decide here now"}
"""By code of a dead end."""


@dataclass(frozen=True)
class Row:
    """One open step as the page tells it."""

    key: str
    url: str
    reference: str
    who: str
    step: str
    asked: str
    stuck: str  # in a few words, why it can come to no good end
    days: int
    since: date
    due: date | None
    late: bool
    reminded: date | None
    today: bool  # whether they were reminded today


@approvals.route("/operations/<operation>/under-way", methods=["GET", "POST"])
def under_way(operation: str) -> Any:
    """Open steps, the most urgent first: who is asked, since when, until when, when they were last reminded."""
    versions = managed(g.identity, operation) if operation in g.identity.operations else []
    if operation not in g.identity.operations or not versions:
        raise NotFound()
    found = UnderWay(g.identity, operation, versions)
    return choosing.show_or_prepare(lambda: choosing.of_those_under_way(found), lambda chooser: _page(found, chooser))


def _page(found: UnderWay, chooser: choosing.Chooser) -> Any:
    filters, words = _filters(found), Words()
    asked = {one.name: one.asked for one in filters}
    wanted = Wanted(
        procedure=asked.get("procedure", ""),
        step=asked.get("step", ""),
        late=bool(asked["late"]),
        words=asked["q"],
    )
    person = asked["person"]

    def fetch(first: int, many: int) -> list[Row]:
        shown = _rows(found, found.page(wanted, person, first, many), words)
        chooser.shown.update(row.key for row in shown)
        return shown

    return listed.show(
        listed.Listed(
            title=_("Under way"),
            lead=_("What is asked of whom, the most urgent first. Tick several to remind people, or to pass work on."),
            columns=_columns(chooser),
            rows=Paged(found.count(wanted, person), fetch),
            known=sum(found.steps.values()),
            empty=listed.Empty(_("Nothing is under way"), _("Open files appear here, with those who are asked.")),
            filters=filters,
            counted=lambda count: ngettext("%(num)s step waits", "%(num)s steps wait", count),
            place=words.operation(found.operation),
            file_name="en-cours",
            more={
                "chooser": chooser,
                "paging_form": "several",
                "late_url": url_for("approvals.late", operation=found.operation),
            },
        ),
        "approvals/under_way.html",
    )


def _filters(found: UnderWay) -> list[listed.Filter]:
    labels: dict[str, str] = {}
    steps: dict[str, str] = {}
    for one in found.versions:
        labels[one.slug] = said(one.label)
        steps |= {
            f"{one.slug}/{step.id}": said(step.label)
            for step in one.circuit.steps()
            if (one.hash, step.id) in found.steps
        }
    everything = [("", _("All"))]
    procedures = [listed.Filter("procedure", _("Form"), [*everything, *labels.items()])] if len(labels) > 1 else []
    return [
        listed.Filter("q", _("Name or reference")),
        *procedures,
        listed.Filter("step", _("Step"), [*everything, *steps.items()]),
        listed.Filter("person", _("Asked of"), [("", _("Anybody")), *found.persons.items()]),
        listed.Filter("late", _("Only what is late"), tick=True),
    ]


def _columns(chooser: choosing.Chooser) -> list[listed.Column]:
    def tick(row: Row) -> listed.Cell:
        label = _("Tick %(reference)s, %(step)s", reference=row.reference, step=row.step)
        checked = "*" in chooser.ticked or row.key in chooser.ticked
        return {"check": {"form": "several", "name": "file", "value": row.key, "label": label, "checked": checked}}

    return [
        listed.Column(
            _("Reference"),
            lambda row: row.reference,
            lambda row: {"text": row.reference, "url": row.url, "sub": row.who},
            width=16,
        ),
        listed.Column(_("Tick"), lambda row: "", tick, width=6),
        listed.Column(_("Household"), lambda row: row.who, width=30, on_page=False),
        listed.Column(_("Step"), lambda row: row.step, width=34),
        listed.Column(_("Asked of"), lambda row: "; ".join(filter(None, (row.stuck, row.asked))), _whom, width=40),
        listed.Column(_("Since"), lambda row: row.since, _since, width=14),
        listed.Column(_("To be done by"), lambda row: row.due, _due, width=14),
        listed.Column(_("Last reminder"), lambda row: row.reminded, _reminded, width=14),
    ]


def _day(day: date) -> str:
    """As short as it can be said, on one line."""
    return format_date(day, "d MMM" if day.year == clock.today().year else "d MMM y").replace(" ", "\N{NO-BREAK SPACE}")


def _whom(row: Row) -> listed.Cell:
    return {"text": row.stuck, "state": "late", "sub": row.asked} if row.stuck else {"text": row.asked}


def _since(row: Row) -> listed.Cell:
    days = ngettext("%(num)s day ago", "%(num)s days ago", row.days) if row.days else _("today")
    return {"text": _day(row.since), "sub": days}


def _due(row: Row) -> listed.Cell:
    if row.due is None:
        return {"text": _("No deadline")}
    day = _day(row.due)
    return {"text": _("late"), "state": "late", "sub": day} if row.late else {"text": day}


def _reminded(row: Row) -> listed.Cell:
    if row.reminded is None:
        return {"text": _("Never")}
    return {"text": _("today") if row.today else _day(row.reminded)}


def _rows(found: UnderWay, lines: Sequence[Line], words: Words) -> list[Row]:
    told = queries.sentences({line.task.subject for line in lines}, found.identity)
    words.know(voter.person for line in lines for voter in line.asked)
    zone = words.zone(found.operation)
    stuck = dead_ends((line.task.subject, line.task.step) for line in lines)
    return [
        _row(line, told[line.task.subject], words, zone, stuck.get((line.task.subject, line.task.step)))
        for line in lines
    ]


def _row(line: Line, told: dict[str, Any], words: Words, zone: str, stuck: DeadEnd | None) -> Row:
    task, since = line.task, local_day(line.task.opened_at, zone)
    return Row(
        key=key_of(task.subject, task.step),
        url=url_for(told["page"], reference=told["reference"]),
        reference=told["reference"],
        who=told["who"] or told["household"],
        step=said(line.published.circuit.step(task.step).label),
        asked=_asked(line, words, stuck),
        stuck=_(STUCK[stuck.code]) if stuck else "",
        days=(clock.today(zone) - since).days,
        since=since,
        due=last_day(task.due, zone) if task.due else None,
        late=task.due is not None and task.due <= clock.now(),
        reminded=local_day(line.reminded, zone) if line.reminded else None,
        today=reminded_today(line.reminded, zone),
    )


def _where(voter: Voter, words: Words) -> str:
    if voter.reason != "recorder":
        return words.organisations.get(voter.organisation, "")
    of_household = voter.role == "household"
    return _("To be recorded for the household") if of_household else _("Signed copies are kept by")


def _asked(line: Line, words: Words, stuck: DeadEnd | None) -> str:
    """Names by organisation: "ACTIS: Sonia Mendès, Karim Haddad"."""
    by: dict[str, list[str]] = {}
    for voter in line.asked:
        by.setdefault(_where(voter, words), []).append(words.name(voter.person))
    by = {where: list(dict.fromkeys(names)) for where, names in by.items()}
    told = [
        _("%(where)s: %(names)s", where=where, names=", ".join(names)) if where else ", ".join(names)
        for where, names in by.items()
    ]
    return "; ".join(told) or ("" if stuck else _("Nobody at the moment"))
