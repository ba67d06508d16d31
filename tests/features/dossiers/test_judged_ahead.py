"""A voice is judged before its turn to write has come; what moved in between is seen all the same."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests import factories
from tests.cast import FRANCOIS, HELENE, MIREILLE
from workflow.approvals import actions as approvals
from workflow.approvals.models import Task, Voter
from workflow.db import EVERYTHING, db, enter_scope
from workflow.dossiers import actions, queries
from workflow.dossiers.models import Dossier
from workflow.errors import Refused
from workflow.record.queries import facts

STEP = "validation"


@pytest.fixture
def row(app: Flask) -> Dossier:
    found = factories.a_dossier_before_the_committee()
    db.session.commit()
    return found


@pytest.fixture
def meanwhile(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], None]:
    """`meanwhile(deed)`: what somebody else does once the next decision is judged and before it is written."""

    def arrange(deed: Callable[[], None]) -> None:
        in_its_turn = approvals.in_its_turn

        def late(judged: approvals.Ahead) -> object:
            monkeypatch.setattr(approvals, "in_its_turn", in_its_turn)
            with app.app_context():
                enter_scope(EVERYTHING)
                deed()
                db.session.commit()
            return in_its_turn(judged)

        monkeypatch.setattr(approvals, "in_its_turn", late)

    return arrange


def voices(subject: str) -> list[str]:
    return [fact.actor["person"] for fact in facts(subject) if fact.kind == "Approved" and fact.data["step"] == STEP]


def decides(slug: str, row: Dossier) -> None:
    """As a door does: with nothing begun."""
    told, reference, who = factories.decision(row, "Approve", STEP), row.reference, factories.identity(slug)
    db.session.commit()
    actions.decide(who, reference, told)
    db.session.commit()


def test_a_voice_that_came_in_between_is_counted_with_ours(row: Dossier, meanwhile: Callable) -> None:
    subject, reference = row.subject, row.reference
    other = factories.decision(row, "Approve", STEP)
    meanwhile(lambda: actions.decide(factories.identity(FRANCOIS), reference, other))
    decides(HELENE, row)
    assert voices(subject) == [FRANCOIS, HELENE]
    decides(MIREILLE, row)
    assert factories.version(row) == len(facts(subject))
    assert queries.Answers(row).stored.fingerprint == other.shown


def test_answers_that_changed_in_between_are_not_decided_on(row: Dossier, meanwhile: Callable) -> None:
    subject, dossier = row.subject, row.id

    def changes() -> None:
        held = queries.present_set(queries.by_subject(subject))
        held.fingerprint, held.saves = "0" * 64, held.saves + 1

    meanwhile(changes)
    with pytest.raises(Refused, match="answers changed"):
        decides(HELENE, row)
    db.session.rollback()
    assert voices(subject) == []
    assert queries.revision_of(dossier) is not None


def test_a_voice_judged_ahead_leaves_the_same_record_and_lists(row: Dossier, monkeypatch: pytest.MonkeyPatch) -> None:
    """Judged ahead or in one's turn: nobody can tell afterwards."""
    decides(HELENE, row)
    monkeypatch.setattr(approvals, "judged_ahead", lambda *told: None)
    decides(FRANCOIS, row)
    ahead, in_turn = (fact for fact in facts(row.subject) if fact.kind == "Approved" and fact.data["step"] == STEP)
    assert ahead.data.keys() == in_turn.data.keys()
    before = projected(row.subject)
    approvals.rebuild()
    assert projected(row.subject) == before


def projected(subject: str) -> list[tuple[object, ...]]:
    told = [tuple(getattr(one, column.name) for column in model.__table__.columns)
            for model in (Task, Voter) for one in db.session.query(model).filter_by(subject=subject)]  # fmt: skip
    return sorted(told, key=str)
