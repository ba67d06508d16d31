"""Scenario files: a course written down, played, compared."""

from copy import deepcopy

import pytest
import yaml

from tests.circuit.rehousing import DIAGNOSIS
from workflow.circuit.definition import load
from workflow.circuit.simulate import ScenarioRefused, play

SCENARIO = yaml.safe_load("""
answers: {A: {A14: [actis]}, E: {E1: 900}}
author: claire
relations: {landlord: actis}
people:
  claire: {role: cesf, organisation: grenoble}
  karim: {role: referent_bailleur, organisation: actis}
  lea: {role: referent_bailleur, organisation: actis}
  famille: {role: household}
  anne: {role: siege, organisation: grenoble, bodies: [commission-relogement]}
  bruno: {role: siege, organisation: prefecture, bodies: [commission-relogement]}
  chloe: {role: siege, organisation: vercors, bodies: [commission-relogement]}
absences: [{person: karim, substitute: anne, from: 2026-03-02, to: 2026-03-31}]
steps:
  - {at: "2026-03-02T09:00", by: claire, do: submit}
  - {at: "2026-03-03T09:00", by: karim, do: approve, with: {shown: old}, refused: moved}
  - {by: karim, do: send_back, with: {reason: r1, sections: [E]}}
  - {by: karim, do: approve, refused: true}
  - {at: "2026-03-04T09:00", by: claire, do: submit, with: {answers: {E: {E1: 950}}}}
  - {by: anne, do: approve, with: {on_behalf_of: karim, step: visa}}
  - {at: "2026-03-30T09:00", do: tick}
  - {by: famille, do: sign, with: {channel: paper, recorded_by: claire, scan: "a page", disagreement: true}}
  - {by: anne, do: approve}
  - {by: bruno, do: approve_with_reservation, with: {reason: r2}}
  - {by: chloe, do: approve}
expect: {phase: approved, open: []}
""")


def holds(condition: str, answers: dict) -> bool:
    assert condition == "selected(/data/A/A14, 'actis')"
    return "actis" in answers["A"]["A14"]


def played(**changes: object) -> dict:
    return play(load(DIAGNOSIS), {**deepcopy(SCENARIO), **changes}, holds)


@pytest.mark.complaint(6)
def test_a_scenario_that_goes_as_expected_differs_in_nothing():
    result = played()
    assert (result["phase"], result["open"], result["differs"]) == ("approved", [], [])
    kinds = [event["type"] for event in result["events"]]
    assert {"SentBack", "StepOverdue", "Signed", "Completed"} <= set(kinds)


def test_the_answers_of_the_scenario_decide_which_stages_open():
    result = played(answers={"A": {"A14": []}}, steps=SCENARIO["steps"][:1], expect={"open": ["lecture_menage"]})
    assert result["differs"] == []


def test_each_difference_is_named():
    steps = [*SCENARIO["steps"][:2], {"by": "karim", "do": "approve", "refused": "closed"}]
    result = played(steps=steps, expect={"phase": "refused", "open": ["visa"]})
    assert result["differs"] == [
        {"where": "steps[2].refused", "expected": "closed", "found": None},
        {"where": "expect.phase", "expected": "refused", "found": "open"},
        {"where": "expect.open", "expected": ["visa"], "found": ["lecture_menage"]},
    ]


def test_playing_leaves_the_scenario_as_it_was():
    scenario = deepcopy(SCENARIO)
    play(load(DIAGNOSIS), scenario, holds)
    assert scenario == SCENARIO


BROKEN = [
    {"steps": []},
    {"steps": "submit"},
    {"steps": ["submit"]},
    {"steps": [{"at": "soon", "by": "claire", "do": "submit"}]},
    {"steps": [{"by": "claire", "do": "submit"}]},
    {"steps": [{"at": "2026-03-02", "by": "claire", "do": "dance"}]},
    {"steps": [{"at": "2026-03-02", "by": "nobody", "do": "submit"}]},
    {"steps": [{"at": "2026-03-02", "by": "claire", "do": "submit", "with": {"colour": "red"}}]},
    {"steps": [{"at": "2026-03-02", "by": "claire", "do": "submit", "with": {"sections": 3}}]},
    {"people": ["claire"]},
    {"people": {"claire": {"organisation": "grenoble"}}},
    {"people": {"claire": {"role": "cesf", "bodies": 4}}},
    {"absences": [{"person": "karim"}]},
    {"expect": {"open": 3}},
    {"expect": "approved"},
]


@pytest.mark.parametrize("changes", BROKEN, ids=range(len(BROKEN)))
def test_a_scenario_that_makes_no_sense_is_refused(changes):
    with pytest.raises(ScenarioRefused):
        played(**changes)
