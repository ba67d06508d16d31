"""A long course is kept in the database: a process that never saw it reads little, and trusts what is kept only while
the record says the same.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.cast import CLAIRE, SONIA
from tests.factories import a_submitted_dossier, identity
from workflow.approvals import actions, queries
from workflow.approvals.models import KeptState
from workflow.approvals.queries import kept
from workflow.circuit.commands import Approve, Comment
from workflow.circuit.standing import State
from workflow.dashboards.queries.invariants import findings
from workflow.db import db, unscoped
from workflow.record import queries as record

COMMENTS = 45


@pytest.fixture(autouse=True)
def its_own_shelf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_SHELF", kept.Shelf())


@pytest.fixture
def every_history_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "LONG", 1)
    monkeypatch.setattr(kept, "TURN", 1)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The version of each event that is read from the record, as it happens."""
    versions: list[int] = []
    as_before = record.fact_of

    def noted(row: Any) -> record.Fact:
        versions.append(row.version)
        return as_before(row)

    monkeypatch.setattr(record, "fact_of", noted)
    return versions


def in_another_process() -> None:
    """The next one has folded nothing yet."""
    db.session.commit()
    db.session.expire_all()
    kept._SHELF = kept.Shelf()


def commented(subject: str, times: int = 1) -> str:
    for _ in range(times):
        actions.act_as(identity(CLAIRE), subject, Comment(text_ref="t"), 0)
    return subject


def approved(subject: str) -> State:
    shown = queries.standing(subject).context.shown("")
    actions.act_as(identity(SONIA), subject, Approve(step="visa_bailleur", shown=shown), 0)
    return queries.standing(subject, afresh=True).state


def kept_of(subject: str) -> KeptState | None:
    db.session.expire_all()
    return db.session.scalar(select(KeptState).where(KeptState.subject == subject))


def kept_wrongly(subject: str, **values: Any) -> None:
    db.session.execute(update(KeptState).where(KeptState.subject == subject).values(**values))
    in_another_process()


def wrong() -> list[tuple[str, ...]]:
    db.session.rollback()
    return [one.faults for one in findings() if one.faults]


@pytest.mark.complaint(45)
def test_a_process_that_never_saw_a_long_course_reads_only_its_end(app: Flask, read: list[int]) -> None:
    subject = commented(a_submitted_dossier().subject, COMMENTS)
    in_another_process()
    row, reached = kept_of(subject), record.version_of(subject)
    assert row is not None and kept.LONG <= row.version <= reached < row.version + kept.TURN
    read.clear()
    known = queries.standing(subject)
    assert read == list(range(row.version + 1, reached + 1))
    assert known.state == queries.standing(subject, afresh=True).state
    in_another_process()
    state = approved(subject)
    assert "visa_bailleur" not in state.open
    assert queries.standing(subject).state == state


def test_of_a_short_course_nothing_is_kept(app: Flask) -> None:
    subject = commented(a_submitted_dossier().subject)
    assert kept_of(subject) is None


@pytest.mark.parametrize("wrong", [{"seal": "0" * 64}, {"mark": "other code"}, {"procedure": "p" * 64}, {"version": 2}])
def test_what_the_record_or_the_code_do_not_bear_out_is_not_read(
    app: Flask, every_history_is_long: None, wrong: dict[str, Any]
) -> None:
    subject = commented(a_submitted_dossier().subject)
    kept_wrongly(subject, state={"nothing": "that could be read"}, **wrong)
    state = queries.standing(subject).state
    assert state == queries.standing(subject, afresh=True).state
    commented(subject)
    in_another_process()
    row = kept_of(subject)
    assert row is not None and row.version == record.version_of(subject) == state.version + 1
    assert queries.standing(subject).state.version == row.version


def test_a_decision_that_was_given_up_leaves_nothing_kept(app: Flask, every_history_is_long: None) -> None:
    subject = commented(a_submitted_dossier().subject)
    in_another_process()
    before = kept_of(subject).version
    commented(subject)
    db.session.rollback()
    assert kept_of(subject).version == before == record.version_of(subject)


def test_a_wrong_state_is_found_and_made_anew_with_the_projections(app: Flask, every_history_is_long: None) -> None:
    subject = commented(a_submitted_dossier().subject)
    told = kept_of(subject).state
    kept_wrongly(subject, state=told | {"state": told["state"] | {"author": "somebody-else"}})
    assert wrong() == [(subject,)]
    actions.rebuild()
    in_another_process()
    assert kept_of(subject) is None
    assert wrong() == []


def test_two_who_act_at_once_on_a_long_course_both_count(app: Flask, every_history_is_long: None) -> None:
    subject = a_submitted_dossier().subject
    kept_wrongly(subject, mark="other code")
    reached, start = record.version_of(subject), Barrier(2)
    db.session.rollback()

    def act(_: int) -> None:
        with app.app_context(), unscoped("each in a transaction of its own"):
            start.wait(timeout=10)
            commented(subject)
            db.session.commit()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(act, range(2)))
    in_another_process()
    assert kept_of(subject).version == record.version_of(subject) == reached + 2
    assert queries.standing(subject).state == queries.standing(subject, afresh=True).state
