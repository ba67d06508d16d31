"""Absences: dates and a substitute, declared by oneself or by who sets up."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import BRUNO, CLAIRE, INES, KARIM, MONIQUE, NADIA, PATRICE, SONIA
from tests.features.conftest import SignIn
from workflow import clock
from workflow.db import db
from workflow.errors import Invalid
from workflow.people import actions, queries
from workflow.people.actions import AbsenceDraft

DAY = timedelta(days=1)


def away(person: str, substitute: str, first: int, last: int) -> str:
    today = clock.today()
    return actions.put_absence(person, AbsenceDraft(substitute, today + first * DAY, today + last * DAY), person).id


def declared(client: FlaskClient, path: str, first: date, last: date, substitute: str) -> int:
    sent = {"first_day": first.isoformat(), "last_day": last.isoformat(), "substitute": substitute}
    return client.post(path, data=sent).status_code


def test_an_absence_is_declared_and_who_stands_in_is_known(app: Flask, sign_in: SignIn) -> None:
    today = clock.today()
    sonia = sign_in(SONIA)
    assert declared(sonia, "/me/absences/new", today + DAY, today + 3 * DAY, KARIM) == 303
    assert queries.substitutes_now() == {}
    for later, expected in ((1, {SONIA: {KARIM}}), (3, {SONIA: {KARIM}}), (4, {})):
        assert queries.substitutes_now("mistral", day=today + later * DAY) == expected
    assert queries.substitutes_now("elsewhere", day=today + DAY) == {}
    db.session.rollback()
    assert "Karim Belaïd" in sonia.get("/me").text
    assert "Sonia Mendès" in sign_in(KARIM).get("/me").text


@pytest.mark.parametrize(
    ("first", "last", "substitute"),
    [(3, 1, KARIM), (1, 3, SONIA), (-3, -1, KARIM), (1, 3, BRUNO), (8, 9, KARIM), (1, 2, "nobody")],
    ids=["ends before it begins", "oneself", "over already", "substitute away too", "declared already", "unknown"],
)
def test_an_absence_that_leaves_nobody_is_refused_in_words(
    sign_in: SignIn, first: int, last: int, substitute: str
) -> None:
    away(BRUNO, CLAIRE, 2, 5)
    away(SONIA, KARIM, 8, 10)
    db.session.commit()
    today, client = clock.today(), sign_in(SONIA)
    assert declared(client, "/me/absences/new", today + first * DAY, today + last * DAY, substitute) == 422
    assert len(queries.absences_of(SONIA)) == 1


def test_somebody_counted_on_does_not_go_away_unnoticed(app: Flask) -> None:
    away(SONIA, KARIM, 1, 3)
    with pytest.raises(Invalid) as refusal:
        away(KARIM, CLAIRE, 2, 4)
    assert refusal.value.errors[0].params == {"name": "Sonia Mendès"}


def test_a_withdrawn_absence_is_as_if_it_had_not_been(app: Flask, sign_in: SignIn) -> None:
    absence = away(SONIA, KARIM, 0, 3)
    db.session.commit()
    assert queries.substitutes_now() == {SONIA: {KARIM}}
    db.session.rollback()
    assert sign_in(KARIM).post(f"/absences/{absence}/withdraw").status_code == 404
    assert sign_in(SONIA).post(f"/absences/{absence}/withdraw").status_code == 303
    assert queries.substitutes_now() == {}
    db.session.rollback()
    assert sign_in(SONIA).post(f"/absences/{absence}/withdraw").status_code == 409


def test_who_sets_up_declares_for_others_and_nobody_else_does(sign_in: SignIn) -> None:
    today = clock.today()
    path = f"/people/{SONIA}/absences/new"
    assert declared(sign_in(MONIQUE), path, today, today, KARIM) == 404
    assert declared(sign_in(NADIA), path, today, today, KARIM) == 303
    assert queries.absences_of(SONIA)[0].declared_by == NADIA


def test_only_some_procedures_may_be_meant(app: Flask) -> None:
    today = clock.today()
    actions.put_absence(SONIA, AbsenceDraft(KARIM, today, today, ["charter"]), INES)
    assert queries.substitutes_now(procedure="charter") == {SONIA: {KARIM}}
    assert queries.substitutes_now(procedure="diagnostic-social") == {}


def test_on_the_same_days_one_colleague_stands_in_for_some_forms_and_another_for_others(
    app: Flask, sign_in: SignIn
) -> None:
    today = clock.today()
    told = {"first_day": today.isoformat(), "last_day": today.isoformat()}
    sonia = sign_in(SONIA)
    first = told | {"substitute": KARIM, "procedures": ["diagnostic-social", "fiche-relais"]}
    assert sonia.post("/me/absences/new", data=first).status_code == 303
    assert sonia.post("/me/absences/new", data=told | {"substitute": PATRICE}).status_code == 422, "all of them, again"
    second = told | {"substitute": PATRICE, "procedures": ["proposition-relogement"]}
    assert sonia.post("/me/absences/new", data=second).status_code == 303
    assert "Fiche" in sonia.get("/me").text, "the page says for which forms"
    assert queries.substitutes_now(procedure="fiche-relais") == {SONIA: {KARIM}}
    assert queries.substitutes_now(procedure="proposition-relogement") == {SONIA: {PATRICE}}
