"""The courses the diagnosis may take: each fits the form, and its stored scenarios end as they say."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from forms.definition import Form
from forms.expressions import compile as compiled_expression
from forms.expressions import parse
from forms.expressions.values import to_boolean
from forms.instance import Instance
from workflow.access import ROLES
from workflow.circuit import definition, simulate
from workflow.circuit.model import Circuit, Kind

FOLDER = Path(__file__).parents[2] / "templates" / "procedures" / "diagnostic-social"
OPERATIONS = FOLDER.parents[1] / "operations"
TOLD: list[dict[str, Any]] = yaml.safe_load((FOLDER / "procedure.yaml").read_text("utf-8"))["variants"]
FOLLOWED = {
    "mistral": "conseillere",
    "mas-du-taureau": "prestataire",
    "opac-du-rhone": "prestataire",
    "severine": "binome",
    "champratel": "accueil",
    "la-duchere": "allege",
}
SCENARIOS = sorted((FOLDER / "scenarios").glob("*/*.yaml"))
Fill = Callable[[Mapping[str, Any]], Instance]


def circuit_of(name: str) -> Circuit:
    (file,) = (one["circuit"] for one in TOLD if one["name"] == name)
    return definition.load((FOLDER / file).read_text("utf-8"))


def test_the_five_courses_are_told_with_whom_they_suit_in_two_languages() -> None:
    assert [one["name"] for one in TOLD] == ["conseillere", "prestataire", "binome", "accueil", "allege"]
    for one in TOLD:
        assert set(one["label"]) == set(one["describe"]) == {"fr", "en"}
        assert one["describe"]["fr"].startswith("Convient quand")


@pytest.mark.parametrize("name", [one["name"] for one in TOLD])
def test_a_course_names_only_what_the_form_and_the_house_know(name: str, form: Form) -> None:
    circuit, sections = circuit_of(name), [section.name for section in form.sections]
    found = definition.check(circuit, form_paths=form.questions.keys(), sections=sections, roles=[*ROLES, "household"])
    assert found == ()


@pytest.mark.parametrize("name", [one["name"] for one in TOLD])
def test_what_the_household_does_not_agree_to_bring_up_is_asked_of_nobody(name: str) -> None:
    for stage in circuit_of(name).stages:
        if stage.id in {"avis_social", "suivi_social"}:
            assert "count-selected(/data/A/A14) > 0" in stage.condition


@pytest.mark.parametrize("name", [one["name"] for one in TOLD])
def test_whoever_filled_in_checks_and_decides_nothing(name: str) -> None:
    judging = {Kind.VISA, Kind.APPROVAL, Kind.OPINION}
    for step in circuit_of(name).steps():
        assert step.kind not in judging or "saisie" in step.separate_from, step.id


@pytest.mark.parametrize(("operation", "name"), FOLLOWED.items())
def test_each_operation_of_the_seed_follows_its_own(operation: str, name: str) -> None:
    told = yaml.safe_load((OPERATIONS / f"{operation}.yaml").read_text("utf-8"))
    assert told["procedures"]["diagnostic-social"]["variant"] == name
    asked = {step.who.body for step in circuit_of(name).steps() if step.who.body}
    assert asked <= {body["slug"] for body in told["bodies"]}


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_stored_scenario_of_a_course_ends_as_it_says(path: Path, fill: Fill) -> None:
    def holds(condition: str, said: Mapping[str, Any]) -> bool:
        instance = fill(said)
        return to_boolean(compiled_expression(parse(condition))(instance.at(instance.root)))

    result = simulate.play(circuit_of(path.parent.name), yaml.safe_load(path.read_text("utf-8")), holds)
    assert result["differs"] == []


def test_three_scenarios_at_least_are_kept_for_each_course() -> None:
    for one in TOLD[1:]:
        assert len([path for path in SCENARIOS if path.parent.name == one["name"]]) >= 3, one["name"]
