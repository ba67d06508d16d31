"""Read drafts: their versions, their articles, the day it is where they are discussed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import case, func, select

from workflow import clock
from workflow.access import Identity
from workflow.charter.models import Consultation, Contribution, Edition, Invited, Passage
from workflow.charter.queries.entitled import reader_of
from workflow.charter.rules import phases
from workflow.charter.rules.text import Part
from workflow.db import db, unscoped
from workflow.errors import NotFound
from workflow.operations.queries import operation as find_operation

Around = Callable[[str], dict[str, Any]]
_around: list[Around] = []


def register_around(told: Around) -> None:
    """Handed in at start: what every paper of an operation may say of it."""
    _around[:] = [told]


def around(operation: str) -> dict[str, Any]:
    """What papers may say of an operation, in the shape of docs/models.md."""
    return _around[0](operation)


def zone_of(row: Consultation) -> str:
    place = find_operation(row.operation_id)
    return place.zone if place else "Europe/Paris"


def phase_of(row: Consultation) -> str:
    return phases.phase(row.state, row.opens, row.closes, clock.now(), zone_of(row))


def of_operation(identity: Identity, operation: str) -> list[Consultation]:
    """Those somebody may open, the latest first."""
    asked = select(Consultation).where(Consultation.operation_id == operation)
    rows = list(db.session.scalars(asked.order_by(Consultation.made_at.desc(), Consultation.id)))
    invited: dict[str, list[str]] = {}
    for one in db.session.scalars(select(Invited).where(Invited.operation_id == operation)):
        invited.setdefault(one.consultation_id, []).append(one.organisation)
    found = [(one, reader_of(identity, one, invited.get(one.id, []))) for one in rows]
    return [one for one, who in found if who.comes and (one.state != "preparing" or who.drafts)]


def of_everybody(reference: str) -> Consultation:
    """A draft on which the public contributes, or whose result is published. Raises NotFound."""
    with unscoped("anybody may read a draft that is submitted to the public"):
        row = db.session.scalar(select(Consultation).where(Consultation.reference == reference))
    if row is None or row.state == "preparing" or not (row.public or row.published_at):
        raise NotFound()
    return row


def by_id(consultation_id: str) -> Consultation:
    row = db.session.scalar(select(Consultation).where(Consultation.id == consultation_id))
    if row is None:
        raise NotFound()
    return row


def held(row: Consultation) -> Consultation:
    """It, locked until the end of the transaction."""
    asked = select(Consultation).where(Consultation.id == row.id).with_for_update()
    return db.session.execute(asked.execution_options(populate_existing=True)).scalar_one()


# -- versions -----------------------------------------------------------------------------------------------------


def editions(row: Consultation) -> list[Edition]:
    asked = select(Edition).where(Edition.consultation_id == row.id)
    return list(db.session.scalars(asked.order_by(Edition.number)))


def edition(row: Consultation, number: int) -> Edition:
    """Raises NotFound."""
    asked = select(Edition).where(Edition.consultation_id == row.id, Edition.number == number)
    found = db.session.scalar(asked)
    if found is None:
        raise NotFound()
    return found


def written_now(row: Consultation) -> Edition | None:
    """The version that is being written; None while nobody began it."""
    asked = select(Edition).where(Edition.consultation_id == row.id, Edition.frozen_at.is_(None))
    return db.session.scalar(asked)


def passages(held_in: Edition) -> list[Passage]:
    asked = select(Passage).where(Passage.edition_id == held_in.id)
    return list(db.session.scalars(asked.order_by(Passage.rank, Passage.key)))


def parts_of(held_in: Edition) -> list[Part]:
    return [Part(one.key, one.numbered, one.title, one.words) for one in passages(held_in)]


def current_parts(row: Consultation) -> list[Part]:
    """The articles everybody reads now."""
    return parts_of(edition(row, row.current))


def next_number(row: Consultation) -> int:
    """In which version an answer given now takes effect."""
    return row.current + 1


def counted(rows: Iterable[Consultation]) -> dict[str, tuple[int, int]]:
    """{id: (contributions, those to be answered)}, set aside ones left out."""
    wanted = [one.id for one in rows]
    left = func.sum(case((Contribution.outcome == "", 1), else_=0))
    asked = select(Contribution.consultation_id, func.count(), left).where(
        Contribution.consultation_id.in_(wanted), Contribution.state != "aside"
    )
    found = db.session.execute(asked.group_by(Contribution.consultation_id))
    return {key: (count, int(unanswered or 0)) for key, count, unanswered in found}
