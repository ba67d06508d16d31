"""Roles given, changed and ended."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories
from tests.cast import BRUNO, CLAIRE, INES, KARIM, NADIA, OLIVIER, SONIA
from tests.features.conftest import SignIn
from workflow import clock, outbox
from workflow.approvals.models import Voter
from workflow.db import db
from workflow.errors import Invalid, Refused
from workflow.people import actions, queries
from workflow.people.models import Assignment

DAY = timedelta(days=1)


@pytest.fixture
def ines(sign_in: SignIn) -> FlaskClient:
    return sign_in(INES)


def told(**more: str) -> dict[str, str]:
    known = {"person": BRUNO, "role": "cesf", "operation": "mistral", "organisation": "grenoble", "employer": ""}
    return known | {"since": clock.today().isoformat(), "until": ""} | more


def held(person: str, role: str) -> Assignment:
    return next(row for row in queries.assignments_of(person) if row.role == role)


def test_a_role_opens_its_pages_from_its_first_day_to_its_last(ines: FlaskClient, sign_in: SignIn) -> None:
    today = clock.today()
    days = {"since": f"{today + DAY:%d/%m/%Y}", "until": (today + 2 * DAY).isoformat()}
    assert ines.post("/people/assignments/new", data=told(person=OLIVIER, **days)).status_code == 303
    olivier = sign_in(OLIVIER)
    assert olivier.get("/households").status_code == 404
    for later, expected in ((1, 200), (2, 200), (3, 404)):
        with clock.at(clock.now() + later * DAY):
            assert sign_in(OLIVIER).get("/households").status_code == expected


def test_an_assignment_that_ends_before_it_starts_is_refused_in_words(ines: FlaskClient) -> None:
    today = clock.today()
    before = queries.assignments_of(BRUNO)
    db.session.rollback()
    answer = ines.post("/people/assignments/new", data=told(until=(today - DAY).isoformat()))
    assert answer.status_code == 422
    assert len(queries.assignments_of(BRUNO)) == len(before)
    db.session.rollback()
    assert ines.post("/people/assignments/new", data=told(since="32/13/2026")).status_code == 422
    with pytest.raises(Invalid):
        actions.assign(BRUNO, "cesf", "grenoble", "mistral", since=today, until=today - DAY)


def test_the_same_role_is_not_held_twice(ines: FlaskClient) -> None:
    assert ines.post("/people/assignments/new", data=told()).status_code == 303
    again = ines.post("/people/assignments/new", data=told())
    assert again.status_code == 409
    assert 'selected value="bruno-castel"' in again.text, "what was chosen stays"


def test_the_employer_is_distinct_from_the_organisation_one_acts_for(ines: FlaskClient) -> None:
    ines.post("/people/assignments/new", data=told(employer="actis"))
    row = held(BRUNO, "cesf")
    assert (row.organisation, row.employer) == ("grenoble", "actis")


def test_one_acts_for_a_partner_of_the_operation_only(ines: FlaskClient) -> None:
    actions.put_organisation("elsewhere", "Ailleurs Habitat", "landlord", "Lyon")
    db.session.commit()
    answer = ines.post("/people/assignments/new", data=told(organisation="elsewhere"))
    assert answer.status_code == 422
    assert "Ailleurs Habitat" in answer.text


def test_ended_at_once_it_opens_nothing_and_its_history_stays(ines: FlaskClient, sign_in: SignIn) -> None:
    sonia = sign_in(SONIA)
    assert sonia.get("/households").status_code == 200
    row = held(SONIA, "referent_bailleur").id
    db.session.rollback()
    assert "Sonia" in ines.get(f"/people/assignments/{row}/end").text
    assert ines.post(f"/people/assignments/{row}/end").status_code == 303
    assert sonia.get("/households").status_code == 404
    page = ines.get(f"/people/{SONIA}").text
    assert "Avant" in page or "Before" in page


def test_what_waited_for_somebody_whose_role_ended_waits_for_the_others(app: Flask) -> None:
    subject = factories.a_submitted_dossier().subject
    actions.end_assignment(held(SONIA, "referent_bailleur"), INES)
    db.session.commit()
    outbox.drain()
    waiting = set(db.session.scalars(select(Voter.person).where(Voter.subject == subject)))
    assert SONIA not in waiting
    assert KARIM in waiting


def test_days_are_changed_and_two_who_change_them_see_both(ines: FlaskClient, sign_in: SignIn) -> None:
    row = held(CLAIRE, "cesf")
    path, since = f"/people/assignments/{row.id}", row.since.isoformat()
    db.session.rollback()
    sent = {"employer": "actis", "since": since, "version": "1"}
    until = clock.today() + 30 * DAY
    assert ines.post(path, data=sent | {"until": until.isoformat()}).status_code == 303
    answer = sign_in(NADIA).post(path, data=sent | {"until": (until + DAY).isoformat()})
    assert answer.status_code == 409
    assert db.session.get_one(Assignment, row.id).until == until


def test_the_last_administrator_stays(ines: FlaskClient) -> None:
    row = next(one for one in queries.assignments_of(INES) if one.operation_id is None)
    path = f"/people/assignments/{row.id}"
    db.session.rollback()
    answer = ines.post(f"{path}/end")
    assert answer.status_code == 409
    assert "Inès Carpentier" in answer.text
    ending = {"employer": "grenoble", "since": "2020-01-01", "until": clock.today().isoformat(), "version": "1"}
    assert ines.post(path, data=ending).status_code == 409
    assert ines.get("/people").status_code == 200
    with pytest.raises(Refused):
        actions.end_assignment(db.session.get_one(Assignment, row.id), NADIA, clock.now() + DAY)


def test_who_sets_up_one_operation_gives_no_role_elsewhere(sign_in: SignIn) -> None:
    nadia = sign_in(NADIA)
    for role, operation in (("administrator", "*"), ("operator", "mistral"), ("siege_commission", "mistral")):
        assert nadia.post("/people/assignments/new", data=told(role=role, operation=operation)).status_code == 422
    whole = next(one for one in queries.assignments_of(INES) if one.operation_id is None).id
    db.session.rollback()
    assert nadia.post(f"/people/assignments/{whole}/end").status_code == 404


def test_the_address_may_tell_who_and_what(ines: FlaskClient) -> None:
    page = ines.get(f"/people/assignments/new?operation=mistral&role=referent_bailleur&person={KARIM}").text
    for value in ("mistral", "referent_bailleur", KARIM):
        assert f'selected value="{value}"' in page
