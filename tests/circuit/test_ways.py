"""Acting otherwise than from one's own account: in a sitting, from a personal link."""

from dataclasses import replace

import pytest

from tests.circuit.rehousing import CESF, DIAGNOSIS, HOUSEHOLD, MANAGER, REFERENT, SEATS, Dossier
from workflow.circuit import commands as c
from workflow.circuit import events as e
from workflow.circuit.decide import Actor, available, voices
from workflow.circuit.definition import load
from workflow.circuit.together import judge_together

GRENOBLE = replace(SEATS[0], recorded_by="marthe", through="sitting:s1")
FAMILY = replace(HOUSEHOLD, recorded_by=None, through="link:l1")


@pytest.fixture
def sitting(dossier: Dossier) -> Dossier:
    """Three organisations sit; Marthe keeps the minutes."""
    there = {"sitting:s1": {seat.person for seat in SEATS[:3]}}
    dossier.context = replace(
        dossier.context,
        secretaries={"validation": {"marthe"}, "visa": {"marthe"}},
        present=lambda through, step: there.get(through, ()),
    )
    return dossier.until("validation")


@pytest.fixture
def linked(dossier: Dossier) -> Dossier:
    dossier.context = replace(dossier.context, linked={"link:l1": "famille"}.get)
    return dossier.until("lecture_menage")


def test_the_secretary_enters_what_each_organisation_said_in_the_sitting(sitting):
    for seat in SEATS[:3]:
        sitting.do(replace(seat, recorded_by="marthe", through="sitting:s1"), c.Approve, "validation")
    assert sitting.state.phase == "approved"
    by = sitting.state.votes_at("validation")[0].by
    assert (by.person, by.recorded_by, by.through) == ("siege-grenoble", "marthe", "sitting:s1")


@pytest.mark.parametrize(
    ("actor", "code"),
    [
        (replace(GRENOBLE, recorded_by="claire"), "not_secretary"),
        (replace(GRENOBLE, recorded_by=None), "not_secretary"),
        (replace(SEATS[4], recorded_by="marthe", through="sitting:s1"), "not_present"),
        (replace(GRENOBLE, through="sitting:s2"), "not_present"),
        (replace(GRENOBLE, through="letter:1"), "unknown_way"),
        (replace(GRENOBLE, person="nobody"), "not_yours"),
        (replace(GRENOBLE, through="link:l1"), "not_linked"),
    ],
)
def test_nobody_else_is_entered_and_nobody_else_enters(sitting, actor, code):
    before = sitting.state
    assert sitting.refusal(actor, c.Approve, "validation") == code
    assert sitting.state == before


def test_an_organisation_that_spoke_before_the_sitting_keeps_its_voice(sitting):
    sitting.do(SEATS[0], c.Approve, "validation")
    colleague = Actor("adjointe", "siege", "grenoble", recorded_by="marthe", through="sitting:s1")
    sitting.context = replace(sitting.context, present=lambda through, step: {"adjointe"})
    assert sitting.refusal(colleague, c.Refuse, "validation", reason_ref="r") == "organisation_spoke"


def test_who_withdrew_in_a_sitting_is_refused_at_the_desk_and_neither_waited_for_nor_counted(sitting):
    gone = SEATS[0].person
    sitting.context = replace(sitting.context, withdrew=lambda step: {gone} if step == "validation" else ())
    assert sitting.refusal(SEATS[0], c.Approve, "validation") == "withdrew"
    deputy = replace(SEATS[0], person="adjointe", on_behalf_of=gone)
    sitting.context = replace(sitting.context, substitutes={gone: {"adjointe"}})
    assert sitting.refusal(deputy, c.Approve, "validation") == "withdrew", "nor does anybody in their place"
    usable = voices(sitting.circuit, sitting.state, sitting.circuit.step("validation"), sitting.context)
    assert gone not in {voice.person for voice in usable} and len(usable) >= 3


def test_a_sitting_lends_nothing_to_a_step_that_asks_no_body(dossier):
    dossier.context = replace(
        dossier.context, secretaries=lambda step: {"marthe"}, present=lambda through, step: {"karim"}
    )
    dossier.until("visa")
    actor = replace(REFERENT, recorded_by="marthe", through="sitting:s1")
    assert dossier.refusal(actor, c.Approve, "visa") == "not_of_body"
    for other in (c.Comment(text_ref="t"), c.Remind(step="visa"), c.Reassign(step="visa", from_person="karim")):
        assert dossier.ask(other, actor).code == "only_asked"


