"""A manager adds a question to the form of her operation in the page; the adviser answers it the same minute."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from forms.paper import numbers
from forms.xlsform import compile_xlsform
from tests import factories
from tests.journeys.conftest import Arrive
from tests.journeys.filling import fill_section, give, saved
from tests.journeys.homes import Home
from tests.journeys.serving import Installation
from tests.journeys.visiting import Visitor
from workflow.catalogue.queries import current

RANK = Home.QUESTION_ADDED
FORM = "/operations/mistral/forms/diagnostic-social"
QUESTION = "La cave est-elle encombrée ?"
NAME = "op__la_cave_est_elle_encombree"


@pytest.fixture
def nadia(relais: Installation, arrive: Arrive) -> Iterator[Visitor]:
    """The manager, who leaves the form as she found it: other journeys are filled with it."""
    visitor = arrive(relais, "Nadia Ferhat", accept_downloads=True)
    yield visitor
    visitor.goes_to(f"{FORM}/adapt?section=B")
    visitor.presses(re.compile("Revenir au formulaire commun"))
    visitor.is_told_that_it_is_done()
    puts_into_use(visitor)


def test_an_adviser_answers_a_question_that_the_manager_has_just_added(
    relais: Installation, nadia: Visitor, arrive: Arrive
) -> None:
    adds_the_question(nadia)
    puts_into_use(nadia)
    with relais.inside():
        row = factories.a_household(RANK)
        household, said = row.id, factories.said(row)
    claire = arrive(relais, "Claire Maurin")
    claire.goes_to(f"/households/{household}")
    claire.presses("Commencer le diagnostic")
    reference = re.search(r"/dossiers/([^/]+)/", claire.page.url)
    assert reference
    claire.goes_to(f"/dossiers/{reference[1]}/fill/A")
    fill_section(claire, "A", said["A"])
    claire.goes_to(f"/dossiers/{reference[1]}/fill/B")
    claire.sees(QUESTION)
    give(claire.page, f"data:B:{NAME}", "un_peu")
    saved(claire)
    claire.goes_to(f"/dossiers/{reference[1]}/check")
    claire.sees(QUESTION)
    claire.sees("Un peu")
    the_question_is_on_paper_and_in_the_workbook(relais, nadia)


def adds_the_question(nadia: Visitor) -> None:
    nadia.goes_to("/operations/mistral")
    nadia.follows(re.compile("Adapter le formulaire.*Diagnostic social"))
    nadia.follows("Le bail et l’occupation")
    nadia.follows("Ajouter une question à la fin de cette rubrique")
    nadia.writes("Question, français", QUESTION)
    nadia.writes("Question, English", "Is the cellar cluttered?")
    nadia.page.get_by_label("Ce qu’on répond").select_option(label="Un choix")
    nadia.writes("Choix, un par ligne, français", "Oui\nUn peu\nNon")
    nadia.page.locator('input[name="level"][value="V1"]').check()
    nadia.page.get_by_label("À quoi sert la réponse").select_option(label="Connaître le logement actuel")
    nadia.presses("Ajouter cette question")
    nadia.is_told_that_it_is_done()
    nadia.sees(re.compile(r"changements? (est|sont) en préparation"))


def puts_into_use(nadia: Visitor) -> None:
    nadia.follows("Utiliser dès maintenant")
    nadia.presses("Utiliser dès maintenant")
    nadia.is_told_that_it_is_done()
    expect(nadia.page).to_have_url(re.compile("/adapt$"))


def the_question_is_on_paper_and_in_the_workbook(relais: Installation, nadia: Visitor) -> None:
    nadia.goes_to(f"{FORM}/history")
    file = nadia.downloads(nadia.page.get_by_role("link", name="Fichier Excel").first)
    assert NAME in compile_xlsform(Path(file.path()).read_bytes(), "form.xlsx").xml
    with relais.inside():
        form = current("diagnostic-social", "mistral").form
        assert numbers(form)[f"/data/B/{NAME}"]
