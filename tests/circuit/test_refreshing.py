"""A form that has aged is taken up again: a new round of the same dossier, never a second one."""

from dataclasses import replace

import pytest
import yaml

from tests.circuit.rehousing import CESF, DIAGNOSIS, HOUSEHOLD, MANAGER, REFERENT, SEATS, Dossier
from workflow.circuit import commands as c
from workflow.circuit import events as e
from workflow.circuit.decide import Actor, available, dead_end, forecast, next_alarm, own_work, voices
from workflow.circuit.definition import CircuitRefused, Refreshing, Who, check, load
from workflow.circuit.simulate import play
from workflow.circuit.state import released

LUCIE = Actor("lucie", "referent_bailleur", "actis")
STRANGER = Actor("paul", "siege", "grenoble")
REFRESHABLE = DIAGNOSIS.replace(
    "managed_by: {role: [chef_de_projet]}",
    "managed_by: {role: [chef_de_projet]}\nrefresh: {who: {role: [cesf, referent_bailleur]}}",
).replace(
    "        rule: {per_organisation: true, quorum: 3}",
    "        rule: {per_organisation: true, quorum: 3}\n        fresh: [E, F]",
)


@pytest.fixture
def aged() -> Dossier:
    """Validated, with answers on income that have become too old."""
    dossier = Dossier(circuit=load(REFRESHABLE))
    seats = (CESF.voice, REFERENT.voice, LUCIE.voice)
    dossier.context = replace(dossier.context, refreshers=lambda: seats)
    dossier.until("validation")
    for seat in SEATS[:3]:
        dossier.do(seat, c.Approve, "validation")
    assert released(dossier.state)
    dossier.context = replace(dossier.context, stale=lambda: ("E",))
    return dossier


def positions(dossier: Dossier) -> dict[str, list[str]]:
    return {step: [vote.voice.person for vote in votes] for step, votes in dossier.state.votes.items() if votes}


def test_whoever_refreshes_fills_in_a_new_round_and_the_rest_of_the_course_runs_again(aged):
    assert aged.do(LUCIE, c.Refresh) == ["Refreshed", "VoteFell", "StageEntered"]
    assert (aged.state.phase, list(aged.state.open), aged.state.round) == ("open", ["saisie"], 2)
    assert not released(aged.state)
    aged.change("E")
    aged.do(LUCIE, c.Submit, "saisie")
    assert list(aged.state.open) == ["visa"], "its sections were touched"
    assert "validation" not in positions(aged), "a vote that does not survive is asked for again"


def test_a_visa_on_sections_that_were_confirmed_unchanged_survives(aged):
    aged.do(CESF, c.Refresh)
    aged.change("I")
    aged.do(CESF, c.Submit, "saisie")
    assert positions(aged)["visa"] == ["karim"]
    assert list(aged.state.open) == ["lecture_menage"]


def test_neither_the_first_author_nor_who_refreshes_judges_the_new_version(aged):
    aged.do(LUCIE, c.Refresh)
    aged.change("E")
    aged.do(LUCIE, c.Submit, "saisie")
    assert aged.refusal(LUCIE, c.Approve, "visa") == "self_approval"
    assert aged.refusal(replace(CESF, role="referent_bailleur", organisation="actis"), c.Approve, "visa") == "not_yours"
    assert {"claire", "lucie"} <= aged.state.acted["saisie"]
    aged.do(REFERENT, c.Approve, "visa")


def test_the_visa_of_who_refreshes_falls_although_nothing_it_looked_at_has_changed(aged):
    aged.do(REFERENT, c.Refresh)
    aged.do(REFERENT, c.Submit, "saisie")
    assert list(aged.state.open) == ["visa"]
    assert [fallen.because for fallen in aged.state.fallen if fallen.step == "visa"] == ["own_work"]
    aged.do(LUCIE, c.Approve, "visa")


