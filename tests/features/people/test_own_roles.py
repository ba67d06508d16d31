"""Roles given to oneself, people who have left, and signs that are no text."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.cast import BRUNO, INES, NADIA
from tests.features.conftest import SignIn
from workflow import clock, mail, outbox
from workflow.db import db
from workflow.errors import Invalid
from workflow.people import actions, queries
from workflow.record.queries import facts

ROLE = {"role": "cesf", "operation": "mistral", "organisation": "grenoble", "employer": "", "until": ""}


def given(client: FlaskClient, person: str) -> int:
    sent = ROLE | {"person": person, "since": clock.today().isoformat()}
    return client.post("/people/assignments/new", data=sent).status_code


def test_nobody_gives_themselves_a_role_that_reads_while_an_administrator_is_there(sign_in: SignIn) -> None:
    nadia = sign_in(NADIA)
    assert given(nadia, NADIA) == 422
    assert given(nadia, BRUNO) == 303


def test_the_only_administrator_may_and_the_others_are_told(sign_in: SignIn) -> None:
    assert given(sign_in(INES), INES) == 303
    outbox.drain()
    told = {one.to for one in db.session.scalars(select(mail.Mail)) if "Inès Carpentier" in one.body}
    assert told == {queries.person(NADIA).email}


def test_two_administrators_ask_one_another(app: Flask, sign_in: SignIn) -> None:
    actions.assign(BRUNO, "administrator", "grenoble", None, since=clock.today(), by=INES)
    db.session.commit()
    assert given(sign_in(INES), INES) == 422


def test_whoever_has_left_is_not_offered_a_seat(app: Flask, sign_in: SignIn) -> None:
    gone = actions.add_person(actions.PersonDraft("Partie Depuis", None, None, "grenoble"), INES).id
    actions.end_assignment(actions.assign(gone, "cesf", "grenoble", "mistral", since=clock.today()), INES)
    db.session.commit()
    path = "/operations/mistral/bodies/groupe-de-suivi-social/seats/new"
    nadia = sign_in(NADIA)
    assert "Partie Depuis" not in nadia.get(path).text
    sent = {"version": str(queries.body("mistral", "groupe-de-suivi-social").version), "organisation": "grenoble"}
    db.session.rollback()
    assert nadia.post(path, data=sent | {"person": gone, "substitute": ""}).status_code == 422
    assert nadia.post(path, data=sent | {"person": NADIA, "substitute": ""}).status_code == 303


def test_signs_that_are_no_text_are_left_out(sign_in: SignIn) -> None:
    name = "Ré\x00mi\x07 \u202eAu\u2066bert"
    told = {"name": name, "email": "remi\x00@example.com", "phone": "", "organisation": "actis"}
    answer = sign_in(INES).post("/people/new", data=told | {"lang": "fr"})
    assert answer.status_code == 303
    row = queries.person(answer.headers["Location"].rsplit("/", 1)[1])
    assert (row.name, row.email) == ("Rémi Aubert", "remi@example.com")


def test_signs_that_are_no_text_do_not_break_signing_in(anonymous: FlaskClient) -> None:
    assert anonymous.post("/sign-in", data={"login": "a\x00b", "password": "x"}).status_code == 422


# -- seats --------------------------------------------------------------------------------------------------------

TAKEN = "RoleTaken"
SEATS = "/operations/mistral/bodies/commission-relogement/seats"


def seated(client: FlaskClient, person: str, **more: str) -> int:
    version = str(queries.body("mistral", "commission-relogement").version)
    db.session.rollback()
    sent = {"version": version, "organisation": "ccas-grenoble", "person": person, "substitute": ""} | more
    return client.post(f"{SEATS}/new", data=sent).status_code


def taken() -> list[str | None]:
    """Who gave themselves something, by the record."""
    found = [fact.actor.get("person") for who in (NADIA, INES) for fact in facts(f"person:{who}") if fact.kind == TAKEN]
    db.session.rollback()
    return found


def test_nobody_gives_themselves_a_seat_that_reads_while_an_administrator_is_there(app: Flask, sign_in: SignIn) -> None:
    nadia = sign_in(NADIA)
    assert seated(nadia, NADIA) == 422
    assert seated(nadia, BRUNO, substitute=NADIA) == 422
    assert seated(nadia, NADIA, guest="y") == 303, "a guest reads nothing"
    assert taken() == []


def test_a_body_does_not_begin_to_decide_by_the_hand_of_who_sits_in_it(app: Flask) -> None:
    body = actions.add_body("mistral", actions.BodyDraft({"fr": "Comité restreint"}), NADIA)
    actions.put_seat(body.id, actions.SeatDraft("grenoble", NADIA), NADIA)
    deciding = actions.BodyDraft(body.label, decides=True)
    with pytest.raises(Invalid):
        actions.change_body(body.id, deciding, body.version, NADIA)
    actions.change_body(body.id, deciding, body.version, INES)
    assert any(grant.body == body.slug for grant in queries.grants_of(NADIA))


def test_the_only_administrator_may_sit_and_the_record_and_the_others_know(app: Flask, sign_in: SignIn) -> None:
    assert seated(sign_in(INES), INES) == 303
    assert taken() == [INES]
    outbox.drain()
    told = {one.to for one in db.session.scalars(select(mail.Mail)) if "Inès Carpentier" in one.body}
    assert told == {queries.person(NADIA).email}


def test_who_sits_already_may_change_the_rest_of_their_seat(app: Flask) -> None:
    body = queries.body("mistral", "commission-relogement")
    row = actions.put_seat(body.id, actions.SeatDraft("ccas-grenoble", NADIA), INES)
    told = actions.SeatDraft("ccas-grenoble", NADIA, BRUNO)
    assert actions.change_seat(body.id, row.id, told, body.version, NADIA).substitute_id == BRUNO
