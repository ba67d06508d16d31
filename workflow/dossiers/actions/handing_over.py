"""What somebody held passes on: roles and seats first, so that whoever takes over may act; then all the rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from workflow import clock
from workflow.approvals import actions as approvals
from workflow.approvals import queries as waiting
from workflow.circuit.decide import Actor
from workflow.db import db
from workflow.dossiers import queries
from workflow.dossiers.actions.referents import set_referent
from workflow.dossiers.models import Dossier, Handover, Household
from workflow.dossiers.queries.handovers import DONE
from workflow.dossiers.queries.held import Line, held
from workflow.dossiers.queries.succession import Departure, Succession, organisation_for
from workflow.dossiers.rules import NEVER
from workflow.errors import Refused
from workflow.people import actions as people
from workflow.people import queries as who
from workflow.people.models import Absence, Body, Seat
from workflow.record import actions as record
from workflow.record.models import HOUSE, chain_of
from workflow.record.queries import text


@dataclass(frozen=True)
class Passing:
    """One hand-over under way."""

    row: Handover
    departure: Departure
    asked: Succession

    @property
    def by(self) -> str:
        return self.row.asked_by

    @property
    def actor(self) -> Actor:
        """Who decided it, as the record of a circuit says it."""
        grants = who.grants_of(self.by)
        here = next((grant for grant in grants if grant.operation == self.row.operation_id), None)
        return Actor(self.by, here.role if here else "administrator", here.organisation if here else None)


def passing_of(row: Handover) -> Passing:
    """What was asked when it was planned, before what is held now."""
    told = row.passed
    departure = Departure(row.person, row.operation_id, told["organisation"], tuple(told["ending"]))
    why = text(told.get("why") or "") or ""
    asked = Succession(
        (departure,), row.successor, row.reason, row.at, told["others"], told["close"], row.asked_by, why
    )
    return Passing(row, departure, asked)


def carry_out(row: Handover) -> None:
    """Hand everything over. Raises Refused when something would be left without an owner: nothing is done then."""
    passing = passing_of(row)
    if queries.doubts(passing.asked)[0]:
        raise Refused("without_owner", "Somebody must take over each thing: choose a person wherever it is asked.")
    lines = passing.departure.lines()
    courses = waiting.waits_on(row.person, row.operation_id)
    passed = {line.id: _pass(passing, line) for line in lines if line.kind != "task"}
    db.session.flush()
    if not _remains(row):
        approvals.pass_seats(courses, row.person, row.successor, passing.actor)
    approvals.refresh_these(courses)
    _nothing_left(row, lines)
    _own_absences(row)
    _close_account(passing)
    row.passed = row.passed | {"to": passed, "lines": [_told(line) for line in lines]}
    row.state, row.done_at = DONE, clock.now()
    record.note(
        chain_of(row.operation_id),
        f"handover:{row.id}",
        "HandedOver",
        {"person": passing.by},
        leaver=row.person,
        successor=row.successor,
        reason=row.reason,
        why=row.passed.get("why") or None,
        passed=passed,
    )


def _told(line: Line) -> dict[str, str | None]:
    """Enough of a line to say later what it was: ids and codes."""
    return {"id": line.id, "kind": line.kind, "reference": line.reference, "organisation": line.organisation}


def _pass(passing: Passing, line: Line) -> str:
    """Give one thing to its heir; who that is."""
    heir = passing.asked.heir(line)
    return _PASS[line.kind](passing, line, heir) or heir


def _role(passing: Passing, line: Line, heir: str) -> None:
    """The same role for the same organisation, unless they hold it already."""
    before = who.assignment(line.key)
    if heir == NEVER or before is None:
        return
    grants = [grant for grant in who.grants_of(heir) if grant.operation == line.operation]
    organisation = organisation_for(line, heir, passing.departure.organisation)
    if any((one.role, one.organisation, one.body) == (before.role, organisation, before.body) for one in grants):
        return
    employer = next((grant.employer for grant in grants), None) or organisation
    today = clock.today()
    until = before.until if before.until and before.until >= today else None
    given = people.assign(
        heir,
        before.role,
        organisation,
        line.operation,
        since=max(before.since, today),
        until=until,
        employer=employer,
        body=before.body,
        by=passing.by,
    )
    if heir == passing.by:
        by = {"person": heir}
        record.note(chain_of(line.operation), f"person:{heir}", "RoleTaken", by, assignment=given.id)


def _seat(passing: Passing, line: Line, heir: str) -> str | None:
    """Their place in a body, and with it their voice; who takes the first place leaves the second one free.

    A seat that would stay vacant goes to whoever may sit instead, when there is somebody: who that is.
    """
    row = db.session.get_one(Seat, line.key)
    body = db.session.get_one(Body, row.body_id)
    taken = None if heir == NEVER else heir
    first = taken if row.person_id == passing.row.person else row.person_id
    second = taken if row.substitute_id == passing.row.person else row.substitute_id
    sits = first or second
    told = people.SeatDraft(row.organisation, sits, None if second == sits else second, row.guest)
    people.change_seat(body.id, row.id, told, body.version, passing.by)
    return second if first is None else None


def _dossier(_passing: Passing, line: Line, heir: str) -> None:
    db.session.get_one(Dossier, line.key).officer = heir


def _household(passing: Passing, line: Line, heir: str) -> None:
    set_referent(db.session.get_one(Household, line.key), heir, passing.by)


def _absence(passing: Passing, line: Line, heir: str) -> None:
    row = db.session.get_one(Absence, line.key)
    row.substitute_id = heir
    by = {"person": passing.by}
    record.note(HOUSE, f"person:{row.person_id}", "SubstituteChanged", by, absence=row.id, substitute=heir)


_PASS: dict[str, Callable[[Passing, Line, str], str | None]] = {
    "role": _role,
    "seat": _seat,
    "dossier": _dossier,
    "household": _household,
    "absence": _absence,
}


# -- afterwards ---------------------------------------------------------------------------------------------------


def _nothing_left(row: Handover, lines: list[Line]) -> None:
    """Nothing may stay with who leaves, and no open step of theirs may wait for nobody."""
    left = [line for line in held(row.person, row.operation_id, ()) if line.kind != "task" or not _remains(row)]
    alone = [line for line in lines if line.kind == "task" and not waiting.asks_somebody(*line.key.split("#"))]
    if left or alone:
        references = ", ".join(sorted({line.reference for line in (*left, *alone)}))
        raise Refused(
            "left_alone",
            "Nobody could act any more for: %(references)s. Choose somebody who may, or let the role pass on.",
            references=references,
        )


def _remains(row: Handover) -> bool:
    """Whether the person keeps something else in the operation (only a mission ended)."""
    return any(grant.operation == row.operation_id for grant in who.grants_of(row.person))


def _own_absences(row: Handover) -> None:
    """Who holds nothing any more is not awaited back."""
    if who.grants_of(row.person):
        return
    for away in who.absences_of(row.person, since=clock.today()):
        people.withdraw_absence(away.id, row.asked_by)


def _close_account(passing: Passing) -> None:
    """When they were asked to, and nothing is left to them anywhere."""
    account = who.account_of(passing.row.person)
    kept = any(not who.is_over(one) for one in who.assignments_of(passing.row.person))
    if passing.asked.close and account and account.closed_at is None and not kept:
        people.close_account(account, passing.by)
