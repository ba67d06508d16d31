"""The course of the diagnosis: it fits its form, and its stored scenarios end as they say."""

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
from workflow.circuit import definition, simulate
from workflow.circuit.definition import Circuit

SCENARIOS = Path(__file__).parents[2] / "templates" / "procedures" / "diagnostic-social" / "scenarios"
Fill = Callable[[Mapping[str, Any]], Instance]


@pytest.fixture(scope="module")
def circuit(folder: Path) -> Circuit:
    return definition.load((folder / "circuit.yaml").read_text("utf-8"))


def test_the_circuit_names_only_what_the_form_and_the_operation_know(
    circuit: Circuit, form: Form, operation: dict[str, Any]
) -> None:
    roles = [role["slug"] for role in operation["roles"]]
    sections = [section.name for section in form.sections]
    assert definition.check(circuit, form_paths=form.questions.keys(), sections=sections, roles=roles) == ()


def test_every_step_looks_through_a_lens_of_the_procedure(circuit: Circuit, procedure: dict[str, Any]) -> None:
    assert {step.sees for stage in circuit.stages for step in stage.steps} <= set(procedure["lenses"])


def test_the_committee_never_looks_through_a_lens_with_social_appraisals(
    circuit: Circuit, procedure: dict[str, Any]
) -> None:
    (step,) = circuit.stages[-1].steps
    assert set(procedure["lenses"][step.sees]["levels"]) == {"V0", "V1"}


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_stored_scenario_ends_as_it_says(circuit: Circuit, fill: Fill, path: Path) -> None:
    def holds(condition: str, said: Mapping[str, Any]) -> bool:
        instance = fill(said)
        return to_boolean(compiled_expression(parse(condition))(instance.at(instance.root)))

    result = simulate.play(circuit, yaml.safe_load(path.read_text("utf-8")), holds)
    assert result["differs"] == []


def test_three_scenarios_at_least_are_kept() -> None:
    assert len(list(SCENARIOS.glob("*.yaml"))) >= 3
