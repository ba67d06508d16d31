"""Asked in by mail or on paper; the link or code is for one person, once, for seven days."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.cast import CLAIRE, INES, NADIA, SONIA
from tests.features.conftest import SignIn
from workflow import clock, mail, outbox
from workflow.db import db
from workflow.errors import Refused
from workflow.people import actions, queries
from workflow.people.models import Account, Person
from workflow.people.rules import ALPHABET

PASSWORD = {"password": "quatre mots faciles ici"}
NEW = {"name": "Awen Le Goff", "email": "awen.legoff@example.com", "organisation": "actis", "lang": "fr"}


def add(client: FlaskClient, **told: str) -> str:
    """A person added in the page; their id."""
    answer = client.post("/people/new", data=NEW | told)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].rsplit("/", 1)[1]


def mailed() -> list[str]:
    """The paths of the invitations written so far."""
    outbox.drain()
    notes = db.session.scalars(select(mail.Mail).order_by(mail.Mail.made_at)).all()
    found = [match[0] for note in notes if (match := re.search(r"/invitation/\S+", note.body))]
    db.session.rollback()
    return found


@pytest.fixture
def ines(sign_in: SignIn) -> FlaskClient:
    return sign_in(INES)


def test_a_mailed_link_lets_its_person_choose_a_password_once(
    app: Flask, ines: FlaskClient, anonymous: FlaskClient
) -> None:
    person = add(ines, invite="y", role="referent_bailleur", operation="mistral")
    (path,) = mailed()
    for _ in range(3):  # a mail scanner looks first
        page = anonymous.get(path)
        assert page.status_code == 200
        assert "Awen Le Goff" in page.text, "whose name it bears"
    assert queries.invitation(person).state == "sent"
    db.session.rollback()
    assert anonymous.post(path, data={"password": "court"}).status_code == 422
    assert anonymous.post(path, data=PASSWORD).status_code == 303
    assert anonymous.get("/households").status_code == 200
    assert queries.invitation(person).state == "accepted"
    db.session.rollback()
    stranger = app.test_client()
    assert stranger.get(path).status_code == 410
    assert stranger.post(path, data={"password": "un autre mot de passe"}).status_code == 410
    assert stranger.post("/sign-in", data={"login": NEW["email"]} | PASSWORD).status_code == 303


def test_an_invitation_used_by_somebody_else_who_is_signed_in_is_refused(ines: FlaskClient, sign_in: SignIn) -> None:
    person = add(ines, invite="y")
    (path,) = mailed()
    sonia = sign_in(SONIA)
    for answer in (sonia.get(path), sonia.post(path, data=PASSWORD)):
        assert answer.status_code == 409
        assert "Awen Le Goff" in answer.text
    assert queries.invitation(person).state == "sent"


def test_sent_again_the_old_link_is_dead(ines: FlaskClient, anonymous: FlaskClient) -> None:
    person = add(ines, invite="y")
    (old,) = mailed()
    assert ines.post(f"/people/{person}/invite").status_code == 303
    new = next(path for path in mailed() if path != old)
    assert anonymous.get(old).status_code == 410
    assert anonymous.get(new).status_code == 200


def test_withdrawn_or_expired_it_opens_nothing(ines: FlaskClient, anonymous: FlaskClient) -> None:
    person = add(ines, invite="y")
    (path,) = mailed()
    with clock.at(clock.now() + timedelta(days=8)):
        assert anonymous.post(path, data=PASSWORD).status_code == 410
        assert queries.invitation(person).state == "expired"
        db.session.rollback()
    assert ines.post(f"/people/{person}/withdraw-invitation").status_code == 303
    assert anonymous.post(path, data=PASSWORD).status_code == 410
    assert queries.invitation(person).state == "withdrawn"
    db.session.rollback()
    assert ines.post(f"/people/{person}/withdraw-invitation").status_code == 409


def test_withdrawn_before_the_mail_left_no_mail_leaves(ines: FlaskClient) -> None:
    person = add(ines, invite="y")
    ines.post(f"/people/{person}/withdraw-invitation")
    assert mailed() == []


def test_a_corrected_address_kills_the_invitation_sent_to_the_wrong_one(
    ines: FlaskClient, anonymous: FlaskClient
) -> None:
    person = add(ines, invite="y")
    (path,) = mailed()
    told = NEW | {"email": "awen.le-goff@example.com", "version": "1"}
    assert ines.post(f"/people/{person}/change", data=told).status_code == 303
    assert anonymous.get(path).status_code == 410
    assert queries.account_of(person).login == "awen.le-goff@example.com"


def test_without_an_address_a_code_is_printed_and_typed(app: Flask, ines: FlaskClient, anonymous: FlaskClient) -> None:
    person = add(ines, email="")
    assert ines.post(f"/people/{person}/invite").status_code == 409
    paper = ines.post(f"/people/{person}/code")
    assert paper.headers["Cache-Control"] == "no-store"
    assert "awen.le.goff" in paper.text, "a login name is made from the name"
    shown = re.search(rf"(?:[{ALPHABET}]{{4}} ){{2}}[{ALPHABET}]{{4}}", paper.text)[0]
    assert anonymous.post("/code", data={"code": "ABCD EFGH JKMN"}).status_code == 422
    answer = anonymous.post("/code", data={"code": shown.lower().replace(" ", "-")})
    assert answer.status_code == 303
    path = answer.headers["Location"]
    assert "Awen Le Goff" in anonymous.get(path).text
    assert anonymous.post(path, data=PASSWORD).status_code == 303
    other = app.test_client()
    used = other.post("/code", data={"code": shown}, follow_redirects=True)
    assert used.status_code == 410
    assert other.post("/sign-in", data={"login": "Awen.le.Goff"} | PASSWORD).status_code == 303


def test_a_second_paper_kills_the_first(ines: FlaskClient) -> None:
    person = add(ines, email="")
    first = actions.print_code(person, INES)
    second = actions.print_code(person, INES)
    assert queries.link(first, "code") is None
    assert queries.link(second, "code") is not None


def test_guessing_codes_is_stopped(anonymous: FlaskClient) -> None:
    answers = [anonymous.post("/code", data={"code": f"GUES SEDC {n:04}"}).status_code for n in range(21)]
    assert answers[-1] == 429
    assert anonymous.get("/invitation/GUESSEDCODE9").status_code == 429, "the other way in is counted too"


def test_whoever_has_accepted_is_not_invited_again(ines: FlaskClient, anonymous: FlaskClient) -> None:
    person = add(ines, invite="y")
    anonymous.post(mailed()[0], data=PASSWORD)
    answer = ines.post(f"/people/{person}/invite")
    assert answer.status_code == 409
    assert "Awen Le Goff" in answer.text
    with pytest.raises(Refused):
        actions.print_code(person, INES)


def test_two_who_open_the_same_link_get_in_once(ines: FlaskClient, app: Flask) -> None:
    add(ines, invite="y")
    (path,) = mailed()
    secret, hashed = path.removeprefix("/invitation/"), actions.hash_password(PASSWORD["password"])
    actions.accept_invitation(secret, PASSWORD["password"], hashed)
    with pytest.raises(Refused):
        actions.accept_invitation(secret, PASSWORD["password"], hashed)


def test_who_sets_up_one_operation_does_not_invite_an_administrator(sign_in: SignIn) -> None:
    """A changed address is a way into the account of somebody who may do more."""
    nadia = sign_in(NADIA)
    version = str(db.session.get_one(Person, INES).version)
    db.session.rollback()
    told = NEW | {"name": "Inès Carpentier", "organisation": "grenoble", "version": version}
    assert nadia.post(f"/people/{INES}/change", data=told).status_code == 403
    assert nadia.post(f"/people/{INES}/code").status_code == 403
    assert sign_in(CLAIRE).post(f"/people/{SONIA}/code").status_code == 404


def test_two_persons_of_the_same_name_sign_in_differently(ines: FlaskClient) -> None:
    for _ in range(2):
        actions.print_code(add(ines, email=""), INES)
        db.session.commit()
    logins = set(db.session.scalars(select(Account.login).where(Account.login.like("awen%"))))
    assert logins == {"awen.le.goff", "awen.le.goff.2"}
