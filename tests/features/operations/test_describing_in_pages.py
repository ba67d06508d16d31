"""An operation described in pages: added, changed, removed; what hangs on it, what was mistyped, two at once."""

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import BRUNO, INES, NADIA, SONIA
from tests.features.conftest import SignIn
from workflow import outbox
from workflow.catalogue.queries import current
from workflow.db import db
from workflow.operations import queries
from workflow.operations.models import Building, Operation, Parameter, Partner, Tranche
from workflow.people.models import Organisation
from workflow.record.queries import facts, text

HERE = "/operations/mistral"


@pytest.fixture
def nadia(app: Flask, sign_in: SignIn) -> FlaskClient:
    return sign_in(NADIA)


def version(page: str) -> str:
    """What the form was shown with."""
    return re.search(r'name="version"[^>]*value="([^"]*)"', page)[1]


def one(model: type, **named: object):
    db.session.rollback()
    found = db.session.query(model).filter_by(operation_id="mistral", **named).one()
    db.session.expunge(found)
    db.session.rollback()
    return found


def kinds() -> list[str]:
    db.session.rollback()
    found = [fact.kind for fact in facts("operation:mistral")]
    db.session.rollback()
    return found


# -- who may ------------------------------------------------------------------------------------------------------

PAGES = ("", "/change", "/partners", "/tranches", "/buildings", "/parameters", "/zones", "/places", "/partners/new")


@pytest.mark.parametrize("path", PAGES)
def test_who_sets_up_sees_every_page_and_nobody_else_does(sign_in: SignIn, path: str) -> None:
    assert sign_in(NADIA).get(f"{HERE}{path}").status_code == 200
    assert sign_in(INES).get(f"{HERE}{path}").status_code == 200
    for stranger in (BRUNO, SONIA):
        assert sign_in(stranger).get(f"{HERE}{path}").status_code == 404


def test_an_operation_that_is_not_there_and_one_that_is_not_mine_look_the_same(nadia: FlaskClient) -> None:
    assert nadia.get("/operations/elsewhere/partners").status_code == 404


# -- the operation itself -----------------------------------------------------------------------------------------


def _mistral(**more: str) -> dict[str, str]:
    told = {"name": "Mistral", "label": "Relogement", "city": "Grenoble", "owner": "grenoble", "zone": "Europe/Paris"}
    return told | {"starts": "2005-01-01", "ends": "2009-12-31", "version": "1"} | more


def test_the_operation_is_described_anew(nadia: FlaskClient) -> None:
    answer = nadia.post(f"{HERE}/change", data=_mistral(name="Mistral Ouest", ends="31/12/2010"))
    assert answer.status_code == 303
    db.session.rollback()
    row = db.session.get(Operation, "mistral")
    assert (row.name, row.ends, row.version) == ("Mistral Ouest", date(2010, 12, 31), 2)
    assert row.label["en"] == "Mistral relocation"  # a language that was not asked for stays
    assert "OperationChanged" in kinds()


def test_an_end_before_the_start_is_said_and_what_was_typed_stays(nadia: FlaskClient) -> None:
    answer = nadia.post(f"{HERE}/change", data=_mistral(starts="2009-05-02", ends="2008-05-02", name="Autre nom"))
    assert answer.status_code == 422
    assert 'value="Autre nom"' in answer.text
    assert 'value="2008-05-02"' in answer.text
    assert 'href="#ends"' in answer.text


@pytest.mark.parametrize("told", ["2009-02-30", "12/2009", "hier", "0009-01-01"])
def test_a_day_that_is_none_is_said(nadia: FlaskClient, told: str) -> None:
    answer = nadia.post(f"{HERE}/change", data=_mistral(ends=told))
    assert answer.status_code == 422
    assert 'href="#ends"' in answer.text


