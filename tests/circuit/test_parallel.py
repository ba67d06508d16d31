"""Steps side by side in one stage: opinions, visas, information."""

import pytest

from tests.circuit.rehousing import CESF, REFERENT, SEATS, Dossier
from workflow.circuit import commands as c
from workflow.circuit import events as e
from workflow.circuit.definition import load

TEXT = """
circuit: charte
label: {fr: "Charte", en: "Charter"}
stages:
  - id: rediger
    label: {fr: "Rédiger", en: "Write"}
    steps:
      - {id: saisie, label: {fr: "Rédiger", en: "Write"}, kind: fill, who: {role: cesf}, sections: [A, B]}
      - {id: annexe, label: {fr: "Annexe", en: "Annex"}, kind: fill, who: {role: cesf}, sections: [E]}
  - id: avis
    label: {fr: "Avis", en: "Opinions"}
    steps:
      - {id: visa, label: {fr: "Visa", en: "Visa"}, kind: visa, who: {role: r}, survives: all}
      - {id: validation, label: {fr: "Avis", en: "Opinion"}, kind: opinion, who: {role: siege}, rule: {of: 2}}
      - {id: info, label: {fr: "Pour information", en: "For information"}, kind: information, who: {role: siege}}
"""


@pytest.fixture
def charter() -> Dossier:
    dossier = Dossier(circuit=load(TEXT))
    dossier.context.holders["annexe"] = {CESF.voice}
    dossier.do(CESF, c.Open)
    dossier.do(CESF, c.Submit, "saisie")
    assert list(dossier.state.open) == ["annexe"]
    dossier.do(CESF, c.Submit, "annexe")
    return dossier


@pytest.mark.complaint(42)
def test_a_stage_waits_for_each_of_its_steps(charter):
    assert sorted(charter.state.open) == ["validation", "visa"]
    charter.do(REFERENT, c.Approve, "visa")
    assert (charter.state.phase, list(charter.state.open)) == ("open", ["validation"])
    charter.do(SEATS[0], c.GiveOpinion, "validation", opinion="unfavourable", reason_ref="r")
    charter.do(SEATS[1], c.GiveOpinion, "validation", opinion="unfavourable", reason_ref="r")
    assert charter.state.phase == "approved"


def test_information_waits_for_nobody(charter):
    assert charter.state.outcomes["info"] == "informed"


@pytest.mark.complaint(7)
def test_a_refusal_closes_the_steps_beside_it_by_an_event_of_its_own(charter):
    charter.do(REFERENT, c.Refuse, "visa", reason_ref="r")
    closings = {event.step: event.outcome for event in charter.events[-3:] if isinstance(event, e.StepClosed)}
    assert closings == {"visa": "refused", "validation": "set_aside"}
    assert charter.state.phase == "refused"


@pytest.mark.complaint(11)
def test_a_return_closes_the_steps_beside_it_and_opens_only_the_filling_that_owns_the_section(charter):
    charter.do(SEATS[0], c.GiveOpinion, "validation", opinion="favourable")
    charter.do(REFERENT, c.SendBack, "visa", reason_ref="r", sections=("E",))
    assert list(charter.state.open) == ["annexe"]
    assert charter.state.outcomes["saisie"] == "given"
    charter.do(CESF, c.Submit, "annexe")
    assert sorted(charter.state.open) == ["validation", "visa"]
    assert [fallen.because for fallen in charter.state.fallen] == ["correction"]


def test_an_approval_that_survives_all_is_not_asked_twice(charter):
    charter.do(REFERENT, c.Approve, "visa")
    charter.context.holders["visa"].add(("lucie", "referent_bailleur", "actis"))
    text = TEXT.replace("kind: opinion, who: {role: siege}, rule: {of: 2}", "kind: approval, who: {role: siege}")
    charter.circuit = load(text)
    charter.do(SEATS[0], c.SendBack, "validation", reason_ref="r")
    charter.change("A", "E")
    charter.do(CESF, c.Submit, "saisie")
    charter.do(CESF, c.Submit, "annexe")
    assert list(charter.state.open) == ["validation"]


def test_an_opinion_against_says_why_and_one_for_need_not(charter):
    assert charter.refusal(SEATS[0], c.GiveOpinion, "validation", opinion="maybe") == "unknown_opinion"
    assert charter.refusal(SEATS[0], c.GiveOpinion, "validation", opinion="reserved") == "reason_missing"
    charter.do(SEATS[0], c.GiveOpinion, "validation", opinion="none")
