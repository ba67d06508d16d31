"""How many lines a list may have is a setting of the installation."""

from dataclasses import replace

import pytest

from tests import factories as made
from tests.cast import CLAIRE
from workflow import config
from workflow.db import db
from workflow.dossiers import actions, queries
from workflow.errors import Refused


def limit(app, monkeypatch, rows):
    monkeypatch.setitem(app.config, "RELAIS", replace(app.config["RELAIS"], row_limit=rows))


def persons(row):
    """How many lines the list has in the store; leaves no transaction open."""
    db.session.rollback()
    found = queries.opened(row, queries.present_set(row))[0].rows("/data/C/person")
    db.session.rollback()
    return found


def test_the_limit_is_read_from_the_environment(tmp_path):
    assert config.load({"RELAIS_HOME": str(tmp_path)}).row_limit == 500
    assert config.load({"RELAIS_HOME": str(tmp_path), "RELAIS_ROW_LIMIT": "40"}).row_limit == 40


def test_a_full_list_takes_no_further_line(app, desk, monkeypatch):
    row = made.a_filled_dossier()
    before = persons(row)
    limit(app, monkeypatch, before + 1)
    claire = desk(CLAIRE, row).get("/fill/C")
    claire.send("/fill/C", add_row="/data/C/person").follow()
    assert persons(row) == before + 1
    claire.get("/fill/C").send("/fill/C", add_row="/data/C/person")
    assert claire.status == 409
    assert persons(row) == before + 1


def test_answers_with_too_many_lines_are_refused_whole(app, monkeypatch):
    limit(app, monkeypatch, 3)
    row = made.a_dossier()
    with pytest.raises(Refused) as refused:
        actions.write_answers(made.identity(CLAIRE), row.reference, {"C": {"person": [{}] * 4}})
    assert refused.value.code == "row_limit"
    assert persons(row) == 1


def test_lines_written_under_a_larger_limit_are_still_read(app, monkeypatch):
    row = made.a_dossier()
    actions.write_answers(made.identity(CLAIRE), row.reference, {"C": {"person": [{}] * 4}})
    db.session.commit()
    limit(app, monkeypatch, 2)
    assert persons(row) == 4