def test_two_who_change_the_same_thing_see_both_versions_and_lose_nothing(sign_in: SignIn) -> None:
    nadia, ines = sign_in(NADIA), sign_in(INES)
    shown = version(ines.get(f"{HERE}/change").text)
    assert nadia.post(f"{HERE}/change", data=_mistral(name="De Nadia", version=shown)).status_code == 303
    answer = ines.post(f"{HERE}/change", data=_mistral(name="D’Inès", version=shown))
    assert answer.status_code == 409
    assert "De Nadia" in answer.text
    assert 'value="D’Inès"' in answer.text
    again = ines.post(f"{HERE}/change", data=_mistral(name="D’Inès", version=version(answer.text)))
    assert again.status_code == 303
    db.session.rollback()
    assert db.session.get(Operation, "mistral").name == "D’Inès"


def test_whoever_carries_the_operation_is_always_its_partner(nadia: FlaskClient) -> None:
    assert nadia.post(f"{HERE}/change", data=_mistral(owner="ccas-grenoble")).status_code == 303
    assert one(Partner, organisation="ccas-grenoble").part == "controller"
    assert one(Partner, organisation="grenoble").part == "partner"


# -- partners -----------------------------------------------------------------------------------------------------


def test_an_organisation_that_was_not_known_is_added_with_its_part(nadia: FlaskClient) -> None:
    told = {"organisation": "+", "new_name": "Séverine Habitat", "new_kind": "landlord", "new_city": "Grenoble"}
    answer = nadia.post(f"{HERE}/partners/new", data=told | {"part": "receiving", "consent": "y"})
    assert answer.status_code == 303
    row = one(Partner, organisation="severine-habitat")
    assert (row.part, row.consent, row.version) == ("receiving", True, 1)
    assert db.session.get(Organisation, "severine-habitat").kind == "landlord"


def test_a_new_organisation_without_name_or_kind_is_asked_for_them(nadia: FlaskClient) -> None:
    answer = nadia.post(f"{HERE}/partners/new", data={"organisation": "+", "part": "receiving"})
    assert answer.status_code == 422
    assert 'href="#new_name"' in answer.text
    assert 'href="#new_kind"' in answer.text


def test_an_organisation_known_already_is_not_entered_twice(nadia: FlaskClient) -> None:
    told = {"organisation": "+", "new_name": "  actis ", "new_kind": "landlord", "part": "receiving"}
    answer = nadia.post(f"{HERE}/partners/new", data=told)
    assert answer.status_code == 422
    assert 'href="#new_name"' in answer.text
    answer = nadia.post(f"{HERE}/partners/new", data={"organisation": "actis", "part": "receiving"})
    assert answer.status_code == 422  # a partner already: no longer offered in the list


def test_a_new_partner_stands_in_new_diagnoses_and_not_in_those_under_way(nadia: FlaskClient) -> None:
    before = current("diagnostic-social", "mistral").hash
    db.session.rollback()
    told = {"organisation": "+", "new_name": "Drac Habitat", "new_kind": "landlord", "part": "receiving"}
    nadia.post(f"{HERE}/partners/new", data=told | {"consent": "y"})
    outbox.drain()
    db.session.rollback()
    after = current("diagnostic-social", "mistral")
    assert after.hash != before
    offered = {choice.value for choice in after.form.questions["/data/A/A14"].choices}
    assert {"drac-habitat", "actis"} <= offered


def test_a_partner_on_which_something_hangs_stays_and_it_is_said_what(nadia: FlaskClient) -> None:
    row = one(Partner, organisation="actis")
    page = nadia.get(f"{HERE}/partners/{row.id}/remove").text
    assert "9 " in page  # its buildings
    assert "12 " in page  # its households
    assert nadia.post(f"{HERE}/partners/{row.id}/remove", data={"version": "1"}).status_code == 409
    assert one(Partner, organisation="actis").id == row.id


def test_a_partner_nobody_needs_is_removed(nadia: FlaskClient) -> None:
    row = one(Partner, organisation="romanche-logis")
    assert nadia.post(f"{HERE}/partners/{row.id}/remove", data={"version": str(row.version)}).status_code == 303
    db.session.rollback()
    assert "romanche-logis" not in {partner.organisation for partner in queries.partners("mistral")}
    assert "PartnerRemoved" in kinds()


