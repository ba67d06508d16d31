"""A closed dossier is reopened by whoever runs its circuit."""

from dataclasses import replace

import pytest

from tests.circuit.rehousing import CESF, HOUSEHOLD, MANAGER, REFERENT, SEATS, Dossier
from workflow.circuit import commands as c
from workflow.circuit.decide import available
from workflow.circuit.state import released

WHY = {"reason_ref": "why"}


@pytest.fixture
def approved(dossier: Dossier) -> Dossier:
    dossier.until("validation")
    for seat in SEATS[:3]:
        dossier.do(seat, c.Approve, "validation")
    assert released(dossier.state)
    return dossier


def destinations(dossier: Dossier, actor=MANAGER) -> tuple[str, ...] | None:
    possible = available(dossier.circuit, dossier.state, actor, dossier.world())
    return next((one.choices["to"] for one in possible if one.command is c.Reopen), None)


@pytest.mark.complaint(10)
def test_nothing_is_released_any_more_until_it_ends_well_again(approved):
    approved.do(MANAGER, c.Reopen, **WHY)
    assert (approved.state.phase, approved.state.round, list(approved.state.open)) == ("open", 2, ["saisie"])
    assert not released(approved.state)
    approved.do(CESF, c.Submit, "saisie")
    approved.do(HOUSEHOLD, c.Sign, "lecture_menage")
    for seat in SEATS[:3]:
        approved.do(seat, c.Approve, "validation")
    assert released(approved.state)


def test_who_must_act_reads_who_reopened_it_and_why(approved):
    approved.do(MANAGER, c.Reopen, **WHY)
    asked = approved.state.correction
    assert (asked.step, asked.by.person, asked.to, asked.reason_ref) == (None, "odile", "remplir", "why")


def test_votes_fall_or_survive_as_after_a_correction(approved):
    approved.do(MANAGER, c.Reopen, **WHY)
    approved.change("I")
    approved.do(CESF, c.Submit, "saisie")
    assert approved.state.votes_at("visa")  # it looks at other sections
    assert {(fallen.step, fallen.because) for fallen in approved.state.fallen} == {
        ("lecture_menage", "correction"),
        ("validation", "correction"),
    }
    assert list(approved.state.open) == ["lecture_menage"]


def test_it_may_be_reopened_at_a_later_stage_where_the_others_stand(approved):
    assert destinations(approved) == ("author", "covalider", "lecture", "commission")
    approved.do(MANAGER, c.Reopen, to="commission", **WHY)
    assert list(approved.state.open) == ["validation"]
    assert approved.state.votes_at("validation") == ()
    assert approved.state.votes_at("visa")


def test_no_stage_is_skipped_by_reopening(dossier):
    dossier.until("visa").do(CESF, c.Withdraw)
    assert destinations(dossier) == ("author", "covalider")
    assert dossier.refusal(MANAGER, c.Reopen, to="commission", **WHY) == "not_reached"
    dossier.do(MANAGER, c.Reopen, to="covalider", **WHY)
    assert list(dossier.state.open) == ["visa"]


def test_a_refused_dossier_goes_on_and_the_refusal_is_forgotten(dossier):
    dossier.until("validation")
    for seat in SEATS[:3]:
        dossier.do(seat, c.Refuse, "validation", **WHY)
    assert dossier.state.phase == "refused"
    dossier.do(MANAGER, c.Reopen, to="commission", **WHY)
    for seat in SEATS[:3]:
        dossier.do(seat, c.Approve, "validation")
    assert released(dossier.state)


def test_a_reason_and_the_charge_of_the_circuit_are_needed(approved):
    assert approved.refusal(MANAGER, c.Reopen) == "reason_missing"
    assert approved.refusal(CESF, c.Reopen, **WHY) == "not_manager"
    assert approved.refusal(replace(MANAGER, on_behalf_of="x"), c.Reopen, **WHY) == "not_manager"
    assert approved.refusal(MANAGER, c.Reopen, to="nowhere", **WHY) == "not_reached"
    assert destinations(approved, REFERENT) is None


def test_a_dossier_under_way_is_not_reopened(dossier):
    assert dossier.refusal(MANAGER, c.Reopen, **WHY) == "not_open"
    assert dossier.until("visa").refusal(MANAGER, c.Reopen, **WHY) == "already_open"


def test_reopening_by_mistake_is_taken_back_until_somebody_acts(approved):
    before = approved.state
    approved.do(MANAGER, c.Reopen, **WHY)
    approved.do(MANAGER, c.TakeBack)
    assert released(approved.state)
    assert approved.state.votes == before.votes


def test_a_cancelled_dossier_that_was_reopened_is_cancelled_again_instead(dossier):
    dossier.until("visa").do(MANAGER, c.Cancel, **WHY)
    dossier.do(MANAGER, c.Reopen, **WHY)
    assert dossier.refusal(MANAGER, c.TakeBack) == "nothing_to_take_back"
    dossier.do(MANAGER, c.Cancel, **WHY)
