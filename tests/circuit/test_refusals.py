"""What is refused, with which code, and that a refusal changes nothing."""

from dataclasses import replace

import pytest

from tests.circuit.rehousing import CESF, DIAGNOSIS, HOLDERS, HOUSEHOLD, MANAGER, REFERENT, SEATS
from workflow.circuit import commands as c
from workflow.circuit.decide import Actor, Refusal, available, decide
from workflow.circuit.definition import load
from workflow.circuit.refusals import MESSAGES
from workflow.circuit.state import State


@pytest.mark.complaint(16)
def test_a_decision_on_a_page_that_changed_meanwhile_is_refused(dossier):
    dossier.until("visa")
    assert dossier.refusal(REFERENT, c.Approve, "visa", shown="older") == "moved"


def test_the_hash_of_what_was_shown_is_kept_with_the_decision(dossier):
    dossier.until("visa")
    dossier.do(REFERENT, c.Approve, "visa")
    assert dossier.state.votes_at("visa")[0].shown_hash == "r1"


def test_a_decision_posted_twice_is_refused_the_second_time(dossier):
    dossier.until("visa")
    dossier.do(REFERENT, c.Approve, "visa")
    assert dossier.refusal(REFERENT, c.Approve, "visa") == "not_open"
    dossier.until("validation").do(SEATS[0], c.Approve, "validation")
    assert dossier.refusal(SEATS[0], c.Approve, "validation") == "already_decided"


def test_a_colleague_reads_that_the_organisation_has_already_spoken(dossier):
    dossier.until("validation").do(SEATS[0], c.Approve, "validation")
    colleague = Actor("adjointe", "siege", "grenoble")
    answer = dossier.ask(c.Refuse(step="validation", shown="r1", reason_ref="r"), colleague)
    assert answer.code == "organisation_spoke"
    assert answer.params["person"] == "siege-grenoble"


def test_somebody_removed_this_morning_may_no_longer_decide(dossier):
    dossier.until("visa")
    dossier.context = replace(dossier.context, holders={**HOLDERS, "visa": set()})
    assert dossier.refusal(REFERENT, c.Approve, "visa") == "not_yours"


def test_the_right_person_in_another_organisation_is_not_the_one_asked(dossier):
    dossier.until("visa")
    assert dossier.refusal(replace(REFERENT, organisation="vercors"), c.Approve, "visa") == "not_yours"


@pytest.mark.complaint(12)
@pytest.mark.parametrize("kind", [c.Approve, c.Refuse, c.ApproveWithReservation])
def test_the_author_never_judges_the_own_work(dossier, kind):
    dossier.until("visa")
    dossier.context = replace(dossier.context, author="karim")
    facts = {} if kind is c.Approve else {"reason_ref": "r"}
    assert dossier.refusal(REFERENT, kind, "visa", **facts) == "self_approval"


def test_who_handed_the_form_in_counts_as_author_even_when_another_is_named(dossier):
    dossier.context = replace(dossier.context, author="marc")
    dossier.until("visa")
    claire = replace(REFERENT, person="claire")
    dossier.context = replace(dossier.context, holders={**HOLDERS, "visa": {claire.voice}})
    assert dossier.refusal(claire, c.Approve, "visa") == "self_approval"


def test_the_author_does_not_approve_through_an_absent_colleague(dossier):
    dossier.until("visa")
    claire_for_karim = replace(REFERENT, person="claire", on_behalf_of="karim")
    dossier.context = replace(dossier.context, substitutes={"karim": {"claire"}})
    assert dossier.refusal(claire_for_karim, c.Approve, "visa") == "self_approval"


def test_nobody_approves_in_the_name_of_the_author_either(dossier):
    dossier.until("visa")
    lea_for_claire = replace(REFERENT, person="lea", on_behalf_of="claire")
    seats = {lea_for_claire.voice}
    dossier.context = replace(dossier.context, substitutes={"claire": {"lea"}}, holders={**HOLDERS, "visa": seats})
    assert dossier.refusal(lea_for_claire, c.Approve, "visa") == "self_approval"


def test_who_acted_at_a_step_declared_apart_is_kept_out_in_both_directions(dossier):
    dossier.until("validation")
    karim = replace(SEATS[1], person="karim")
    text = DIAGNOSIS.replace("quorum: 3}\n        separate_from: [saisie]", "quorum: 3}\n        separate_from: [visa]")
    dossier.circuit = load(text)
    dossier.context = replace(dossier.context, holders={**HOLDERS, "validation": {karim.voice}})
    assert dossier.refusal(karim, c.Approve, "validation") == "separated"
    dossier.context = replace(dossier.context, holders={**HOLDERS, "validation": {SEATS[0].voice}})
    dossier.do(SEATS[0], c.SendBack, "validation", reason_ref="r", to="covalider")
    referent = replace(REFERENT, person=SEATS[0].person)
    dossier.context = replace(dossier.context, holders={**HOLDERS, "visa": {referent.voice}})
    assert dossier.refusal(referent, c.Approve, "visa") == "separated"


def test_a_substitute_acts_in_the_name_of_the_absent_person_and_both_are_on_record(dossier):
    dossier.until("visa")
    lea_for_karim = replace(REFERENT, person="lea", on_behalf_of="karim")
    assert dossier.refusal(lea_for_karim, c.Approve, "visa") == "not_substitute"
    dossier.context = replace(dossier.context, substitutes={"karim": {"lea"}})
    dossier.do(lea_for_karim, c.Approve, "visa")
    by = dossier.state.votes_at("visa")[0].by
    assert (by.person, by.on_behalf_of) == ("lea", "karim")


