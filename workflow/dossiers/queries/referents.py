"""Who follows which household, and which households nobody follows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from workflow import clock
from workflow.access import ROLES, Identity
from workflow.db import db
from workflow.dossiers.models import Household
from workflow.dossiers.queries.listing import readable
from workflow.dossiers.rules import UNFOLLOWED
from workflow.people import queries as people
from workflow.people.models import Person
from workflow.record.queries import facts

NAMING = frozenset(name for name, role in ROLES.items() if role.names)
"""Roles in which somebody may follow a household: they read who it is."""

GAPS: dict[str, str] = {
    "none": "nobody is named",
    "gone": "has no role here any more",
    "away": "is away, and so is the substitute",
}
"""Why a household is followed by nobody at this moment."""


def followed():
    """Households somebody must follow: neither closed nor erased nor merged into another one."""
    return select(Household).where(Household.merged_into.is_(None), Household.state.not_in(UNFOLLOWED))


@dataclass(frozen=True)
class Followers:
    """Who may follow households in an operation now, and who of them is away."""

    able: frozenset[str]
    substitutes: dict[str, frozenset[str]]

    def gap(self, row: Household) -> str:
        """Why nobody follows this household at this moment; "" when somebody does."""
        if not row.referent:
            return "none"
        if row.referent not in self.able:
            return "gone"
        standing_in = self.substitutes.get(row.referent)
        if standing_in is not None and not (standing_in & self.able) - set(self.substitutes):
            return "away"
        return ""


def followers(operation: str, zone: str = "Europe/Paris") -> Followers:
    able = frozenset(row.person_id for row in people.holders(operation, NAMING))
    return Followers(able, people.substitutes_now(operation, day=clock.today(zone)))


def able_to_follow(operation: str) -> list[Person]:
    """Who may be named, by name."""
    ids = {row.person_id for row in people.holders(operation, NAMING)}
    return list(db.session.scalars(select(Person).where(Person.id.in_(ids)).order_by(Person.name)))


def followed_by_reader(identity: Identity, operation: str) -> list[Household]:
    """The households of this operation somebody must follow, as far as this reader may know of them.

    Whoever sets the operation up knows all of them, by reference.
    """
    asked = followed().where(Household.operation_id == operation)
    if people.operations_set_up_by(identity) & {operation}:
        return list(db.session.scalars(asked.order_by(Household.reference)))
    known = readable(identity, operation).with_only_columns(Household.id)
    return list(db.session.scalars(asked.where(Household.id.in_(known)).order_by(Household.reference)))


def counts(rows: Iterable[Household]) -> dict[str, int]:
    """{person: how many of these households they follow}, the busiest first."""
    found: dict[str, int] = {}
    for row in rows:
        if row.referent:
            found[row.referent] = found.get(row.referent, 0) + 1
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


@dataclass(frozen=True)
class Following:
    """Somebody followed a household from an instant (None: from the beginning) to another (None: still)."""

    person: str | None
    since: datetime | None
    until: datetime | None
    by: str = ""


def history(row: Household) -> list[Following]:
    """Who followed this household, the present one first."""
    changes = [fact for fact in facts(f"household:{row.id}") if fact.kind == "ReferentSet"]
    ends = [fact.at for fact in changes] + [None]
    first = Following(changes[0].data["before"] if changes else row.referent, None, ends[0])
    later = (
        Following(fact.data["referent"], fact.at, until, fact.actor.get("person", ""))
        for fact, until in zip(changes, ends[1:], strict=True)
    )
    return [one for one in (first, *later) if one.person][::-1]
