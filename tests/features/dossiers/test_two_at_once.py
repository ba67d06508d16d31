"""Two people act at the very same moment: one wins, the other reads who was faster. Real connections, real threads."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests import factories as made
from tests.cast import CLAIRE, HELENE, KARIM, SONIA
from workflow.db import db
from workflow.record.queries import facts

VISA, COMMITTEE = "/decide/approve/visa_bailleur", "/decide/approve/validation"


def at_once(*sendings):
    """Send every form at the same instant, each from a thread of its own; the answers in their order."""
    db.session.rollback()
    start = Barrier(len(sendings))

    def send(sending):
        client, address, form = sending
        start.wait(timeout=10)
        return client.post(address, data=form)

    with ThreadPoolExecutor(len(sendings)) as pool:
        return list(pool.map(send, sendings))


def ready(desk, path):
    """A person with the page open, about to press the button."""
    return desk.client, f"/dossiers/{desk.reference}{path}", desk.get(path).form(path)


@pytest.mark.complaint(47)
def test_of_two_referents_exactly_one_gives_the_visa_and_the_other_reads_who(app, desk):
    row = made.a_submitted_dossier()
    pages = [ready(desk(slug, row), VISA) for slug in (SONIA, KARIM)]
    answers = at_once(*pages)
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    loser = next(answer for answer in answers if answer.status_code == 409)
    assert "Quelqu’un a été plus rapide" in loser.text
    assert "Visa du bailleur" in loser.text
    assert sum(fact.kind == "Approved" for fact in facts(row.subject)) == 1


def test_of_two_seats_of_one_organisation_exactly_one_voice_counts(app, desk):
    row = made.a_dossier_before_the_committee()
    made.a_substitute_of_the_city()
    pages = [ready(desk(slug, row), COMMITTEE) for slug in (HELENE, made.SUBSTITUTE)]
    answers = at_once(*pages)
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert sum(fact.kind == "Approved" and fact.data["step"] == "validation" for fact in facts(row.subject)) == 1


def test_one_form_sent_twice_at_the_same_instant_is_one_decision(app, desk):
    row = made.a_submitted_dossier()
    page = ready(desk(SONIA, row), VISA)
    answers = at_once(page, page)
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert sum(fact.kind == "Approved" for fact in facts(row.subject)) == 1


@pytest.mark.complaint(47)
def test_two_sendings_of_one_diagnosis_at_the_same_instant_are_one(app, desk):
    row = made.a_filled_dossier()
    claire = desk(CLAIRE, row).get("/check")
    sending = claire.client, f"/dossiers/{claire.reference}/submit", claire.form("/submit")
    answers = at_once(sending, sending)
    assert [answer.status_code for answer in answers] == [303, 303]
    assert sum(fact.kind == "Submitted" for fact in facts(row.subject)) == 1
