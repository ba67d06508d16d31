"""Sixty letters go out for La Duchère and forty answers come back: the figures of the seed come out by counting."""

from collections import Counter

import pytest
from sqlalchemy import select

from tests.features.conftest import SignIn
from tests.features.surveys.conftest import words_of
from workflow.app import ROOT
from workflow.db import db
from workflow.errors import Refused
from workflow.exchange import actions as exchange
from workflow.exchange.rules.invented.duchere import DESK, MANAGER
from workflow.people import queries as who
from workflow.people.models import Person
from workflow.surveys.actions import answering
from workflow.surveys.actions.answering import Way
from workflow.surveys.models import Answers, Recipient, Survey
from workflow.surveys.queries import report
from workflow.surveys.queries.recipients import lines


@pytest.fixture
def duchere(app):
    exchange.demonstrate_survey(exchange.read_operation(ROOT / "templates" / "operations" / "la-duchere.yaml"))
    db.session.commit()
    return db.session.scalars(select(Survey)).one()


def test_the_figures_of_the_seed_are_counted_and_a_second_answer_is_refused(duchere: Survey, sign_in: SignIn) -> None:
    told = report.counted(duchere, "fr")
    assert (told.numbers.sent, told.numbers.finished, told.numbers.relocated) == (60, 40, 66)
    assert told.satisfied is not None and told.first_choice is not None
    assert (told.satisfied.percent, told.first_choice.percent) == (80, 60)
    assert told.crossed is not None and told.crossed.counts[-1][-1] == 40
    answers = db.session.scalars(select(Answers).where(Answers.finished_for.is_not(None))).all()
    assert Counter(one.channel for one in answers) == {"link": 18, "paper": 14, "telephone": 8}
    assert {one.lang for one in answers} == {"fr", "ar", "tr"}
    survey, sentence = duchere.id, report.numbers_said(told)
    db.session.rollback()
    page = sign_in(MANAGER).get(f"/surveys/{survey}/results")
    said = words_of(page)
    assert "80 %" in said.replace("\u00a0", " ").replace("\u202f", " ")
    assert "60 %" in said.replace("\u00a0", " ").replace("\u202f", " ")
    assert said.count(sentence) > 10, "beside every percentage"
    assert "Gonnet" not in said, "what points at somebody was put otherwise before it was shared"
    desk = who.identity_of_person(db.session.get_one(Person, DESK))
    duchere = db.session.get_one(Survey, survey)
    done = next(one.row.id for one in lines(desk, duchere) if one.finished)
    with pytest.raises(Refused):
        answering.begin_keying(desk, survey, done, Way("paper", DESK))
    with pytest.raises(Refused):
        answering.begin_by_code(duchere, db.session.get_one(Recipient, done), "fr")
