"""A referent decides with everything before her: a second opinion, where it goes back to, what changed meanwhile."""

import re

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.cast import KARIM
from tests.journeys.barriers import faults
from tests.journeys.conftest import Arrive
from tests.journeys.homes import Home
from tests.journeys.serving import Installation
from tests.journeys.visiting import Visitor

RANK = Home.DECISION
STEP = "visa_bailleur"
QUESTION, ANSWER, WHY = "Le T3 est-il juste ?", "Oui, pour deux enfants.", "Le loyer n’est pas celui du bail."


@pytest.fixture
def reference(relais: Installation) -> str:
    with relais.inside():
        return factories.a_submitted_dossier(RANK).reference


def test_a_referent_asks_a_second_opinion_and_decides_anew_on_what_changed_meanwhile(
    relais: Installation, arrive: Arrive, reference: str
) -> None:
    sonia = arrive(relais, "Sonia Mendès")
    sonia.goes_to(f"/dossiers/{reference}")
    she_asks_bruno(sonia)
    he_answers(arrive(relais, "Bruno Castel"), reference)
    sonia.goes_to(f"/dossiers/{reference}/decide/send-back/{STEP}")
    sonia.sees(ANSWER)
    expect(sonia.page.locator(".goes .goes-back")).to_contain_text("il revient ici")
    assert faults(sonia.page) == []
    sonia.writes("Motif", WHY)
    meanwhile(relais, arrive(relais, "Claire Maurin"), reference)
    sonia.presses("Renvoyer pour correction", sonia.main.locator("form"))
    sonia.sees("Votre décision n’a pas été enregistrée")
    expect(sonia.page.locator(".notice ins").filter(has_text="555,55")).to_have_count(1)
    expect(sonia.page.get_by_label(re.compile("^Motif"))).to_have_value(WHY)
    assert faults(sonia.page) == []
    sonia.presses("Renvoyer pour correction", sonia.main.locator("form"))
    sonia.is_told_that_it_is_done()


def she_asks_bruno(sonia: Visitor) -> None:
    sonia.main.locator("summary", has_text="Autres actions").click()
    sonia.follows("Demander un second avis")
    sonia.ticks(re.compile("^Bruno Castel"))
    sonia.writes(re.compile("^Votre question"), QUESTION)
    sonia.presses("Demander un second avis", sonia.main.locator("form"))
    sonia.is_told_that_it_is_done()


def he_answers(bruno: Visitor, reference: str) -> None:
    bruno.goes_to("/waiting")
    bruno.follows(re.compile("^Donner votre second avis"))
    bruno.follows("Donner mon second avis")
    bruno.sees(QUESTION)
    bruno.ticks("Avis favorable")
    bruno.writes(re.compile("^Motif"), ANSWER)
    bruno.presses("Donner mon second avis", bruno.main.locator("form"))
    bruno.is_told_that_it_is_done()


def meanwhile(relais: Installation, claire: Visitor, reference: str) -> None:
    """Her colleague sends it back, Claire corrects one answer and sends it again."""
    with relais.inside():
        row = factories.queries.by_reference(reference)
        factories.decide(KARIM, row, "SendBack", STEP, reason="À revoir.", sections=("D",))
    claire.goes_to(f"/dossiers/{reference}/fill/D")
    claire.page.locator('[name="data:D:D_loyer:D2_loyer"]').fill("555,55")
    claire.presses("Enregistrer et continuer")
    claire.goes_to(f"/dossiers/{reference}/check")
    claire.presses("Envoyer le diagnostic")
    claire.is_told_that_it_is_done()
