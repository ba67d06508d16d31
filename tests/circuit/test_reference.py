"""docs/circuits.md speaks of the engine as it is."""

import re
from pathlib import Path

import yaml

from workflow.circuit.definition import Kind, Step, check, load
from workflow.circuit.game import VERBS
from workflow.circuit.simulate import play

PAGE = (Path(__file__).parents[2] / "docs" / "circuits.md").read_text("utf-8")
CIRCUIT, SCENARIO = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def test_its_circuit_is_one_and_nothing_is_said_against_it() -> None:
    assert check(load(CIRCUIT), form_paths=["/data/A/A14"], sections=["A", "E"]) == ()


def test_its_scenario_goes_as_it_says() -> None:
    played = play(load(CIRCUIT), yaml.safe_load(SCENARIO), lambda condition, answers: "actis" in answers["A"]["A14"])
    assert played["differs"] == []


def test_every_key_of_a_step_every_kind_and_every_verb_is_told() -> None:
    named = set(re.findall(r"`([a-z_]+)`", PAGE))
    assert {*Step.__dataclass_fields__, *(kind.value for kind in Kind), *VERBS} <= named
