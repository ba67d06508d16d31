"""Monday to Tuesday without a terminal: from an empty installation to a sealed sheet, everything entered in pages."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from playwright.sync_api import expect
from sqlalchemy import select

from tests import factories
from tests.journeys.conftest import Arrive
from tests.journeys.deciding import approves, confirms_on_screen, fitted, takes_up
from tests.journeys.filling import fill_section
from tests.journeys.papers import text_of, told_by
from tests.journeys.serving import Installation
from tests.journeys.visiting import Visitor
from workflow import clock
from workflow.catalogue.queries import current
from workflow.db import db
from workflow.exchange.rules.invented import answers
from workflow.mail import Mail

PASSWORD = "quatre mots faciles à retenir"
CITY, LANDLORD, STATE = "Ville de Saint-Étienne", "Habitat du Forez", "Préfecture de la Loire"
COUNT = 20
FAMILY = re.compile("Essai 7(?: |$)")
WAITED = 60_000  # milliseconds for papers on a busy machine


@dataclass
class Story:
    relais: Installation
    arrive: Arrive
    folder: Path
    people: dict[str, Visitor] = field(default_factory=dict)


@pytest.fixture
def story(arrive: Arrive, worker_folder: Path, tmp_path: Path) -> Iterator[Story]:
    empty = Installation(worker_folder.parent, tmp_path / "empty", {}, ("serve",))
    empty.start()
    yield Story(empty, arrive, tmp_path)
    empty.stop()


def test_an_officer_opens_an_operation_and_partners_work_in_it(story: Story) -> None:
    ines = ines_begins_from_the_link_in_the_window(story)
    she_begins_an_operation(ines)
    she_names_the_partners(ines)
    she_adds_a_building(ines)
    codes = she_adds_the_people(ines)
    she_seats_the_committee(ines)
    she_sees_who_acts(ines)
    she_loads_twenty_households(ines, story)
    claire = somebody_accepts_by_mail(story, "Claire Aubert", "claire.aubert@example.org")
    sonia = somebody_comes_with_a_code(story, "Sonia Brun", codes["Sonia Brun"])
    claire_fills_a_diagnosis(claire, story)
    sonia_approves(sonia)
    claire_has_the_household_confirm(claire)
    for name, address in (("Hélène Vial", "helene.vial@example.org"), ("Éric Roche", "eric.roche@example.org")):
        a_seat_approves(somebody_accepts_by_mail(story, name, address))
    the_sheet_is_sealed(claire, story)
    nobody_was_forgotten(claire)


# -- Monday: the operation ----------------------------------------------------------------------------------------


def ines_begins_from_the_link_in_the_window(story: Story) -> Visitor:
    ines = story.arrive(story.relais, "", accept_downloads=True)
    ines.goes_to("/")
    ines.sees("Cette installation est encore vide")
    link = re.search(r"/first/\S+", story.relais.told())
    assert link, story.relais.told()
    ines.goes_to(link.group(0))
    fill(ines, name="Inès Colin", email="ines.colin@example.org", password=PASSWORD, organisation=CITY)
    fill(ines, city="Saint-Étienne")
    ines.page.select_option("[name=kind]", "city")
    ines.presses("Commencer")
    ines.sees("Commencez votre première opération")
    stranger = story.arrive(story.relais)
    stranger.goes_to(link.group(0))
    expect(stranger.page.locator("[name=password]")).to_have_count(0)
    return ines


def she_begins_an_operation(ines: Visitor) -> None:
    ines.follows("Commencer une opération")
    ines.follows("Commencer pas à pas")
    fill(ines, name="Séverine", label="Relogement de la Séverine", city="Saint-Étienne", zones="Côté rue\nCôté parc")
    fill(ines, starts="2026-09-01", ends="2028-12-31")
    ines.page.select_option("[name=owner]", label=CITY)
    ines.presses("Commencer cette opération")
    ines.sees("Voici ce qu’il reste à faire")


def she_names_the_partners(ines: Visitor) -> None:
    for name, kind, part in ((LANDLORD, "landlord", "origin"), (STATE, "state", "reservation-holder")):
        ines.goes_to("/operations/severine/partners/new")
        ines.page.select_option("[name=organisation]", "+")
        fill(ines, new_name=name, new_city="Saint-Étienne")
        ines.page.select_option("[name=new_kind]", kind)
        ines.page.select_option("[name=part]", part)
        ines.page.check("[name=consent]")
        ines.presses("Ajouter ce partenaire")
        ines.sees(name)


def she_adds_a_building(ines: Visitor) -> None:
    ines.goes_to("/operations/severine/buildings/new")
    fill(ines, name="Tour A", address="3 rue des Lilas, Saint-Étienne", dwellings="99")
    ines.page.select_option("[name=landlord]", label=LANDLORD)
    ines.page.select_option("[name=zone]", label="Côté rue")
    ines.presses("Ajouter ce bâtiment")
    ines.sees("Tour A")


def she_adds_the_people(ines: Visitor) -> dict[str, str]:
    """Those who have an address are invited by mail; who has none gets a printed code."""
    adds(ines, "Claire Aubert", CITY, "claire.aubert@example.org", role="cesf")
    adds(ines, "Hélène Vial", CITY, "helene.vial@example.org")
    adds(ines, "Éric Roche", STATE, "eric.roche@example.org")
    adds(ines, "Paul Gagnaire", LANDLORD, "paul.gagnaire@example.org")
    adds(ines, "Sonia Brun", LANDLORD, "", role="referent_bailleur")
    ines.presses("Imprimer un code")
    code = ines.page.locator(".large strong.text-nowrap").inner_text()
    return {"Sonia Brun": " ".join(code.split())}


def adds(ines: Visitor, name: str, employer: str, address: str, *, role: str = "") -> None:
    ines.goes_to("/people/new?operation=severine")
    fill(ines, name=name, email=address)
    ines.page.select_option("[name=organisation]", label=employer)
    if role:
        ines.page.select_option("[name=role]", role)
        ines.page.select_option("[name=operation]", "severine")
        ines.page.select_option("[name=acts_for]", label=employer)
    if address:
        ines.page.check("[name=invite]")
    ines.presses("Ajouter cette personne")
    ines.sees("La personne est ajoutée")


def she_seats_the_committee(ines: Visitor) -> None:
    ines.goes_to("/operations/severine/bodies/new")
    ines.page.select_option("[name=asked]", "commission-relogement")
    fill(ines, label="Commission relogement")
    ines.page.select_option("[name=chair]", label=CITY)
    ines.presses("Ajouter")
    ines.is_told_that_it_is_done()
    for organisation, person in ((CITY, "Hélène Vial"), (STATE, "Éric Roche"), (LANDLORD, "Paul Gagnaire")):
        ines.goes_to("/operations/severine/bodies/commission-relogement/seats/new")
        ines.page.select_option("[name=organisation]", label=organisation)
        ines.page.select_option("[name=person]", label=person)
        ines.presses("Ajouter ce siège")
        ines.sees(person)
    ines.follows("Modifier le nom, la présidence ou le quorum")
    fill(ines, quorum="2")
    ines.presses("Enregistrer")
    ines.is_told_that_it_is_done()


def she_sees_who_acts(ines: Visitor) -> None:
    ines.goes_to("/operations/severine/who-acts")
    for name in ("Claire Aubert", "Sonia Brun", "Hélène Vial", "Éric Roche"):
        ines.sees(name)


def she_loads_twenty_households(ines: Visitor, story: Story) -> None:
    """Nineteen from a workbook, one typed; loading the workbook again changes nothing."""
    for again in (False, True):
        ines.goes_to("/operations/severine/import")
        ines.page.set_input_files("[name=file]", workbook(story.folder))
        ines.presses("Lire ce fichier")
        ines.presses("Voir ce qui serait importé")
        if again:
            ines.sees("déjà présent")
        else:
            ines.presses(re.compile("^Importer"))
            ines.sees(re.compile("19"), within=WAITED)
            story.relais.wait_for_jobs()
    ines.goes_to("/operations/severine/households/new")
    fill(ines, name="Famille Moulin", dwelling="A-42", persons="3", surface="62,5")
    ines.page.select_option("[name=building]", label="Tour A")
    ines.page.select_option("[name=dwelling_type]", "T3")
    ines.presses("Enregistrer le ménage")
    ines.is_told_that_it_is_done()
    ines.goes_to("/operations/severine")
    ines.sees(f"{COUNT} ménages")


def workbook(folder: Path) -> Path:
    book = Workbook()
    sheet = book.active
    sheet.append(["Nom", "Bâtiment", "Logement", "Type", "Surface", "Personnes", "Téléphone"])
    for number in range(1, COUNT):
        sheet.append([f"Famille Essai {number}", "Tour A", f"A-{number:02d}", "T3", "61,5", 2, "06 39 98 00 00"])
    path = folder / "menages.xlsx"
    book.save(path)
    return path


# -- Tuesday: the partners ----------------------------------------------------------------------------------------


def somebody_accepts_by_mail(story: Story, name: str, address: str) -> Visitor:
    """The link of the mail; without a mail server it is kept, and its operator reads it."""
    story.relais.wait_for_jobs()
    with story.relais.inside():
        bodies = " ".join(db.session.scalars(select(Mail.body).where(Mail.to == address)))
    link = re.search(r"/invitation/\S+", bodies)
    assert link, bodies
    visitor = story.arrive(story.relais, "", accept_downloads=True)
    visitor.goes_to(link.group(0))
    visitor.sees(name)
    fill(visitor, password=PASSWORD)
    visitor.page.locator("main form button[type=submit]").last.click()
    return signed_in(visitor, name, address)


def somebody_comes_with_a_code(story: Story, name: str, code: str) -> Visitor:
    visitor = story.arrive(story.relais)
    visitor.goes_to("/code")
    fill(visitor, code=code)
    visitor.page.locator("main form button[type=submit]").last.click()
    visitor.sees(name)
    fill(visitor, password=PASSWORD)
    visitor.page.locator("main form button[type=submit]").last.click()
    return signed_in(visitor, name, "sonia.brun")


def signed_in(visitor: Visitor, name: str, login: str) -> Visitor:
    if visitor.page.locator("[name=login]").count():
        fill(visitor, login=login, password=PASSWORD)
        visitor.presses("Se connecter")
    expect(visitor.page.locator(".menu-person")).to_contain_text(name)
    return visitor


def claire_fills_a_diagnosis(claire: Visitor, story: Story) -> None:
    claire.searches("essai 7")
    claire.follows(FAMILY)
    claire.presses("Commencer le diagnostic")
    with story.relais.inside():
        form = current("diagnostic-social", "severine").form  # type: ignore[union-attr]
        said = fitted(form, answers_of_somebody())
        said["I"] |= {"secteur": [{"I3": "cote-rue"}, {"I3": "cote-parc"}], "I4": []}
        said["I"]["I_choix"] = {"I15_1": "cote-rue", "I15_2": "cote-parc"}
    for name, part in said.items():
        expect(claire.page).to_have_url(re.compile(f"/fill/{name}$"))
        fill_section(claire, name, part)
        claire.presses("Enregistrer et continuer")
        wrong = claire.page.locator(".error-summary")
        assert not wrong.count(), wrong.inner_text()
    claire.does_not_see("Réponse manquante")
    claire.presses("Envoyer le diagnostic")
    claire.is_told_that_it_is_done()


def sonia_approves(sonia: Visitor) -> None:
    takes_up(sonia, FAMILY)
    approves(sonia)


def claire_has_the_household_confirm(claire: Visitor) -> None:
    takes_up(claire, re.compile("Recueillir la réponse .*Essai 7"))
    claire.follows("Faire lire et confirmer par le ménage")
    confirms_on_screen(claire)


def a_seat_approves(seat: Visitor) -> None:
    takes_up(seat, re.compile("Valider les besoins"))
    seat.does_not_see("Essai 7")
    approves(seat)


def the_sheet_is_sealed(claire: Visitor, story: Story) -> None:
    story.relais.wait_for_jobs()
    claire.searches("essai 7")
    claire.follows(FAMILY)
    claire.follows(re.compile("Diagnostic"), inside=claire.main)
    expect(claire.page.locator(".file-link")).to_have_count(4, timeout=WAITED)
    for link in claire.page.locator(".file-link").all():
        download = claire.downloads(link)
        path = story.folder / download.suggested_filename
        download.save_as(path)
        if path.suffix == ".pdf":
            assert "Signature is Valid" in told_by("pdfsig", "-nocert", path)
            assert "Séverine" in text_of(path)


def nobody_was_forgotten(claire: Visitor) -> None:
    """The household has no address: a notice waits to be handed over, and is ticked."""
    claire.goes_to("/operations/severine/notices")
    claire.sees("Essai 7")
    waiting = claire.page.locator("main [name=notice]")
    expect(waiting).not_to_have_count(0)
    for notice in waiting.all():
        notice.check()
    claire.presses("Noter comme remis")
    claire.is_told_that_it_is_done()
    expect(claire.page.locator("main [name=notice]")).to_have_count(0)


# -- what they write ------------------------------------------------------------------------------------------------


def fill(visitor: Visitor, **fields: str) -> None:
    """Write into fields of the page by their names."""
    for name, text in fields.items():
        visitor.page.locator(f"main [name={name}]").fill(text)


def answers_of_somebody() -> dict[str, Any]:
    home = next(home for home in factories.HOMES if home["number"] == 9)
    return answers(
        home,
        factories.MISTRAL,
        officer="Claire Aubert",
        referent="Sonia Brun",
        today=clock.today(),
        rng=random.Random(9),
        interviewed=clock.today(),
        agreements=["habitat-du-forez", "prefecture-de-la-loire"],
    )
