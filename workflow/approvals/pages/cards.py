"""One task as its reader is told of it, and tasks of the same day together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from workflow import clock
from workflow.access import Identity
from workflow.approvals import queries
from workflow.approvals.models import Course
from workflow.approvals.pages.words import Words
from workflow.approvals.queries import Waiting
from workflow.approvals.queries.fallen import asked_again
from workflow.catalogue.queries import version
from workflow.circuit.deadlines import last_day, local_day
from workflow.circuit.model import Kind
from workflow.web.spoken import label as said


@dataclass(frozen=True)
class Card:
    """One task. `due` is the last day on which one is in time; `key` names it in a form."""

    key: str
    url: str
    who: str | None  # the household's name, where it may be read; what a file of the whole operation is called
    whole: bool  # it is about the whole operation
    household: str  # its reference
    place: str
    operation: str
    step: str  # what the circuit calls the step
    recorded: bool  # entered for a household without account
    sent_back: bool
    days: int  # since when it waits
    due: date | None
    late: bool
    late_by: int  # working days
    role: str
    body: str
    organisation: str
    absent: str  # the colleague in whose place one is asked
    again: bool  # one had decided; that fell when the file was corrected


def cards(identity: Identity, found: Sequence[Waiting], words: Words) -> list[Card]:
    subjects = {waits.task.subject for waits in found}
    courses, told = queries.courses(subjects), queries.sentences(subjects, identity)
    words.know(waits.on_behalf_of or "" for waits in found)
    again = asked_again(identity.person, found)
    return [_card(waits, courses[waits.task.subject], told[waits.task.subject], words, again) for waits in found]


def _card(
    waits: Waiting, course: Course, told: Mapping[str, Any], words: Words, again: Collection[tuple[str, str]]
) -> Card:
    task, voter, published = waits.task, waits.voter, version(course.procedure)
    step, zone = published.circuit.step(task.step), words.zone(task.operation_id)
    role = published.settings.get("roles", {}).get(voter.role, {})
    return Card(
        key=key_of(task.subject, task.step),
        url=url_for(told["page"], reference=told["reference"]),
        who=told["who"],
        whole=told["whole"],
        household=told["household"],
        place=said(told["where"]),
        operation=words.operation(task.operation_id),
        step=said(step.label),
        recorded=voter.reason == "recorder",
        sent_back=task.sent_back,
        days=(clock.today(zone) - local_day(task.opened_at, zone)).days,
        due=last_day(task.due, zone) if task.due else None,
        late=task.due is not None and task.due <= clock.now(),
        late_by=words.calendar(task.operation_id).count(last_day(task.due, zone), clock.today(zone)) if task.due else 0,
        role=said(role.get("label", {})),
        body=words.body(task.operation_id, step.who.body),
        organisation=words.organisations.get(voter.organisation, ""),
        absent=words.name(waits.on_behalf_of) if waits.on_behalf_of else "",
        again=step.kind is not Kind.FILL and (task.subject, task.step) in again,
    )


def key_of(subject: str, step: str) -> str:
    return f"{subject}/{step}"


def read_key(text: str) -> tuple[str, str]:
    """The subject and the step that a ticked box names; whether there is such a thing is for whoever looks it up."""
    subject, _slash, step = text[:200].rpartition("/")
    return subject, step


@dataclass(frozen=True)
class Group:
    """Tasks of the same day: the late ones (of several days), a day, or those without a deadline; each by operation."""

    late: bool
    day: date | None
    operation: str
    cards: list[Card]


def groups(shown: Sequence[Card]) -> list[Group]:
    """In the order in which they come."""
    found: dict[tuple[bool, date | None, str], list[Card]] = {}
    for card in shown:
        found.setdefault((card.late, None if card.late else card.due, card.operation), []).append(card)
    return [Group(*key, of_group) for key, of_group in found.items()]
