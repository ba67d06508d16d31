"""The operation Mistral as it is shipped: its figures, its partners and its cast hold together."""

import re
from typing import Any

from forms.definition import Form

FICTION = re.compile(r"(01 99 00|02 61 91|03 53 01|04 65 71) \d\d \d\d")


def test_the_figures_are_those_of_the_study_day(operation: dict[str, Any]) -> None:
    assert operation["figures"]["dwellings_demolished"] == 280
    assert operation["figures"]["moves"] == {"zac": 138, "hors_zac": 142}
    assert sum(building["dwellings"] for building in operation["buildings"]) == 280
    for tranche in operation["tranches"]:
        own = [b["dwellings"] for b in operation["buildings"] if b["tranche"] == tranche["slug"]]
        assert sum(own) == tranche["dwellings"]


def test_actis_lets_and_seven_landlords_rebuild(operation: dict[str, Any]) -> None:
    parts = {o["slug"]: o["part"] for o in operation["organisations"]}
    assert parts["grenoble"] == "controller"
    assert [slug for slug, part in parts.items() if part == "origin"] == ["actis"]
    assert list(parts.values()).count("rebuilder") == 7


def test_the_household_is_asked_about_every_organisation_that_may_receive_answers(
    operation: dict[str, Any], form: Form
) -> None:
    asked = {choice.value for choice in form.questions["/data/A/A14"].choices}
    assert asked == {o["slug"] for o in operation["organisations"] if o["consent"]}
    assert "grenoble" not in asked


def test_every_person_has_a_known_role_organisation_and_sentence(operation: dict[str, Any]) -> None:
    roles = {role["slug"] for role in operation["roles"]}
    organisations = {o["slug"] for o in operation["organisations"]}
    for person in operation["people"]:
        assert person["role"] in roles
        assert {person["organisation"], person["employer"]} <= organisations
        assert set(person["sentence"]) == {"fr", "en"}


def test_the_adviser_is_paid_by_the_landlord_and_acts_for_the_city(operation: dict[str, Any]) -> None:
    (adviser,) = [person for person in operation["people"] if person["role"] == "cesf"]
    assert (adviser["organisation"], adviser["employer"]) == ("grenoble", "actis")


def test_nobody_in_the_cast_can_really_be_reached(operation: dict[str, Any]) -> None:
    for entry in operation["people"] + operation["organisations"]:
        assert FICTION.fullmatch(entry["phone"]), entry["slug"]
    assert all(re.search(r"@example\.(org|com|net)$", person["email"]) for person in operation["people"])


def test_every_seat_belongs_to_somebody_who_acts_for_that_organisation(operation: dict[str, Any]) -> None:
    acts_for = {person["slug"]: person["organisation"] for person in operation["people"]}
    for body in operation["bodies"]:
        for seat in body["seats"]:
            for holder in (seat.get("titular"), seat.get("substitute")):
                assert holder is None or acts_for[holder] == seat["organisation"]


def test_the_committee_has_more_organisations_than_its_quorum(operation: dict[str, Any]) -> None:
    (committee,) = [body for body in operation["bodies"] if body["slug"] == "commission-relogement"]
    assert len({seat["organisation"] for seat in committee["seats"]}) > committee["quorum"] == 3


def test_every_parameter_says_its_unit_its_date_and_where_it_comes_from(operation: dict[str, Any]) -> None:
    for name, parameter in operation["parameters"].items():
        assert set(parameter) == {"value", "unit", "since", "source"}, name
        assert set(parameter["source"]) == {"fr", "en"}, name


def test_every_building_has_a_referent_of_its_landlord(operation: dict[str, Any]) -> None:
    covered = {
        building: person["organisation"]
        for person in operation["people"]
        if person["role"] == "referent_bailleur"
        for building in person["referent_for"]
    }
    assert covered == {building["slug"]: building["landlord"] for building in operation["buildings"]}
