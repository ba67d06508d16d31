"""Five hundred contributions on one charter: a page asks the database as little as for five."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from tests import factories as made
from tests.cast import BRUNO, MONIQUE, NADIA
from tests.features.charter.conftest import OPENS, draft_of, parts
from workflow.charter.actions import contributing
from workflow.charter.actions.contributing import Draft
from workflow.charter.queries.entitled import reader_of
from workflow.db import db

MANY = 120


@contextmanager
def statements() -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_more) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def record(reference: str, first: int, last: int) -> None:
    """What inhabitants wrote on paper, keyed by Bruno, all over the articles."""
    keys = [one.key for one in parts(reference)]
    row = draft_of(reference)
    reader = reader_of(made.identity(BRUNO), row)
    for rank in range(first, last):
        told = Draft(
            keys[rank % len(keys)],
            "comment",
            f"Contribution {rank} : des mots sur le relogement et le quartier.",
            said_by="inhabitant",
            author=f"Personne {rank}",
            source="paper",
            said_on=OPENS,
            consent="unnamed",
        )
        contributing.record_for(row, reader, told)
    db.session.commit()


@pytest.mark.parametrize("address", ["", "/desk", "/articles/frais", "/contributions/2"])
def test_the_number_of_questions_does_not_grow(app, sign_in, reference, address):
    record(reference, 0, 40)
    db.session.rollback()
    nadia = sign_in(NADIA)
    page = f"/drafts/{reference}{address}"
    nadia.get(page)
    with statements() as few:
        assert nadia.get(page).status_code == 200
    record(reference, 40, MANY if address != "/desk" else 80)
    db.session.rollback()
    nadia.get(page)
    with statements() as many:
        assert nadia.get(page).status_code == 200
    assert len(many) <= len(few) + 1
    assert len(many) < 60


def test_others_read_no_more_than_theirs_however_many_there_are(app, sign_in, reference):
    record(reference, 0, 60)
    db.session.rollback()
    page = sign_in(MONIQUE).get(f"/drafts/{reference}").text
    assert "des mots sur le relogement" not in page
    assert "des mots sur le relogement" not in app.test_client().get(f"/consultations/{reference}").text
