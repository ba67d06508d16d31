"""What the buttons say before they are pressed."""

import pytest

from tests.circuit.rehousing import CESF, HOUSEHOLD, MANAGER, REFERENT, SEATS
from workflow.circuit import commands as c
from workflow.circuit.decide import at_risk, available


def offered(dossier, actor):
    return {p.command: p for p in available(dossier.circuit, dossier.state, actor, dossier.world())}


def told(possible) -> list[tuple[str, dict]]:
    return [(consequence.code, dict(consequence.params)) for consequence in possible.consequence]


def test_approving_says_what_opens_next(dossier):
    dossier.until("visa")
    possible = offered(dossier, REFERENT)[c.Approve]
    assert told(possible) == [("opens", {"stage": "lecture", "steps": ("lecture_menage",)})]


def test_approving_among_several_says_how_many_voices_are_still_needed(dossier):
    dossier.until("validation")
    possible = offered(dossier, SEATS[0])[c.Approve]
    left = {"step": "validation", "needed": 3, "left": 4}
    assert told(possible) == [("waits_for_quorum", left | {"refused": False, "favourable": 1, "against": 0})]
    possible = offered(dossier, SEATS[0])[c.Refuse]
    assert told(possible) == [("waits_for_quorum", left | {"refused": True, "favourable": 0, "against": 1})]


def test_the_last_voice_says_that_the_dossier_ends(dossier):
    dossier.until("validation")
    for seat in SEATS[:2]:
        dossier.do(seat, c.Approve, "validation")
    assert told(offered(dossier, SEATS[2])[c.Approve]) == [("completes", {"outcome": "approved"})]


def test_sending_back_says_where_it_goes_what_it_needs_and_which_approvals_are_at_stake(dossier):
    dossier.until("validation")
    possible = offered(dossier, SEATS[0])[c.SendBack]
    assert set(possible.needs) == {"reason", "destination"}
    assert possible.choices["to"] == ("author", "covalider", "lecture")
    assert "E" in possible.choices["sections"]
    codes = [(code, params.get("step")) for code, params in told(possible)]
    assert ("returns", None) in codes
    assert ("may_fall", "visa") in codes
    assert ("falls", "lecture_menage") in codes


def test_a_correction_outside_its_sections_does_not_threaten_a_visa(dossier):
    dossier.until("validation")
    assert [risk.params["step"] for risk in at_risk(dossier.circuit, dossier.state, "author", ("I",))] == [
        "lecture_menage"
    ]


def test_nobody_is_offered_what_is_not_theirs(dossier):
    dossier.until("visa")
    assert set(offered(dossier, SEATS[0])) == {c.Comment}
    assert set(offered(dossier, CESF)) == {c.Remind, c.TakeBack, c.Withdraw, c.Comment}
    assert set(offered(dossier, MANAGER)) == {c.Reassign, c.ExtendDeadline, c.Remind, c.Cancel, c.Comment}


def test_a_household_is_offered_to_sign_or_to_ask_for_a_correction_but_not_to_refuse(dossier):
    dossier.until("lecture_menage")
    assert set(offered(dossier, HOUSEHOLD)) == {c.Sign, c.SendBack}


@pytest.mark.complaint(18)
def test_sent_back_to_a_middle_stage_the_approval_there_is_asked_again_and_the_form_stays_closed(dossier):
    dossier.until("validation")
    dossier.do(SEATS[0], c.SendBack, "validation", reason_ref="r", to="covalider")
    assert list(dossier.state.open) == ["visa"]
    assert ("visa", "asked_again") in {(fallen.step, fallen.because) for fallen in dossier.state.fallen}
    dossier.do(REFERENT, c.Approve, "visa")
    assert list(dossier.state.open) == ["lecture_menage"]