@pytest.mark.complaint(37)
def test_only_those_named_for_it_record_what_a_household_signs(dossier):
    dossier.until("lecture_menage")
    assert dossier.refusal(replace(HOUSEHOLD, recorded_by="karim"), c.Sign, "lecture_menage") == "not_recorder"


def test_a_reading_by_the_household_cannot_be_refused_only_commented(dossier):
    dossier.until("lecture_menage")
    assert dossier.refusal(HOUSEHOLD, c.Refuse, "lecture_menage", reason_ref="r") == "wrong_kind"


def test_a_paper_signature_needs_its_scan(dossier):
    dossier.until("lecture_menage")
    assert dossier.refusal(HOUSEHOLD, c.Sign, "lecture_menage", channel="paper") == "scan_missing"
    assert dossier.refusal(HOUSEHOLD, c.Sign, "lecture_menage", channel="fax") == "unknown_channel"


@pytest.mark.parametrize("kind", [c.SendBack, c.Refuse, c.ApproveWithReservation])
def test_whoever_does_not_simply_approve_says_why(dossier, kind):
    dossier.until("visa")
    assert dossier.refusal(REFERENT, kind, "visa") == "reason_missing"


def test_nothing_is_sent_back_to_a_place_or_a_section_that_is_not_there(dossier):
    dossier.until("visa")
    assert dossier.refusal(REFERENT, c.SendBack, "visa", reason_ref="r", to="commission") == "unknown_destination"
    assert dossier.refusal(REFERENT, c.SendBack, "visa", reason_ref="r", sections=("Z",)) == "unknown_section"
    assert dossier.refusal(REFERENT, c.SendBack, "visa", reason_ref="r", sections=("E", "I")) == "section_not_seen"
    offered = available(dossier.circuit, dossier.state, REFERENT, dossier.world())
    (sections,) = [one.choices["sections"] for one in offered if one.command is c.SendBack]
    assert sections == ("A", "B", "C", "E", "F")


def test_a_stage_that_would_not_open_is_no_destination(dossier):
    dossier.landlord_ticked = False
    dossier.until("validation")
    answer = dossier.refusal(SEATS[0], c.SendBack, "validation", reason_ref="r", to="covalider")
    assert answer == "unknown_destination"


def test_a_visa_is_not_submitted_and_a_filling_is_not_approved(dossier):
    dossier.until("saisie")
    assert dossier.refusal(CESF, c.Approve, "saisie") == "wrong_kind"
    dossier.until("visa")
    assert dossier.refusal(REFERENT, c.Submit, "visa") == "wrong_kind"


def test_a_step_out_of_turn_or_unknown_is_not_open(dossier):
    dossier.until("visa")
    assert dossier.refusal(SEATS[0], c.Approve, "validation") == "not_open"
    assert dossier.refusal(SEATS[0], c.Approve, "nowhere") == "not_open"
    assert dossier.refusal(SEATS[0], c.Approve, None) == "not_open"


def test_a_dossier_is_opened_once_and_nothing_happens_before(dossier):
    assert dossier.refusal(CESF, c.Submit, "saisie") == "not_open"
    assert dossier.refusal(CESF, c.Withdraw) == "not_open"
    dossier.do(CESF, c.Open)
    assert dossier.refusal(CESF, c.Open) == "already_open"


def test_a_new_deadline_is_later_and_given_by_whoever_runs_the_circuit(dossier):
    dossier.until("visa")
    due = dossier.state.open["visa"].due
    assert dossier.refusal(REFERENT, c.ExtendDeadline, "visa", due=due) == "not_manager"
    assert dossier.refusal(MANAGER, c.ExtendDeadline, "visa", due=due) == "not_later"
    assert dossier.refusal(MANAGER, c.ExtendDeadline, "visa") == "not_later"


def test_a_seat_passes_only_from_who_has_one_to_somebody_else(dossier):
    dossier.until("visa")
    assert dossier.refusal(REFERENT, c.Reassign, "visa", from_person="lucie", to_person="noor") == "not_manager"
    assert dossier.refusal(REFERENT, c.Reassign, "visa", from_person="karim", to_person="karim") == "unknown_person"
    assert dossier.refusal(MANAGER, c.Reassign, "visa", from_person="zoe", to_person="noor") == "unknown_person"


def test_a_stranger_does_not_comment(dossier):
    dossier.until("visa")
    assert dossier.refusal(Actor("x", "y", "z"), c.Comment, text_ref="t") == "not_yours"
    assert dossier.refusal(CESF, c.Comment) == "text_missing"
    assert dossier.do(CESF, c.Comment, text_ref="t", public=True) == ["Commented"]


def test_nobody_comments_in_the_name_of_who_has_no_account_but_who_enters_their_words_may_in_the_own(dossier):
    dossier.context = replace(dossier.context, recorders={"lecture_menage": {"bruno"}})
    dossier.until("lecture_menage")
    entered, own = replace(HOUSEHOLD, recorded_by="bruno"), Actor("bruno", "agent_relogement", "grenoble")
    assert dossier.refusal(entered, c.Comment, text_ref="t") == "own_name_only"
    assert dossier.do(own, c.Comment, text_ref="t") == ["Commented"]
    assert dossier.events[-1].actor.person == "bruno"


def test_a_refusal_is_data_with_a_message_for_its_parameters(dossier):
    answer = decide(dossier.circuit, State(), c.Submit(step="saisie"), CESF, dossier.world())
    assert isinstance(answer, Refusal)
    assert answer.message == MESSAGES[answer.code]
    assert answer.message % dict(answer.params)