def test_a_partner_that_changed_since_the_page_was_shown_is_not_removed(nadia: FlaskClient) -> None:
    row = one(Partner, organisation="romanche-logis")
    nadia.post(f"{HERE}/partners/{row.id}", data={"part": "receiving", "consent": "y", "version": str(row.version)})
    assert nadia.post(f"{HERE}/partners/{row.id}/remove", data={"version": str(row.version)}).status_code == 409
    assert one(Partner, organisation="romanche-logis").part == "receiving"


# -- tranches and buildings ---------------------------------------------------------------------------------------


def test_a_tranche_is_added_changed_and_removed(nadia: FlaskClient) -> None:
    told = {"label": "Tranche 4, côté ville", "moves": "1 20", "dwellings": "130", "starts": "2009-01-01"}
    assert nadia.post(f"{HERE}/tranches/new", data=told).status_code == 303
    row = one(Tranche, slug="tranche-4-cote-ville")
    assert (row.moves, row.dwellings) == (120, 130)
    nadia.post(f"{HERE}/tranches/{row.id}", data=told | {"moves": "118", "version": str(row.version)})
    assert one(Tranche, id=row.id).moves == 118
    assert nadia.post(f"{HERE}/tranches/{row.id}/remove", data={"version": "2"}).status_code == 303
    db.session.rollback()
    assert row.id not in {tranche.id for tranche in queries.tranches("mistral")}


def test_a_tranche_with_buildings_stays(nadia: FlaskClient) -> None:
    row = one(Tranche, slug="tranche-1")
    assert nadia.post(f"{HERE}/tranches/{row.id}/remove", data={"version": "1"}).status_code == 409
    assert one(Tranche, slug="tranche-1").id == row.id


def _building(**more: str) -> dict[str, str]:
    told = {"name": "Drac D", "address": "8 allée des Galets", "landlord": "actis", "zone": "zac", "dwellings": "24"}
    return told | {"tranche_id": one(Tranche, slug="tranche-1").id} | more


def test_a_building_is_added_and_changed(nadia: FlaskClient) -> None:
    assert nadia.post(f"{HERE}/buildings/new", data=_building()).status_code == 303
    row = one(Building, slug="drac-d")
    assert (row.landlord, row.zone, row.dwellings) == ("actis", "zac", 24)
    nadia.post(f"{HERE}/buildings/{row.id}", data=_building(address="9 allée des Galets", version="1"))
    assert one(Building, slug="drac-d").address == "9 allée des Galets"


def test_a_building_of_the_same_name_is_refused_whatever_its_capitals(nadia: FlaskClient) -> None:
    answer = nadia.post(f"{HERE}/buildings/new", data=_building(name="drac  À"))
    assert answer.status_code == 422
    assert 'href="#name"' in answer.text


@pytest.mark.parametrize(
    ("field", "told"), [("landlord", "caf-isere"), ("dwellings", "-1"), ("dwellings", "beaucoup"), ("zone", "ailleurs")]
)
def test_a_building_with_something_impossible_is_refused(nadia: FlaskClient, field: str, told: str) -> None:
    answer = nadia.post(f"{HERE}/buildings/new", data=_building(**{field: told}))
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text


def test_a_building_with_households_stays_and_says_how_many(nadia: FlaskClient) -> None:
    row = one(Building, slug="drac-a")
    answer = nadia.post(f"{HERE}/buildings/{row.id}/remove", data={"version": "1"})
    assert answer.status_code == 409
    assert one(Building, slug="drac-a").id == row.id


def test_a_building_of_another_operation_is_not_found(app: Flask, nadia: FlaskClient) -> None:
    row = one(Building, slug="drac-a")
    assert nadia.get(f"/operations/elsewhere/buildings/{row.id}").status_code == 404
    assert nadia.get(f"{HERE}/buildings/{'0' * 32}").status_code == 404


# -- rules --------------------------------------------------------------------------------------------------------


def _value(**more: str) -> dict[str, str]:
    told = {"value": "32,5", "unit": "percent", "since": "2008-03-01", "source": "Charte du 1er mars 2008"}
    return told | more


