"""`relais invariants` finds what must never be."""

import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import delete, select, update

from tests.factories import a_submitted_dossier, a_validated_dossier
from workflow import outbox
from workflow.approvals.models import Course, Task, Voter
from workflow.dashboards.actions import begin_day
from workflow.dashboards.queries.installation import last_verification
from workflow.dashboards.queries.invariants import findings
from workflow.db import database_now, db, own_transaction
from workflow.filing.models import READY, Paper
from workflow.outbox.row import RUNNING, Outbox
from workflow.serve.commands import relais
from workflow.storage import open_store


def wrong() -> dict[str, tuple[str, ...]]:
    """{invariant: faults}, of those that do not hold."""
    db.session.rollback()
    return {finding.name: finding.faults for finding in findings() if finding.faults}


def write(statement: object) -> None:
    with own_transaction() as session:
        session.execute(statement)


@pytest.fixture
def subject(app: Flask) -> str:
    found = a_submitted_dossier().subject
    db.session.commit()
    return found


@pytest.fixture
def paper(app: Flask) -> Paper:
    """One of the papers of a decided dossier."""
    a_validated_dossier()
    db.session.commit()
    outbox.drain()
    row = db.session.scalars(select(Paper).where(Paper.state == READY)).first()
    assert row is not None
    db.session.expunge_all()
    db.session.rollback()
    return row


def test_a_lived_in_installation_holds(app: Flask, paper: Paper) -> None:
    found = {finding.name: finding for finding in findings()}
    assert [finding for finding in found.values() if finding.faults] == []
    assert found["projections"].count == 1
    assert found["files"].count == 2
    assert found["record"].count > 10


def test_a_task_that_the_journal_does_not_tell_of_is_found(app: Flask, subject: str) -> None:
    write(update(Task).where(Task.subject == subject).values(step="invented"))
    assert wrong() == {"projections": (subject,)}
    assert wrong() == {"projections": (subject,)}, "looking mends nothing"


@pytest.mark.parametrize("change", [delete(Task), delete(Voter), update(Course).values(phase="completed")])
def test_any_list_that_differs_from_the_journal_is_found(app: Flask, subject: str, change: object) -> None:
    write(change)
    assert wrong() == {"projections": (subject,)}


def test_a_dossier_without_a_course_is_found(app: Flask, subject: str) -> None:
    write(delete(Course))
    assert wrong()["courses"] == (subject,)


def test_a_job_left_running_by_nobody_is_found(app: Flask, subject: str) -> None:
    row_id = outbox.add("test.job", subject=subject, key="test.job:1").id
    db.session.commit()
    with own_transaction(read_only=True) as session:
        over = database_now(session) - timedelta(minutes=5)
    write(update(Outbox).where(Outbox.id == row_id).values(state=RUNNING, lease_until=over))
    assert wrong() == {"jobs": (row_id,)}
    outbox.reap()
    assert wrong() == {}


def test_a_line_altered_behind_our_back_is_found(app: Flask, subject: str, alter: Callable) -> None:
    alter("operation:mistral", 3)
    assert "operation:mistral:3 hash" in wrong()["record"]


def test_a_document_that_is_lost_or_altered_is_found(app: Flask, paper: Paper) -> None:
    store = open_store(app.config["RELAIS"].storage_url)
    sealed = store.get(paper.pdf_name)
    store.delete(paper.pdf_name)
    assert wrong() == {"files": (paper.reference,)}
    store.put(paper.pdf_name, sealed[:-1] + bytes([sealed[-1] ^ 1]))
    assert wrong() == {"files": (paper.reference,)}


def test_a_file_nobody_names_is_found_after_an_hour(app: Flask, paper: Paper) -> None:
    store = open_store(app.config["RELAIS"].storage_url)
    store.put("papers/left-over.pdf", b"x")
    assert wrong() == {}
    file = Path(app.config["RELAIS"].storage_url.removeprefix("file://")) / "papers" / "left-over.pdf"
    an_age = file.stat().st_mtime - 4000
    os.utime(file, (an_age, an_age))
    assert wrong() == {"leftovers": ("papers/left-over.pdf",)}


def test_a_new_day_begins_once_and_reads_the_journals_through(app: Flask, subject: str) -> None:
    begin_day()
    begin_day()
    outbox.drain()
    assert db.session.query(Outbox).filter_by(kind="dashboards.new_day").count() == 1
    found = last_verification()
    assert found is not None
    assert (found.broken, found.lines > 10) == ((), True)
    assert wrong() == {}


def test_the_command_works_on_an_empty_home_and_may_be_repeated(home: Path) -> None:
    for _ in range(2):
        told = CliRunner().invoke(relais, ["invariants", "--json"])
        assert told.exit_code == 0
        assert json.loads(told.stdout)["ok"] is True
    assert CliRunner().invoke(relais, ["invariants"]).exit_code == 0


def test_the_command_ends_with_1_and_names_what_is_wrong(
    app: Flask, subject: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = app.config["RELAIS"]
    monkeypatch.setenv("RELAIS_HOME", str(settings.home))
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("STORAGE_URL", settings.storage_url)
    write(delete(Task))
    db.session.rollback()
    told = CliRunner().invoke(relais, ["invariants", "--json"])
    assert told.exit_code == 1
    assert json.loads(told.stdout)["invariants"]["projections"]["faults"] == [subject]
