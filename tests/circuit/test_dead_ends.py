"""A step that can come to no good end any more is told at once, and says what is missing."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.circuit.circuits import PEOPLE, RULES, World
from tests.circuit.rehousing import DIAGNOSIS, MANAGER, REFERENT, SEATS, Dossier
from workflow.circuit import commands as c
from workflow.circuit.decide import Actor, DeadEnd, Refusal, dead_end, decide, tick
from workflow.circuit.definition import Circuit, Kind, Rule, Stage, Step, Who, load
from workflow.circuit.state import State, fold

WHO = Who(role=("role",))
SAID = {Kind.FILL: c.Submit, Kind.OPINION: c.GiveOpinion, Kind.SIGNATURE: c.Sign}


def seated(dossier: Dossier, *people: Actor) -> None:
    holders = dossier.context.holders | {"validation": {one.voice for one in people}}
    dossier.context = replace(dossier.context, holders=holders)


def at(dossier: Dossier, step: str = "validation") -> DeadEnd | None:
    return dead_end(dossier.circuit, dossier.state, dossier.circuit.step(step), dossier.world())


@pytest.mark.parametrize(
    ("rule", "needed"), [("{per_organisation: true, quorum: 3}", 3), ("{of: 3}", 3)], ids=["quorum", "k of n"]
)
def test_where_too_few_may_speak_the_people_in_charge_are_told_as_it_opens(rule, needed):
    dossier = Dossier(circuit=load(DIAGNOSIS.replace("{per_organisation: true, quorum: 3}", rule)))
    seated(dossier, *SEATS[:2])
    dossier.until("validation")
    told = dossier.events[-1]
    assert (type(told).__name__, told.because, told.needed, told.left) == ("Escalated", "too_few", needed, 2)
    found = at(dossier)
    assert (found.code, found.needed, found.given, found.left) == ("too_few", needed, 0, 2)
    assert found.message % found.params
    dossier.do(SEATS[0], c.Approve, "validation")
    assert (at(dossier).given, at(dossier).left) == (1, 1)
    assert dossier.wait(days=2) == [], "told once"
    seated(dossier, *SEATS[:3])
    assert at(dossier) is None


def test_the_sentence_counts_one_thing_people_or_organisations(dossier):
    seats = [Actor(name, "siege", "actis", bodies=SEATS[0].bodies) for name in ("un", "deux", "trois")]
    seated(dossier, *seats)
    dossier.until("validation")
    found = at(dossier)
    assert (found.needed, found.given, found.left) == (3, 0, 1), "three people of one organisation have one voice"
    assert "rganisations" in found.message


def test_who_leaves_may_be_the_last_one_a_step_waited_for():
    dossier = Dossier(circuit=load(DIAGNOSIS.replace("{per_organisation: true, quorum: 3}", "all")))
    seated(dossier, *SEATS[:2])
    dossier.until("validation").do(SEATS[0], c.Approve, "validation")
    seated(dossier, SEATS[0])
    assert at(dossier) is None, "nothing is missing: all who are there have agreed"
    assert dossier.wait(minutes=1) == ["StepClosed", "Completed"]


def test_where_nobody_holds_what_a_step_asks_for_it_is_told_too(dossier):
    seated(dossier)
    dossier.until("validation")
    assert (dossier.events[-1].because, at(dossier).code) == ("nobody", "nobody")


def test_who_leaves_may_make_a_dead_end_even_where_lateness_was_told(dossier):
    dossier.until("visa").wait(days=60)
    assert dossier.state.open["visa"].escalated
    dossier.context = replace(dossier.context, holders=dossier.context.holders | {"visa": set()})
    assert dossier.wait(minutes=1) == ["Escalated"]
    assert dossier.events[-1].because == "nobody"
    dossier.context = replace(dossier.context, holders=dossier.context.holders | {"visa": {REFERENT.voice}})
    dossier.do(MANAGER, c.Reassign, "visa", from_person="karim", to_person="noor")
    assert at(dossier, "visa") is None


@given(
    rule=RULES,
    kind=st.sampled_from([kind for kind in Kind if kind is not Kind.INFORMATION]),
    there=st.lists(st.sampled_from(PEOPLE), unique=True),
    data=st.data(),
)
@settings(max_examples=150, deadline=None)
def test_either_those_who_may_speak_can_still_end_a_step_or_it_is_told_as_a_dead_end(rule, kind, there, data):
    stages = (Stage("g0", {}, (Step("s0", {}, Kind.FILL, WHO),)), Stage("g1", {}, (Step("s1", {}, kind, WHO, rule),)))
    circuit = Circuit("c", {}, stages, "h")
    world = World(circuit, seats={"s1": there})
    state = fold(circuit, decide(circuit, State(), c.Open(), PEOPLE[0], world.context()))
    state = fold(circuit, _say(world, state, "s0", c.Submit, PEOPLE[0]), state)
    for actor in data.draw(st.lists(st.sampled_from(PEOPLE), unique=True)):
        against = kind in (Kind.VISA, Kind.APPROVAL) and data.draw(st.booleans())
        state = fold(
            circuit, _say(world, state, "s1", c.Refuse if against else SAID.get(kind, c.Approve), actor), state
        )
    world.seats["s1"] = [one for one in there if data.draw(st.booleans())]
    state = fold(circuit, tick(circuit, state, world.context()), state)
    if "s1" in state.open:
        found = dead_end(circuit, state, circuit.step("s1"), world.context())
        assert state.open["s1"].stuck == (found is not None) or state.open["s1"].stuck
        assert _everybody_agrees(world, state, kind).open.keys() == ({"s1"} if found else set())


def _everybody_agrees(world: World, state: State, kind: Kind) -> State:
    for actor in world.seats["s1"]:
        state = fold(world.circuit, _say(world, state, "s1", SAID.get(kind, c.Approve), actor), state)
    return state


def _say(world: World, state: State, step: str, command: type[c.Command], actor: Actor) -> list:
    told = {"opinion": "none"} if command is c.GiveOpinion else {}
    told |= {"reason_ref": "r"} if command is c.Refuse else {}
    said = decide(
        world.circuit, state, command(step=step, shown=world.context().shown(step), **told), actor, world.context()
    )
    return [] if isinstance(said, Refusal) else said


@given(
    needed=st.integers(1, 5),
    veto=st.sampled_from([(), ("org1",)]),
    positions=st.lists(st.sampled_from("+-~"), min_size=1, max_size=6),
)
@settings(max_examples=150, deadline=None)
def test_a_majority_against_is_never_approved_under_a_quorum(needed, veto, positions):
    people = [Actor(f"m{rank}", "role", f"org{rank}") for rank in range(len(positions))]
    step = Step("s1", {}, Kind.APPROVAL, WHO, Rule("per_organisation", needed, veto))
    circuit = Circuit("c", {}, (Stage("g1", {}, (step,)),), "h")
    world = World(circuit, seats={"s1": people})
    state = fold(circuit, decide(circuit, State(), c.Open(), people[0], world.context()))
    for actor, position in zip(people, positions, strict=True):
        said = {"+": c.Approve, "~": c.ApproveWithReservation, "-": c.Refuse}[position]
        told = {} if said is c.Approve else {"reason_ref": "r"}
        events = decide(
            circuit, state, said(step="s1", shown=world.context().shown("s1"), **told), actor, world.context()
        )
        state = state if isinstance(events, Refusal) else fold(circuit, events, state)
    against = positions.count("-")
    if 2 * against >= len(positions):
        assert state.phase != "approved"
    if against == len(positions) or (needed <= len(positions) and 2 * against >= len(positions)):
        assert state.phase == "refused"
    if not against:
        assert state.phase == ("approved" if needed <= len(positions) else "open")
