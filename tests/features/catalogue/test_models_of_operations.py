"""Each of the six models becomes an operation of an empty installation, with the diagnosis fitted to it."""

from datetime import date

import pytest

from tests.features.catalogue.conftest import Install
from workflow.catalogue import queries as catalogue
from workflow.operations import queries as operations
from workflow.operations.rules import in_force, value_of
from workflow.people import queries as people

NAMES = ("mistral", "mas-du-taureau", "severine", "champratel", "la-duchere", "opac-du-rhone")
NEEDED = {"mas-du-taureau": 3, "severine": 2, "champratel": 3, "mistral": 3, "opac-du-rhone": 2}
"""Voices its committee needs; at La Duchère the committee decides on no diagnosis."""


@pytest.mark.parametrize("name", NAMES)
def test_a_model_becomes_an_operation_with_its_figures_partners_and_bodies(install: Install, name: str) -> None:
    told = install(name)
    row = operations.operation(name)
    assert (row.city, row.owner, row.regime) == (told["city"], told["owner"], "hlm-demolition")
    assert row.starts.year == told["programme"]["from"]
    assert (row.ends.year if row.ends else None) == told["programme"].get("to")
    assert told["figures"].items() <= row.figures.items()
    tranches = {tranche.slug: (tranche.dwellings, tranche.moves) for tranche in operations.tranches(name)}
    assert tranches == {t["slug"]: (t.get("dwellings"), t.get("moves", t.get("dwellings"))) for t in told["tranches"]}
    parts = {partner.organisation: (partner.part, partner.consent) for partner in operations.partners(name)}
    assert parts == {o["slug"]: (o["part"], o["consent"]) for o in told["organisations"]}
    assert {body.slug: body.quorum for body in people.bodies(name)} == {
        body["slug"]: body.get("quorum") for body in told["bodies"]
    }
    for body in told["bodies"]:
        seated = sorted(seat.organisation for seat in people.seats(name, body["slug"]))
        assert seated == sorted(seat["organisation"] for seat in body["seats"])


@pytest.mark.parametrize("name", NAMES)
def test_its_rules_are_kept_with_their_source_and_their_day(install: Install, name: str) -> None:
    told = install(name)["parameters"]
    rows = operations.parameters(name)
    assert {row.code: (value_of(row.value), row.source, row.since) for row in rows} == {
        code: (rule["value"], rule["source"]["fr"], _day(rule["since"])) for code, rule in told.items()
    }
    assert value_of(in_force(rows, _day("2026-01-01"))["offers_maximum"].value) == 3


def _day(told: date | str) -> date:
    return told if isinstance(told, date) else date.fromisoformat(told)


@pytest.mark.parametrize("name", NAMES)
def test_its_diagnosis_asks_about_its_own_partners_and_needs_its_own_quorum(install: Install, name: str) -> None:
    told = install(name)
    published = catalogue.current("diagnostic-social", name)
    asked = {choice.value for choice in published.form.questions["/data/A/A14"].choices}
    assert asked == {o["slug"] for o in told["organisations"] if o["consent"]}
    assert {s.rule.needed for s in published.circuit.steps() if s.id == "validation"} == {NEEDED.get(name)} - {None}
    assert catalogue.current("diagnostic-social").hash != published.hash


def test_six_operations_stand_side_by_side_in_one_installation(install: Install) -> None:
    for name in NAMES:
        install(name)
    assert {row.id for row in operations.operations(NAMES)} == set(NAMES)
    assert len({catalogue.current("diagnostic-social", name).hash for name in NAMES}) == len(NAMES)
    assert people.organisation_names()["opac-du-rhone"] == "OPAC du Rhône"
