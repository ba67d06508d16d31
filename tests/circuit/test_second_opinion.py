"""A second opinion: asked before deciding, given, and never counted."""

from dataclasses import replace

import pytest

from tests.circuit.rehousing import CESF, MANAGER, REFERENT, SEATS, Dossier
from workflow.circuit import commands as c
from workflow.circuit.decide import Actor, available
from workflow.circuit.state import released

NURSE = Actor("irene", "siege", "departement")
EXPERT = Actor("expert", "outside", through="link:1")


@pytest.fixture
def asked(dossier: Dossier) -> Dossier:
    """The landlord's referent has asked the nurse, before deciding."""
    advisable = {"visa": {"irene", "claire", "karim", "expert"}, "validation": {"irene"}}
    links = {"link:1": "expert"}
    dossier.context = replace(dossier.context, advisable=advisable, linked=links.get)
    dossier.until("visa")
    assert dossier.do(REFERENT, c.AskAdvice, "visa", of_person="irene", text_ref="question") == ["AdviceAsked"]
    return dossier


def offered(dossier: Dossier, actor: Actor) -> dict:
    return {
        possible.command: possible for possible in available(dossier.circuit, dossier.state, actor, dossier.world())
    }


@pytest.mark.complaint(13)
def test_who_is_asked_is_offered_to_answer_and_nothing_else(asked):
    assert set(offered(asked, NURSE)) == {c.Advise}
    assert asked.do(NURSE, c.Advise, "visa", opinion="unfavourable", reason_ref="why") == ["Advised"]
    (advice,) = asked.state.advice
    assert (advice.person, advice.opinion, advice.reason_ref, advice.by.person) == (
        "irene",
        "unfavourable",
        "why",
        "karim",
    )
    assert asked.state.votes_at("visa") == ()
    assert not offered(asked, NURSE)


def test_it_never_blocks_and_lapses_when_the_step_is_decided(asked):
    assert "StepClosed" in asked.do(REFERENT, c.Approve, "visa")
    assert asked.state.advice == ()
    assert asked.refusal(NURSE, c.Advise, "visa", opinion="favourable") == "not_open"


def test_what_was_said_stays_after_the_step_is_decided(asked):
    asked.do(NURSE, c.Advise, "visa", opinion="reserved", reason_ref="why")
    asked.do(REFERENT, c.Approve, "visa")
    assert [advice.opinion for advice in asked.state.advice] == ["reserved"]


def test_nobody_is_asked_twice_at_once_but_may_be_asked_again_later(asked):
    again = {"of_person": "irene", "text_ref": "question"}
    assert asked.refusal(REFERENT, c.AskAdvice, "visa", **again) == "already_asked"
    asked.do(NURSE, c.Advise, "visa", opinion="none")
    asked.do(REFERENT, c.AskAdvice, "visa", **again)


@pytest.mark.parametrize("person", ["karim", "claire", "nobody", ""])
def test_neither_oneself_nor_the_author_nor_somebody_unknown_is_asked(asked, person):
    assert asked.refusal(REFERENT, c.AskAdvice, "visa", of_person=person, text_ref="q") == "not_advisable"


def test_only_who_may_decide_asks_with_a_question(asked):
    assert asked.refusal(SEATS[0], c.AskAdvice, "visa", of_person="expert", text_ref="q") == "not_yours"
    assert asked.refusal(REFERENT, c.AskAdvice, "visa", of_person="expert") == "question_missing"
    assert offered(asked, REFERENT)[c.AskAdvice].choices == {"of_person": ("expert",)}
    assert c.AskAdvice not in offered(asked, MANAGER)


def test_no_opinion_is_asked_on_what_one_fills_or_signs(dossier):
    dossier.context = replace(dossier.context, advisable=lambda step: {"irene"})
    dossier.until("saisie")
    assert dossier.refusal(CESF, c.AskAdvice, "saisie", of_person="irene", text_ref="q") == "wrong_kind"


def test_an_opinion_speaks_of_what_was_shown_and_gives_its_reason(asked):
    assert asked.refusal(NURSE, c.Advise, "visa", opinion="favourable", shown="older") == "moved"
    assert asked.refusal(NURSE, c.Advise, "visa", opinion="unfavourable") == "reason_missing"
    assert asked.refusal(NURSE, c.Advise, "visa", opinion="perhaps") == "unknown_opinion"
    assert asked.refusal(SEATS[0], c.Advise, "visa", opinion="favourable") == "not_asked"
    assert asked.refusal(replace(NURSE, on_behalf_of="x"), c.Advise, "visa", opinion="favourable") == "not_asked"


def test_who_was_removed_since_no_longer_answers(asked):
    asked.context = replace(asked.context, advisable={})
    assert asked.refusal(NURSE, c.Advise, "visa", opinion="favourable") == "not_yours"


def test_an_outside_expert_answers_from_the_link_made_for_them(asked):
    asked.do(REFERENT, c.AskAdvice, "visa", of_person="expert", text_ref="q")
    other = replace(EXPERT, through="link:2")
    assert asked.refusal(other, c.Advise, "visa", opinion="favourable") == "not_linked"
    asked.do(EXPERT, c.Advise, "visa", opinion="favourable")
    assert asked.state.advice[-1].given_by.through == "link:1"


def test_asking_ends_the_time_in_which_the_step_before_may_be_taken_back(asked):
    assert asked.refusal(CESF, c.TakeBack) == "nothing_to_take_back"


def test_what_is_awaited_lapses_with_the_dossier_and_comes_back_with_it(asked):
    asked.do(MANAGER, c.Cancel, reason_ref="r")
    assert asked.state.advice == ()
    asked.do(MANAGER, c.TakeBack)
    assert asked.state.awaited_advice("visa", "irene") is not None
    assert not released(asked.state)
