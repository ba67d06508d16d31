"""Bad input on people: the sentence one reads, in French, and that nothing was half done."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.cast import BRUNO, INES, NADIA, SONIA
from tests.features.conftest import SignIn
from workflow import clock, mail, outbox
from workflow.db import db
from workflow.dossiers.actions import notices
from workflow.people import actions, queries
from workflow.people.models import Account, Assignment

PASSWORD = {"password": "quatre mots faciles ici"}


def words(page: str) -> str:
    """What is read of a page, with plain spaces."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page))).replace("\xa0", " ")


@pytest.fixture
def ines(sign_in: SignIn) -> FlaskClient:
    return sign_in(INES)


def invited(client: FlaskClient, email: str = "awen.legoff@example.com") -> tuple[str, str]:
    """(the person, the path of the invitation) of somebody asked in by mail."""
    told = {"name": "Awen Le Goff", "email": email, "organisation": "actis", "lang": "fr", "invite": "y"}
    answer = client.post("/people/new", data=told)
    outbox.drain()
    bodies = db.session.scalars(select(mail.Mail.body).where(mail.Mail.to == email))
    path = next(found[0] for body in bodies if (found := re.search(r"/invitation/\S+", body)))
    db.session.rollback()
    return answer.headers["Location"].rsplit("/", 1)[1], path


def test_an_assignment_that_ends_before_it_starts(ines: FlaskClient) -> None:
    sent = {"person": BRUNO, "role": "cesf", "operation": "mistral", "organisation": "grenoble", "employer": ""}
    answer = ines.post("/people/assignments/new", data=sent | {"since": "02/03/2027", "until": "01/03/2027"})
    assert answer.status_code == 422
    assert "Le dernier jour est avant le premier." in words(answer.text)
    assert 'value="2027-03-02"' in answer.text or 'value="02/03/2027"' in answer.text, "what was typed stays"
    assert not db.session.query(Assignment).filter_by(person_id=BRUNO, role="cesf").count()


def test_an_invitation_used_twice(app: Flask, ines: FlaskClient) -> None:
    _person, path = invited(ines)
    assert app.test_client().post(path, data=PASSWORD).status_code == 303
    for answer in (app.test_client().get(path), app.test_client().post(path, data=PASSWORD)):
        assert answer.status_code == 410
        assert "Cette invitation n’ouvre plus rien" in words(answer.text)
        assert "Elle a déjà été acceptée" in words(answer.text)


def test_an_invitation_opened_by_somebody_else(ines: FlaskClient, sign_in: SignIn) -> None:
    person, path = invited(ines)
    for answer in (sign_in(SONIA).get(path), sign_in(SONIA).post(path, data=PASSWORD)):
        assert answer.status_code == 409
        assert "Cette invitation est pour quelqu’un d’autre" in words(answer.text)
        assert "Awen Le Goff" in words(answer.text)
    assert queries.invitation(person).state == "sent"


def test_an_address_that_bounces(app: Flask, ines: FlaskClient) -> None:
    person, _path = invited(ines)
    row = db.session.scalar(select(mail.Mail).where(mail.Mail.to == "awen.legoff@example.com"))
    mail.settle(row, mail.BOUNCED)
    notices.mail_settled(row)
    db.session.commit()
    page = words(ines.get(f"/people/{person}").text)
    assert "Les courriels envoyés à cette adresse reviennent" in page
    assert "Demandez la bonne adresse, ou imprimez un code." in page
    task = words(ines.get("/waiting").text)
    assert "L’invitation envoyée à Awen Le Goff est revenue" in task
    assert "Corrigez l’adresse" in task


def test_a_bounced_invitation_too_old_to_be_used(app: Flask, sign_in: SignIn) -> None:
    db.session.query(Account).filter_by(person_id=SONIA).one().password_hash = None
    actions.invite(SONIA, NADIA)
    queries.person(SONIA).bounced_at = clock.now()
    db.session.commit()
    with clock.at(clock.now() + actions.INVITATION_LIFE * 2):
        page = words(sign_in(NADIA).get("/waiting").text)
    assert "renvoyez l’invitation" in page
