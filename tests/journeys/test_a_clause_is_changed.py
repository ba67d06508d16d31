"""An officer changes a clause of a convention, sees it in the document, and publishes it, all in the page."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Arrive
from tests.journeys.serving import Installation
from tests.journeys.visiting import Visitor
from workflow.catalogue.models import PaperClause
from workflow.catalogue.queries import paper_models
from workflow.db import db

MODEL = "/operations/mistral/models/convention-prefecture"
PATIENCE = 45_000


@pytest.fixture
def nadia(relais: Installation, arrive: Arrive) -> Iterator[Visitor]:
    """The manager; the common words are put back after, for other journeys."""
    yield arrive(relais, "Nadia Ferhat", accept_downloads=True)
    _put_back(relais)


@pytest.fixture
def nadia_without_script(relais: Installation, arrive: Arrive) -> Iterator[Visitor]:
    yield arrive(relais, "Nadia Ferhat", java_script_enabled=False)
    _put_back(relais)


def _put_back(relais: Installation) -> None:
    with relais.inside():
        db.session.query(PaperClause).filter_by(name="resiliation", operation="mistral").delete()
        db.session.commit()


def test_an_officer_changes_a_clause_sees_it_and_publishes_it(relais: Installation, nadia: Visitor) -> None:
    nadia.goes_to("/operations/mistral")
    nadia.follows(re.compile("Models of papers|Modèles de documents"))
    nadia.follows("Convention de relogement")
    nadia.follows("Retrait et résiliation")
    pages = nadia.page.locator("[data-page]")
    expect(pages.first).to_be_visible(timeout=PATIENCE)
    said = nadia.page.locator("#text").input_value()
    with nadia.page.expect_response("**/proof", timeout=PATIENCE) as answer:
        types(nadia, said + "\nUn médiateur choisi ensemble est entendu avant tout retrait.\n")
    assert answer.value.ok
    expect(nadia.page.locator("#studio")).not_to_have_class("studio-waiting")
    expect(nadia.page.locator("[data-pages]")).not_to_have_js_property("scrollTop", 0)
    publishes(nadia)
    with relais.inside():
        found = paper_models.model_in_use("mistral", "convention-prefecture")
        assert "Un médiateur choisi ensemble" in found.library.clauses["resiliation"]
        assert "médiateur" not in paper_models.model_in_use("", "convention-prefecture").library.clauses["resiliation"]
    nadia.goes_to(MODEL)
    example = nadia.downloads(nadia.page.get_by_role("link", name=re.compile(r"\(PDF\)")).first)
    assert example.suggested_filename.endswith(".pdf")


def test_a_mistake_is_shown_with_its_line_and_one_click_leads_there(nadia: Visitor) -> None:
    nadia.goes_to("/operations/mistral/clauses/resiliation")
    said = nadia.page.locator("#text").input_value()
    types(nadia, said + "\n{{ menage.nom }}\n")
    line = nadia.page.locator(".remark a[data-line]").first
    expect(line).to_be_visible(timeout=PATIENCE)
    line.click()
    selected = "([field]) => field.value.slice(field.selectionStart, field.selectionEnd)"
    assert nadia.page.evaluate(f"({selected})([document.getElementById('text')])") == "{{ menage.nom }}"


def test_the_same_without_a_script(relais: Installation, nadia_without_script: Visitor) -> None:
    nadia = nadia_without_script
    nadia.goes_to("/operations/mistral/clauses/resiliation")
    said = nadia.page.locator("#text").input_value()
    nadia.page.locator("#text").fill(said + "\nUn médiateur choisi ensemble est entendu avant tout retrait.\n")
    nadia.page.locator('button[value="see"]:not([tabindex])').click()
    expect(nadia.page.locator("[data-page]").first).to_be_visible(timeout=PATIENCE)
    assert "Un médiateur" in nadia.page.locator("#text").input_value()
    publishes(nadia)


def types(nadia: Visitor, words: str) -> None:
    nadia.page.locator("#text").fill(words)


def publishes(nadia: Visitor) -> None:
    nadia.page.locator('button[value="publish"]').click()
    expect(nadia.page.locator("ins").first).to_contain_text("médiateur", timeout=PATIENCE)
    nadia.sees("Convention de relogement")
    nadia.page.locator("#note").fill("Demandé par le conseil des locataires.")
    nadia.page.locator(".panel button").click()
    nadia.is_told_that_it_is_done()
