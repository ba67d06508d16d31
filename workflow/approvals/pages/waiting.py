"""Doors: what waits for me."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from flask import Response, g, render_template, request, url_for
from flask_babel import gettext as _

from workflow import clock
from workflow.access import Identity
from workflow.approvals import queries
from workflow.approvals.models import Course
from workflow.approvals.pages.blueprint import approvals
from workflow.approvals.queries import Waiting
from workflow.catalogue.queries import version
from workflow.circuit.deadlines import last_day, local_day
from workflow.operations.queries import operation as find_operation
from workflow.people import queries as people
from workflow.web import sheets
from workflow.web.dates import format_date
from workflow.web.spoken import label as said

HERE = "Europe/Paris"  # where an operation takes place unless it says otherwise
DONE_WITHIN = timedelta(days=7)


@approvals.get("/waiting")
def waiting() -> Any:
    """Open steps of this reader as sentences, late first, then day by day; when there are none, what was done."""
    known, errands = _cards(g.identity), queries.errands(g.identity)
    cards = [card for card in known if card.late] if request.args.get("late") else known
    if request.args.get("format") == "xlsx":
        return _workbook(cards)
    return render_template(
        "approvals/waiting.html",
        errands=[(one, url_for(one.page, **one.args)) for one in errands],
        groups=_groups(cards),
        known=len(known),
        late=sum(card.late for card in known),
        only_late=bool(request.args.get("late")),
        done=[] if known else _done(g.identity),
        today=clock.today(),
        printed_by=g.identity.name,
        printed_at=format_date(clock.today(HERE), "full"),
    )


def _workbook(cards: Sequence[Card]) -> Response:
    """The same tasks as a spreadsheet, for who plans a week with it."""
    titles = [(_("Task"), 34), (_("Household"), 30), (_("Reference"), 14), (_("Place"), 22), (_("To be done by"), 14)]
    rows = ([card.step, card.who or "", card.household, card.place, card.due] for card in cards)
    taken = sheets.taken_by(g.identity.name, format_date(clock.today(HERE), "full"))
    name = _("What waits for me")
    return sheets.download(sheets.workbook(name, titles, rows, place=name, taken=taken), "taches.xlsx")


# -- tasks --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Card:
    """One task as its reader is told of it. `due` is the last day on which one is in time."""

    url: str
    who: str | None  # the household's name, where it may be read
    household: str  # its reference
    place: str
    step: str  # what the circuit calls the step
    recorded: bool  # entered for a household without account
    sent_back: bool
    days: int  # since when it waits
    due: date | None
    late: bool
    role: str
    body: str
    organisation: str
    absent: str  # the colleague in whose place one is asked


def _cards(identity: Identity) -> list[Card]:
    found: dict[tuple[str, str], Waiting] = {}
    for waits in queries.waiting_for(identity):
        found.setdefault((waits.task.subject, waits.task.step), waits)
    subjects = {subject for subject, _step in found}
    courses, told, words = queries.courses(subjects), queries.sentences(subjects, identity), Words()
    return [_card(waits, courses[subject], told[subject], words) for (subject, _step), waits in found.items()]


class Words:
    """What organisations, bodies, zones and colleagues are called; each is looked up once for a whole page."""

    def __init__(self) -> None:
        self.name = cache(lambda person: people.names([person]).get(person, ""))
        self.organisations = people.organisation_names()
        self.body = cache(_body_label)
        self.zone = cache(_zone)


def _card(waits: Waiting, course: Course, told: Mapping[str, Any], words: Words) -> Card:
    task, voter, published = waits.task, waits.voter, version(course.procedure)
    step, zone = published.circuit.step(task.step), words.zone(task.operation_id)
    due = last_day(task.due, zone) if task.due else None
    role = published.settings.get("roles", {}).get(voter.role, {})
    return Card(
        url=url_for(told["page"], reference=told["reference"]),
        who=told["who"],
        household=told["household"],
        place=said(told["where"]),
        step=said(step.label),
        recorded=voter.reason == "recorder",
        sent_back=task.sent_back,
        days=(clock.today(zone) - local_day(task.opened_at, zone)).days,
        due=due,
        late=due is not None and due < clock.today(zone),
        role=said(role.get("label", {})),
        body=words.body(task.operation_id, step.who.body),
        organisation=words.organisations.get(voter.organisation, ""),
        absent=words.name(waits.on_behalf_of) if waits.on_behalf_of else "",
    )


def _zone(operation: str) -> str:
    place = find_operation(operation)
    return place.zone if place else HERE


def _body_label(operation: str, slug: str | None) -> str:
    body = people.body(operation, slug) if slug else None
    return said(body.label) if body else ""


@dataclass(frozen=True)
class Group:
    """Tasks of the same day: the late ones (of several days), a day, or those without a deadline."""

    late: bool
    day: date | None
    cards: list[Card]


def _groups(cards: list[Card]) -> list[Group]:
    """Late first, then by the day they are due, then without deadline; in each the oldest first."""
    groups: dict[tuple[bool, date | None], list[Card]] = {}
    for card in sorted(cards, key=lambda one: (not one.late, one.due or date.max, -one.days)):
        groups.setdefault((card.late, None if card.late else card.due), []).append(card)
    return [Group(late, day, found) for (late, day), found in groups.items()]


# -- what was done ------------------------------------------------------------------------------------------------


def _done(identity: Identity) -> list[dict[str, Any]]:
    """What this person decided during the last week, newest first."""
    facts = queries.done_by(identity, clock.now() - DONE_WITHIN)
    told = queries.sentences({fact.subject for fact in facts}, identity)
    return [
        told[fact.subject]
        | {
            "kind": fact.kind,
            "day": local_day(fact.at, HERE),
            "url": url_for(told[fact.subject]["page"], reference=told[fact.subject]["reference"]),
        }
        for fact in facts
        if fact.subject in told
    ]
