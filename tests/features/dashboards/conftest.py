"""Altering the record the way somebody with the database password could."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from workflow.db import db, own_transaction


@pytest.fixture
def alter(app: Flask) -> Callable[[str, int], None]:
    """`alter(chain, seq)` rewrites one line, with the guards of the database taken off first."""

    def rewrite(chain: str, seq: int) -> None:
        with own_transaction() as session:
            for statement in _guards_off():
                session.execute(text(statement))
            session.execute(
                text("UPDATE record_event SET body = replace(body, 'a', 'b') WHERE chain = :chain AND seq = :seq"),
                {"chain": chain, "seq": seq},
            )

    return rewrite


def _guards_off() -> list[str]:
    if db.engine.dialect.name == "postgresql":
        return ["ALTER TABLE record_event DISABLE TRIGGER ALL"]
    with own_transaction(read_only=True) as session:
        names = session.scalars(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'record_event'")
        ).all()
    return [f"DROP TRIGGER {name}" for name in names]
