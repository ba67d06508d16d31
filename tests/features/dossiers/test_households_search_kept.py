"""Households entered before are found as those entered today: what a search looks through is brought up to date."""

from pathlib import Path

from flask import Flask
from sqlalchemy import text

from tests.features.conftest import _app, _settings
from workflow.db import db, own_transaction
from workflow.dossiers.models import Household
from workflow.dossiers.rules import search_text
from workflow.migrations import running

NAME = "Mme Yıldız Łukaszewska"
OLD = " mme yıldız łukaszewska "


def _household() -> None:
    with own_transaction() as session:
        kept = {column.name: column for column in Household.__table__.columns if not column.nullable}
        told = {name: _something(column.type.python_type) for name, column in kept.items()}
        told |= {"id": "h1", "name": NAME, "search": OLD}
        names = ", ".join(f'"{name}"' for name in told)
        marks = ", ".join(f":{name}" for name in told)
        session.execute(text(f"INSERT INTO dossiers_household ({names}) VALUES ({marks})"), told)


def _something(kind: type) -> object:
    return {str: "", int: 0, float: 0.0, bool: False, dict: "{}", list: "[]"}.get(kind, "2026-01-01 00:00:00+00:00")


def test_what_was_written_before_is_folded_anew(database_url: str, tmp_path: Path) -> None:
    app: Flask = _app(_settings(database_url, tmp_path, tmp_path / "files"))
    with app.app_context():
        running.upgrade()
        running.downgrade("0003")
        _household()
        running.upgrade()
        with own_transaction(read_only=True) as session:
            found = session.scalar(text("SELECT search FROM dossiers_household WHERE id = 'h1'"))
        assert found.strip() == search_text(NAME).strip()
        db.engine.dispose()
