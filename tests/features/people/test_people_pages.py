"""Organisations and persons in pages: who sees whom, bad input, two who change the same thing."""

from io import BytesIO

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import CLAIRE, INES, MONIQUE, NADIA, SONIA
from tests.features.conftest import SignIn
from workflow import clock
from workflow.db import db
from workflow.people import actions, queries
from workflow.people.models import Organisation, Person

ACTIS = {"name": "ACTIS", "kind": "landlord", "city": "Grenoble", "phone": "04 65 71 20 00", "email": "", "address": ""}


@pytest.fixture
def ines(sign_in: SignIn) -> FlaskClient:
    return sign_in(INES)


def test_an_organisation_is_added_once(ines: FlaskClient) -> None:
    told = ACTIS | {"name": "Résidences du Vercors"}
    assert ines.post("/organisations/new", data=told).status_code == 303
    assert queries.organisation("residences-du-vercors").city == "Grenoble"
    db.session.rollback()
    again = ines.post("/organisations/new", data=told | {"name": "residences  du VERCORS"})
    assert again.status_code == 422
    assert "Résidences du Vercors" in again.text
    assert ines.post("/organisations/new", data=told | {"name": "X", "phone": "call me"}).status_code == 422


def test_two_administrators_who_change_the_same_thing_see_both_versions(ines: FlaskClient, sign_in: SignIn) -> None:
    nadia = sign_in(NADIA)
    shown = {"version": "1"}
    assert nadia.post("/organisations/actis", data=ACTIS | shown | {"city": "Fontaine"}).status_code == 303
    answer = ines.post("/organisations/actis", data=ACTIS | shown | {"city": "Échirolles"})
    assert answer.status_code == 409
    assert "Fontaine" in answer.text
    assert "Échirolles" in answer.text, "nothing typed is lost"
    assert db.session.get_one(Organisation, "actis").city == "Fontaine"
    db.session.rollback()
    assert 'name="version" type="hidden" value="2"' in answer.text
    again = ines.post("/organisations/actis", data=ACTIS | {"version": "2", "city": "Échirolles"})
    assert again.status_code == 303


def test_a_person_is_added_with_a_first_role(ines: FlaskClient) -> None:
    told = {"name": "Rémi Aubert", "email": "Remi.Aubert@example.com", "organisation": "actis", "lang": "fr"}
    role = {"role": "cesf", "operation": "mistral", "acts_for": "grenoble"}
    answer = ines.post("/people/new", data=told | role)
    person = answer.headers["Location"].rsplit("/", 1)[1]
    (row,) = queries.assignments_of(person)
    assert (row.role, row.organisation, row.employer, row.operation_id) == ("cesf", "grenoble", "actis", "mistral")
    db.session.rollback()
    twice = ines.post("/people/new", data=told | {"email": "remi.aubert@EXAMPLE.com"})
    assert twice.status_code == 422
    assert "Rémi Aubert" in twice.text
    assert ines.post("/people/new", data=told | {"email": "not an address"}).status_code == 422


def test_a_person_half_described_is_not_added(ines: FlaskClient) -> None:
    """The role cannot be given, so nobody is added either."""
    told = {"name": "Rémi Aubert", "email": "", "organisation": "actis", "lang": "fr", "role": "cesf"}
    for operation in ("", "*"):
        assert ines.post("/people/new", data=told | {"operation": operation}).status_code == 422
    assert db.session.query(Person).filter_by(name="Rémi Aubert").count() == 0


def test_an_administrator_sees_all_and_who_sets_up_sees_partners_and_colleagues(
    sign_in: SignIn, ines: FlaskClient
) -> None:
    actions.put_organisation("elsewhere", "Ailleurs Habitat", "landlord", "Lyon")
    far = actions.add_person(actions.PersonDraft("Loin Tain", None, None, "elsewhere"), INES).id
    near = actions.add_person(actions.PersonDraft("Près Voisine", None, None, "actis"), INES).id
    db.session.commit()
    nadia = sign_in(NADIA)
    assert "Loin Tain" in ines.get("/people?all=1").text
    listed = nadia.get("/people?all=1").text
    assert "Près Voisine" in listed
    assert "Loin Tain" not in listed
    assert nadia.get(f"/people/{far}").status_code == nadia.get("/people/nobody").status_code == 404
    assert nadia.get(f"/people/{near}").status_code == 200
    assert nadia.get("/organisations/elsewhere").status_code == 404


def test_a_colleague_sees_how_to_reach_somebody_and_nothing_to_change(sign_in: SignIn) -> None:
    page = sign_in(CLAIRE).get(f"/people/{SONIA}")
    assert page.status_code == 200
    assert "sonia.mendes@example.com" in page.text
    assert "/change" not in page.text
    for path in ("/people", "/people/new", f"/people/{SONIA}/change", "/organisations"):
        assert sign_in(MONIQUE).get(path).status_code == 404


def test_the_list_is_searched_filtered_and_taken_away(ines: FlaskClient) -> None:
    assert "Sonia" in ines.get("/people?q=mendes").text
    assert "Sonia" in ines.get("/people?q=MENDÈS").text
    assert "Sonia" in ines.get("/people?q=0465712001").text
    page = ines.get("/people?role=cesf").text
    assert "Claire" in page
    assert "Sonia" not in page
    assert "Sonia" in ines.get("/people?organisation=actis&outside=1").text
    book = openpyxl.load_workbook(BytesIO(ines.get("/people?format=xlsx").data))
    assert any(row[0].value == "Sonia Mendès" for row in book.active.iter_rows())


def test_who_is_away_today_is_found(app: Flask, ines: FlaskClient) -> None:
    today = clock.today()
    actions.put_absence(SONIA, actions.AbsenceDraft("karim-belaid", today, today), INES)
    db.session.commit()
    page = ines.get("/people?away=1").text
    assert "Sonia" in page
    assert "Karim Belaïd" in page, "who stands in"
    assert "Claire" not in page


def test_one_is_spoken_to_as_one_wishes(app: Flask, sign_in: SignIn) -> None:
    claire = sign_in(CLAIRE)
    answer = claire.post("/me", data={"lang": "en", "mails": "daily"})
    assert answer.status_code == 303
    row = db.session.get_one(Person, CLAIRE)
    assert (row.lang, row.mails) == ("en", "daily")
    db.session.rollback()
    assert claire.post("/me", data={"lang": "xx", "mails": "never"}).status_code == 422


def test_a_password_is_changed_by_who_knows_the_present_one(app: Flask, sign_in: SignIn) -> None:
    account = queries.account_of(CLAIRE)
    account.password_hash = actions.hash_password("quatre mots faciles ici")
    db.session.commit()
    here, elsewhere = sign_in(CLAIRE), sign_in(CLAIRE)
    told = {"current": "something else", "password": "encore quatre mots faciles"}
    assert here.post("/me/password", data=told).status_code == 422
    told["current"] = "quatre mots faciles ici"
    assert here.post("/me/password", data=told | {"password": "court"}).status_code == 422
    assert here.post("/me/password", data=told).status_code == 303
    assert here.get("/me").status_code == 200
    assert elsewhere.get("/me").status_code == 302, "signed out on the other devices"
    fresh = app.test_client()
    signed = fresh.post("/sign-in", data={"login": account.login, "password": told["password"]})
    assert signed.status_code == 303
