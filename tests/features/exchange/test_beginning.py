"""An operation begun in pages: step by step, as another, from a model; then looked over."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import CLAIRE, INES, NADIA
from tests.features.conftest import SignIn
from workflow.app import ROOT
from workflow.catalogue.queries import adopted, current
from workflow.db import db
from workflow.exchange.actions.beginning import models
from workflow.operations import queries
from workflow.operations.models import Operation
from workflow.people import queries as people
from workflow.people.models import Assignment, Organisation
from workflow.record.queries import facts

MODELS = sorted(models(ROOT / "templates" / "operations"))


@pytest.fixture
def ines(app: Flask, sign_in: SignIn) -> FlaskClient:
    return sign_in(INES)


def _told(**more: object) -> dict[str, object]:
    told = {"name": "Les Ormes", "city": "Voiron", "owner": "actis", "zone": "Europe/Paris"}
    return told | {"procedures": ["diagnostic-social"]} | more


def _begun(client: FlaskClient, way: str, **more: object) -> str:
    """Id of the operation that was begun."""
    answer = client.post(f"/operations/new/{way}", data=_told(**more))
    assert answer.status_code == 303, answer.text
    db.session.rollback()
    return answer.headers["Location"].rsplit("/", 1)[1]


def test_only_who_looks_after_the_installation_begins_operations(sign_in: SignIn) -> None:
    for stranger in (NADIA, CLAIRE):
        client = sign_in(stranger)
        assert client.get("/operations/new").status_code == 404
        assert client.post("/operations/new/guided", data=_told()).status_code == 404


def test_step_by_step_an_operation_begins_with_a_new_organisation_and_its_zones(ines: FlaskClient) -> None:
    assert "/operations/new/guided" in ines.get("/operations/new").text
    told = {"owner": "+", "new_name": "Ville de Voiron", "new_kind": "city", "zones": "Centre\nCôté gare\ncentre\n"}
    slug = _begun(ines, "guided", **told, starts="2026-01-05", ends="2029-12-31")
    row = db.session.get(Operation, slug)
    assert (slug, row.owner, row.version) == ("les-ormes", "ville-de-voiron", 1)
    assert [(one.organisation, one.part, one.consent) for one in queries.partners(slug)] == [
        ("ville-de-voiron", "controller", False)
    ]
    assert list(queries.zones(slug)) == ["centre", "cote-gare"]
    assert adopted(slug) == ["diagnostic-social"]
    assert {"OperationPut", "OperationBegun"} <= {fact.kind for fact in facts(f"operation:{slug}")}
    held = db.session.query(Assignment).filter_by(operation_id=slug).one()
    assert (held.person_id, held.role) == (INES, "administrator")
    db.session.rollback()
    assert ines.get(f"/operations/{slug}").status_code == 200


def test_a_copy_takes_partners_bodies_and_rules_but_neither_people_nor_buildings(ines: FlaskClient) -> None:
    slug = _begun(ines, "copy/mistral", owner="grenoble")
    assert {one.organisation for one in queries.partners(slug)} == {
        one.organisation for one in queries.partners("mistral")
    }
    assert [row.slug for row in people.bodies(slug)] == [row.slug for row in people.bodies("mistral")]
    seats = people.seats(slug, "commission-relogement")
    assert len(seats) == 6
    assert {(seat.person_id, seat.substitute_id) for seat in seats} == {(None, None)}
    assert queries.zones(slug) == queries.zones("mistral")
    assert queries.places(slug) == queries.places("mistral")
    values = {row.code: row.value for row in queries.parameters("mistral")}
    assert {row.code: row.value for row in queries.parameters(slug)} == values
    assert queries.buildings(slug) == queries.tranches(slug) == []
    assert {row.person_id for row in db.session.query(Assignment).filter_by(operation_id=slug)} == {INES}


def test_carried_by_another_the_former_carrier_stays_a_partner(ines: FlaskClient) -> None:
    slug = _begun(ines, "copy/mistral", owner="ccas-grenoble")
    parts = {one.organisation: one.part for one in queries.partners(slug)}
    assert (parts["ccas-grenoble"], parts["grenoble"]) == ("controller", "partner")


@pytest.mark.parametrize("model", MODELS)
def test_each_model_makes_an_operation_that_is_ready_for_its_people(ines: FlaskClient, model: str) -> None:
    told = models(ROOT / "templates" / "operations")[model]
    slug = _begun(ines, f"model/{model}", name=f"{told['short']} essai", city=told["city"], owner="=")
    assert len(queries.partners(slug)) == len(told["organisations"])
    assert len(queries.tranches(slug)) == len(told.get("tranches", ()))
    assert {row.code for row in queries.parameters(slug)} == set(told["parameters"])
    assert {row.slug for row in people.bodies(slug)} == {body["slug"] for body in told["bodies"]}
    assert queries.buildings(slug) == []
    names = people.organisation_names()
    carrier = next(one["name"] for one in told["organisations"] if one["slug"] == told["owner"])
    assert names[db.session.get(Operation, slug).owner] == carrier
    offered = {choice.value for choice in current("diagnostic-social", slug).form.questions["/data/A/A14"].choices}
    assert {one.organisation for one in queries.partners(slug) if one.consent} <= offered
    assert {row.person_id for row in db.session.query(Assignment).filter_by(operation_id=slug)} == {INES}


def test_an_organisation_known_under_another_name_is_not_mixed_up_with_that_of_a_model(ines: FlaskClient) -> None:
    db.session.add(Organisation(slug="alliade", name="Alliade Menuiserie", kind="other", city="Gap"))
    db.session.commit()
    db.session.rollback()
    slug = _begun(ines, "model/severine", name="Séverine bis", owner="=")
    landlord = next(one.organisation for one in queries.partners(slug) if one.part == "origin")
    assert landlord != "alliade"
    assert db.session.get(Organisation, "alliade").name == "Alliade Menuiserie"


def test_a_copy_of_an_operation_that_is_not_mine_is_not_found(ines: FlaskClient) -> None:
    assert ines.get("/operations/new/copy/elsewhere").status_code == 404
    assert ines.get("/operations/new/model/elsewhere").status_code == 404


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("name", ""),
        ("city", "  "),
        ("owner", ""),
        ("owner", "nobody"),
        ("zone", "Europe/Nowhere"),
        ("starts", "31/02/2026"),
        ("new_name", "+"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_is_begun(ines: FlaskClient, field: str, told: str) -> None:
    asked = _told(owner="+", new_kind="city") if field == "new_name" else _told(**{field: told})
    answer = ines.post("/operations/new/guided", data=asked)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    db.session.rollback()
    assert db.session.query(Operation).count() == 1


def test_an_end_before_the_start_and_a_name_taken_in_that_city_are_said(ines: FlaskClient) -> None:
    answer = ines.post("/operations/new/guided", data=_told(starts="2027-01-01", ends="2026-01-01"))
    assert answer.status_code == 422
    assert 'value="2026-01-01"' in answer.text
    answer = ines.post("/operations/new/guided", data=_told(name=" MISTRAL", city="Grenoble"))
    assert answer.status_code == 422
    assert _begun(ines, "guided", name="Mistral", city="Voiron") == "mistral-2"


def test_a_new_carrier_whose_name_is_known_is_said_beside_its_name_and_nothing_is_begun(ines: FlaskClient) -> None:
    answer = ines.post("/operations/new/guided", data=_told(owner="+", new_name="Actis", new_kind="landlord"))
    assert answer.status_code == 422
    assert 'href="#new_name"' in answer.text
    db.session.rollback()
    assert db.session.query(Operation).count() == 1


def test_the_page_of_an_operation_says_what_to_do_next_and_who_is_missing(ines: FlaskClient) -> None:
    slug = _begun(ines, "guided", owner="ccas-grenoble")
    page = ines.get(f"/operations/{slug}").text.split("<main")[1]
    assert f"/operations/{slug}/partners" in re.search(r'page-action">.*?href="([^"]+)"', page, re.S)[1]
    assert f"operation={slug}" in page  # a link that gives somebody the missing role
    for path in ("change", "partners", "tranches", "buildings", "parameters", "zones", "places"):
        assert f"/operations/{slug}/{path}" in page


def test_a_form_left_out_at_first_is_used_later(ines: FlaskClient) -> None:
    slug = _begun(ines, "guided", procedures=[])
    assert adopted(slug) == []
    db.session.rollback()
    told = {"procedure": "diagnostic-social"}
    assert ines.post(f"/operations/{slug}/forms", data=told).status_code == 303
    assert ines.post(f"/operations/{slug}/forms", data={"procedure": "unknown"}).status_code == 404
    db.session.rollback()
    assert adopted(slug) == ["diagnostic-social"]
