"""What waits for me: sentences, late first, each with the reason why it is mine."""

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from tests import factories
from tests.cast import BRUNO, CLAIRE, FRANCOIS, JULIEN, MONIQUE, OLIVIER, SONIA
from tests.features.conftest import SignIn
from workflow import clock
from workflow.approvals.queries import tasks
from workflow.db import db
from workflow.dossiers.models import Dossier


def _page(client: FlaskClient) -> str:
    answer = client.get("/waiting")
    assert answer.status_code == 200
    return unescape(answer.get_data(as_text=True)).replace("\xa0", " ")


def _sentences(page: str) -> list[str]:
    return [" ".join(found.split()) for found in re.findall(r'class="task-link"[^>]*>(.*?)</a>', page, re.DOTALL)]


def _due(row: Dossier):
    [task] = tasks([row.subject])[row.subject]
    due = task.due
    db.session.rollback()
    return due


def test_a_task_is_a_sentence_that_leads_to_the_dossier(app: Flask, sign_in: SignIn) -> None:
    row = factories.a_dossier()
    reference, name = row.reference, row.household.name.removeprefix("Famille ")
    db.session.rollback()
    page = _page(sign_in(CLAIRE))
    [sentence] = _sentences(page)
    assert sentence.startswith("Remplir le diagnostic ")
    assert name in sentence
    assert f'href="/dossiers/{reference}"' in page
    assert "Conseillère en économie sociale et familiale" in page, "why it is hers"


def test_a_task_that_waits_for_somebody_else_is_not_shown(app: Flask, sign_in: SignIn) -> None:
    factories.a_submitted_dossier()
    assert _sentences(_page(sign_in(JULIEN))) == []
    assert len(_sentences(_page(sign_in(SONIA)))) == 1


def test_the_committee_reads_a_reference_and_never_a_name(app: Flask, sign_in: SignIn) -> None:
    row = factories.a_dossier_before_the_committee()
    household = row.household
    hidden = [household.name, household.name.removeprefix("Famille "), household.address, household.dwelling]
    reference = household.reference
    db.session.rollback()
    page = _page(sign_in(FRANCOIS))
    [sentence] = _sentences(page)
    assert reference in sentence
    assert [word for word in hidden if word in page] == []
    assert "Commission relogement" in page and "Préfecture de l’Isère" in page, "why it is his"


def test_a_dossier_sent_back_asks_to_be_corrected(app: Flask, sign_in: SignIn) -> None:
    row = factories.a_submitted_dossier()
    factories.decide(SONIA, row, "SendBack", "visa_bailleur", reason="Le loyer a changé.", sections=("D",))
    db.session.rollback()
    page = _page(sign_in(CLAIRE))
    assert "state-waiting" in page
    assert not _sentences(page)[0].startswith("Remplir")


def test_who_records_for_the_household_is_told_why(app: Flask, sign_in: SignIn) -> None:
    factories.a_dossier_before_the_household()
    for slug in (BRUNO, CLAIRE):
        page = _page(sign_in(slug))
        assert len(_sentences(page)) == 1
        assert "n’a pas de compte" in page or "has no account" in page


def test_late_tasks_come_first_under_a_title_of_their_own(app: Flask, sign_in: SignIn) -> None:
    late = factories.a_submitted_dossier(0)
    first, deadline = late.household.name.removeprefix("Famille "), _due(late)
    with clock.at(deadline + timedelta(hours=12)):
        factories.a_submitted_dossier(1)
        page = _page(sign_in(SONIA))
    sentences = _sentences(page)
    assert len(sentences) == 2
    assert first in sentences[0]
    assert page.count("task-late") == 1
    assert page.index("task-late") < page.index("tasks-2")
    assert "à faire au plus tard le" in page, "the day it was due, and how late it is in working days"


def test_the_last_day_of_a_deadline_is_not_late(app: Flask, sign_in: SignIn) -> None:
    deadline = _due(factories.a_submitted_dossier())
    with clock.at(deadline - timedelta(minutes=1)):
        page = _page(sign_in(SONIA))
    assert "task-late" not in page
    assert "Pour aujourd’hui" in page or "For today" in page
    with clock.at(deadline + timedelta(seconds=1)):
        assert "task-late" in _page(sign_in(SONIA))


def test_nothing_waiting_shows_what_was_done_this_week(app: Flask, sign_in: SignIn) -> None:
    row = factories.a_submitted_dossier()
    reference = row.reference
    factories.decide(SONIA, row, "Approve", "visa_bailleur")
    db.session.rollback()
    page = _page(sign_in(SONIA))
    assert "state-done" in page
    assert f'href="/dossiers/{reference}"' in page
    with clock.at(clock.now() + timedelta(days=8)):
        assert f'href="/dossiers/{reference}"' not in _page(sign_in(SONIA)), "only the last seven days"


def test_what_somebody_else_did_is_not_told_as_mine(app: Flask, sign_in: SignIn) -> None:
    row = factories.a_submitted_dossier()
    factories.decide(SONIA, row, "Approve", "visa_bailleur")
    reference = row.reference
    db.session.rollback()
    assert f'href="/dossiers/{reference}"' not in _page(sign_in(JULIEN))


@pytest.mark.complaint(47)
def test_more_tasks_cost_no_more_queries(app: Flask, sign_in: SignIn) -> None:
    sent: list[str] = []
    client = sign_in(CLAIRE)
    event.listen(db.engine, "before_cursor_execute", lambda *told: sent.append(told[2]))
    counts = []
    for rank in range(4):
        factories.a_dossier(rank)
        _page(client)
        sent.clear()
        assert len(_sentences(_page(client))) == rank + 1
        counts.append(len(sent))
    assert counts[0] == counts[-1]


@pytest.mark.parametrize("slug", [MONIQUE, OLIVIER])
def test_who_never_receives_tasks_has_a_page_that_says_what_it_is_for(app: Flask, sign_in: SignIn, slug: str) -> None:
    factories.a_submitted_dossier()
    page = _page(sign_in(slug))
    assert _sentences(page) == []
    assert "<main" in page


def test_what_waits_comes_as_a_spreadsheet_and_can_be_cut_to_what_is_late(app: Flask, sign_in: SignIn) -> None:
    factories.a_dossier(0)
    client = sign_in(CLAIRE)
    answer = client.get("/waiting?format=xlsx")
    assert answer.status_code == 200
    assert answer.data.startswith(b"PK")
    assert client.get("/waiting?late=1").status_code == 200
