"""Two people fill one form at the same time, each in a browser of their own."""

import re

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.journeys.barriers import faults
from tests.journeys.conftest import Arrive
from tests.journeys.filling import saved
from tests.journeys.homes import Home
from tests.journeys.serving import Installation
from tests.journeys.visiting import Visitor

TOGETHER, ALONE, NETWORK, ROWS = Home.TOGETHER, Home.ALONE, Home.NETWORK, Home.ROWS
REMARKS, FLOOR, OFFICER = "data:J:J5", "data:A:A_logement:A1_etage", "data:A:A_entretien:A6"


def field(visitor: Visitor, name: str):
    return visitor.page.locator(f'[name="{name}"]').first


@pytest.fixture(scope="module")
def lea(on_one_machine: Installation) -> str:
    """A colleague of Claire, who fills the same dossiers."""
    with on_one_machine.inside():
        factories.another_adviser()
    return "Léa Fontaine"


@pytest.fixture
def claire(relais: Installation, arrive: Arrive) -> Visitor:
    return arrive(relais, "Claire Maurin")


def a_draft(relais: Installation, rank: int) -> str:
    with relais.inside():
        return factories.a_filled_dossier(rank).reference


def test_two_people_share_a_form_see_each_other_and_settle_one_answer(
    relais: Installation, claire: Visitor, arrive: Arrive, lea: str
) -> None:
    reference = a_draft(relais, TOGETHER)
    other = arrive(relais, lea)
    claire.goes_to(f"/dossiers/{reference}/fill/A")
    other.goes_to(f"/dossiers/{reference}/fill/A")
    other.sees("Claire Maurin")
    field(claire, FLOOR).fill("4")
    saved(claire)
    field(other, OFFICER).fill("Léa Fontaine, avec Claire")
    saved(other)
    expect(field(other, FLOOR)).to_have_value("4")
    field(claire, OFFICER).fill("Claire seule")
    claire.page.keyboard.press("Tab")
    line = claire.page.locator("[data-saved-line]")
    expect(line).to_contain_text("Votre texte reste sur cette page")
    line.get_by_role("button").click()
    panel = claire.page.locator(".both-texts")
    expect(panel).to_contain_text("Léa Fontaine, avec Claire")
    expect(panel).to_contain_text("Claire seule")
    assert faults(claire.page) == []
    panel.locator("input[value^=both]").check()
    claire.presses("Enregistrer et continuer")
    claire.goes_to(f"/dossiers/{reference}/fill/A")
    expect(field(claire, OFFICER)).to_have_value(re.compile("avec Claire.*Claire seule"))


def test_a_section_taken_is_read_by_the_other_and_may_be_taken_over(
    relais: Installation, claire: Visitor, arrive: Arrive, lea: str
) -> None:
    reference = a_draft(relais, ALONE)
    other = arrive(relais, lea, java_script_enabled=False)
    other.goes_to(f"/dossiers/{reference}/fill/J")
    claire.goes_to(f"/dossiers/{reference}/fill/J")
    claire.presses("Je prends cette rubrique")
    field(other, REMARKS).fill("Prévenir avant.")
    other.presses("Enregistrer et continuer")
    other.sees("Claire Maurin a pris cette rubrique")
    expect(field(other, REMARKS)).to_have_value("Prévenir avant.")
    other.presses("La reprendre et enregistrer")
    claire.goes_to(f"/dossiers/{reference}/fill")
    claire.sees("prise par Léa Fontaine")
    assert faults(claire.page) == []


def test_without_network_the_page_says_so_keeps_the_text_and_saves_it_later(
    relais: Installation, claire: Visitor
) -> None:
    reference = a_draft(relais, NETWORK)
    claire.goes_to(f"/dossiers/{reference}/fill/J")
    claire.page.context.set_offline(True)
    field(claire, REMARKS).fill("Écrit dans l’escalier.")
    claire.page.keyboard.press("Tab")
    line = claire.page.locator("[data-saved-line]")
    expect(line).to_contain_text("Non enregistré")
    asked = []
    claire.page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    claire.page.close(run_before_unload=True)
    claire.page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    claire.page.context.set_offline(False)
    expect(line).to_contain_text("Enregistré à", timeout=20_000)
    claire.page.reload()
    expect(field(claire, REMARKS)).to_have_value("Écrit dans l’escalier.")


def test_rows_are_added_removed_and_put_back_by_keyboard(relais: Installation, claire: Visitor) -> None:
    reference = a_draft(relais, ROWS)
    claire.goes_to(f"/dossiers/{reference}/fill/C")
    rows, page = claire.page.locator("[data-row]"), claire.page
    count = rows.count()
    page.locator("button[data-rows=add]").last.focus()
    page.keyboard.press("Enter")
    expect(rows).to_have_count(count + 1)
    expect(rows.last.locator("input").first).to_be_focused()
    page.keyboard.type("Koné Awa")
    saved(claire)
    rows.last.locator("button[data-rows=remove]").focus()
    page.keyboard.press("Enter")
    expect(rows).to_have_count(count)
    expect(rows.last.locator("input:not([type=hidden])").first).to_be_focused()
    page.get_by_role("button", name="Remettre la ligne").focus()
    page.keyboard.press("Enter")
    expect(rows).to_have_count(count + 1)
    expect(field(claire, f"data:C:person~{count + 1}:C1")).to_have_value("Koné Awa")
