"""Alembic's way in: run by `relais release`, inside an application context."""

from __future__ import annotations

from alembic import context
from sqlalchemy.engine import Connection

from workflow.db import Base, Instant, db


def render_item(kind: str, value: object, _context: object) -> str | bool:
    """Our instants are plain aware timestamps to a migration."""
    if kind == "type" and isinstance(value, Instant):
        return "sa.DateTime(timezone=True)"
    return False


def keep_keys(connection: Connection, *, held: bool) -> None:
    """SQLite changes a column by making its table anew: other tables that point at it must not stop that. Only outside
    a transaction; PostgreSQL changes the column itself.
    """
    if connection.dialect.name == "sqlite":
        cursor = connection.connection.cursor()
        cursor.execute(f"PRAGMA foreign_keys={'ON' if held else 'OFF'}")
        cursor.close()


with db.engine.connect() as connection:
    keep_keys(connection, held=False)
    try:
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
    finally:
        connection.rollback()
        keep_keys(connection, held=True)
