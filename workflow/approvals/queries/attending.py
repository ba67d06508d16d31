"""Sittings of a body: found, who keeps them, who is there. Nothing here asks how a dossier stands."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, func, select

from workflow import clock
from workflow.access import Identity
from workflow.approvals.models import Attendance, Item, Sitting
from workflow.approvals.rules import DROPPED, IN_A_SITTING, OPEN
from workflow.db import db, prepared
from workflow.errors import NotFound
from workflow.operations.queries import operation as find_operation
from workflow.people import queries as people
from workflow.people.models import Body, Seat


def sitting(sitting_id: str, *, lock: bool = False) -> Sitting:
    """A sitting of the scope; NotFound when it is absent or hidden."""
    asked = select(Sitting).where(Sitting.id == sitting_id)
    if lock:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    row = db.session.scalar(asked)
    if row is None:
        raise NotFound()
    return row


def body_of(row: Sitting) -> Body:
    """The body that sits. NotFound once it was removed."""
    found = people.body(row.operation_id, row.body)
    if found is None:
        raise NotFound()
    return found


def sittings(operation: str, body: str) -> list[Sitting]:
    """Of one body, the latest first."""
    asked = select(Sitting).where(Sitting.operation_id == operation, Sitting.body == body)
    return list(db.session.scalars(asked.order_by(Sitting.number.desc())))


def next_number(operation: str, body: str) -> int:
    asked = select(func.max(Sitting.number)).where(Sitting.operation_id == operation, Sitting.body == body)
    return (db.session.scalar(asked) or 0) + 1


def counts(rows: Iterable[Sitting]) -> dict[str, int]:
    """{sitting: how many dossiers on its agenda}."""
    wanted = [row.id for row in rows]
    asked = select(Item.sitting_id, func.count()).where(Item.sitting_id.in_(wanted)).group_by(Item.sitting_id)
    return {sitting_id: count for sitting_id, count in db.session.execute(asked)}


def items(row: Sitting) -> list[Item]:
    """The agenda, in its order."""
    return list(db.session.scalars(select(Item).where(Item.sitting_id == row.id).order_by(Item.rank, Item.subject)))


def item(row: Sitting, subject: str) -> Item:
    found = db.session.get(Item, (row.id, subject), populate_existing=True)
    if found is None:
        raise NotFound()
    return found


def attendance(row: Sitting) -> list[Attendance]:
    """Who is there with a voice, by organisation."""
    asked = select(Attendance).where(Attendance.sitting_id == row.id)
    return list(db.session.scalars(asked.order_by(Attendance.organisation, Attendance.seat)))


def vacated(row: Sitting) -> set[str]:
    """Seats of the attendance that are no longer taken by who was ticked: removed since, or given to somebody else. One
    that was heard in what took effect already stays.
    """
    seats = {one.id: one for one in people.seats_of(body_of(row)) if not one.guest}
    heard = {seat for one in items(row) if one.carried for seat in one.positions}
    return {one.seat for one in attendance(row) if one.seat not in heard and not _sits(one, seats.get(one.seat))}


def _sits(one: Attendance, seat: Seat | None) -> bool:
    taken_by = (seat.person_id, seat.substitute_id) if seat else ()
    return seat is not None and one.person in taken_by and one.organisation == seat.organisation


def seated(row: Sitting) -> list[Attendance]:
    """Who is there with a voice now: nobody whose seat was taken away meanwhile."""
    gone = vacated(row)
    return [one for one in attendance(row) if one.seat not in gone]


def all_say(one: Item, there: Iterable[Attendance]) -> str:
    """The position that everybody who is there was entered with; nothing when they differ, or when somebody who is
    there said something before, at a desk, or nothing.
    """
    sits = {who.seat for who in there if not who.withdrawn and who.seat not in one.withdrawn}
    given = {position for position, _reason in one.positions.values()}
    return given.pop() if len(given) == 1 and sits <= one.positions.keys() else ""


def taken(operation: str, body: str) -> set[tuple[str, str]]:
    """(subject, step) on the agenda of a sitting of this body that is still open, and not seen to there."""
    asked = select(Item.subject, Item.step).join(Sitting, Sitting.id == Item.sitting_id)
    still = Sitting.operation_id == operation, Sitting.body == body, Sitting.state == OPEN, Item.carried.is_(None)
    return {(subject, step) for subject, step in db.session.execute(asked.where(*still))}


def is_ahead(row: Sitting) -> bool:
    """Whether its day has not come yet, where the operation takes place."""
    place = find_operation(row.operation_id)
    return row.held_on > clock.today(place.zone if place else "Europe/Paris")


# -- who keeps them, who reads them -------------------------------------------------------------------------------


def keeps(identity: Identity, body: Body) -> bool:
    """Whether this person is secretary of the body, and still works in its operation; or stands in for one today."""
    own = identity.person in body.secretaries and body.operation_id in identity.operations
    return own or on_behalf_of(identity, body) is not None


def reads(identity: Identity, body: Body) -> bool:
    """Its secretaries, and whoever has a voice in it."""
    return keeps(identity, body) or body.slug in identity.bodies_in(body.operation_id)


def kept_by(identity: Identity) -> list[Body]:
    """The bodies this person is secretary of."""
    asked = select(Body).where(Body.operation_id.in_(sorted(identity.operations))).order_by(Body.slug)
    return [row for row in db.session.scalars(asked) if keeps(identity, row)]


def on_behalf_of(identity: Identity, body: Body) -> str | None:
    """The absent secretary in whose place this person keeps the body; None for its own secretaries."""
    if identity.person in body.secretaries:
        return None
    lent = (grant.on_behalf_of for grant in identity.grants_in(body.operation_id))
    return next((absent for absent in lent if absent in body.secretaries), None)


# -- what the judgement asks --------------------------------------------------------------------------------------


def secretaries(operation: str, body: str | None) -> tuple[str, ...]:
    found = people.body(operation, body) if body else None
    return tuple(found.secretaries) if found else ()


def present(through: str, subject: str, body: str | None) -> frozenset[str]:
    """Whose voice is there in a sitting of that body that is still open, on a dossier of its agenda; not those who
    withdrew.
    """
    row = db.session.get(Sitting, through.removeprefix(IN_A_SITTING))
    if row is None or row.body != body or row.state != OPEN:
        return frozenset()
    on_it = db.session.get(Item, (row.id, subject))
    if on_it is None:
        return frozenset()
    there = (one for one in attendance(row) if not one.withdrawn and one.seat not in on_it.withdrawn)
    return frozenset(one.person for one in there)


def withdrew(subject: str, step: str) -> frozenset[str]:
    """Who withdrew from that dossier at that step: see `withdrew_from`."""
    return withdrew_from([subject]).get((subject, step), frozenset())


_BEFORE_THEM = prepared(
    select(Item.subject, Item.step, Attendance.person, Attendance.seat, Attendance.withdrawn, Item.withdrawn)
    .join(Attendance, Attendance.sitting_id == Item.sitting_id)
    .join(Sitting, Sitting.id == Item.sitting_id)
    .where(Item.subject.in_(bindparam("subjects", expanding=True)))
    .where(Sitting.state != DROPPED, Sitting.id != bindparam("without"))
    .order_by(Sitting.number)
)


def withdrew_from(subjects: Iterable[str], *, without: str = "") -> dict[tuple[str, str], frozenset[str]]:
    """{(subject, step): who withdrew there}, in the last sitting in which they had it before them. One that was not
    held does not count, nor the one told by `without`.
    """
    asked = db.session.execute(_BEFORE_THEM, {"subjects": list(subjects), "without": without})
    last: dict[tuple[str, str], dict[str, bool]] = {}
    for subject, step, person, seat, whole, apart in asked:
        last.setdefault((subject, step), {})[person] = whole or seat in apart
    return {key: frozenset(person for person, gone in told.items() if gone) for key, told in last.items()}


def withdrawals(row: Sitting) -> dict[str, frozenset[str]]:
    """{dossier of the agenda: persons who withdrew from it}."""
    there = attendance(row)
    return {
        one.subject: frozenset(who.person for who in there if who.withdrawn or who.seat in one.withdrawn)
        for one in items(row)
    }
