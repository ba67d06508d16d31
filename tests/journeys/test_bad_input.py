"""What is wrong is said beside the field and on top of the page; nothing typed is lost, nothing is done twice."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import factories
from tests.cast import CLAIRE
from tests.journeys.barriers import faults
from tests.journeys.conftest import Arrive
from tests.journeys.filling import saved
from tests.journeys.homes import Home
from tests.journeys.serving import Installation
from tests.journeys.visiting import Visitor
from workflow.db import db
from workflow.dossiers import actions
from workflow.dossiers.models import Contact
from workflow.web.models import WebSession

DRAFT, EMPTY, TWO_TABS, EXPIRED = Home.DRAFT, Home.EMPTY, Home.TWO_TABS, Home.EXPIRED
FASTER, CALLED, ASKED, TOLD = Home.FASTER, Home.CALLED, Home.ASKED, Home.TOLD
ROWS, TWO_PEOPLE = Home.BAD_ROWS, Home.TWO_PEOPLE


def field(page: Page, name: str) -> Locator:
    return page.locator(f'[name="{name}"]').first


def error_of(page: Page, name: str) -> Locator:
    """The sentence that the field itself says is its error."""
    described = field(page, name).get_attribute("aria-describedby") or ""
    told = described or field(page, name).locator("xpath=ancestor::fieldset[1]").get_attribute("aria-describedby") or ""
    return page.locator(f'[id="{told.split()[-1] if told else name}"]')


def summary(page: Page) -> Locator:
    return page.locator(".error-summary")


@pytest.fixture
def claire(relais: Installation, arrive: Arrive) -> Visitor:
    return arrive(relais, "Claire Maurin")


def a_draft(relais: Installation, rank: int) -> str:
    with relais.inside():
        return factories.a_filled_dossier(rank).reference


# -- wrong answers ------------------------------------------------------------------------------------------------

WRONG = {
    "data:B:B2": ("31/02/2026", "Écrivez une date qui existe"),
    "data:B:B2_quartier": ("01/01/2199", "Cette date est dans le futur"),
    "data:B:B8_montant": ("9000,5", "entre 0 et 5000"),
}


def test_wrong_answers_are_said_beside_the_field_and_on_top_and_stay_as_typed(
    relais: Installation, claire: Visitor
) -> None:
    reference = a_draft(relais, DRAFT)
    claire.goes_to(f"/dossiers/{reference}/fill/B")
    field(claire.page, "data:B:B8").check()
    for name, (typed, _said) in WRONG.items():
        field(claire.page, name).fill(typed)
    saved(claire)
    claire.presses("Enregistrer et continuer")
    expect(summary(claire.page)).to_be_focused()
    for name, (typed, said) in WRONG.items():
        expect(summary(claire.page).locator(f'a[href="#{name}"]')).to_contain_text(said)
        expect(error_of(claire.page, name)).to_contain_text(said)
        expect(field(claire.page, name)).to_have_attribute("aria-invalid", "true")
        expect(field(claire.page, name)).to_have_value(typed)
    assert faults(claire.page) == []
    summary(claire.page).locator('a[href="#data:B:B8_montant"]').click()
    expect(field(claire.page, "data:B:B8_montant")).to_be_focused()
    claire.follows("Continuer quand même et compléter plus tard")
    claire.goes_to(f"/dossiers/{reference}/fill/B")
    for name, (typed, _said) in WRONG.items():
        expect(field(claire.page, name)).to_have_value(typed)


def test_a_draft_with_something_wrong_is_not_sent_and_says_what(relais: Installation, claire: Visitor) -> None:
    with relais.inside():
        reference = factories.a_dossier(EMPTY).reference
    claire.goes_to(f"/dossiers/{reference}/check")
    claire.presses("Envoyer le diagnostic")
    expect(summary(claire.page)).to_be_focused()
    claire.sees("Rien n’est envoyé")
    assert faults(claire.page) == []
    summary(claire.page).get_by_role("link", name=re.compile("Date de l.entretien")).click()
    expect(claire.page).to_have_url(re.compile("/fill/A"))
    expect(error_of(claire.page, "data:A:A_entretien:A5")).to_be_visible()


def test_a_floor_that_cannot_be_is_refused_as_soon_as_it_is_typed(relais: Installation, claire: Visitor) -> None:
    reference, floor = a_draft(relais, ASKED), "data:A:A_logement:A1_etage"
    claire.goes_to(f"/dossiers/{reference}/fill/A")
    for typed in ("trois", "3,5", "99", "-7"):
        field(claire.page, floor).fill(typed)
        saved(claire)
        expect(field(claire.page, floor)).to_have_attribute("aria-invalid", "true")
        expect(error_of(claire.page, floor)).to_be_visible()
        expect(field(claire.page, floor)).to_have_value(typed)
    field(claire.page, floor).fill("4")
    saved(claire)
    expect(field(claire.page, floor)).not_to_have_attribute("aria-invalid", "true")


def test_without_the_notice_on_personal_data_nothing_else_is_asked(relais: Installation, claire: Visitor) -> None:
    reference = a_draft(relais, TOLD)
    claire.goes_to(f"/dossiers/{reference}/fill/A")
    claire.page.get_by_role("group", name=re.compile("La notice sur les données personnelles")).get_by_label(
        "Non"
    ).check()
    claire.sees("Ne posez pas d")
    saved(claire)
    claire.goes_to(f"/dossiers/{reference}/fill/C")
    expect(claire.page.locator("[data-row]")).to_have_count(0)


def test_rows_are_offered_only_when_an_answer_calls_for_them(relais: Installation, claire: Visitor) -> None:
    with relais.inside():
        reference = factories.a_dossier(ROWS).reference
        said = factories.said(factories.a_household(ROWS))
        actions.write_answers(factories.identity(CLAIRE), reference, {"A": said["A"]})
    claire.goes_to(f"/dossiers/{reference}/fill/E")
    add = claire.page.get_by_role("button", name="Ajouter une ligne")
    expect(add).to_have_count(0)
    field(claire.page, "data:E:E0").check()
    expect(claire.page.locator("[data-row]")).to_have_count(1)
    add.click()
    expect(claire.page.locator("[data-row]")).to_have_count(2)
    expect(claire.page.locator("[data-row]").last.locator("input").first).to_be_focused()


# -- sessions, tabs, double clicks ----------------------------------------------------------------------------------


def test_a_session_that_ends_while_typing_says_so_and_keeps_the_text(relais: Installation, claire: Visitor) -> None:
    reference = a_draft(relais, EXPIRED)
    claire.goes_to(f"/dossiers/{reference}/fill/J")
    box = field(claire.page, "data:J:J5")
    with relais.inside():
        db.session.query(WebSession).delete()
    box.fill("Prévenir avant de passer.")
    claire.page.keyboard.press("Tab")
    line = claire.page.locator("[data-saved-line]")
    expect(line).to_contain_text("votre session a pris fin")
    expect(box).to_have_value("Prévenir avant de passer.")
    with claire.page.context.expect_page() as opened:
        line.get_by_role("link").click()
    Visitor(opened.value, "Claire Maurin").signs_in()
    claire.page.bring_to_front()
    claire.page.evaluate("dispatchEvent(new Event('focus'))")
    expect(line).to_have_text(re.compile("Enregistré à"))
    claire.page.reload()
    expect(box).to_have_value("Prévenir avant de passer.")


@pytest.fixture(scope="module")
def lea(on_one_machine: Installation) -> str:
    """A colleague of Claire, who fills the same dossiers."""
    with on_one_machine.inside():
        factories.another_adviser()
    return "Léa Fontaine"


@pytest.mark.usefixtures("lea")
@pytest.mark.parametrize(("rank", "name"), [(TWO_TABS, "Claire Maurin"), (TWO_PEOPLE, "Léa Fontaine")])
def test_two_pages_of_one_section_never_overwrite_each_other(
    relais: Installation, claire: Visitor, arrive: Arrive, rank: int, name: str
) -> None:
    """The other page is one's own, left open elsewhere, or a colleague's."""
    reference = a_draft(relais, rank)
    other, address = arrive(relais, name), f"/dossiers/{reference}/fill/J"
    claire.goes_to(address)
    other.goes_to(address)
    field(claire.page, "data:J:J5").fill("Les premiers mots.")
    saved(claire)
    field(other.page, "data:J:J5").fill("Les seconds mots.")
    other.page.keyboard.press("Tab")
    expect(other.page.locator("[data-saved-line]")).to_contain_text("Non enregistré")
    other.presses("Enregistrer et continuer")
    other.sees("Pas encore enregistré")
    other.sees("Les premiers mots.")
    expect(field(other.page, "data:J:J5")).to_have_value("Les seconds mots.")
    assert faults(other.page) == []
    claire.page.reload()
    expect(field(claire.page, "data:J:J5")).to_have_value("Les premiers mots.")


def test_who_comes_second_reads_who_was_faster(relais: Installation, arrive: Arrive) -> None:
    with relais.inside():
        reference = factories.a_submitted_dossier(FASTER).reference
    sonia, karim = arrive(relais, "Sonia Mendès"), arrive(relais, "Karim Belaïd")
    for person in (sonia, karim):
        person.goes_to(f"/dossiers/{reference}")
    karim.follows("Renvoyer pour correction")
    karim.writes("Motif", "Il manque une quittance.")
    sonia.follows("Valider")
    sonia.presses("Valider")
    sonia.is_told_that_it_is_done()
    karim.presses("Renvoyer pour correction")
    assert karim.title() == "Quelqu’un a été plus rapide"
    karim.sees("Sonia Mendès")
    karim.sees("Il manque une quittance.")
    assert faults(karim.page) == []


def test_a_form_sent_twice_acts_once(relais: Installation, arrive: Arrive) -> None:
    """Without a script nothing in the browser holds the second click back."""
    with relais.inside():
        household = factories.a_household(CALLED).id
    claire = arrive(relais, "Claire Maurin", java_script_enabled=False)
    claire.goes_to(f"/households/{household}")
    claire.page.locator("summary", has_text="Noter un contact").click()
    claire.page.get_by_label("Nature du contact").select_option("phone")
    claire.writes("Ce qu’il faut retenir", "Rappeler jeudi.")
    claire.page.get_by_role("button", name="Noter ce contact").dblclick()
    claire.sees("Rappeler jeudi.")
    with relais.inside():
        assert db.session.query(Contact).filter_by(household_id=household).count() == 1


# -- other doors ----------------------------------------------------------------------------------------------------


def test_signing_in_says_what_is_missing_in_french(relais: Installation, arrive: Arrive) -> None:
    visitor = arrive(relais)
    visitor.goes_to("/sign-in")
    visitor.page.locator("summary", has_text="Se connecter avec une adresse").click()
    visitor.presses(re.compile("^Se connecter$"))
    expect(summary(visitor.page)).to_contain_text("Indiquez votre adresse électronique ou votre nom de connexion.")
    expect(error_of(visitor.page, "login")).to_contain_text("Indiquez votre adresse électronique ou")
    assert faults(visitor.page) == []


def test_a_file_that_is_no_paper_of_ours_gets_a_clear_verdict(
    relais: Installation, arrive: Arrive, tmp_path: Path
) -> None:
    visitor = arrive(relais)
    visitor.goes_to("/verify")
    visitor.page.locator("main form button[type=submit]").click()
    expect(summary(visitor.page)).to_be_visible()
    assert faults(visitor.page) == []
    junk = tmp_path / "junk.pdf"
    junk.write_bytes(b"This is no PDF at all.")
    visitor.page.locator("#file").set_input_files(junk)
    visitor.page.locator("main form button[type=submit]").click()
    expect(visitor.page.locator(".verdict")).to_contain_text("Ce n’est pas un fichier PDF.")
    assert faults(visitor.page) == []


def test_a_page_left_open_too_long_records_nothing_and_says_what_to_do(relais: Installation, claire: Visitor) -> None:
    with relais.inside():
        household = factories.a_household(EMPTY).id
    claire.goes_to(f"/households/{household}")
    claire.page.evaluate("document.querySelectorAll('[name=csrf_token]').forEach((field) => { field.value = 'old'; })")
    claire.page.locator("summary", has_text="Noter un contact").click()
    claire.page.get_by_label("Nature du contact").select_option("phone")
    claire.presses("Noter ce contact")
    assert claire.title() == "Cette page était ouverte depuis trop longtemps"
    assert faults(claire.page) == []
    with relais.inside():
        assert db.session.query(Contact).filter_by(household_id=household).count() == 0