def test_the_new_version_waits_for_nobody_who_may_not_judge_it_and_says_so_before(aged):
    (told,) = own_work(aged.circuit, aged.state, REFERENT, aged.world())
    assert (told.code, told.params["step"], told.params["left"]) == ("own_work", "visa", ("lucie",))
    assert own_work(aged.circuit, aged.state, LUCIE, aged.world()) == ()
    aged.do(REFERENT, c.Refresh)
    aged.do(REFERENT, c.Submit, "saisie")
    visa = aged.circuit.step("visa")
    assert voices(aged.circuit, aged.state, visa, aged.world()) == {LUCIE.voice}
    coming = forecast(aged.circuit, aged.state, aged.world())[0].steps[0]
    assert [seat.person for seat in coming.seats] == ["lucie"]
    assert not dead_end(aged.circuit, aged.state, visa, aged.world())


def test_where_nobody_else_may_judge_it_the_manager_is_told_at_once(aged):
    alone = aged.context.holders | {"visa": {REFERENT.voice}}
    aged.context = replace(aged.context, holders=alone)
    assert [told.code for told in own_work(aged.circuit, aged.state, REFERENT, aged.world())] == ["nobody_left"]
    aged.do(REFERENT, c.Refresh)
    assert aged.do(REFERENT, c.Submit, "saisie")[-1] == "Escalated"
    assert (aged.state.open["visa"].escalated, aged.events[-1].because) == (True, "nobody")
    assert aged.wait(days=30).count("Escalated") == 0
    aged.context = replace(aged.context, holders=alone | {"visa": {REFERENT.voice, LUCIE.voice}})
    given = {"from_person": "lucie", "to_person": "claire"}
    passed = aged.ask(c.Reassign(step="visa", **given), MANAGER)
    assert [type(event).__name__ for event in passed] == ["Reassigned"], "it was told already"
    aged.do(LUCIE, c.Approve, "visa")


def test_a_rule_that_asks_everybody_counts_nobody_who_may_not_decide():
    dossier = Dossier(circuit=load(DIAGNOSIS.replace("{per_organisation: true, quorum: 3}", "all")))
    sits_too = {CESF.voice._replace(role="siege"), SEATS[0].voice}
    dossier.context = replace(dossier.context, holders=dossier.context.holders | {"validation": sits_too})
    dossier.until("validation").do(SEATS[0], c.Approve, "validation")
    assert released(dossier.state), "who filled it in sits in the committee too, and is not waited for"


def test_it_is_for_who_the_circuit_names_after_the_ends_it_names_and_never_while_it_is_filled_in(aged):
    assert aged.refusal(STRANGER, c.Refresh) == "not_yours_to_refresh"
    assert aged.refusal(HOUSEHOLD, c.Refresh) == "not_yours_to_refresh"
    aged.do(CESF, c.Refresh)
    assert aged.refusal(LUCIE, c.Refresh) == "not_refreshable"
    plain = Dossier().until("validation")
    assert plain.refusal(CESF, c.Refresh) == "not_refreshable"
    aged.do(MANAGER, c.Cancel, reason_ref="r")
    assert aged.refusal(CESF, c.Refresh) == "closed"


def test_a_refused_dossier_is_refreshed_only_where_its_circuit_says_so(aged):
    refused = replace(aged.state, phase="refused")
    refresh = Refreshing(Who(role=("cesf",)), ("approved", "refused"))
    aged.state = refused
    assert aged.refusal(CESF, c.Refresh) == "closed"
    aged.circuit = replace(aged.circuit, refresh=refresh)
    assert aged.do(CESF, c.Refresh)[0] == "Refreshed"


def test_opened_by_mistake_it_is_taken_back_and_the_validated_version_stands(aged):
    before = aged.state
    aged.do(CESF, c.Refresh)
    assert aged.refusal(CESF, c.Withdraw) == "was_decided", "a validated dossier is never lost by giving up"
    aged.do(CESF, c.TakeBack)
    assert released(aged.state)
    assert aged.state.votes == before.votes
    assert c.Refresh in {one.command for one in available(aged.circuit, aged.state, CESF, aged.world())}


