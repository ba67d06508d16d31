"""What is kept of a long course is the state itself."""

import json

from hypothesis import given
from hypothesis import strategies as st

from tests.circuit.circuits import PEOPLE, World, circuits
from tests.circuit.test_properties import QUIET, course, endings
from workflow.circuit.decide import decide
from workflow.circuit.snapshot import plain, state_of
from workflow.circuit.state import State, fold


def kept(state: State) -> State:
    return state_of(json.loads(json.dumps(plain(state))))


@given(circuit=circuits(), data=st.data())
@QUIET
def test_a_state_that_was_kept_is_the_state_and_goes_on_like_it(circuit, data):
    world = World(circuit)
    events = course(data, world)
    cut = data.draw(st.integers(0, len(events)))
    early, whole = fold(circuit, events[:cut]), fold(circuit, events)
    assert (kept(early), kept(whole)) == (early, whole)
    assert fold(circuit, events[cut:], kept(early)) == whole


@given(circuit=circuits(), data=st.data())
@QUIET
def test_what_taking_back_restores_is_kept_too(circuit, data):
    world = World(circuit)
    state = fold(circuit, course(data, world))
    stop, rank = data.draw(st.sampled_from(endings(state)))
    stopped = fold(circuit, decide(circuit, state, stop, PEOPLE[rank], world.context()), state)
    assert stopped.before is not None
    assert kept(stopped) == stopped
    assert kept(stopped).before == stopped.before
