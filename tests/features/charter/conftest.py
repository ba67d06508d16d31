"""The charter of Mistral, submitted to its tenants' association, two landlords and the inhabitants."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from tests import factories as made
from tests.cast import NADIA
from workflow import clock, outbox
from workflow.catalogue.queries.paper_models import model_in_use
from workflow.charter.actions import beginning
from workflow.charter.actions.beginning import Frame
from workflow.charter.models import Consultation, Contribution
from workflow.charter.queries import drafts, said
from workflow.charter.queries.entitled import Reader
from workflow.charter.rules.phases import end_of
from workflow.db import db
from workflow.operations.models import Operation

FIRST = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=1)
"""Tomorrow: what seals papers is made while the tests run, and does not seal before."""
OPENS, CLOSES = FIRST.date(), FIRST.date() + timedelta(days=18)
END = end_of(CLOSES, "Europe/Paris")
CSF, ACTIS, DRAC = "csf", "actis", "habitat-du-drac"
INVITED = (CSF, ACTIS, DRAC)
ASKED = {"logements": 280, "menages": 262, "mandataires": "Rose Amblard, Ali Zerrouki", "mandat_le": "2026-10-05"}
ASKED |= {"en_cours": "non", "depuis": "", "telephone": "04 76 00 00 00", "permanence": "le mardi, maison du quartier"}
EVERYTHING = Reader("", drafts=True, records=False, mine=frozenset())


@pytest.fixture
def day():
    """Let it be a moment: `day(3)` is three days after the text was submitted, `day(20)` after the last one."""
    entered = []

    def go(days: float | datetime) -> None:
        while entered:
            entered.pop().__exit__(None, None, None)
        moment = clock.at(days if isinstance(days, datetime) else FIRST + timedelta(days=days))
        moment.__enter__()
        entered.append(moment)

    go(0)
    yield go
    while entered:
        entered.pop().__exit__(None, None, None)


@pytest.fixture
def reference(app, day) -> str:
    """Of the draft, open for contributions."""
    return a_draft()


def a_draft(*, public: bool = True, opened: bool = True) -> str:
    nadia, place = made.identity(NADIA), db.session.get_one(Operation, "mistral")
    row = beginning.begin(nadia, place, model_in_use("mistral", "charte-de-relogement"), ASKED)
    told = Frame(
        "Charte de relogement de Mistral",
        "Comment chaque ménage est relogé.",
        "La démolition est décidée : elle n’est pas discutée ici.",
        "Ni insultes, ni vie privée d’autrui.",
        OPENS,
        CLOSES,
        public,
        INVITED,
    )
    beginning.frame(nadia, row, row.version, told)
    if opened:
        beginning.open_draft(nadia, row, row.version)
    reference = row.reference
    db.session.commit()
    return reference


def draft_of(reference: str) -> Consultation:
    db.session.rollback()
    return db.session.query(Consultation).filter_by(reference=reference).one()


def one(reference: str, number: int) -> Contribution:
    return said.one_of(draft_of(reference), EVERYTHING, number)


def words_of(reference: str, number: int) -> str:
    return said.opened([one(reference, number)], EVERYTHING)[0].words


def speak(client: FlaskClient, reference: str, words: str, *, key: str = "propositions", kind: str = "comment", **more):
    """Somebody contributes in the page."""
    told = {"words": words, "consent": "named"} | more
    return client.post(f"/drafts/{reference}/contribute/{kind}" + (f"/{key}" if key else ""), data=told)


def in_public(client: FlaskClient, reference: str, words: str, **more):
    told = {"article": "frais", "kind": "comment", "words": words, "consent": "unnamed"} | more
    return client.post(f"/consultations/{reference}/contribute", data=told)


def answer(client: FlaskClient, reference: str, number: int, outcome: str, reason: str = "Parce que.", **more):
    row = one(reference, number)
    told = {"version": row.version, "outcome": outcome, "reason": reason, "article": row.article} | more
    db.session.rollback()
    return client.post(f"/drafts/{reference}/contributions/{number}", data=told)


def read_all(client: FlaskClient, reference: str) -> None:
    """Whoever holds the pen reads and publishes what waits."""
    for row in said.every(draft_of(reference), EVERYTHING):
        if row.state == "unread":
            told = {"version": row.version, "do": "publish"}
            number = row.number
            db.session.rollback()
            assert client.post(f"/drafts/{reference}/contributions/{number}/read", data=told).status_code == 303


@pytest.fixture
def worked() -> Callable[[], None]:
    """Let the jobs that wait be done."""

    def work() -> None:
        db.session.commit()
        outbox.drain()

    return work


def parts(reference: str):
    return drafts.current_parts(draft_of(reference))
