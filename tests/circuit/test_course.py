"""The course of a social diagnosis, as its people live it."""

from datetime import UTC, datetime

import pytest

from tests.circuit.rehousing import CESF, HOUSEHOLD, MANAGER, MONDAY, REFERENT, SEATS
from workflow.circuit import commands as c
from workflow.circuit.decide import changed_since, editable_sections, forecast
from workflow.circuit.state import released


@pytest.mark.complaint(3)
def test_the_straight_course_ends_approved_and_only_then_releases_the_paper(dossier):
    dossier.until("validation")
    assert not released(dossier.state)
    for seat in SEATS[:2]:
        assert dossier.do(seat, c.Approve, "validation") == ["Approved"]
    assert dossier.do(SEATS[2], c.Approve, "validation") == ["Approved", "StepClosed", "Completed"]
    assert dossier.state.phase == "approved"
    assert released(dossier.state)


def test_a_landlord_who_is_not_ticked_is_never_asked(dossier):
    dossier.landlord_ticked = False
    dossier.until("saisie")
    assert dossier.do(CESF, c.Submit, "saisie") == ["Submitted", "StepClosed", "StageSkipped", "StageEntered"]
    assert list(dossier.state.open) == ["lecture_menage"]
    assert dossier.state.outcomes["visa"] == "not_needed"


@pytest.mark.complaint(10)
def test_a_sent_back_section_reopens_only_that_section(dossier):
    dossier.until("visa")
    dossier.do(REFERENT, c.SendBack, "visa", reason_ref="r", sections=("E",))
    assert list(dossier.state.open) == ["saisie"]
    assert dossier.state.round == 2
    assert dossier.state.correction.sections == ("E",)
    assert dossier.state.correction.by.person == "karim"
    assert editable_sections(dossier.circuit, dossier.state, "saisie", "ABCDEFIJ") == ("E",)


def test_a_first_filling_may_change_every_section(dossier):
    dossier.until("saisie")
    assert editable_sections(dossier.circuit, dossier.state, "saisie", "ABC") == ("A", "B", "C")
    assert editable_sections(dossier.circuit, dossier.state, "visa", "ABC") == ()


def test_a_visa_survives_a_correction_of_sections_it_did_not_look_at(dossier):
    dossier.until("lecture_menage")
    dossier.do(HOUSEHOLD, c.SendBack, "lecture_menage", reason_ref="r", sections=("I",))
    dossier.change("I")
    dossier.do(CESF, c.Submit, "saisie")
    assert list(dossier.state.open) == ["lecture_menage"]
    assert dossier.state.fallen == ()


@pytest.mark.complaint(14)
def test_a_visa_falls_when_a_section_it_looked_at_changed_and_says_which(dossier):
    dossier.until("lecture_menage")
    dossier.do(HOUSEHOLD, c.SendBack, "lecture_menage", reason_ref="r", sections=("E", "I"))
    dossier.change("E", "I")
    assert "VoteFell" in dossier.do(CESF, c.Submit, "saisie")
    assert list(dossier.state.open) == ["visa"]
    (fallen,) = dossier.state.fallen
    assert (fallen.voice.person, fallen.because, fallen.sections) == ("karim", "sections_changed", ("E",))


def test_a_step_that_lets_nothing_survive_asks_everybody_again_after_any_correction(dossier):
    dossier.until("validation")
    dossier.do(SEATS[0], c.Approve, "validation")
    dossier.do(SEATS[1], c.SendBack, "validation", reason_ref="r")
    dossier.do(CESF, c.Submit, "saisie")
    assert list(dossier.state.open) == ["lecture_menage"]
    assert {fallen.because for fallen in dossier.state.fallen} == {"correction"}
    assert {fallen.step for fallen in dossier.state.fallen} == {"lecture_menage", "validation"}


def test_the_approver_learns_what_changed_since_the_last_decision(dossier):
    dossier.until("visa")
    seen = dossier.context.section_hashes
    assert changed_since(dossier.circuit, dossier.state, "visa", REFERENT.voice, seen) is None
    dossier.do(REFERENT, c.SendBack, "visa", reason_ref="r")
    dossier.change("B", "I")
    dossier.do(CESF, c.Submit, "saisie")
    now = dossier.context.section_hashes
    assert changed_since(dossier.circuit, dossier.state, "visa", REFERENT.voice, now) == ("B",)


@pytest.mark.complaint(12)
def test_a_refusal_that_leads_back_tells_the_author_who_and_why(dossier):
    dossier.until("visa")
    dossier.do(REFERENT, c.Refuse, "visa", reason_ref="r7")
    assert (dossier.state.phase, list(dossier.state.open)) == ("open", ["saisie"])
    assert (dossier.state.correction.reason_ref, dossier.state.correction.to) == ("r7", "remplir")
    dossier.do(CESF, c.Submit, "saisie")
    assert dossier.state.correction is None
    assert list(dossier.state.open) == ["visa"]


def test_a_household_that_disagrees_does_not_block_and_its_disagreement_is_on_record(dossier):
    dossier.until("lecture_menage")
    facts = {"channel": "paper", "scan_hash": "s", "disagreement": True, "remarks_ref": "m1"}
    dossier.do(HOUSEHOLD, c.Sign, "lecture_menage", **facts)
    assert list(dossier.state.open) == ["validation"]
    (vote,) = dossier.state.votes_at("lecture_menage")
    assert (vote.by.recorded_by, vote.reason_ref) == ("claire", "m1")


