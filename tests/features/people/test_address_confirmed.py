"""The address of an access in use changes only when its owner confirms it with the present password."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.cast import INES, SONIA
from tests.features.conftest import SignIn
from workflow import mail, outbox
from workflow.db import db
from workflow.people import actions, queries

OLD, NEW, PASSWORD = "sonia.mendes@example.com", "elsewhere@example.org", "quatre mots faciles ici"
TOLD = {"name": "Sonia Mendès", "email": NEW, "organisation": "actis", "lang": "fr", "phone": "", "version": "1"}


@pytest.fixture
def changed(app: Flask, sign_in: SignIn) -> FlaskClient:
    """An administrator who changed the address of somebody with a password."""
    account = queries.account_of(SONIA)
    account.password_hash = actions.hash_password(PASSWORD)
    TOLD["version"] = str(queries.person(SONIA).version)
    db.session.commit()
    ines = sign_in(INES)
    assert ines.post(f"/people/{SONIA}/change", data=TOLD).status_code == 303
    return ines


def written() -> list[tuple[str, str]]:
    outbox.drain()
    found = [(one.to, one.body) for one in db.session.scalars(select(mail.Mail).order_by(mail.Mail.made_at))]
    db.session.rollback()
    return found


def link() -> str:
    return next(match[0] for to, body in written() if to == NEW and (match := re.search(r"/address/\S+", body)))


def login() -> str:
    found = queries.account_of(SONIA).login
    db.session.rollback()
    return found


def test_the_old_address_is_warned_and_stays_the_way_in(changed: FlaskClient, anonymous: FlaskClient) -> None:
    assert login() == OLD
    assert OLD in [to for to, _body in written()]
    assert anonymous.post("/forgotten", data={"login": NEW}).status_code == 303
    assert anonymous.post("/forgotten", data={"login": OLD}).status_code == 303
    assert [to for to, body in written() if "/reset/" in body] == [OLD]


def test_the_link_moves_nothing_without_the_password(changed: FlaskClient, anonymous: FlaskClient) -> None:
    path = link()
    assert anonymous.get(path).status_code == 200
    assert anonymous.post(path, data={"password": "not this one at all"}).status_code == 422
    assert login() == OLD
    assert anonymous.post(path, data={"password": PASSWORD}).status_code == 303
    assert login() == NEW
    assert anonymous.post(path, data={"password": PASSWORD}).status_code == 410


def test_another_change_kills_the_link(changed: FlaskClient, anonymous: FlaskClient) -> None:
    path = link()
    told = TOLD | {"email": "third@example.org", "version": str(queries.person(SONIA).version)}
    db.session.rollback()
    assert changed.post(f"/people/{SONIA}/change", data=told).status_code == 303
    assert anonymous.post(path, data={"password": PASSWORD}).status_code == 410
    assert login() == OLD


def test_a_paper_code_for_an_access_in_use_is_told_to_its_address(changed: FlaskClient) -> None:
    told = TOLD | {"email": "", "version": str(queries.person(SONIA).version)}
    db.session.rollback()
    changed.post(f"/people/{SONIA}/change", data=told)
    before = len(written())
    assert changed.post(f"/people/{SONIA}/code").status_code == 200
    assert [to for to, _body in written()[before:]] == [OLD]
