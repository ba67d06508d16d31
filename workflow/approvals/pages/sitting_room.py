"""One sitting before the person of this request: what it is called, who is there, what its lines say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow.access import Identity
from workflow.approvals import queries
from workflow.approvals.models import Attendance, Item, Sitting
from workflow.approvals.pages.sitting_groups import Asked, asked_at
from workflow.approvals.queries import attending
from workflow.approvals.queries.sitting_before import gone
from workflow.approvals.queries.sittings import named, steps_of
from workflow.approvals.rules import (
    ADJOURN,
    CARRIED,
    DROPPED,
    FAVOURABLE,
    NONE,
    OPEN,
    OVER,
    POSITION,
    RESERVED,
    SEND_BACK,
    UNFAVOURABLE,
)
from workflow.circuit.model import RETURNING, Kind, Step
from workflow.errors import NotFound
from workflow.operations.queries import operation as find_operation
from workflow.people import queries as people
from workflow.people.models import Body
from workflow.record.queries import texts
from workflow.web.dates import format_date, stamp
from workflow.web.spoken import label as said

STATES: Mapping[str, tuple[str, str]] = {
    OPEN: ("open", "todo"),
    OVER: ("closed sitting", "done"),
    DROPPED: ("not held", "closed"),
}


@dataclass(frozen=True)
class Line:
    """One dossier of the agenda, in words."""

    number: int
    item: Item
    reference: str
    household: str
    url: str  # of the dossier; nothing for whoever may not open it
    what: Asked
    state: str
    family: str
    said: str
    reasons: tuple[str, ...]
    problem: str
    choices: tuple[tuple[str, str], ...]
    mine: str  # where it is entered by itself


class Room:
    """A sitting. NotFound for whoever neither keeps the body nor has a voice in it; `signer`: whoever was there with a
    voice may come, though they left the body since.
    """

    def __init__(self, sitting_id: str, *, keeper: bool = False, signer: bool = False) -> None:
        self.identity: Identity = g.identity
        self.row: Sitting = attending.sitting(sitting_id)
        self.body: Body = attending.body_of(self.row)
        self.keeps = attending.keeps(self.identity, self.body)
        signs = signer and any(one.person == self.identity.person for one in self.there)
        if not (self.keeps or signs or (not keeper and attending.reads(self.identity, self.body))):
            raise NotFound()

    @property
    def works(self) -> bool:
        """Whether something may be entered now, by this reader."""
        return self.keeps and self.row.state == OPEN

    @cached_property
    def open_to_me(self) -> set[str]:
        """Dossiers of the agenda that this reader may open, and from which they did not withdraw: of the others they
        learn that they are on it and what became of them, no word of anybody.
        """
        mine = {self.identity.person, *(grant.on_behalf_of for grant in self.identity.grants)}
        away = {subject for subject, persons in attending.withdrawals(self.row).items() if persons & mine}
        return queries.openable([one.subject for one in self.agenda], self.identity) - away

    def may_look(self, one: Item) -> bool:
        """Whether this reader has a page for that dossier here: its secretary enters what is said of every one."""
        return self.keeps or one.subject in self.open_to_me

    def reads_answers(self, one: Item, *, waits: bool) -> bool:
        """Whether this reader finds the answers there: as long as the body has to decide, those who do, and who enters
        it.
        """
        sits = any(who.person == self.identity.person and not who.withdrawn for who in self.there)
        return waits and one.subject in self.open_to_me and (self.keeps or sits)

    @property
    def has_the_list(self) -> bool:
        """Whether the list itself, on which everybody's words stand, is for this reader."""
        return all(self.may_look(one) for one in self.agenda if has_words(one))

    @property
    def url(self) -> str:
        return url_for("approvals.sitting", sitting_id=self.row.id)

    @property
    def title(self) -> str:
        return _("%(body)s: sitting no. %(number)s", body=said(self.body.label), number=self.row.number)

    @property
    def when(self) -> str:
        told = [format_date(self.row.held_on, "full"), clock_time(self.row.begins), self.row.place, self.row.title]
        return ", ".join(filter(None, told))

    @cached_property
    def place(self) -> str:
        found = find_operation(self.row.operation_id)
        return found.name if found else ""

    @cached_property
    def zone(self) -> str:
        found = find_operation(self.row.operation_id)
        return found.zone if found else "Europe/Paris"

    def crumbs(self, *, inside: bool = False) -> list[tuple[str, str]]:
        if not attending.reads(self.identity, self.body):  # only the list is theirs
            return []
        every = url_for("approvals.sittings", operation=self.row.operation_id, body=self.row.body)
        return [(every, _("Sittings of: %(body)s", body=said(self.body.label))), *([(self.url, self.title)] * inside)]

    def frame(self) -> dict[str, Any]:
        return {"room": self, "row": self.row, "state": STATES[self.row.state], "crumbs": self.crumbs()}

    # -- who is there

    @cached_property
    def ticked(self) -> list[Attendance]:
        """Everybody who was ticked, those whose seat was taken away meanwhile too."""
        return attending.attendance(self.row)

    @cached_property
    def there(self) -> list[Attendance]:
        vacant = gone(self.row)
        return [one for one in self.ticked if one.seat not in vacant]

    @cached_property
    def organisations(self) -> dict[str, str]:
        return people.organisation_names()

    @cached_property
    def _names(self) -> dict[str, str]:
        seats = people.seats_of(self.body)
        persons = {one for seat in seats for one in (seat.person_id, seat.substitute_id) if one}
        return people.names({*persons, *(one.person for one in self.ticked), *self.body.secretaries, *self._enterers})

    @property
    def _enterers(self) -> set[str]:
        return {one.entered_by for one in self.agenda if one.entered_by} | {self.row.opened_by}

    def name(self, person: str | None) -> str:
        return self._names.get(person or "", "")

    @property
    def quorum(self) -> int:
        return self.body.quorum or 0

    @property
    def voices(self) -> int:
        return len({one.organisation for one in self.there if not one.withdrawn})

    @property
    def quorate(self) -> bool:
        return self.voices >= max(self.quorum, 1)

    def quorum_words(self) -> str:
        there = ngettext("%(num)s voice is there", "%(num)s voices are there", self.voices)
        if not self.quorum:
            return _("%(there)s; this body has no quorum.", there=there)
        needed = ngettext("%(num)s is needed", "%(num)s are needed", self.quorum)
        return _("%(there)s, %(needed)s.", there=there, needed=needed)

    # -- the agenda

    @cached_property
    def agenda(self) -> list[Item]:
        return attending.items(self.row)

    def lines(self, agenda: Sequence[Item] | None = None) -> list[Line]:
        wanted = self.agenda if agenda is None else agenda
        subjects = [one.subject for one in wanted]
        courses, told = queries.courses(subjects), queries.sentences(subjects, self.identity)
        steps = steps_of(wanted, courses)
        reasons = self._reasons([one for one in wanted if self.may_look(one)])
        asked = {one.subject: asked_at(courses[one.subject], one.step) for one in wanted}
        return [self._line(one, steps[one.subject], asked[one.subject], told[one.subject], reasons) for one in wanted]

    def _line(self, one: Item, step: Step, what: Asked, told: Mapping[str, Any], reasons: Mapping[str, str]) -> Line:
        opens = one.subject in self.open_to_me
        names = opens and named(self.identity, self.row.operation_id, step)
        state, family = self._state(one)
        return Line(
            number=one.rank,
            item=one,
            reference=told["reference"],
            household=(told["who"] if names or told["whole"] else None)
            or _("household %(reference)s", reference=told["household"]),
            url=url_for(told["page"], reference=told["reference"]) if opens else "",
            what=what,
            state=state,
            family=family,
            said=self.said(one),
            reasons=self._why(one, reasons),
            problem=problem_words(one),
            choices=choices(step),
            mine=url_for("approvals.sitting_dossier", sitting_id=self.row.id, reference=told["reference"]),
        )

    def _state(self, one: Item) -> tuple[str, str]:
        if one.carried:
            words, family = CARRIED[one.carried]
            return _(words), family
        if one.problem:
            return _("could not take effect"), "late"
        return (_("entered"), "done") if one.said else (_("to be decided"), "todo")

    def said(self, one: Item) -> str:
        """What was entered, in a few words."""
        if one.said == ADJOURN:
            return _("Adjourned")
        if one.said == SEND_BACK:
            return _("Sent back for correction")
        told = [position for position, _reason in one.positions.values()]
        if not told:
            return ""
        if common := attending.all_say(one, self.there):
            return _("All who are there: %(position)s", position=_(POSITION[common]))
        counted = ((position, told.count(position)) for position in (FAVOURABLE, RESERVED, UNFAVOURABLE, NONE))
        return ", ".join(f"{count} {_(POSITION[position])}" for position, count in counted if count)

    def positions(self, one: Item) -> list[tuple[str, str]]:
        """[(organisation, its position)] of those whose position was entered."""
        seats = {there.seat: there.organisation for there in self.ticked}
        told = ((seats.get(seat, ""), position) for seat, (position, _reason) in one.positions.items())
        return [(self.organisations.get(slug, slug), _(POSITION[position])) for slug, position in told]

    def _reasons(self, agenda: Sequence[Item]) -> dict[str, str]:
        wanted = {one.reason for one in agenda if one.reason}
        wanted |= {reason for one in agenda for _position, reason in one.positions.values() if reason}
        wanted |= {reason for one in agenda for reason in one.withdrawn.values() if reason}
        return texts(wanted)

    def _why(self, one: Item, reasons: Mapping[str, str]) -> tuple[str, ...]:
        """Reservations and reasons, each after the organisation that gave it; one that all gave stands alone."""
        seats = {there.seat: self.organisations.get(there.organisation, "") for there in self.ticked}
        given = [(seats.get(seat, ""), reasons[ref]) for seat, (_p, ref) in one.positions.items() if reasons.get(ref)]
        common = {words for _who, words in given}
        lines = [reasons.get(one.reason, "")]
        if len(common) == 1 and len(given) > 1 and len(given) == len(one.positions):
            lines += common
        else:
            lines += [_("%(who)s: %(words)s", who=who, words=words) for who, words in given]
        return tuple(filter(None, lines))

    def withdrawals(self, one: Item) -> list[str]:
        """Organisations that withdrew for this dossier."""
        away = [there.organisation for there in self.ticked if there.seat in one.withdrawn]
        return [self.organisations.get(slug, slug) for slug in away]


