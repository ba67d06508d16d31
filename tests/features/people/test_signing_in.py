"""Signing in and out, and a forgotten password."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.cast import CLAIRE
from tests.features.conftest import SignIn
from workflow import clock, mail, outbox
from workflow.db import db
from workflow.people import actions
from workflow.people.models import Account
from workflow.record import queries as record

PASSWORD = "quatre mots faciles ici"
LOGIN = "claire.maurin@example.org"


@pytest.fixture
def claire(app: Flask) -> str:
    account = db.session.query(Account).filter_by(person_id=CLAIRE).one()
    account.password_hash = actions.hash_password(PASSWORD)
    db.session.commit()
    return LOGIN


def test_the_right_password_opens(anonymous: FlaskClient, claire: str) -> None:
    answer = anonymous.post("/sign-in", data={"login": claire.upper(), "password": PASSWORD})
    assert answer.status_code == 303
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert anonymous.get("/waiting").status_code == 200


@pytest.mark.parametrize(("login", "password"), [(LOGIN, "wrong"), ("nobody@example.org", PASSWORD)])
def test_a_wrong_password_and_an_unknown_address_are_told_alike(
    anonymous: FlaskClient, claire: str, login: str, password: str
) -> None:
    answer = anonymous.post("/sign-in", data={"login": login, "password": password})
    assert answer.status_code == 422
    assert "incorrect" in answer.text or "wrong" in answer.text
    assert login in answer.text, "what was typed stays"
    assert record.latest("house", 1)[0].kind == "SignInRefused"


def test_many_attempts_are_stopped(anonymous: FlaskClient, claire: str) -> None:
    for _ in range(10):
        anonymous.post("/sign-in", data={"login": claire, "password": "wrong"})
    answer = anonymous.post("/sign-in", data={"login": claire, "password": PASSWORD})
    assert answer.status_code == 429


def test_signing_out_ends_the_session_on_the_server(app: Flask, sign_in: SignIn) -> None:
    client = sign_in(CLAIRE)
    cookie = client.get_cookie("relais_session").value
    client.post("/sign-out")
    client.set_cookie("relais_session", cookie)
    assert client.get("/waiting").status_code == 302


def test_a_silent_session_ends(app: Flask, sign_in: SignIn) -> None:
    client = sign_in(CLAIRE)
    with clock.at(clock.now() + timedelta(minutes=31)):
        assert client.get("/waiting").status_code == 302
        assert client.post("/waiting", headers={"X-Relais": "autosave"}).status_code in (401, 405)


def test_a_forgotten_password_comes_back_by_a_link_that_works_once(
    app: Flask, anonymous: FlaskClient, claire: str
) -> None:
    assert anonymous.post("/forgotten", data={"login": claire}).status_code == 303
    outbox.drain()
    (note,) = db.session.scalars(select(mail.Mail)).all()
    path = re.search(r"/reset/\S+", note.body)[0]
    db.session.rollback()
    for _ in range(3):  # a mail scanner looks first
        assert anonymous.get(path).status_code == 200
    assert anonymous.post(path, data={"password": "court"}).status_code == 422
    assert anonymous.post(path, data={"password": "encore quatre mots faciles"}).status_code == 303
    assert "relais_session" not in str(anonymous.get_cookie("relais_session") or "")
    assert anonymous.post(path, data={"password": "un autre mot de passe"}).status_code == 200
    answer = anonymous.post("/sign-in", data={"login": claire, "password": "encore quatre mots faciles"})
    assert answer.status_code == 303


def test_an_unknown_address_gets_the_same_answer_and_no_mail(app: Flask, anonymous: FlaskClient) -> None:
    answer = anonymous.post("/forgotten", data={"login": "nobody@example.org"})
    assert answer.status_code == 303
    outbox.drain()
    assert db.session.scalars(select(mail.Mail)).all() == []


def test_one_click_entry_exists_in_the_demonstration_only(app: Flask, anonymous: FlaskClient) -> None:
    from dataclasses import replace

    app.config["RELAIS"] = replace(app.config["RELAIS"], demonstration=False)
    assert anonymous.post(f"/enter/{LOGIN}").status_code == 404
    assert "Claire Maurin" not in anonymous.get("/sign-in").text


@pytest.mark.parametrize("wanted", ["https://example.org/", "//example.org", "/\\example.org", "\\\\example.org"])
def test_nobody_is_sent_elsewhere_after_signing_in(app: Flask, anonymous: FlaskClient, wanted: str) -> None:
    answer = anonymous.post(f"/enter/{LOGIN}", query_string={"next": wanted})
    assert answer.headers["Location"] == "/"