def test_a_new_value_holds_from_its_day_and_the_old_one_stays(nadia: FlaskClient) -> None:
    assert nadia.post(f"{HERE}/parameters/effort_rate_maximum/new", data=_value()).status_code == 303
    db.session.rollback()
    rows = [row for row in queries.parameters("mistral") if row.code == "effort_rate_maximum"]
    assert [(row.value, row.since.year) for row in rows] == [("30", 2005), ("32.5", 2008)]
    db.session.rollback()
    page = nadia.get(f"{HERE}/parameters/effort_rate_maximum").text
    assert "32,5" in page
    assert "2005" in page


@pytest.mark.parametrize("field", ["value", "unit", "since", "source"])
def test_value_unit_day_and_source_are_all_asked_for(nadia: FlaskClient, field: str) -> None:
    answer = nadia.post(f"{HERE}/parameters/effort_rate_maximum/new", data=_value(**{field: ""}))
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text


def test_two_values_from_the_same_day_are_refused(nadia: FlaskClient) -> None:
    answer = nadia.post(f"{HERE}/parameters/effort_rate_maximum/new", data=_value(since="2005-01-01"))
    assert answer.status_code == 422
    assert 'href="#since"' in answer.text


def test_a_value_that_is_no_number_is_refused_and_a_rule_of_ones_own_is_added(nadia: FlaskClient) -> None:
    own = _value(code="+", label="Loyer plafond", unit="euros_per_month")
    assert nadia.post(f"{HERE}/parameters/new", data=own | {"value": "cher"}).status_code == 422
    assert nadia.post(f"{HERE}/parameters/new", data=own | {"value": "T2 410 ; T3 512,50"}).status_code == 303
    assert one(Parameter, code="loyer_plafond").value == '{"T2": 410, "T3": 512.5}'
    assert nadia.post(f"{HERE}/parameters/new", data=own | {"value": "12"}).status_code == 422  # of that name already


def test_a_corrected_value_leaves_what_stood_there_sealed_in_the_record(nadia: FlaskClient) -> None:
    row = one(Parameter, code="answer_delay")
    told = _value(label="Délai de réponse", value="12", unit="days", since="2005-01-01", version="1")
    assert nadia.post(f"{HERE}/parameters/answer_delay/{row.id}", data=told).status_code == 303
    assert one(Parameter, code="answer_delay").value == "12"
    fact = next(fact for fact in facts("operation:mistral") if fact.kind == "ParameterCorrected")
    assert "10" in text(fact.data["before"])
    assert "Charte" not in str(fact.data)


# -- zones and places ---------------------------------------------------------------------------------------------


def test_a_place_is_added_renamed_and_removed(nadia: FlaskClient) -> None:
    assert nadia.post(f"{HERE}/places/new", data={"name": "Île Verte"}).status_code == 303
    db.session.rollback()
    assert queries.places("mistral")["ile-verte"]["fr"] == "Île Verte"
    db.session.rollback()
    told = {"name": "L’Île-Verte", "version": "Île Verte"}
    assert nadia.post(f"{HERE}/places/ile-verte", data=told).status_code == 303
    assert nadia.post(f"{HERE}/places/ile-verte", data=told).status_code == 409  # it is called otherwise by now
    assert nadia.post(f"{HERE}/places/ile-verte/remove", data={}).status_code == 303
    db.session.rollback()
    assert "ile-verte" not in queries.places("mistral")


def test_a_zone_in_which_households_live_stays(nadia: FlaskClient) -> None:
    assert nadia.post(f"{HERE}/zones/zac/remove", data={}).status_code == 409
    db.session.rollback()
    assert "zac" in queries.zones("mistral")


def test_a_place_of_the_same_name_is_refused(nadia: FlaskClient) -> None:
    assert nadia.post(f"{HERE}/places/new", data={"name": "VALLIER - Catane"}).status_code == 422


# -- lists --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["partners", "tranches", "buildings", "parameters", "zones", "places"])
def test_every_list_is_a_workbook_as_well(nadia: FlaskClient, what: str) -> None:
    answer = nadia.get(f"{HERE}/{what}?format=xlsx")
    assert answer.status_code == 200
    assert answer.data[:2] == b"PK"


def test_buildings_are_found_by_name_or_address(nadia: FlaskClient) -> None:
    page = nadia.get(f"{HERE}/buildings?q=PEUPLIERS").text
    assert "Peupliers 1" in page
    assert "Drac A" not in page