def choices(step: Step) -> tuple[tuple[str, str], ...]:
    """What may be entered for a dossier in one gesture: (value, label)."""
    told = [(FAVOURABLE, _("Favourable")), (RESERVED, _("Favourable with a reservation"))]
    if step.kind is Kind.OPINION or step.on_refusal.possible:
        told.append((UNFAVOURABLE, _("Unfavourable")))
    if step.kind is Kind.OPINION:
        told.append((NONE, _("No opinion")))
    if step.kind in RETURNING:
        told.append((SEND_BACK, _("Send back for correction, the whole form")))
    return (*told, (ADJOURN, _("Adjourn to the next sitting")))


def has_words(one: Item) -> bool:
    """Whether somebody wrote a reason for that dossier."""
    return bool(one.reason or any(reason for _position, reason in one.positions.values()))


def problem_words(one: Item) -> str:
    return sentence(*one.problem, one.subject) if one.problem else ""


def sentence(message: str, params: Mapping[str, Any], subject: str) -> str:
    """A refusal in words: persons by their names, sections by their titles, hours as they are said."""
    told = dict(params)
    for key in {"person", "left"} & told.keys():
        told[key] = people.names([told[key]]).get(told[key], "")
    if told.get("at"):
        told["at"] = stamp(datetime.fromisoformat(told["at"]))
    published = queries.journey(subject).published(subject)
    for key in {"entered", "now"} & told.keys():
        told[key] = _(CARRIED[told[key]][0])
    if "sections" in told:
        titles = {one.name: said(_by_code(one.label)) for one in published.form.sections}
        told["sections"] = ", ".join(titles.get(name, name) for name in told["sections"])
    if "other" in told:
        told["other"] = said(published.circuit.step(told["other"]).label)
    return _(message, **told)


def _by_code(label: Mapping[str, str]) -> dict[str, str]:
    """{"Français (fr)": …} as labels are elsewhere: {"fr": …}."""
    return {name.rpartition("(")[2].rstrip(")"): words for name, words in label.items()}


def clock_time(begins: str) -> str:
    hour, colon, minute = begins.partition(":")
    return _("%(hour)s:%(minute)s", hour=hour, minute=minute) if colon else ""
