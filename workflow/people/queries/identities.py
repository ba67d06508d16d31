"""What somebody holds now: the grants that scopes and lenses are computed from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import Date, bindparam, or_, select
from sqlalchemy.sql import ColumnElement

from workflow import access, clock
from workflow.access import NOT_LENT, Grant, Identity
from workflow.db import Instant, db, unscoped
from workflow.people.models import Account, Assignment, Person
from workflow.people.queries.absences import standing_in


def identity_of(account_id: str) -> Identity | None:
    """The person behind an open account, with what they hold today; None when the account is closed."""
    found = db.session.execute(_BEHIND, {"account": account_id}).one_or_none()
    return _identity(*found, account_id) if found else None


def identity_of_person(person: Person) -> Identity:
    return _identity(person.id, person.name, person.lang)


def identity_at_work(person_id: str) -> Identity | None:
    """A person by whatever account of theirs is open, with what they hold today; None when none is."""
    asked = select(Account.id).where(Account.person_id == person_id, Account.closed_at.is_(None))
    account = db.session.scalar(asked)
    return identity_of(account) if account else None


def _identity(person_id: str, name: str, lang: str, account_id: str | None = None) -> Identity:
    own = grants_of(person_id)
    return Identity(person_id, name, lang, (*own, *_lent_to(person_id, own)), account_id)


def _lent_to(person_id: str, own: tuple[Grant, ...]) -> tuple[Grant, ...]:
    """What colleagues who are away today hold, for whoever stands in for them; paid by who pays that person."""
    employers = {(grant.operation, grant.organisation): grant.employer for grant in own}
    return tuple(
        replace(
            grant, employer=employers[grant.operation, grant.organisation], on_behalf_of=away, procedures=procedures
        )
        for away, procedures in sorted(_away(person_id).items())
        for grant in grants_of(away)
        if grant.operation and grant.role not in NOT_LENT and (grant.operation, grant.organisation) in employers
    )


def _away(person_id: str) -> dict[str, frozenset[str]]:
    """{absent person: the kinds of procedure for which somebody stands in for them today, empty for all}."""
    today, found = clock.today(), dict[str, list[frozenset[str]]]()
    for row in standing_in(person_id):
        if row.first_day <= today:
            found.setdefault(row.person_id, []).append(frozenset(row.procedures or ()))
    return {away: frozenset().union(*kinds) if all(kinds) else frozenset() for away, kinds in found.items()}


def looking_after(operation: str | None, roles: Iterable[str] = ("administrator", "chef_de_projet")) -> set[str]:
    """Who names people there today, by one of these roles: in the operation, or for the whole installation."""
    where = or_(Assignment.operation_id.is_(None), Assignment.operation_id == operation)
    asked = in_force().where(Assignment.role.in_(sorted(roles)), where)
    return set(db.session.scalars(asked.with_only_columns(Assignment.person_id)))


def may_stand_in(away: str, substitute: str) -> bool:
    """Whether one may act in another's place: in each operation of theirs, for an organisation they act for there.

    Households agree to what an organisation reads: nobody outside it reads in its place. Roles that nobody borrows
    do not count; what is held from another day on does.
    """
    theirs = _acting(away)
    mine = _acting(substitute)
    return bool(theirs) and all(theirs[place] & mine.get(place, set()) for place in theirs)


def _acting(person_id: str) -> dict[str, set[str]]:
    """{operation: organisations this person acts for there, now or later}, in roles that can be borrowed."""
    found: dict[str, set[str]] = {}
    for row in db.session.scalars(select(Assignment).where(Assignment.person_id == person_id, not_over())):
        if row.operation_id and row.organisation and row.role not in NOT_LENT:
            found.setdefault(row.operation_id, set()).add(row.organisation)
    return found


def has_left(person_id: str) -> bool:
    """Whether somebody held a role, holds none any more, and cannot sign in."""
    return person_id in having_left([person_id])


def having_left(person_ids: Iterable[str]) -> frozenset[str]:
    """Those of these persons who have left, for lists."""
    wanted = set(person_ids)
    held = set(db.session.scalars(select(Assignment.person_id).where(Assignment.person_id.in_(wanted))))
    holding = select(Assignment.person_id).where(Assignment.person_id.in_(wanted), not_over())
    opened = select(Account.person_id).where(Account.person_id.in_(wanted), Account.closed_at.is_(None))
    return frozenset(held - set(db.session.scalars(holding)) - set(db.session.scalars(opened)))


def grants_of(person_id: str) -> tuple[Grant, ...]:
    """Every assignment of a person that is in force today."""
    return tuple(Grant(*row) for row in db.session.execute(_GRANTS, {"person": person_id}))


def grants_in(operation: str, person_id: str) -> tuple[Grant, ...]:
    """Those of one operation."""
    return tuple(grant for grant in grants_of(person_id) if grant.operation == operation)


def in_force():
    """Assignments that hold at the moment this is asked."""
    return select(Assignment).where(Assignment.since <= _TODAY, not_over())


def not_over() -> ColumnElement[bool]:
    """Assignments that hold then or will."""
    return or_(Assignment.until.is_(None), Assignment.until >= _TODAY) & or_(
        Assignment.ended_at.is_(None), Assignment.ended_at > _NOW
    )


_TODAY = bindparam("today", type_=Date, callable_=clock.today)
_NOW = bindparam("now", type_=Instant, callable_=clock.now)

# What every request asks, put together once.
_BEHIND = (
    select(Person.id, Person.name, Person.lang)
    .join(Account, Account.person_id == Person.id)
    .where(Account.id == bindparam("account"), Account.closed_at.is_(None))
)
_GRANTED = (Assignment.role, Assignment.organisation, Assignment.operation_id, Assignment.employer, Assignment.body)
_GRANTS = (
    in_force()
    .with_only_columns(*_GRANTED)
    .where(Assignment.person_id == bindparam("person"))
    .order_by(Assignment.since)
)
_HOLDERS = (
    in_force()
    .with_only_columns(Assignment.person_id, Assignment.role, Assignment.organisation, Assignment.body)
    .where(
        Assignment.operation_id == bindparam("operation"),
        or_(
            Assignment.role.in_(bindparam("roles", expanding=True)),
            Assignment.body.in_(bindparam("bodies", expanding=True)),
        ),
    )
    .order_by(Assignment.person_id, Assignment.id)
)


class Holder(NamedTuple):
    """Somebody who holds a role, or sits in a body."""

    person_id: str
    role: str
    organisation: str | None
    body: str | None


def holders(operation: str, roles: Iterable[str] = (), bodies: Iterable[str] = ()) -> list[Holder]:
    """Who holds one of these roles or sits in one of these bodies of an operation today, by person."""
    asked = {"operation": operation, "roles": sorted(roles), "bodies": sorted(bodies)}
    return [Holder(*row) for row in db.session.execute(_HOLDERS, asked)]


def assignments_of(person_id: str) -> list[Assignment]:
    """Everything a person holds, will hold or held; what holds longest first, then the newest."""
    rows = db.session.scalars(select(Assignment).where(Assignment.person_id == person_id))
    return sorted(rows, key=lambda row: (row.ended_at is not None, -row.since.toordinal(), row.role))


def held_now(person_ids: Iterable[str]) -> dict[str, list[Assignment]]:
    """{person: what they hold at this moment}, for lists."""
    found: dict[str, list[Assignment]] = {}
    for row in db.session.scalars(in_force().where(Assignment.person_id.in_(set(person_ids))).order_by(Assignment.id)):
        found.setdefault(row.person_id, []).append(row)
    return found


def assignment(assignment_id: str) -> Assignment | None:
    return db.session.get(Assignment, assignment_id)


def is_over(row: Assignment) -> bool:
    """Whether an assignment holds no more."""
    cut = row.ended_at is not None and row.ended_at <= clock.now()
    return cut or (row.until is not None and row.until < clock.today())


def is_in_force(row: Assignment) -> bool:
    return row.since <= clock.today() and not is_over(row)


def persons_of_operation(operation: str) -> list[Person]:
    """Who is assigned to an operation today, by name."""
    ids = in_force().with_only_columns(Assignment.person_id).where(Assignment.operation_id == operation)
    return list(db.session.scalars(select(Person).where(Person.id.in_(ids)).order_by(Person.name)))


def operations_of_everybody() -> frozenset[str]:
    """Every operation somebody is assigned to: for jobs, which act for no person."""
    with unscoped("jobs act for no person"):
        rows = db.session.scalars(select(Assignment.operation_id).where(Assignment.operation_id.is_not(None)))
        return frozenset(row for row in rows if row)


def operations_set_up_by(identity: Identity) -> frozenset[str]:
    """The operations this person describes."""
    return frozenset(place for place in identity.operations if access.may_set_up(identity, place))


def administrators() -> list[Assignment]:
    """Who looks after the whole installation now and without an end."""
    asked = in_force().where(Assignment.role == "administrator", Assignment.operation_id.is_(None))
    return list(db.session.scalars(asked.where(Assignment.until.is_(None), Assignment.ended_at.is_(None))))
