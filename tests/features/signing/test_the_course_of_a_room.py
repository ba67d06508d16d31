"""The course of a room is worked out from who signs: ranks, groups, refusals; and what lacks is said. Pure."""

from hypothesis import given
from hypothesis import strategies as st

from workflow.circuit.model import Kind
from workflow.signing.rules.channels import CHANNELS, LEVELS, OF_CHANNEL, lacks_mandate, level_of
from workflow.signing.rules.course import Asked, course, generic, steps_of
from workflow.signing.rules.readiness import Seat, lacks

ASKED = st.builds(
    Asked,
    id=st.uuids().map(str),
    rank=st.integers(1, 6),
    group=st.sampled_from(["", "", "A", "B"]),
    needed=st.integers(1, 3),
)


@given(st.lists(ASKED, min_size=1, max_size=12), st.integers(0, 30))
def test_everybody_signs_at_one_step_and_ranks_keep_their_order(everybody, delay):
    made = course(everybody, delay)
    steps = steps_of(everybody)
    assert sorted(one.id for _step, some in steps for one in some) == sorted(one.id for one in everybody)
    ranks = [min(one.rank for one in some) for _step, some in steps]
    assert ranks == sorted(ranks)
    assert [step for step, _some in steps] == [step.id for step in made.steps()]
    assert all(step.kind is Kind.SIGNATURE and step.on_refusal.ends for step in made.steps())
    assert {step.id for step in made.steps()} <= {step.id for step in generic().steps()}


@given(st.lists(ASKED, min_size=1, max_size=12))
def test_the_same_signatories_give_the_same_course_and_others_another(everybody):
    assert course(everybody, 5).hash == course(list(everybody), 5).hash
    assert course(everybody, 5).hash != course([*everybody, Asked("one-more", 9)], 5).hash


def test_of_a_group_as_many_are_asked_as_there_are_at_most():
    (step,) = course([Asked("a", 1, "A", 5), Asked("b", 1, "A", 5)], 0).steps()
    assert (step.rule.kind, step.rule.needed) == ("count", 2)


def test_each_way_reaches_a_level_that_is_explained():
    for channel in CHANNELS:
        assert level_of(channel, "anything") == OF_CHANNEL[channel][0]
        assert set(OF_CHANNEL[channel]) <= set(LEVELS)


def test_a_public_body_needs_a_deliberation_or_an_order_and_others_do_not():
    assert lacks_mandate("city", "")
    assert lacks_mandate("state", "power")
    assert not lacks_mandate("city", "order")
    assert not lacks_mandate("landlord", "")


def test_what_lacks_names_the_seat():
    seats = [Seat("a", "Paule", 1, "screen"), Seat("b", "Rose", 1, "paper", place="x"), Seat("c", "", 1, "paper")]
    assert {one.seat for one in lacks(seats, {"y"})} == {"a", "b", "c"}
    assert [one.seat for one in lacks([], ())] == [""]
    twice = [Seat("a", "A", 1, "paper", place="x"), Seat("b", "B", 1, "paper", place="x")]
    assert [one.params for one in lacks(twice, {"x"})] == [{"place": "x"}]
