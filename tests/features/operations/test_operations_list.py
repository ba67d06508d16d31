"""The operations of the installation, and one of them taken in charge."""

from flask import Flask

from tests.cast import INES, NADIA, OLIVIER
from tests.features.conftest import SignIn
from workflow.db import db
from workflow.operations.actions import put_operation
from workflow.operations.models import Operation
from workflow.people.models import Assignment, Person
from workflow.people.queries import identity_of_person
from workflow.record.queries import facts


def _another() -> None:
    """An operation that nobody of the cast describes."""
    put_operation({"slug": "ailleurs", "name": {"fr": "Les Ormes"}, "city": "Voiron", "owner": "grenoble"})
    db.session.commit()
    db.session.rollback()


def test_each_sees_the_operations_they_describe_and_the_administrator_all(app: Flask, sign_in: SignIn) -> None:
    _another()
    assert "Les Ormes" not in sign_in(NADIA).get("/operations").text
    page = sign_in(INES).get("/operations").text
    assert "Les Ormes" in page
    assert "/operations/ailleurs/take-charge" in page
    assert sign_in(OLIVIER).get("/operations").status_code == 404


def test_the_list_is_cut_to_a_name_a_city_or_mine(app: Flask, sign_in: SignIn) -> None:
    _another()
    ines = sign_in(INES)
    assert "Mistral" not in ines.get("/operations?q=VOIRON").text.split("<main")[1]
    assert "Les Ormes" not in ines.get("/operations?mine=1").text


def test_taking_charge_is_an_act_on_the_record(app: Flask, sign_in: SignIn) -> None:
    _another()
    ines = sign_in(INES)
    assert ines.get("/operations/ailleurs").status_code == 404  # looking after the installation opens nothing by itself
    assert ines.get("/operations/ailleurs/take-charge").status_code == 200
    assert ines.post("/operations/ailleurs/take-charge").status_code == 303
    assert ines.get("/operations/ailleurs").status_code == 200
    db.session.rollback()
    fact = next(fact for fact in facts("operation:ailleurs") if fact.kind == "TakenInCharge")
    assert fact.actor == {"person": INES}
    db.session.rollback()
    assert ines.post("/operations/ailleurs/take-charge").status_code == 303
    db.session.rollback()
    assert db.session.query(Assignment).filter_by(person_id=INES, operation_id="ailleurs").count() == 1


def test_only_who_looks_after_the_installation_takes_charge(app: Flask, sign_in: SignIn) -> None:
    _another()
    assert sign_in(NADIA).post("/operations/ailleurs/take-charge").status_code == 404
    db.session.rollback()
    assert "ailleurs" not in identity_of_person(db.session.get_one(Person, NADIA)).operations


def test_an_empty_list_says_what_to_do_first(app: Flask, sign_in: SignIn) -> None:
    ines = sign_in(INES)
    db.session.query(Assignment).filter_by(person_id=INES, operation_id="mistral").delete()
    db.session.query(Operation).delete()
    db.session.commit()
    db.session.rollback()
    page = ines.get("/operations").text.split("<main")[1]
    assert "/operations/new" in page
    assert "/operations?format=xlsx" not in page  # nothing to download yet