def entered(said: str) -> list[tuple[c.Command, Actor]]:
    """ "+-" is: the first seat is for, the second against; a dot: there, and says nothing."""
    told = {"step": "validation", "shown": "r1"}
    commands = {"+": c.Approve(**told), "-": c.Refuse(**told, reason_ref="r")}
    actors = [replace(seat, recorded_by="marthe", through="sitting:s1") for seat in SEATS]
    return [(commands[word], actor) for word, actor in zip(said, actors, strict=False) if word != "."]


@pytest.mark.parametrize(
    ("said", "phase"),
    [("+++", "approved"), ("++-", "approved"), ("+..", "approved"), ("+--", "refused"), ("+-.", "refused")],
)
def test_a_sitting_decides_by_the_majority_of_those_who_are_there(sitting, said, phase):
    """Two of the five organisations are away: they are not waited for."""
    sitting.keep(judge_together(sitting.circuit, sitting.state, entered(said), sitting.world()))
    assert sitting.state.phase == phase


def test_a_sitting_without_its_quorum_decides_nothing(sitting):
    sitting.context = replace(sitting.context, present=lambda through, step: {seat.person for seat in SEATS[:2]})
    sitting.keep(judge_together(sitting.circuit, sitting.state, entered("++"), sitting.world()))
    assert sitting.state.open.keys() == {"validation"}


def test_what_a_sitting_decided_outlives_a_correction_that_touches_none_of_its_voices(sitting):
    text = DIAGNOSIS.replace("quorum: 3}\n", "quorum: 3}\n        survives: all\n")
    sitting.circuit = load(text)
    sitting.keep(judge_together(sitting.circuit, sitting.state, entered("++."), sitting.world()))
    sitting.do(MANAGER, c.Reopen, reason_ref="r", to="author")
    sitting.do(CESF, c.Submit, "saisie")
    sitting.do(HOUSEHOLD, c.Sign, "lecture_menage")
    assert sitting.state.phase == "approved", "the organisations that were away are not asked afterwards"


def test_who_wrote_the_file_does_not_judge_it_in_a_sitting_either(sitting):
    sitting.context = replace(sitting.context, author="siege-grenoble")
    assert sitting.refusal(GRENOBLE, c.Approve, "validation") == "self_approval"


def test_a_wrong_line_is_taken_back_by_the_secretary_who_wrote_it(sitting):
    sitting.do(GRENOBLE, c.Refuse, "validation", reason_ref="r")
    assert sitting.refusal(SEATS[0], c.TakeBack) == "nothing_to_take_back"
    assert sitting.refusal(replace(GRENOBLE, recorded_by="other"), c.TakeBack) == "nothing_to_take_back"
    assert sitting.do(GRENOBLE, c.TakeBack) == ["TakenBack"]
    sitting.do(GRENOBLE, c.Approve, "validation")


@pytest.mark.complaint(37)
def test_a_personal_link_speaks_for_whom_it_was_made_for(linked):
    linked.do(FAMILY, c.Sign, "lecture_menage")
    by = linked.state.votes_at("lecture_menage")[0].by
    assert (by.person, by.recorded_by, by.through) == ("famille", None, "link:l1")


@pytest.mark.parametrize(
    "actor",
    [
        replace(FAMILY, through="link:l2"),
        replace(FAMILY, recorded_by="claire"),
    ],
)
def test_another_link_or_a_link_used_for_another_says_nothing(linked, actor):
    assert linked.refusal(actor, c.Sign, "lecture_menage") == "not_linked"
    assert not available(linked.circuit, linked.state, actor, linked.world())


def test_from_a_link_one_only_answers_what_is_asked(linked):
    possible = available(linked.circuit, linked.state, FAMILY, linked.world())
    assert {one.command for one in possible} == {c.Sign, c.SendBack}
    assert linked.refusal(FAMILY, c.Comment, text_ref="t") == "only_asked"
    linked.do(FAMILY, c.Sign, "lecture_menage")
    assert linked.refusal(FAMILY, c.TakeBack) == "only_asked"


@pytest.mark.complaint(27)
def test_what_was_recorded_before_there_were_such_ways_is_still_read():
    stored = e.Withdrawn(at=Dossier().now, actor=REFERENT.by).to_dict()
    del stored["actor"]["through"]
    assert e.from_dict(stored).actor == REFERENT.by
