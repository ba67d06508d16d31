"""A closed dossier that is reopened: what follows for its row, its household and its facts."""

from __future__ import annotations

import pytest
from flask import Flask

from tests import factories as made
from tests.cast import CLAIRE, NADIA
from tests.features.dossiers.projections import all_holds
from workflow.approvals import actions as approvals
from workflow.approvals import queries
from workflow.approvals.models import Task
from workflow.circuit.commands import Reopen, TakeBack
from workflow.db import db
from workflow.dossiers.models import AnswerSet, Dossier, Fact
from workflow.errors import Refused

WHY = "Une pièce manquait."


def reopen(row: Dossier, to: str = "author") -> None:
    approvals.act_as(made.identity(NADIA), row.subject, Reopen(reason_ref="r", to=to), 0)
    db.session.commit()


def take_back(row: Dossier) -> None:
    approvals.act_as(made.identity(NADIA), row.subject, TakeBack(), 0)
    db.session.commit()


def answers_of(row: Dossier) -> list[str]:
    """The answers that are kept of it."""
    return [one.fingerprint for one in db.session.query(AnswerSet).filter_by(dossier_id=row.id)]


def waits_at(row: Dossier) -> set[str]:
    return {task.step for task in db.session.query(Task).filter_by(subject=row.subject)}


def test_a_validated_dossier_goes_on_at_the_stage_that_was_chosen(app: Flask) -> None:
    row = made.a_validated_dossier()
    reopen(row, "commission")
    assert (row.closed, waits_at(row)) == (False, {"validation"})
    assert not queries.standing(row.subject).state.votes_at("validation")
    assert all_holds()


def test_reopened_by_mistake_it_is_as_it_was(app: Flask) -> None:
    row = made.a_validated_dossier()
    reopen(row)
    take_back(row)
    assert (row.closed, row.open_key, waits_at(row)) == (True, None, set())
    assert queries.standing(row.subject).course.phase == "approved"


def test_an_annulled_dossier_counts_again_once_it_is_reopened(app: Flask) -> None:
    row = made.a_submitted_dossier()
    before = db.session.query(Fact).filter_by(dossier_id=row.id).count()
    made.decide(CLAIRE, row, "Cancel", "", reason=WHY)
    assert row.void_at is not None
    reopen(row, "covalider")
    assert (row.closed, row.void_at, waits_at(row)) == (False, None, {"visa_bailleur"})
    assert db.session.query(Fact).filter_by(dossier_id=row.id).count() == before
    assert all_holds()


def test_a_withdrawn_one_keeps_its_answers_whatever_becomes_of_it(app: Flask) -> None:
    row = made.a_filled_dossier()
    made.decide(CLAIRE, row, "Withdraw", "", reason=WHY)
    reopen(row)
    assert waits_at(row) == {"saisie"}
    written = answers_of(row)
    take_back(row)
    assert row.closed
    reopen(row)
    assert answers_of(row) == written


def test_it_is_not_reopened_beside_one_that_took_its_place(app: Flask) -> None:
    row = made.a_submitted_dossier()
    made.decide(CLAIRE, row, "Withdraw", "", reason=WHY)
    made.a_dossier()
    with pytest.raises(Refused) as refused:
        reopen(row)
    db.session.rollback()
    assert refused.value.code in ("another_open", "newer_one")
