"""The front page and the operator's page: health in words, jobs, mails, journals."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from tests.cast import CLAIRE, MONIQUE, OLIVIER
from tests.features.conftest import SignIn
from workflow import clock, mail, outbox
from workflow.dashboards.queries import installation
from workflow.db import database_now, db, own_transaction
from workflow.outbox.row import DONE, FAILED, PENDING, Outbox


@pytest.fixture
def operator(sign_in: SignIn) -> FlaskClient:
    return sign_in(OLIVIER)


@pytest.fixture
def a_failed_job(app: Flask) -> str:
    row_id = outbox.add("mail.send", subject="mail:none", key="mail.send:none").id
    db.session.commit()
    with own_transaction() as session:
        failed = update(Outbox).where(Outbox.id == row_id)
        session.execute(failed.values(state=FAILED, attempts=7, last_error="ConnectionRefusedError"))
    return row_id


def state_of(row_id: str) -> str:
    with own_transaction(read_only=True) as session:
        return session.get_one(Outbox, row_id).state


def text_of(client: FlaskClient, path: str = "/operator") -> str:
    answer = client.get(path, headers={"Accept-Language": "en"}, query_string={"lang": "en"})
    assert answer.status_code == 200
    return answer.text


def test_everybody_is_sent_where_their_day_begins(app: Flask, sign_in: SignIn, anonymous: FlaskClient) -> None:
    assert anonymous.get("/").location == "/sign-in"
    assert sign_in(CLAIRE).get("/").location == "/waiting"
    assert sign_in(MONIQUE).get("/").location == "/waiting"
    assert sign_in(OLIVIER).get("/").location == "/operator"


def test_nobody_but_the_operator_finds_the_page(app: Flask, sign_in: SignIn, anonymous: FlaskClient) -> None:
    assert sign_in(CLAIRE).get("/operator").status_code == 404
    assert anonymous.get("/operator").status_code == 302


def test_a_queue_that_does_not_answer_is_said_in_words(operator: FlaskClient) -> None:
    assert "The queue does not answer. Nothing is lost" in text_of(operator)


def test_a_failed_job_comes_first_and_may_be_run_again(operator: FlaskClient, a_failed_job: str) -> None:
    page = text_of(operator)
    assert page.index("1 job has failed") < page.index("The queue does not answer")
    assert "the other server does not answer" in page
    answer = operator.post(f"/operator/jobs/{a_failed_job}/again", data={"request_key": "once"})
    assert answer.status_code == 303
    assert state_of(a_failed_job) == PENDING
    assert "will be tried again" in text_of(operator)


def test_a_job_that_is_done_is_not_run_again(operator: FlaskClient, a_failed_job: str) -> None:
    with own_transaction() as session:
        session.execute(update(Outbox).where(Outbox.id == a_failed_job).values(state=DONE))
    assert operator.post(f"/operator/jobs/{a_failed_job}/again").status_code == 404


def test_mails_that_wait_too_long_are_counted_with_their_age(operator: FlaskClient) -> None:
    for number in (1, 2):
        outbox.add("mail.send", subject=f"mail:{number}", key=f"mail.send:{number}")
    db.session.commit()
    with own_transaction() as session:
        old = database_now(session) - timedelta(minutes=4)
        session.execute(update(Outbox).where(Outbox.kind == "mail.send").values(made_at=old))
    assert "2 mails have been waiting for 4 minutes." in text_of(operator)


def test_a_kept_mail_is_read_with_its_link(app: Flask, operator: FlaskClient) -> None:
    base = app.config["RELAIS"].base_url
    body = f"Bonjour,\nle lien : {base}/reset/abc.\nAilleurs : https://elsewhere.example/x <b>"
    row = mail.write("test", "lea@example.org", "Un lien", body, "fr")
    db.session.flush()
    row.state = mail.KEPT
    mail_id = row.id
    db.session.commit()
    assert f'href="/operator/mails/{mail_id}"' in text_of(operator)
    page = text_of(operator, f"/operator/mails/{mail_id}")
    assert f'<a href="{base}/reset/abc">{base}/reset/abc</a>.' in page
    assert 'href="https://elsewhere.example' not in page
    assert "&lt;b&gt;" in page


def test_a_mail_that_left_is_nobodys_to_read(operator: FlaskClient) -> None:
    row = mail.write("test", "lea@example.org", "Un lien", "Bonjour", "fr")
    db.session.flush()
    row.state, row.sent_at = mail.SENT, clock.now()
    mail_id = row.id
    db.session.commit()
    assert operator.get(f"/operator/mails/{mail_id}").status_code == 404
    assert operator.get("/operator/mails/unknown").status_code == 404


def test_the_operator_has_the_journals_read_through(app: Flask, operator: FlaskClient) -> None:
    assert "Not read through yet" in text_of(operator)
    assert operator.post("/operator/journals/verify", data={"request_key": "once"}).status_code == 303
    outbox.drain()
    page = text_of(operator)
    assert "whole" in page
    assert "Last read through on" in page
    assert "Mistral" in page


def test_an_altered_journal_is_the_first_thing_said(app: Flask, operator: FlaskClient, alter: Callable) -> None:
    alter("operation:mistral", 2)
    operator.post("/operator/journals/verify", data={"request_key": "once"})
    outbox.drain()
    page = text_of(operator)
    assert "The journal of “Mistral” was altered at line 2" in page
    assert page.index("was altered") < page.index("The queue does not answer")
    assert installation.last_verification().broken == (("operation:mistral", 2),)


def test_the_page_shows_no_household_and_no_inner_word(operator: FlaskClient, a_failed_job: str) -> None:
    for lang in ("fr", "en"):
        page = operator.get("/operator", query_string={"lang": lang}).text
        shown = re.sub(r"<[^>]+>", " ", page)
        for word in ("outbox", "hash", "chain", "lens", "circuit", "event", "instance", "V2", "V3"):
            assert not re.search(rf"\b{word}\b", shown, re.IGNORECASE), word
        assert "Famille" not in shown


@pytest.mark.parametrize(("state", "said"), [(mail.BOUNCED, "came back"), ("unheard-of", "unheard-of")])
def test_a_mail_that_came_back_is_said_and_the_page_stands(operator: FlaskClient, state: str, said: str) -> None:
    row = mail.write("k-bounced", "nobody@example.org", "A subject", "Words", "fr")
    row.state = state
    db.session.commit()
    page = text_of(operator)
    assert "A subject" in page
    assert said in page
