"""Alembic's way in: run by `relais release`, inside an application context."""

from __future__ import annotations

from alembic import context

from workflow.db import Base, Instant, db


def render_item(kind: str, value: object, _context: object) -> str | bool:
    """Our instants are plain aware timestamps to a migration."""
    if kind == "type" and isinstance(value, Instant):
        return "sa.DateTime(timezone=True)"
    return False


with db.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=render_item,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
