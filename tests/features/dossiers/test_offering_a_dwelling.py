"""A dwelling is offered: prepared, reserved by its landlord, answered by the household, heard by the committee."""

import json
from html import unescape
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.cast import BRUNO, CLAIRE, FRANCOIS, HELENE, MIREILLE, SONIA
from tests.features.conftest import SignIn
from workflow import outbox
from workflow.app import ROOT
from workflow.catalogue.queries import current
from workflow.db import db
from workflow.dossiers import actions, queries
from workflow.dossiers.models import Dossier
from workflow.errors import Invalid, Refused
from workflow.filing import queries as papers
from workflow.filing.models import READY

OFFER, RELAY, SURVEY = "proposition-relogement", "fiche-relais", "enquete-satisfaction"
FIRST, AFTER = ("A", "B", "C", "D"), ("N", "V", "R")


def told(slug: str, **more: Any) -> dict[str, Any]:
    """The example answers of the library, as the operation Mistral knows its partners and places."""
    said = json.loads((ROOT / "templates" / "procedures" / slug / "example.json").read_text("utf-8"))
    return said | {page: said.get(page, {}) | answers for page, answers in more.items()}


def offer(*pages: str, **more: Any) -> dict[str, Any]:
    here = {"A": {"A14": list(factories.AGREED)}, "B": {"B1": "actis", "B3": "capuche"}}
    said = told(OFFER, **(here | more))
    return {page: said[page] for page in pages}


def opened(slug: str, by: str = CLAIRE) -> Dossier:
    row, _new = actions.open_dossier(
        factories.identity(by), factories.a_household(), current(slug, factories.MISTRAL["slug"])
    )
    db.session.commit()
    return row


def handed_on(row: Dossier, by: str, said: dict[str, Any]) -> None:
    actions.write_answers(factories.identity(by), row.reference, said)
    actions.submit(factories.identity(by), row.reference, factories.version(row))
    db.session.commit()


@pytest.fixture
def prepared(app: Flask) -> Dossier:
    """An offer to a household whose diagnosis is validated, before its landlord."""
    factories.a_validated_dossier()
    row = opened(OFFER)
    handed_on(row, CLAIRE, offer(*FIRST))
    return row


@pytest.mark.complaint(35)
def test_an_offer_waits_for_a_validated_diagnosis(app: Flask) -> None:
    factories.a_submitted_dossier()
    with pytest.raises(Refused) as refused:
        opened(OFFER)
    assert refused.value.code == "requires"


def test_what_the_diagnosis_knows_is_not_asked_again(app: Flask) -> None:
    diagnosis = factories.a_validated_dossier()
    row = opened(OFFER)
    before = queries.opened(diagnosis, queries.present_set(diagnosis))[0]
    before.recompute()
    now, lines = queries.opened(row, queries.present_set(row))
    for path, earlier in (("/data/C/C7", "/data/E/E_calculs/K_E1"), ("/data/A/A14", "/data/A/A14")):
        assert now.get(path) == before.get(earlier) != ""
        assert lines[path][2] == "prefilled"


def test_the_visit_does_not_stand_in_the_way_of_the_offer(prepared: Dossier) -> None:
    assert queries.open_steps(prepared) == ["reservation"]
    assert prepared.household.state == "offer_made"


def test_the_landlord_of_the_dwelling_reserves_it_and_no_other(app: Flask) -> None:
    factories.a_validated_dossier()
    row = opened(OFFER)
    handed_on(row, CLAIRE, offer(*FIRST, B={"B1": "habitat-du-drac", "B3": "capuche"}))
    with pytest.raises(Refused):
        factories.decide(SONIA, row, "Approve", "reservation")


def test_the_letter_is_written_once_the_dwelling_is_reserved(prepared: Dossier) -> None:
    factories.decide(SONIA, prepared, "Approve", "reservation")
    subject = prepared.subject
    db.session.rollback()  # an open transaction would keep the jobs waiting
    outbox.drain()
    assert {(paper.kind, paper.state) for paper in papers.papers(subject)} == {("proposition", READY)}


