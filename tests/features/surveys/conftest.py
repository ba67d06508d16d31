"""A survey of the operation Mistral: its questionnaire approved, some households moved."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests import factories as made
from tests.cast import BRUNO, CLAIRE, NADIA
from workflow import clock
from workflow.access import Identity
from workflow.db import db
from workflow.dossiers import actions as dossiers
from workflow.dossiers.models import Household
from workflow.exchange.actions.surveying import an_approved_questionnaire
from workflow.record.queries import text
from workflow.surveys.actions import beginning
from workflow.surveys.models import Recipient, Survey

MOVED = 7


def moved(count: int = MOVED) -> list[str]:
    """The first households moved; their ids."""
    rows = db.session.query(Household).order_by(Household.reference).limit(count).all()
    for row in rows:
        dossiers.set_state(row, "moved", CLAIRE)
    return [row.id for row in rows]


def a_survey(count: int = MOVED) -> str:
    """Begun by the manager for the households that moved; its id."""
    moved(count)
    campaign = an_approved_questionnaire("mistral")
    until = clock.today() + timedelta(days=30)
    row = beginning.begin(made.identity(NADIA), "mistral", campaign, "Enquête de la tranche 1", until)
    survey_id = row.id
    db.session.commit()
    return survey_id


def recipients(survey_id: str) -> list[Recipient]:
    db.session.rollback()
    asked = db.session.query(Recipient).join(Household, Household.id == Recipient.household_id)
    return asked.filter(Recipient.survey_id == survey_id).order_by(Household.reference).all()


def code(survey_id: str, rank: int = 0) -> str:
    """The code of one household, as it stands on its letter."""
    told = text(recipients(survey_id)[rank].code) or ""
    db.session.rollback()
    return told


def survey_row(survey_id: str) -> Survey:
    db.session.rollback()
    return db.session.get_one(Survey, survey_id)


def words_of(answer: Any) -> str:
    """The text of a page, without its marks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text.partition("<main")[2])).split())


def begins(client: FlaskClient, secret: str) -> str:
    """The household agrees; the address of its first page."""
    sent = client.post(f"/q/{secret}", data={"go": "begin"})
    assert sent.status_code == 303, words_of(sent)
    return sent.location


ANSWERS = {
    "B": {"data:B:Q1": ["courrier"], "data:B:Q2": "tres"},
    "D": {"data:D:Q9": "1", "data:D:Q10": "premier"},
    "I": {"data:I:Q25": "tres", "data:I:Q25_note": "9", "data:I:Q28": "Merci à Paule Mercier."},
    "K": {"data:K:Q23_rappel": "oui", "data:K:Q23_telephone": "04 65 71 95 12", "data:K:Q23_quand": "soir"},
}


def answers_by_link(client: FlaskClient, secret: str, pages: dict[str, dict[str, Any]] = ANSWERS) -> Any:
    """Everything up to the last button; what that one answers."""
    begins(client, secret)
    for section, typed in pages.items():
        sent = client.post(f"/q/{secret}/page/{section}", data=typed | {"go": "next"})
        assert sent.status_code == 303, words_of(sent)
    return client.post(f"/q/{secret}/finish")


@pytest.fixture
def survey(app: Any) -> str:
    return a_survey()


@pytest.fixture
def bruno(sign_in: Callable[[str], FlaskClient]) -> FlaskClient:
    return sign_in(BRUNO)


@pytest.fixture
def nadia(sign_in: Callable[[str], FlaskClient]) -> FlaskClient:
    return sign_in(NADIA)


def who(slug: str) -> Identity:
    return made.identity(slug)