def test_a_step_that_needs_fresh_answers_refuses_a_yes_and_still_takes_a_no(aged):
    dossier = Dossier(circuit=aged.circuit).until("validation")
    dossier.context = replace(dossier.context, stale=lambda: ("I", "F", "E"))
    refusal = dossier.ask(c.Approve(step="validation", shown="r1"), SEATS[0])
    assert (refusal.code, refusal.params) == ("stale", {"sections": ("E", "F")})
    offered = {one.command for one in available(dossier.circuit, dossier.state, SEATS[0], dossier.world())}
    assert c.Approve not in offered
    assert {c.SendBack, c.Refuse} <= offered
    dossier.context = replace(dossier.context, stale=lambda: ("I",))
    dossier.do(SEATS[0], c.Approve, "validation")


def test_silence_does_not_approve_answers_that_are_too_old():
    text = REFRESHABLE.replace(
        "        sections: [A, B, C, E, F]", "        sections: [A, E]\n        tacit: approve\n        fresh: true"
    )
    dossier = Dossier(circuit=load(text)).until("visa")
    dossier.context = replace(dossier.context, stale=lambda: ("E",))
    assert "TacitlyDecided" not in dossier.wait(days=30)
    assert next_alarm(dossier.state) is None


def test_the_event_reads_back_as_it_was_first_stored():
    stored = {"type": "Refreshed", "schema": 1, "at": "2026-11-23T09:00:00+00:00", "round": 1, "step": None}
    stored |= {"actor": {"person": "lucie", "role": "referent_bailleur", "organisation": "actis"}, "shown_hash": None}
    event = e.from_dict(stored)
    assert isinstance(event, e.Refreshed)
    assert event.actor.person == "lucie"


def test_a_file_that_declares_it_wrongly_is_refused_with_its_place():
    for wrong in ("refresh: {who: {role: cesf}, after: [later]}", "refresh: {who: {person_from: /data/A}}"):
        with pytest.raises(CircuitRefused) as caught:
            load(DIAGNOSIS.replace("managed_by: {role: [chef_de_projet]}", wrong))
        assert caught.value.findings[0].where.startswith("refresh")
    found = check(load(REFRESHABLE), sections="ABCEIJ", roles=("cesf", "chef_de_projet"))
    assert {("refresh.who.role[1]", "unknown_role"), ("stages[3].steps[0].fresh[1]", "unknown_section")} <= {
        (one.where, one.code) for one in found
    }
    never = load(REFRESHABLE.replace("refresh: {who: {role: [cesf, referent_bailleur]}}", ""))
    assert "never_refreshed" in {one.code for one in check(never)}


def test_a_scenario_plays_it():
    scenario = yaml.safe_load("""
answers: {A: {A14: [actis]}}
people:
  claire: {role: cesf, organisation: grenoble}
  karim: {role: referent_bailleur, organisation: actis}
  lucie: {role: referent_bailleur, organisation: actis}
  famille: {role: household}
  anne: {role: siege, organisation: grenoble, bodies: [commission-relogement]}
  bruno: {role: siege, organisation: prefecture, bodies: [commission-relogement]}
  chloe: {role: siege, organisation: vercors, bodies: [commission-relogement]}
relations: {landlord: actis}
steps:
  - {at: "2026-03-02T09:00", by: claire, do: submit}
  - {by: karim, do: approve}
  - {by: famille, do: sign, with: {recorded_by: claire}}
  - {at: "2026-11-02T09:00", do: age, with: {sections: [E]}}
  - {by: anne, do: approve, refused: stale}
  - {by: lucie, do: refresh}
  - {by: lucie, do: submit, with: {confirmed: [E], changed: [I]}}
  - {by: famille, do: sign, with: {recorded_by: claire}}
  - {by: anne, do: approve}
  - {by: bruno, do: approve}
  - {by: chloe, do: approve}
expect: {phase: approved, open: []}
""")
    assert play(load(REFRESHABLE), scenario, lambda condition, answers: True)["differs"] == []
