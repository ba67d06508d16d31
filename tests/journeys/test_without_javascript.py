"""Every step of the work can be done without a script: pages and forms are enough."""

import re

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.cast import CLAIRE, FRANCOIS, HELENE
from tests.journeys.conftest import Arrive
from tests.journeys.filling import Answers, give, is_there, written
from tests.journeys.homes import Home
from tests.journeys.serving import Installation
from tests.journeys.visiting import Visitor
from workflow.db import db
from workflow.dossiers import actions
from workflow.dossiers.queries import by_reference

RANK, COMMITTEE = Home.NO_SCRIPT, Home.NO_SCRIPT_COMMITTEE


@pytest.fixture
def plainly(relais: Installation, arrive: Arrive):
    """Somebody whose browser runs no script."""
    return lambda name: arrive(relais, name, java_script_enabled=False)


def test_a_diagnosis_goes_from_the_adviser_to_the_landlord_and_back_without_a_script(
    relais: Installation, plainly
) -> None:
    with relais.inside():
        household = factories.a_household(RANK)
        said, name = factories.said(household), household.name
    claire = plainly("Claire Maurin")
    begin(claire, name)
    fill_with_the_update_button(claire, "A", said["A"])
    claire.presses("Enregistrer et continuer")
    expect(claire.page).to_have_url(re.compile("/fill/B$"))
    add_and_remove_a_person(claire)
    the_rest_is_known(relais, claire, said)
    send(claire)
    sonia = plainly("Sonia Mendès")
    send_back(sonia, name)
    claire.goes_to("/waiting")
    claire.sees("à corriger")


def begin(claire: Visitor, name: str) -> None:
    claire.searches(name.lower())
    claire.follows(re.compile(re.escape(name)))
    claire.presses("Commencer le diagnostic")
    expect(claire.page).to_have_url(re.compile("/fill/A$"))


def fill_with_the_update_button(claire: Visitor, name: str, said: Answers) -> None:
    """A page without script shows further questions when asked to."""
    left = dict(written(f"/data/{name}", said))
    for _turn in range(4):
        for field in [field for field in left if is_there(claire.page, field)]:
            give(claire.page, field, left.pop(field))
        claire.page.locator("noscript button, button[name=update]:visible").last.click()
    assert left == {}


def add_and_remove_a_person(claire: Visitor) -> None:
    claire.goes_to(claire.path.replace("/fill/B", "/fill/C"))
    rows = claire.page.locator("[data-row]")
    before = rows.count()
    claire.presses("Ajouter une ligne")
    claire.presses("Ajouter une ligne")
    expect(rows).to_have_count(before + 2)
    claire.page.locator('[name="data:C:person~1:C1"]').fill("Koné Awa")
    claire.presses(re.compile("^Retirer .* 2$"))
    expect(rows).to_have_count(before + 1)
    expect(claire.page.locator('[name="data:C:person~1:C1"]')).to_have_value("Koné Awa")


def the_rest_is_known(relais: Installation, claire: Visitor, said: Answers) -> None:
    """The other sections are filled like the first: they are put in at once here."""
    reference = claire.path.split("/")[2]
    with relais.inside():
        actions.write_answers(factories.identity(CLAIRE), reference, said)
        db.session.commit()


def send(claire: Visitor) -> None:
    claire.goes_to(claire.path.rpartition("/fill/")[0] + "/check")
    claire.presses("Envoyer le diagnostic")
    claire.is_told_that_it_is_done()


def send_back(sonia: Visitor, name: str) -> None:
    sonia.goes_to("/waiting")
    sonia.follows(re.compile(re.escape(name.removeprefix("Famille "))))
    sonia.follows("Renvoyer pour correction")
    sonia.ticks("Les ressources")
    sonia.writes("Motif", "Une ressource manque.")
    sonia.presses("Renvoyer pour correction")
    sonia.is_told_that_it_is_done()


def test_the_household_confirms_and_the_committee_decides_without_a_script(relais: Installation, plainly) -> None:
    with relais.inside():
        row = factories.a_dossier_before_the_household(COMMITTEE)
        reference = row.reference
    bruno = plainly("Bruno Castel")
    bruno.goes_to(f"/dossiers/{reference}/sign")
    bruno.ticks("Nous ne sommes pas d’accord sur certains points")
    bruno.ticks("Sur papier, signé")
    scan = {"name": "papier.png", "mimeType": "image/png", "buffer": bruno.page.screenshot()}
    bruno.page.locator("#scan").set_input_files(scan)
    bruno.presses("Confirmer pour le ménage")
    bruno.is_told_that_it_is_done()
    with relais.inside():
        for slug in (HELENE, FRANCOIS):
            factories.decide(slug, by_reference(reference), "Approve", "validation")
    mireille = plainly("Mireille Santoni")
    mireille.goes_to(f"/dossiers/{reference}")
    mireille.follows("Valider")
    mireille.presses("Valider")
    mireille.is_told_that_it_is_done()
    relais.wait_for_jobs()
    mireille.page.reload()
    assert mireille.page.locator(".file-link").count() == 2
