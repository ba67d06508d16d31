"""The shape of the database goes up and down on both databases, and says what the models say."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import inspect, text

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


def test_a_dossier_of_an_operation_is_never_thrown_away_on_the_way_down(database_url: str, tmp_path: Path) -> None:
    app: Flask = _app(_settings(database_url, tmp_path, tmp_path / "files"))
    with app.app_context():
        running.upgrade()
        with db.engine.begin() as connection:
            for row in ROWS:
                connection.execute(text(row))
        with pytest.raises(SystemExit, match="1 dossiers are about a whole operation"):
            running.downgrade("0015")
        with db.engine.begin() as connection:
            connection.execute(text("DELETE FROM dossiers_dossier WHERE household_id IS NULL"))
        running.downgrade("0015")
        running.upgrade()
        with db.engine.begin() as connection:
            kept = "SELECT dossier_id, household_id FROM dossiers_fact JOIN dossiers_dossier ON id = dossier_id"
            assert connection.execute(text(kept)).all() == [("d1", "h1")]
        db.engine.dispose()


_OPENED = "'diagnostic-social', 'claire', 'claire', '2026-01-05 09:00:00+00:00', FALSE, 'mistral')"
_COLUMNS = "(id, reference, household_id, procedure, slug, author, officer, opened_at, closed, operation_id)"
ROWS = (
    "INSERT INTO dossiers_household (id, reference, name, dwelling, state, state_since, landlord, search, version, "
    "entrance, floor, dwelling_type, address, zone, operation_id) VALUES ('h1', 'MIS-0001', '', '', 'to_contact', "
    "'2026-01-05 09:00:00+00:00', 'actis', '', 1, '', '', '', '', '', 'mistral')",
    f"INSERT INTO dossiers_dossier {_COLUMNS} VALUES ('d1', 'MIS-0001-1', 'h1', 'hash', {_OPENED}",
    f"INSERT INTO dossiers_dossier {_COLUMNS} VALUES ('d2', 'MIS-OP-1', NULL, 'hash', {_OPENED}",
    "INSERT INTO dossiers_fact (dossier_id, path, name, level, operation_id) "
    "VALUES ('d1', '/data/A', 'A', 'V0', 'mistral')",
)
