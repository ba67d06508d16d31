"""Counting voices under each rule."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflow.circuit.definition import Kind, Rule, Step, Who
from workflow.circuit.events import By, Voice
from workflow.circuit.standing import Vote
from workflow.circuit.voting import count, outcome

SEATS = {Voice(f"p{n}", "seat", organisation) for n, organisation in enumerate(["a", "a", "b", "c", "d"])}
ORGANISATIONS = {person: organisation for person, _, organisation in SEATS}


def step(rule: Rule, kind: Kind = Kind.APPROVAL) -> Step:
    return Step("s", {}, kind, Who(role=("seat",)), rule)


def votes(said: str) -> list[Vote]:
    """ "0+ 2-" is: p0 approves, then p2 refuses."""
    result = []
    for word in said.split():
        by = By(f"p{word[0]}", "seat", ORGANISATIONS[f"p{word[0]}"])
        position = {"+": "approved", "-": "refused", "~": "unfavourable"}[word[1]]
        result.append(Vote(by.voice, position, by, datetime(2026, 3, 2, tzinfo=UTC), 1, None, {}))
    return result


@pytest.mark.complaint(6)
@pytest.mark.parametrize(
    ("rule", "said", "expected"),
    [
        (Rule(), "", None),
        (Rule(), "0+", "approved"),
        (Rule(), "0-", "refused"),
        (Rule("all"), "0+ 1+ 2+ 3+", None),
        (Rule("all"), "0+ 1+ 2+ 3+ 4+", "approved"),
        (Rule("all"), "0+ 1-", "refused"),
        (Rule("count", 2), "0+ 1-", None),
        (Rule("count", 2), "0+ 1- 2+", "approved"),
        (Rule("count", 2), "0- 1- 2-", None),
        (Rule("count", 2), "0- 1- 2- 3-", "refused"),
        (Rule("percent", 60), "0+ 1+", None),
        (Rule("percent", 60), "0+ 1+ 2+", "approved"),
        (Rule("percent", 61), "0+ 1+ 2+", None),
        (Rule("percent", 60), "0- 1- 2-", "refused"),
        (Rule("per_organisation", 3), "0+ 2+", None),
        (Rule("per_organisation", 3), "0+ 1+ 2+", None),
        (Rule("per_organisation", 3), "0+ 2+ 3+", "approved"),
        (Rule("per_organisation", 3), "0- 2-", None),
        (Rule("per_organisation", 3), "0- 2- 3-", "refused"),
        (Rule("per_organisation", 1), "0+ 2+", None),
        (Rule("per_organisation", 2), "0+ 2+", None),
        (Rule("per_organisation", 2), "0+ 2- 3+ 4-", "refused"),
        (Rule("per_organisation", 2), "0+ 2-", None),
        (Rule("per_organisation", 2), "0+ 2- 3-", "refused"),
        (Rule("per_organisation", 9), "0+ 2- 3- 4-", None),
        (Rule("per_organisation", 9), "0- 2- 3- 4-", "refused"),
        (Rule("per_organisation", 3, ("d",)), "0+ 2+ 3+", None),
        (Rule("per_organisation"), "0+ 2+ 3+", None),
        (Rule("per_organisation"), "0+ 2+ 3+ 4+", "approved"),
        (Rule("per_organisation", 2, ("c",)), "0+ 3-", "refused"),
        (Rule("per_organisation", 2, ("c",)), "0+ 2-", None),
        (Rule("count", 9), "0+ 1+ 2+ 3+ 4+", None),
        (Rule("any", None, ("d",)), "0+", None),
        (Rule("any", None, ("d",)), "0+ 2-", None),
        (Rule("any", None, ("d",)), "0+ 4-", "refused"),
        (Rule("any", None, ("d",)), "0+ 4+", "approved"),
        (Rule("any", None, ("a",)), "1+", "approved"),
        (Rule("any", None, ("d",)), "2-", "refused"),
        (Rule("count", 2, ("d",)), "0+ 1+", None),
        (Rule("count", 2, ("d",)), "0+ 4+", "approved"),
        (Rule("count", 2, ("d",)), "0+ 1+ 2+ 4-", "refused"),
        (Rule("percent", 40, ("d",)), "0+ 1+", None),
        (Rule("percent", 40, ("gone",)), "0+ 1+", "approved"),
    ],
)
def test_a_rule_decides_as_soon_as_nothing_can_change_it(rule, said, expected):
    assert outcome(step(rule), votes(said), SEATS) == expected


def test_a_meeting_decides_with_those_who_are_there_and_who_says_nothing_abstains():
    there = {Voice(person, "seat", organisation) for person, organisation in ORGANISATIONS.items() if person != "p4"}
    asked = step(Rule("per_organisation", 3))
    assert outcome(asked, votes("0+"), SEATS, there) == "approved"
    assert outcome(asked, votes("0-"), SEATS, there) == "refused"
    assert outcome(asked, votes("0+ 2-"), SEATS, there) == "refused", "a tie is a no"
    assert outcome(asked, votes("0+"), SEATS, {seat for seat in there if seat.person < "p3"}) is None
    assert outcome(step(Rule("per_organisation", 3), Kind.OPINION), votes("0~ 2~ 3~"), SEATS) == "given"


@pytest.mark.parametrize("base", [Rule("per_organisation", 3), Rule("count", 2), Rule("any")])
def test_a_meeting_waits_for_the_veto_of_who_is_not_there(base):
    rule = replace(base, veto=("d",))
    without = {seat for seat in SEATS if seat.organisation != "d"}
    assert outcome(step(rule), votes("0+ 2+ 3+"), SEATS, without) is None, "it may still speak at its desk"
    assert outcome(step(rule), votes("0+ 2+ 3+"), SEATS, SEATS) == "approved", "it was there, and said nothing"
    assert outcome(step(rule), votes("0+ 2+ 3+"), without, without) == "approved", "its seat withdrew"
    assert outcome(step(rule), votes("0+ 2+ 3+ 4-"), SEATS, SEATS) == "refused"


@given(
    rule=st.one_of(
        st.builds(Rule, st.sampled_from(["any", "all"])),
        st.builds(Rule, st.sampled_from(["count", "per_organisation"]), st.integers(1, 3)),
        st.builds(Rule, st.just("percent"), st.integers(1, 100)),
    ),
    veto=st.sets(st.sampled_from("abcd"), min_size=1),
    seats=st.sets(st.sampled_from(sorted(SEATS))),
    said=st.lists(st.tuples(st.integers(0, 4), st.sampled_from("+-")), unique_by=lambda one: one[0]),
)
@settings(max_examples=200, deadline=None)
def test_nothing_is_agreed_before_every_veto_that_may_still_come(rule, veto, seats, said):
    given_, asked = votes(" ".join(f"{who}{position}" for who, position in said)), replace(rule, veto=tuple(veto))
    heard = {vote.voice.organisation for vote in given_}
    found = outcome(step(asked), given_, seats)
    if veto & ({seat.organisation for seat in seats} - heard):
        assert found != "approved"
    elif not any(vote.position == "refused" and vote.voice.organisation in veto for vote in given_):
        assert found == outcome(step(rule), given_, seats), "once they spoke, it is as if there were no veto"


def test_the_first_voice_of_an_organisation_is_the_one_that_counts():
    counted = count(step(Rule("per_organisation", 3)), votes("1- 0+ 2+"), SEATS)
    assert (counted.favourable, counted.against, counted.of) == (1, 1, 4)


def test_a_voice_stays_counted_when_its_seat_has_gone():
    assert outcome(step(Rule("count", 2)), votes("0+ 1+"), {Voice("p9", "seat", "z")}) == "approved"


def test_an_opinion_never_blocks_however_unfavourable():
    assert outcome(step(Rule("all"), Kind.OPINION), votes("0~ 1~ 2~ 3~ 4~"), SEATS) == "given"
