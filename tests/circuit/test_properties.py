"""What holds for every circuit and every course."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.circuit.circuits import (
    BY_LINK,
    EXPERT,
    EXPERT_BY_LINK,
    IN_A_SITTING,
    PEOPLE,
    RULES,
    SECTIONS,
    STRANGER,
    SUBSTITUTE,
    World,
    circuits,
)
from workflow.circuit import commands as c
from workflow.circuit import events as e
from workflow.circuit.decide import Possible, Refusal, available, decide, forecast, refusal_of, tick
from workflow.circuit.definition import Circuit, Kind, Stage, Step, Who
from workflow.circuit.standing import STOPPED
from workflow.circuit.state import CLOSED, State, fold, released

ACTORS = [*PEOPLE, STRANGER, SUBSTITUTE, IN_A_SITTING, BY_LINK, EXPERT, EXPERT_BY_LINK]
WEEK = timedelta(days=7)
ENDING = (c.Withdraw, c.Cancel, c.Open)
QUIET = settings(max_examples=150, deadline=None)


def destinations(circuit: Circuit) -> tuple[str, ...]:
    return ("author", *(stage.id for stage in circuit.stages))


def move(data: st.DataObject, world: World, state: State) -> list[e.Event]:
    """Something happens: the world changes, time passes, or somebody does one of the things they may do."""
    what = data.draw(st.sampled_from(["act"] * 8 + ["time", "answers", "truth", "age"]))
    if what == "time":
        world.now += data.draw(st.timedeltas(min_value=WEEK * 0, max_value=WEEK))
        return tick(world.circuit, state, world.context())
    if what == "age":
        world.stale ^= {data.draw(st.sampled_from(SECTIONS))}
    if what == "answers":
        world.editions[data.draw(st.sampled_from(SECTIONS))] += 1
    if what == "truth":
        world.truths ^= {data.draw(st.sampled_from(["c1", "c2"]))}
    actor = data.draw(st.sampled_from(ACTORS))
    context = world.context()
    progress = [p for p in available(world.circuit, state, actor, context) if p.command not in ENDING]
    if not progress:
        return []
    possible = data.draw(st.sampled_from(progress))
    return decide(world.circuit, state, filled(data, world, state, possible), actor, context)


def filled(data: st.DataObject, world: World, state: State, possible: Possible) -> c.Command:
    """The offered command, with what it asks for drawn among what it offers."""
    facts = {
        name: data.draw(st.sampled_from(values)) for name, values in possible.choices.items() if name != "sections"
    }
    sections = possible.choices.get("sections", ())[-1:]
    facts |= {"sections": data.draw(st.sampled_from([(), sections]))} if possible.command is c.SendBack else {}
    facts |= {"reason_ref": "r"} if {"reason", "opinion"} & set(possible.needs) else {}
    facts |= {"text_ref": "t"} if "text" in possible.needs else {}
    facts |= {"to_person": facts["from_person"] + "x"} if "to_person" in possible.needs else {}
    facts |= {"scan_hash": "s"} if possible.command is c.Sign else {}
    if possible.command is c.ExtendDeadline:
        facts["due"] = world.later(state, possible.step)
    shown = world.context().shown(possible.step) if possible.step else ""
    return possible.command(step=possible.step, shown=shown, **facts)


def course(data: st.DataObject, world: World, length: int = 14) -> list[e.Event]:
    events = decide(world.circuit, State(), c.Open(), PEOPLE[0], world.context())
    state = fold(world.circuit, events)
    for _ in range(data.draw(st.integers(0, length))):
        more = move(data, world, state)
        assert not isinstance(more, Refusal), more
        events, state = [*events, *more], fold(world.circuit, more, state)
    return events


def endings(state: State) -> list[tuple[c.Command, int]]:
    """Ways to stop, each with the rank of who may: what was decided on before is annulled, no longer given up."""
    annul = (c.Cancel(reason_ref="r"), 4)
    return [annul] if state.closed or state.decided_at else [(c.Withdraw(), 0), annul]


def still_possible(circuit: Circuit, state: State) -> set[type[c.Command]]:
    """What a closed dossier still accepts, by its circuit."""
    if state.phase in STOPPED:
        return {c.TakeBack, c.Reopen}
    refreshable = circuit.refresh is not None and state.phase in circuit.refresh.after
    return {c.Cancel, c.Reopen, c.Refresh} if refreshable else {c.Cancel, c.Reopen}


@given(circuit=circuits(), data=st.data())
@QUIET
def test_folding_in_two_halves_equals_folding_at_once(circuit, data):
    events = course(data, World(circuit))
    cut = data.draw(st.integers(0, len(events)))
    whole = fold(circuit, events)
    assert fold(circuit, events[cut:], fold(circuit, events[:cut])) == whole
    assert fold(circuit, [e.from_dict(event.to_dict()) for event in events]) == whole
    assert whole.version == len(events)


@given(circuit=circuits(), data=st.data())
@QUIET
def test_what_is_offered_is_exactly_what_is_accepted(circuit, data):
    world = World(circuit)
    state = fold(circuit, course(data, world, 7))
    actor, context = data.draw(st.sampled_from(ACTORS)), world.context()
    offered = {(p.command, p.step): p for p in available(circuit, state, actor, context)}
    accepted = set()
    for command in world.commands(state, destinations(circuit)):
        if not isinstance(decide(circuit, state, command, actor, context), Refusal):
            accepted.add((type(command), command.step))
            possible = offered[type(command), command.step]
            for choice, values in possible.choices.items():
                if choice != "sections":
                    assert getattr(command, choice) in values
    passed_on = {key for key in offered if key[0] is c.Reassign}
    assert offered.keys() - passed_on == accepted - {key for key in accepted if key[0] is c.Reassign}
    assert {key for key in accepted if key[0] is c.Reassign} <= passed_on


@given(circuit=circuits(), data=st.data())
@QUIET
def test_a_decision_is_refused_for_the_same_reason_whether_or_not_what_follows_is_worked_out(circuit, data):
    world = World(circuit)
    state = fold(circuit, course(data, world, 7))
    actor, context = data.draw(st.sampled_from(ACTORS)), world.context()
    at_a_step = (c.Submit, c.Approve, c.ApproveWithReservation, c.GiveOpinion, c.Sign, c.SendBack, c.Refuse)
    for command in world.commands(state, destinations(circuit)):
        if isinstance(command, at_a_step):
            judged = decide(circuit, state, command, actor, context)
            assert refusal_of(circuit, state, command, actor, context) == (
                judged if isinstance(judged, Refusal) else None
            )
            present = replace(command, shown=context.shown(command.step))
            assert refusal_of(circuit, state, command, actor, context, unseen=True) == refusal_of(
                circuit, state, present, actor, context
            )


@given(circuit=circuits(), data=st.data())
@QUIET
def test_a_closed_dossier_is_only_annulled_taken_back_reopened_or_refreshed_and_time_does_nothing_to_it(circuit, data):
    world = World(circuit)
    events = course(data, world)
    state = fold(circuit, events)
    if not state.closed:
        ending, who = data.draw(st.sampled_from(endings(state)))
        state = fold(circuit, decide(circuit, state, ending, PEOPLE[who], world.context()), state)
    assert state.phase in CLOSED
    world.now += WEEK * 52
    assert tick(circuit, state, world.context()) == []
    assert forecast(circuit, state, world.context()) == ()
    still = still_possible(circuit, state)
    for actor in ACTORS:
        assert {one.command for one in available(circuit, state, actor, world.context())} <= still
        for command in world.commands(state, destinations(circuit)):
            if type(command) not in still:
                code = decide(circuit, state, command, actor, world.context()).code
                assert code == "closed" or (actor.through and code == "only_asked")


@pytest.mark.complaint(46)
@given(circuit=circuits(), data=st.data())
@QUIET
def test_stopping_and_taking_that_back_leaves_everything_as_it_was(circuit, data):
    world = World(circuit)
    state = fold(circuit, course(data, world))
    stop, rank = data.draw(st.sampled_from(endings(state)))
    who = PEOPLE[rank]
    stopped = fold(circuit, decide(circuit, state, stop, who, world.context()), state)
    assert (stopped.phase in STOPPED, stopped.open, released(stopped)) == (True, {}, False)
    again = fold(circuit, decide(circuit, stopped, c.TakeBack(), who, world.context()), stopped)
    assert replace(again, version=state.version, changed_at=state.changed_at) == state


@pytest.mark.complaint(3)
@given(circuit=circuits(), data=st.data())
@QUIET
def test_an_open_dossier_always_waits_for_somebody_and_a_paper_leaves_only_from_an_approved_one(circuit, data):
    events = course(data, World(circuit))
    state = fold(circuit, events)
    assert bool(state.open) == (state.phase == "open")
    ended = [x for x in events if isinstance(x, e.Completed | e.Refreshed | e.Reopened | e.TakenBack)]
    if not any(isinstance(x, e.TakenBack) for x in ended):
        last = ended[-1] if ended else None
        assert released(state) == (isinstance(last, e.Completed) and last.outcome == "approved")
    assert all(circuit.index_of_step(step) == state.stage for step in state.open)


@given(circuit=circuits(), data=st.data())
@QUIET
def test_nobody_judges_the_own_work_and_no_unit_speaks_twice(circuit, data):
    world = World(circuit)
    state = fold(circuit, course(data, world))
    for step in circuit.steps():
        votes = state.votes_at(step.id)
        if step.kind in {Kind.VISA, Kind.OPINION, Kind.APPROVAL}:
            passed = [] if state.open and state.stage == circuit.author_stage else state.acted.get("s0", ())
            assert {"p0", *passed}.isdisjoint({vote.voice.person for vote in votes})
        if step.rule.kind == "per_organisation":
            assert len({vote.voice.organisation for vote in votes}) == len(votes)
        assert len({vote.voice.person for vote in votes}) == len(votes)


@given(circuit=circuits(), data=st.data())
@QUIET
def test_time_asked_twice_answers_once(circuit, data):
    world = World(circuit)
    state = fold(circuit, course(data, world))
    world.now += data.draw(st.timedeltas(min_value=WEEK * 0, max_value=WEEK * 3))
    state = fold(circuit, tick(circuit, state, world.context()), state)
    assert not [x for x in tick(circuit, state, world.context()) if not isinstance(x, e.TacitlyDecided | e.StepClosed)]


@pytest.mark.complaint(8)
@given(
    rule=RULES,
    kind=st.sampled_from([Kind.VISA, Kind.APPROVAL]),
    order=st.permutations(PEOPLE[1:]),
)
@QUIET
def test_everybody_disagreeing_ends_refused(rule, kind, order):
    who = Who(role=("role",))
    fill = Stage("g0", {}, (Step("s0", {}, Kind.FILL, who),))
    circuit = Circuit("c", {}, (fill, Stage("g1", {}, (Step("s1", {}, kind, who, rule),))), "h")
    world = World(circuit, seats={"s1": PEOPLE[1:]})
    state = fold(circuit, decide(circuit, State(), c.Open(), PEOPLE[0], world.context()))
    shown = world.context().shown
    state = fold(
        circuit, decide(circuit, state, c.Submit(step="s0", shown=shown("s0")), PEOPLE[0], world.context()), state
    )
    for actor in order:
        said = decide(circuit, state, c.Refuse(step="s1", shown=shown("s1"), reason_ref="r"), actor, world.context())
        state = state if isinstance(said, Refusal) else fold(circuit, said, state)
    assert state.phase == "refused"
