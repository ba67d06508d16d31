"""A dossier under way goes on with a newer circuit, or is refused: nothing done so far is left out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.circuit.circuits import circuits
from tests.circuit.rehousing import CESF, DIAGNOSIS, HOUSEHOLD, MANAGER, MONDAY, REFERENT, SEATS, Dossier
from workflow.circuit import commands as c
from workflow.circuit import events as e
from workflow.circuit.changing import goes_on
from workflow.circuit.definition import Circuit, load
from workflow.circuit.state import State, fold


def changed(dossier: Dossier, circuit: Circuit, **more) -> list[str]:
    """The dossier goes on with that circuit."""
    command = c.ChangeVersion(circuit=circuit, before="v1", after="v2", **more)
    events = dossier.ask(command, MANAGER)
    assert isinstance(events, list), events
    dossier.circuit = circuit
    return dossier.keep([event for event in events if isinstance(event, e.VersionChanged)])


def other(before: str, after: str) -> Circuit:
    assert before in DIAGNOSIS
    return load(DIAGNOSIS.replace(before, after))


WITH_ANOTHER_STAGE = other(
    "  - id: commission\n",
    "  - id: relecture\n    label: {fr: x, en: x}\n    steps:\n"
    "      - {id: relire, label: {fr: x, en: x}, kind: visa, who: {role: chef_de_projet}}\n  - id: commission\n",
)


@pytest.mark.complaint(30)
def test_a_stage_that_comes_later_is_passed_through_when_its_turn_comes(dossier: Dossier) -> None:
    dossier.until("visa")
    assert changed(dossier, WITH_ANOTHER_STAGE) == ["VersionChanged"]
    assert dossier.state.open.keys() == {"visa"}
    dossier.do(REFERENT, c.Approve, "visa")
    dossier.do(HOUSEHOLD, c.Sign, "lecture_menage")
    assert dossier.state.open.keys() == {"relire"}


def test_votes_of_those_who_would_read_something_else_fall(dossier: Dossier) -> None:
    dossier.until("lecture_menage")
    command = c.ChangeVersion(circuit=dossier.circuit, before="v1", after="v2", touched=frozenset({"visa", "saisie"}))
    events = dossier.ask(command, MANAGER)
    assert [(type(event).__name__, event.step) for event in events] == [("VoteFell", "visa"), ("VersionChanged", None)]
    assert events[0].because == "other_version"


ALONE = DIAGNOSIS.replace("        separate_from: [saisie]\n", "")


@pytest.mark.complaint(29)
@pytest.mark.parametrize(
    ("before", "after"),
    [("- id: covalider", "- id: autrement"), ("{id: saisie,", "{id: saisir,"), ("id: visa", "id: vise")],
)
def test_another_way_to_the_same_place_is_refused(dossier: Dossier, before: str, after: str) -> None:
    dossier.until("visa")
    newer = load(ALONE.replace(before, after))
    assert dossier.refusal(MANAGER, c.ChangeVersion, circuit=newer, before="v1", after="v2") == "other_steps"
    assert goes_on(dossier.circuit, load(ALONE), dossier.state)


def test_a_closed_dossier_and_one_that_was_never_opened_stay(dossier: Dossier) -> None:
    asked = {"circuit": dossier.circuit, "before": "v1", "after": "v2"}
    assert dossier.refusal(MANAGER, c.ChangeVersion, **asked) == "not_open"
    dossier.until("validation")
    for seat in SEATS[:3]:
        dossier.do(seat, c.Approve, "validation")
    assert dossier.state.closed
    assert dossier.refusal(MANAGER, c.ChangeVersion, **asked) == "closed"


def test_nobody_is_offered_it_and_nobody_posts_it() -> None:
    assert "ChangeVersion" not in c.COMMANDS


def test_nothing_is_taken_back_from_under_the_earlier_circuit(dossier: Dossier) -> None:
    dossier.until("visa")
    changed(dossier, WITH_ANOTHER_STAGE)
    assert dossier.refusal(CESF, c.TakeBack) == "nothing_to_take_back"


@given(circuits(), circuits(), st.data())
@settings(max_examples=60, deadline=None)
def test_a_circuit_that_goes_on_knows_every_open_step_where_it_stands(old: Circuit, new: Circuit, data) -> None:
    stage = data.draw(st.integers(0, len(old.stages) - 1))
    opened = tuple(e.Opening(step.id) for step in old.stages[stage].steps)
    entered = e.StageEntered(at=MONDAY, stage=old.stages[stage].id, opened=opened)
    state = fold(old, [e.Opened(at=MONDAY, circuit_hash="h"), entered])
    if not goes_on(old, new, state):
        return
    event = e.VersionChanged(
        at=MONDAY, circuit_hash=new.hash, before="v1", after="v2", stage=old.stages[state.stage].id
    )
    after = fold(new, [event], state)
    assert isinstance(after, State)
    assert after.open == state.open
    assert {step.id for step in new.stages[after.stage].steps} >= set(after.open)


def test_the_event_reads_back_as_it_was_first_stored() -> None:
    stored = {"type": "VersionChanged", "schema": 1, "at": "2026-11-23T09:00:00+00:00", "round": 1, "step": None}
    stored |= {"actor": {"person": "nadia", "role": "chef_de_projet", "organisation": "grenoble"}, "shown_hash": None}
    stored |= {"circuit_hash": "c" * 64, "before": "a" * 64, "after": "b" * 64, "stage": "verification"}
    event = e.from_dict(stored)
    assert isinstance(event, e.VersionChanged)
    assert (event.before, event.after, event.stage) == ("a" * 64, "b" * 64, "verification")
    assert event.actor is not None and event.actor.person == "nadia"