def test_an_answer_without_its_reasons_stays_a_draft(prepared: Dossier) -> None:
    factories.decide(SONIA, prepared, "Approve", "reservation")
    said = offer(*FIRST, *AFTER, R={"R4": []})
    with pytest.raises(Invalid) as wrong:
        handed_on(prepared, BRUNO, said)
    assert [error.field for error in wrong.value.errors] == ["/data/R/R4"]


def test_a_refusal_is_heard_by_the_committee_and_the_search_goes_on(prepared: Dossier) -> None:
    factories.decide(SONIA, prepared, "Approve", "reservation")
    handed_on(prepared, BRUNO, offer(*FIRST, *AFTER))
    factories.decide(BRUNO, prepared, "Sign", "lecture_menage", channel="screen")
    assert queries.open_steps(prepared) == ["avis"]
    for slug in (HELENE, FRANCOIS, MIREILLE):
        factories.decide(slug, prepared, "GiveOpinion", "avis", opinion="favourable")
    assert prepared.closed
    assert prepared.household.state == "searching"


def test_an_acceptance_asks_nobody_else(prepared: Dossier) -> None:
    factories.decide(SONIA, prepared, "Approve", "reservation")
    said = offer(*FIRST, *AFTER) | {"R": {"R1": "accepte", "R2": "2026-03-24", "R8": "oui"}}
    handed_on(prepared, BRUNO, said)
    factories.decide(BRUNO, prepared, "Sign", "lecture_menage", channel="screen")
    assert (prepared.closed, prepared.household.state) == (True, "agreed")


def test_an_annulled_offer_gives_the_household_its_status_back(prepared: Dossier) -> None:
    factories.decide("nadia-ferhat", prepared, "Cancel", "", reason="Offered twice.")
    assert prepared.household.state == "searching"


# -- pages --------------------------------------------------------------------------------------------------------


def test_the_card_offers_what_comes_next_and_says_what_comes_first(app: Flask, sign_in: SignIn) -> None:
    card = f"/households/{factories.a_household().id}"
    db.session.rollback()
    page = unescape(sign_in(CLAIRE).get(card).get_data(as_text=True))
    assert "Commencer le diagnostic" in page
    assert "Passer le relais à un service" in page
    assert 'value="proposition-relogement"' not in page and "Proposer un logement" in page
    assert "Faire l’enquête" not in page, "it asks about a move that has not taken place"
    assert "contribution" not in page.lower(), "it speaks of no household"


def test_an_offer_is_opened_from_the_card_and_speaks_of_itself(app: Flask, sign_in: SignIn) -> None:
    factories.a_validated_dossier()
    card = f"/households/{factories.a_household().id}"
    db.session.rollback()
    client = sign_in(CLAIRE)
    assert 'value="proposition-relogement"' in client.get(card).get_data(as_text=True)
    answer = client.post(f"{card}/dossiers", data={"procedure": OFFER})
    reference = answer.headers["Location"].split("/")[2]
    check = unescape(client.get(f"/dossiers/{reference}/check").get_data(as_text=True))
    assert "Envoyer la proposition" in check and "Envoyer le diagnostic" not in check
    assert "Continuer la proposition" in unescape(client.get(card).get_data(as_text=True))


def test_a_survey_of_a_move_that_has_not_taken_place_is_refused(app: Flask) -> None:
    with pytest.raises(Refused) as refused:
        opened(SURVEY)
    assert refused.value.code == "too_early"


# -- the relay ----------------------------------------------------------------------------------------------------


def test_a_relay_goes_to_the_service_that_was_ticked_and_its_answer_comes_back(app: Flask) -> None:
    sarah = factories.a_social_worker()
    row = opened(RELAY, BRUNO)
    said = told(RELAY, B={"B2": ["cg-isere"]})
    handed_on(row, BRUNO, {page: said[page] for page in "ABC"})
    factories.decide(BRUNO, row, "Sign", "accord_menage", channel="screen")
    read = queries.file(factories.identity(sarah), row.reference)
    assert read.fills and read.lens_name == "relay"
    handed_on(row, sarah, {page: said[page] for page in "ABCR"})
    assert row.closed
