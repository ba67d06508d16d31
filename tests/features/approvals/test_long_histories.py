"""A dossier with a long history: what a process knows of it is used only while the record says the same."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.cast import CLAIRE, SONIA
from tests.factories import a_submitted_dossier, identity
from workflow.approvals import actions, queries
from workflow.approvals.queries import kept
from workflow.circuit.commands import Approve, Comment, Withdraw
from workflow.db import db
from workflow.record.queries import facts


@pytest.fixture(autouse=True)
def every_history_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "LONG", 1)
    monkeypatch.setattr(kept, "_SHELF", kept.Shelf(most=2))


def afresh(subject: str) -> object:
    known = queries.standing(subject)
    return queries.folded(known.published, facts(subject))


def commented(subject: str) -> None:
    actions.act_as(identity(CLAIRE), subject, Comment(text_ref="t"), 0)


@pytest.mark.complaint(45)
def test_what_is_known_and_what_is_new_make_the_state_of_the_whole(app: Flask) -> None:
    subject = a_submitted_dossier().subject
    before = queries.standing(subject)
    assert queries.standing(subject).state is before.state
    actions.act_as(identity(SONIA), subject, Approve(step="visa_bailleur", shown=before.context.shown("")), 0)
    db.session.commit()
    assert queries.standing(subject).state == afresh(subject)
    assert "visa_bailleur" not in queries.standing(subject).state.open


def test_what_was_given_up_is_not_remembered(app: Flask) -> None:
    subject = a_submitted_dossier().subject
    commented(subject)
    queries.standing(subject)
    db.session.rollback()
    actions.act_as(identity(CLAIRE), subject, Withdraw(), 0)
    db.session.commit()
    assert queries.standing(subject).state == afresh(subject)
    assert queries.standing(subject).state.phase == "withdrawn"


def test_only_so_many_are_remembered(app: Flask) -> None:
    for rank in range(3):
        queries.standing(a_submitted_dossier(rank).subject)
    assert len(kept._SHELF._kept) == 2
