"""Who could take over what somebody holds, and what would stand in the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from workflow import access, clock
from workflow.access import ROLES, Grant, Identity
from workflow.db import db
from workflow.dossiers.models import HANDED_ON, AnswerSet, Dossier
from workflow.dossiers.queries.agreed import passed_on_to
from workflow.dossiers.queries.held import Line, assignments, held
from workflow.dossiers.rules import NEVER
from workflow.operations.queries import operation as find_operation
from workflow.people import queries as people
from workflow.people.models import Assignment, Person, Seat
from workflow.people.rules import SEATED


@dataclass(frozen=True)
class Departure:
    """Somebody leaves an operation; only what they hold through one organisation when it is told.

    ended: ids of the assignments that were cut for this departure, once it was planned.
    """

    person: str
    operation: str
    organisation: str | None = None
    ended: tuple[str, ...] | None = None

    @property
    def ending(self) -> list[Assignment]:
        """The assignments that end."""
        if self.ended is not None:
            return [row for row in map(people.assignment, self.ended) if row]
        rows = assignments(self.person, self.operation)
        return [row for row in rows if self.organisation in (None, row.organisation, row.employer)]

    def lines(self) -> list[Line]:
        return held(self.person, self.operation, self.ending)


@dataclass(frozen=True)
class Succession:
    """What is asked: who leaves where, when (None: now), why, and who takes over.

    others: another person than `successor` for one line (by its id), or for one kind: of one person who leaves
    ("operation:kind:person"), or of all of them ("operation:kind").
    close: their account is closed when nothing is left to them. by: who asks. why: why seats stay vacant.
    """

    departures: tuple[Departure, ...]
    successor: str
    reason: str
    at: datetime | None = None
    others: Mapping[str, str] = field(default_factory=dict)
    close: bool = True
    by: str = ""
    why: str = ""

    def heir(self, line: Line) -> str:
        """Who takes a line over; "" when nobody was named, NEVER when a role is to end or a seat to stay vacant."""
        kind = f"{line.operation}:{line.kind}"
        asked = (line.id, f"{kind}:{line.holder}", kind)
        named = next(filter(None, map(self.others.get, asked)), self.successor)
        return self.successor if named == NEVER and line.kind not in MAY_END else named

    def leavers(self, operation: str) -> frozenset[str]:
        return frozenset(one.person for one in self.departures if one.operation == operation)


MAY_END = frozenset(("role", "seat"))
"""Kinds of things that may pass to nobody, when whoever asks says so."""


@dataclass(frozen=True)
class Doubt:
    """Something said before confirming. code: one of STOPS or CAUTIONS; params hold ids and references."""

    code: str
    person: str
    line: Line
    params: Mapping[str, str] = field(default_factory=dict)


STOPS: dict[str, str] = {
    "nobody": "Choose who takes this over.",
    "leaves_too": "%(name)s leaves as well: choose somebody else.",
    "no_right": "%(name)s could not open it: give them a role in this operation first, or choose somebody else.",
    "cannot_fill": "%(name)s may not fill in: choose somebody who does, or let the role pass on as well.",
    "two_seats": "%(name)s already sits in this body: choose somebody else.",
    "for_themselves": "%(name)s cannot stand in for themselves: choose somebody else.",
    "closed": "The account of %(name)s is closed: choose somebody else.",
    "to_oneself": "You cannot pass on to yourself what reads answers: choose somebody else, or ask another "
    "administrator.",
    "no_reason": "Say why this seat stays vacant.",
}
"""Why a line cannot pass to this person."""

CAUTIONS: dict[str, str] = {
    "no_account": "%(name)s cannot sign in yet: send an invitation, or nothing will be answered.",
    "away": "%(name)s is away on that day: the substitute acts until they are back.",
    "other_organisation": "%(name)s does not act for %(organisation)s today: from that hour they will, as: %(role)s.",
    "not_agreed": "%(name)s will not read the answers of these households, who agreed to other organisations only: "
    "%(references)s.",
}
"""What should be known before it passes."""


Parting = list[tuple[Departure, list[Line]]]
"""Each departure with what passes because of it."""


# -- what the heir will hold --------------------------------------------------------------------------------------


def organisation_for(line: Line, heir: str, ending: str | None) -> str | None:
    """For whom the heir will act: the same organisation, unless it is the one whose mission ends."""
    if line.organisation != ending or ending is None:
        return line.organisation
    own = next((grant.organisation for grant in people.grants_of(heir) if grant.operation == line.operation), None)
    return own or line.organisation


def _to_be(heir: str, asked: Succession, operation: str, parting: Parting) -> tuple[Grant, ...]:
    """What the heir will hold in the operation once everything has passed."""
    gained = [
        Grant(line.reference, organisation_for(line, heir, one.organisation), operation)
        for one, lines in parting
        for line in lines
        if (line.kind, line.operation, asked.heir(line)) == ("role", operation, heir)
    ]
    return (*(grant for grant in people.grants_of(heir) if grant.operation == operation), *gained)


# -- doubts -------------------------------------------------------------------------------------------------------


def doubts(asked: Succession) -> tuple[list[Doubt], list[Doubt]]:
    """(what makes it impossible, what should be known), one of each kind for a person and a line."""
    stops: list[Doubt] = []
    cautions: list[Doubt] = []
    parting = [(one, [line for line in one.lines() if line.kind != "task"]) for one in asked.departures]
    for one, lines in parting:
        heirs = {asked.heir(line) for line in lines} - {"", NEVER}
        known = {heir: _to_be(heir, asked, one.operation, parting) for heir in heirs}
        for line in lines:
            heir = asked.heir(line)
            stops += _stops(asked, line, heir, known.get(heir, ()))
        cautions += _cautions(asked, one, lines, known)
    return stops, cautions


def _stops(asked: Succession, line: Line, heir: str, grants: tuple[Grant, ...]) -> Iterator[Doubt]:
    if heir == NEVER:
        if line.kind == "seat" and not asked.why.strip():
            yield Doubt("no_reason", "", line)
    elif not heir:
        yield Doubt("nobody", "", line)
    elif heir in asked.leavers(line.operation):
        yield Doubt("leaves_too", heir, line)
    elif _closed(heir):
        yield Doubt("closed", heir, line)
    elif line.kind in ("household", "dossier") and not any(_names(grant) for grant in grants):
        yield Doubt("no_right", heir, line)
    elif line.kind == "dossier" and not any(_fills(grant) for grant in grants):
        yield Doubt("cannot_fill", heir, line)
    elif line.kind == "seat" and _sits_elsewhere(line, heir):
        yield Doubt("two_seats", heir, line)
    elif heir == asked.by and _taken_for_oneself(line, heir):
        yield Doubt("to_oneself", heir, line)
    elif line.kind == "absence" and line.about == heir:
        yield Doubt("for_themselves", heir, line)


def _names(grant: Grant) -> bool:
    return grant.role in ROLES and ROLES[grant.role].names


def _fills(grant: Grant) -> bool:
    return grant.role in ROLES and ROLES[grant.role].fill


def _closed(person: str) -> bool:
    account = people.account_of(person)
    return account is not None and account.closed_at is not None


def _sits_elsewhere(line: Line, heir: str) -> bool:
    row = db.session.get_one(Seat, line.key)
    return any(
        other.id != row.id and heir in (other.person_id, other.substitute_id)
        for other in db.session.scalars(select(Seat).where(Seat.body_id == row.body_id))
    )


def _taken_for_oneself(line: Line, heir: str) -> bool:
    """Whether a role or a seat that reads answers would be taken by who asks, while somebody else can give it."""
    if line.kind not in MAY_END or (line.kind == "seat" and not _decides(line)):
        return False
    role = SEATED if line.kind == "seat" else line.reference
    known = (grant for grant in people.grants_of(heir) if grant.operation == line.operation)
    holds = any(
        grant.organisation == line.organisation
        and line.reference == (grant.body if line.kind == "seat" else grant.role)
        for grant in known
    )
    return not holds and role in ROLES and people.must_ask_another(role, line.operation, heir)


def _decides(line: Line) -> bool:
    """Whether a seat reads and gives a voice."""
    body = people.body(line.operation, line.reference)
    return body is not None and body.decides and not db.session.get_one(Seat, line.key).guest


def _cautions(
    asked: Succession, one: Departure, lines: list[Line], known: Mapping[str, tuple[Grant, ...]]
) -> Iterator[Doubt]:
    place = find_operation(one.operation)
    day = clock.today(place.zone) if asked.at is None or place is None else asked.at.date()
    away = {row.person_id for row in people.absences_on(day)}
    told: set[str] = set()
    for line in lines:
        heir = asked.heir(line)
        if not heir or heir == NEVER:
            continue
        if heir not in told:
            told.add(heir)
            if people.account_of(heir) is None:
                yield Doubt("no_account", heir, line)
            if heir in away:
                yield Doubt("away", heir, line)
        if line.kind == "role" and _new_organisation(line, heir, one):
            whom = organisation_for(line, heir, one.organisation)
            yield Doubt("other_organisation", heir, line, {"organisation": whom or "", "role": line.reference})
    yield from _unread(asked, one, lines, known)


def _new_organisation(line: Line, heir: str, one: Departure) -> bool:
    held_for = {grant.organisation for grant in people.grants_of(heir) if grant.operation == line.operation}
    return organisation_for(line, heir, one.organisation) not in held_for


def _unread(
    asked: Succession, one: Departure, lines: list[Line], known: Mapping[str, tuple[Grant, ...]]
) -> Iterator[Doubt]:
    """Households whose answers an heir may not read."""
    passing: dict[str, list[Line]] = {}
    for line in lines:
        if line.kind == "household":
            passing.setdefault(asked.heir(line), []).append(line)
    for heir, several in passing.items():
        grants = known.get(heir, ())
        closed_to = _closed_to(heir, grants, one.operation, {line.key for line in several})
        references = [line.reference for line in several if line.key in closed_to]
        if references:
            yield Doubt("not_agreed", heir, several[0], {"references": ", ".join(references)})


def _closed_to(heir: str, grants: tuple[Grant, ...], operation: str, households: set[str]) -> set[str]:
    if not grants:
        return set()
    somebody = Identity(heir, "", "fr", grants)
    organisations = access.reads_by_agreement(somebody, operation)
    if organisations is None:
        return set()
    answered = select(AnswerSet.dossier_id).where(AnswerSet.state == HANDED_ON, AnswerSet.operation_id == operation)
    asked = select(Dossier.household_id).where(Dossier.household_id.in_(households), Dossier.id.in_(answered))
    return set(db.session.scalars(asked.where(Dossier.id.not_in(passed_on_to(organisations, operation, somebody)))))


def candidates(identity: Identity, asked: Succession) -> list[Person]:
    """Who may be chosen, by name: people this reader knows of, who neither leave nor have left."""
    seen = people.persons_seen_by(identity)
    without = {one.person for one in asked.departures} | people.having_left(row.id for row in seen)
    without |= people.outsiders(seen)
    return [row for row in seen if row.id not in without and not _closed(row.id)]
