"""The shape of the database goes up and down on both databases, and says what the models say."""

from pathlib import Path

from flask import Flask
from sqlalchemy import inspect

from tests.features.conftest import _app, _settings
from workflow.db import Base, db
from workflow.migrations import running


def test_up_down_and_up_again_leaves_what_the_models_say(database_url: str, tmp_path: Path) -> None:
    app: Flask = _app(_settings(database_url, tmp_path, tmp_path / "files"))
    with app.app_context():
        running.upgrade()
        running.check()
        assert set(Base.metadata.tables) <= set(inspect(db.engine).get_table_names())
        running.downgrade("base")
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
        running.upgrade()
        running.check()
        db.engine.dispose()
