"""What the record promises: dense, chained, refused to change, verifiable, and the source of what is derived."""

import json

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from tests import factories
from tests.cast import SONIA
from workflow.approvals import actions as approvals
from workflow.approvals.models import Course, Task, Voter
from workflow.db import db
from workflow.errors import Refused
from workflow.record import actions, queries
from workflow.record.models import Event


def test_numbers_are_dense_in_each_chain_and_for_each_subject(app: Flask) -> None:
    factories.a_validated_dossier()
    for chain in queries.chains():
        numbers = list(db.session.scalars(select(Event.seq).where(Event.chain == chain.id).order_by(Event.seq)))
        assert numbers == list(range(1, chain.head_seq + 1))
    subjects = set(db.session.scalars(select(Event.subject)))
    for subject in subjects:
        versions = [fact.version for fact in queries.facts(subject)]
        assert versions == list(range(1, len(versions) + 1))


def test_a_whole_record_has_no_fault(app: Flask) -> None:
    factories.a_dossier_before_the_committee()
    assert queries.faults() == []


@pytest.mark.parametrize("statement", ["UPDATE record_event SET kind = 'x'", "DELETE FROM record_event"])
def test_the_database_refuses_to_change_or_remove_a_row(app: Flask, statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"):
        db.session.execute(text(statement))
    db.session.rollback()


def test_postgresql_refuses_to_empty_the_table(app: Flask) -> None:
    if db.engine.dialect.name == "sqlite":
        return  # SQLite knows no TRUNCATE: DELETE is tried above
    with pytest.raises(DatabaseError, match="append-only"):
        db.session.execute(text("TRUNCATE record_event"))
    db.session.rollback()


def _without_protection(statements: list[str]) -> None:
    """What somebody with the database's own password could do."""
    if db.engine.dialect.name == "sqlite":
        for name in ("update", "delete"):
            db.session.execute(text(f"DROP TRIGGER record_event_no_{name}"))
    else:
        db.session.execute(text("ALTER TABLE record_event DISABLE TRIGGER ALL"))
    for statement in statements:
        db.session.execute(text(statement))
    db.session.commit()


TAMPERINGS = {
    "gap": ["DELETE FROM record_event WHERE chain = 'operation:mistral' AND seq = 5"],
    "columns": ["UPDATE record_event SET kind = 'Other' WHERE chain = 'operation:mistral' AND seq = 5"],
    "link": ["UPDATE record_event SET previous = hash WHERE chain = 'operation:mistral' AND seq = 5"],
    "head": [
        "DELETE FROM record_event WHERE chain = 'operation:mistral' AND seq = "
        "(SELECT max(seq) FROM record_event WHERE chain = 'operation:mistral')"
    ],
}


@pytest.mark.parametrize("reason", list(TAMPERINGS))
def test_a_row_altered_by_sql_is_named(app: Flask, reason: str) -> None:
    _without_protection(TAMPERINGS[reason])
    (fault,) = queries.faults()
    assert fault.chain == "operation:mistral"
    assert fault.reason == reason
    if reason != "head":
        assert fault.seq == 5


def test_altered_bytes_are_named_by_the_command(app: Flask) -> None:
    _without_protection(["UPDATE record_event SET body = body || ' ' WHERE chain = 'operation:mistral' AND seq = 7"])
    result = app.test_cli_runner().invoke(args=["record", "verify", "--json"])
    assert result.exit_code == 1
    assert json.loads(result.output)["faults"] == [{"chain": "operation:mistral", "seq": 7, "reason": "hash"}]


def test_a_whole_record_satisfies_the_command(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["record", "verify"])
    assert result.exit_code == 0, result.output


def _projections() -> dict[str, list[tuple]]:
    found = {}
    for model in (Course, Task, Voter):
        table = model.__table__
        rows = db.session.execute(select(table).order_by(*table.primary_key.columns)).all()
        found[table.name] = [tuple(row) for row in rows]
    return found


@pytest.mark.complaint(13)
def test_what_is_derived_equals_the_fold(app: Flask) -> None:
    factories.a_validated_dossier(0)
    row = factories.a_submitted_dossier(1)
    factories.decide(SONIA, row, "SendBack", "visa_bailleur", reason="Le loyer est à revoir.", sections=("D",))
    factories.a_dossier_before_the_household(2)
    factories.a_filled_dossier(3)
    before = _projections()
    assert before["approvals_task"] and before["approvals_voter"]
    db.session.execute(text("UPDATE approvals_course SET phase = 'lost', version = 99"))
    db.session.execute(text("DELETE FROM approvals_task"))
    db.session.commit()
    assert approvals.rebuild() == 4
    db.session.commit()
    assert _projections() == before


def test_no_name_no_answer_and_no_sentence_is_in_the_record(app: Flask) -> None:
    row = factories.a_submitted_dossier()
    factories.decide(SONIA, row, "SendBack", "visa_bailleur", reason="Phrase très reconnaissable", sections=("D",))
    bodies = "\n".join(db.session.scalars(select(Event.body)))
    home = factories.home_of(row.household)
    for secret in ("reconnaissable", home["surname"], home["address"], home["phone"]):
        assert secret not in bodies


def test_a_reason_is_kept_sealed_and_read_through_its_fact(app: Flask) -> None:
    row = factories.a_submitted_dossier()
    factories.decide(SONIA, row, "SendBack", "visa_bailleur", reason="Revoir les charges", sections=("D",))
    fact = next(fact for fact in queries.facts(row.subject) if fact.kind == "SentBack")
    assert queries.text(fact.data["reason_ref"]) == "Revoir les charges"
    stored = b"".join(db.session.scalars(text("SELECT sealed FROM record_text")).all())
    assert b"charges" not in stored


def test_what_is_forgotten_is_gone_and_the_record_stays_whole(app: Flask) -> None:
    row = factories.a_submitted_dossier()
    factories.decide(SONIA, row, "SendBack", "visa_bailleur", reason="Revoir les charges", sections=("D",))
    fact = next(fact for fact in queries.facts(row.subject) if fact.kind == "SentBack")
    actions.forget(row.subject)
    db.session.commit()
    assert queries.text(fact.data["reason_ref"]) is None
    assert queries.faults() == []


def test_what_was_erased_is_not_begun_again_under_another_key(app: Flask) -> None:
    actions.keep_text("household:gone", "Une fois")
    actions.forget("household:gone")
    for subject in ("household:gone", "household:gone"):
        with pytest.raises(Refused):
            actions.keep_text(subject, "Trop tard")
    actions.forget("household:never-had-any")
    with pytest.raises(Refused):
        actions.keep_text("household:never-had-any", "Trop tard")


def test_answers_lie_encrypted_in_the_database(app: Flask) -> None:
    row = factories.a_filled_dossier()
    home = factories.home_of(row.household)
    stored = b"".join(db.session.scalars(text("SELECT sealed FROM dossiers_answer_set")).all())
    assert len(stored) > 5000
    assert home["surname"].encode() not in stored
    assert b"<data" not in stored
