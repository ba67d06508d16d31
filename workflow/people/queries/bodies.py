"""Bodies and their seats, within the scope."""

from __future__ import annotations

from sqlalchemy import select

from workflow.db import db
from workflow.people.models import Body, Seat


def body(operation: str, slug: str) -> Body | None:
    return db.session.scalar(select(Body).where(Body.operation_id == operation, Body.slug == slug))


def bodies(operation: str) -> list[Body]:
    return list(db.session.scalars(select(Body).where(Body.operation_id == operation).order_by(Body.slug)))


def seats(operation: str, slug: str) -> list[Seat]:
    found = body(operation, slug)
    return seats_of(found) if found else []


def seats_of(row: Body) -> list[Seat]:
    """Its seats: those with a voice first."""
    return list(db.session.scalars(select(Seat).where(Seat.body_id == row.id).order_by(Seat.guest, Seat.organisation)))


def seat(operation: str, seat_id: str) -> Seat | None:
    return db.session.scalar(select(Seat).where(Seat.operation_id == operation, Seat.id == seat_id))
