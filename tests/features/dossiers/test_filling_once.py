"""A changed answer asks the database for nothing twice, and is drawn from the answers just written."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from forms.compiler import name_of
from tests import factories as made
from tests.cast import CLAIRE
from workflow.db import db
from workflow.dossiers import queries
from workflow.web.models import SensitiveRead

RENT, WHERE_CARED_FOR = name_of("/data/D/D_loyer/D2_loyer"), name_of("/data/H/H4_lieu")
SWAP = {"X-Relais": "swap"}


@contextmanager
def statements() -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_more) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def readings(asked: list[str], table: str) -> int:
    return sum(1 for statement in asked if statement.startswith("SELECT") and f"FROM {table} " in statement + " ")


def test_a_changed_answer_opens_the_answers_once_and_reads_nobody_s_rights_twice(app, desk):
    claire = desk(CLAIRE, made.a_filled_dossier()).get("/fill/D")
    with statements() as asked:
        claire.send("/save/D", form="/fill/D", headers=SWAP, **{RENT: "500"})
    assert claire.status == 200
    assert readings(asked, "dossiers_answer_set") == 1, "locked, to write it alone"
    assert readings(asked, "record_key") == 1, "to open and to seal"
    assert {readings(asked, table) for table in ("people_assignment", "approvals_course", "record_event")} <= {1, 2}
    assert len([one for one in asked if one.startswith("SELECT")]) <= 13


def test_the_section_that_comes_back_says_what_was_just_written(app, desk):
    row = made.a_filled_dossier()
    claire = desk(CLAIRE, row).get("/fill/D")
    claire.send("/save/D", form="/fill/D", headers=SWAP, **{RENT: "quatre cents"})
    assert 'value="quatre cents"' in claire.last.text
    assert 'aria-invalid="true"' in claire.last.text
    assert claire.last.headers["X-Relais-Version"] == queries.present_set(made.dossier_of(row.reference)).stamp
    db.session.rollback()


def test_a_missing_answer_is_said_in_the_section_that_comes_back_only_on_a_page_asked_to_be_complete(app, desk):
    claire = desk(CLAIRE, made.a_filled_dossier()).get("/fill/D")
    claire.send("/save/D", form="/fill/D", headers=SWAP, **{RENT: ""})
    assert 'class="error"' not in claire.last.text
    claire.get("/fill/D?strict=1")
    claire.send("/save/D", form="/fill/D", headers=SWAP, **{RENT: ""})
    assert 'class="error"' in claire.last.text


def test_who_reads_health_again_after_a_change_is_noted(app, desk):
    claire = desk(CLAIRE, made.a_filled_dossier()).get("/fill/H")
    before = db.session.query(SensitiveRead).count()
    db.session.rollback()
    claire.send("/save/H", form="/fill/H", headers=SWAP)
    assert claire.status == 200
    assert db.session.query(SensitiveRead).count() == before + 1
    db.session.rollback()