def test_everybody_disagreeing_ends_refused(dossier):
    dossier.until("validation")
    for seat in SEATS:
        if dossier.state.phase == "open":
            dossier.do(seat, c.Refuse, "validation", reason_ref="r")
    assert dossier.state.phase == "refused"
    assert not released(dossier.state)


@pytest.mark.complaint(1)
def test_a_refusal_waits_until_the_quorum_is_out_of_reach(dossier):
    dossier.until("validation")
    dossier.do(SEATS[0], c.Refuse, "validation", reason_ref="r")
    dossier.do(SEATS[1], c.Refuse, "validation", reason_ref="r")
    assert dossier.state.phase == "open"
    assert dossier.do(SEATS[2], c.Refuse, "validation", reason_ref="r")[-1] == "Completed"


@pytest.mark.complaint(13)
def test_a_decision_is_taken_back_until_the_next_person_acts(dossier):
    dossier.until("visa")
    dossier.do(CESF, c.TakeBack)
    assert list(dossier.state.open) == ["saisie"]
    dossier.do(CESF, c.Submit, "saisie")
    dossier.do(REFERENT, c.Approve, "visa")
    assert dossier.refusal(CESF, c.TakeBack) == "nothing_to_take_back"
    dossier.do(REFERENT, c.TakeBack)
    assert list(dossier.state.open) == ["visa"]
    assert dossier.state.votes_at("visa") == ()
    assert dossier.refusal(REFERENT, c.TakeBack) == "nothing_to_take_back"


def test_taking_back_does_not_forget_that_a_reminder_left(dossier):
    dossier.until("validation")
    dossier.do(SEATS[0], c.Approve, "validation")
    dossier.do(CESF, c.Remind, "validation")
    dossier.do(SEATS[0], c.TakeBack)
    assert dossier.state.votes_at("validation") == ()
    assert dossier.state.version == len(dossier.events)


@pytest.mark.complaint(2)
def test_a_seat_that_is_passed_on_is_no_longer_the_first_persons(dossier):
    dossier.until("visa")
    dossier.do(MANAGER, c.Reassign, "visa", from_person="karim", to_person="noor")
    assert dossier.refusal(REFERENT, c.Approve, "visa") == "not_yours"
    noor = type(REFERENT)("noor", "referent_bailleur", "actis")
    dossier.do(noor, c.Approve, "visa")
    assert dossier.state.votes_at("visa")[0].voice == noor.voice


def test_the_forecast_names_who_comes_next_for_this_dossier(dossier):
    dossier.until("saisie")
    named = [stage.stage for stage in forecast(dossier.circuit, dossier.state, dossier.world())]
    assert named == ["remplir", "covalider", "lecture", "commission"]
    dossier.landlord_ticked = False
    coming = forecast(dossier.circuit, dossier.state, dossier.world())
    assert [stage.stage for stage in coming] == ["remplir", "lecture", "commission"]
    assert [step.status for stage in coming for step in stage.steps] == ["open", "coming", "coming"]
    assert coming[1].steps[0].seats == (HOUSEHOLD.voice,)


def test_the_forecast_of_a_correction_counts_on_the_decisions_that_survive_it(dossier):
    dossier.until("validation")
    dossier.do(SEATS[0], c.SendBack, "validation", reason_ref="r")
    coming = forecast(dossier.circuit, dossier.state, dossier.world())
    told = {step.step: step.status for stage in coming for step in stage.steps}
    assert told == {"saisie": "open", "visa": "done", "lecture_menage": "coming", "validation": "coming"}


@pytest.mark.complaint(46)
def test_the_author_may_give_up_and_the_manager_may_stop(dossier):
    dossier.until("visa")
    assert dossier.refusal(REFERENT, c.Withdraw) == "not_author"
    assert dossier.refusal(CESF, c.Cancel, reason_ref="r") == "not_manager"
    dossier.do(CESF, c.Withdraw)
    assert (dossier.state.phase, dict(dossier.state.open)) == ("withdrawn", {})
    assert dossier.refusal(MANAGER, c.Cancel, reason_ref="r") == "closed"


def test_a_decided_dossier_may_be_annulled_and_that_taken_back_by_who_did_it(dossier):
    dossier.until("validation")
    for seat in SEATS[:3]:
        dossier.do(seat, c.Approve, "validation")
    assert released(dossier.state)
    assert dossier.refusal(MANAGER, c.Cancel) == "reason_missing"
    dossier.do(MANAGER, c.Cancel, reason_ref="r")
    assert (dossier.state.phase, released(dossier.state)) == ("cancelled", False)
    assert dossier.refusal(CESF, c.TakeBack) == "nothing_to_take_back"
    dossier.do(MANAGER, c.TakeBack)
    assert released(dossier.state)


def test_what_a_step_waits_for_carries_its_deadline(dossier):
    dossier.until("visa")
    step = dossier.state.open["visa"]
    assert step.since == MONDAY
    assert step.due == datetime(2026, 3, 9, 23, tzinfo=UTC)
