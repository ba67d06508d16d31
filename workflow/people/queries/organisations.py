"""Organisations."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from workflow.db import db
from workflow.people.models import Organisation
from workflow.people.rules import folded


def organisation(slug: str | None) -> Organisation | None:
    return db.session.get(Organisation, slug) if slug else None


def organisations() -> list[Organisation]:
    return list(db.session.scalars(select(Organisation).order_by(Organisation.name)))


def organisation_rows() -> dict[str, Organisation]:
    """{slug: organisation}."""
    return {row.slug: row for row in organisations()}


def organisation_names() -> dict[str, str]:
    return {row.slug: row.name for row in db.session.execute(select(Organisation.slug, Organisation.name))}


def same_organisation(name: str, *, but: Iterable[str] = ()) -> Organisation | None:
    """An organisation that already bears this name, whatever its accents and capitals."""
    wanted, left_out = folded(name), set(but)
    return next((row for row in organisations() if folded(row.name) == wanted and row.slug not in left_out), None)
