"""A charter of the operation: begun by the city, written with the association, signed on paper."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.cast import FRANCOIS, HELENE, JULIEN, MONIQUE, NADIA, PATRICE
from tests.features.dossiers.playing import AWA, PIXEL, Played, a_second_landlord, example
from tests.journeys.barriers import faults
from tests.journeys.conftest import Arrive
from tests.journeys.filling import fill_section
from tests.journeys.papers import text_of
from tests.journeys.serving import Installation
from tests.journeys.visiting import Visitor
from workflow.db import db

FILES = "/operations/mistral/files"


@pytest.fixture
def installation(worker_folder: Path, tmp_path: Path) -> Iterator[Installation]:
    relais = Installation(worker_folder.parent, tmp_path / "charter", {}, ("serve",))
    relais.furnish()
    with relais.inside():
        a_second_landlord()
    relais.start()
    yield relais
    relais.stop()


def test_a_charter_is_written_by_several_and_signed_on_paper(
    installation: Installation, arrive: Arrive, tmp_path: Path
) -> None:
    nadia, monique = (
        arrive(installation, "Nadia Ferhat"),
        arrive(installation, "Monique Tallard", accept_downloads=True),
    )
    barriers: list[str] = []
    reference = the_city_begins_it(nadia, barriers)
    the_association_counts_what_came_in(monique, barriers)
    with installation.inside():
        written_to_the_opinions(reference)
    the_landlord_gives_an_opinion(arrive(installation, "Sonia Mendès"), reference)
    with installation.inside():
        agreed_and_deliberated(reference)
    a_signed_copy_is_attached(nadia, reference, tmp_path, barriers)
    with installation.inside():
        everybody_signs_and_it_is_published(reference)
    installation.wait_for_jobs()
    the_association_has_the_paper(monique, reference, tmp_path)
    assert barriers == []


def the_city_begins_it(nadia: Visitor, barriers: list[str]) -> str:
    nadia.goes_to("/operations/mistral")
    nadia.follows("Commencer le premier", nadia.page.locator("main"))
    nadia.sees("Aucun dossier de l’opération pour l’instant")
    barriers += faults(nadia.page)
    nadia.presses("Commencer la charte")
    fill_section(nadia, "A", example("charte")["A"])
    return hands_on(nadia)


def hands_on(visitor: Visitor) -> str:
    reference = visitor.path.split("/")[2]
    visitor.goes_to(f"/dossiers/{reference}/check")
    visitor.presses("Transmettre cette étape")
    visitor.sees(reference)
    return reference


def the_association_counts_what_came_in(monique: Visitor, barriers: list[str]) -> None:
    monique.goes_to("/waiting")
    barriers += faults(monique.page)
    monique.follows("Compter les contributions et dire ce qui revient")
    monique.sees("Que chaque famille sache ce à quoi elle a droit")
    barriers += faults(monique.page)
    reference = monique.path.split("/")[2]
    monique.goes_to(f"/dossiers/{reference}/fill/B")
    fill_section(monique, "B", example("charte")["B"])
    hands_on(monique)


def written_to_the_opinions(reference: str) -> None:
    charter = Played.going_on("charte", reference)
    charter.said = {page: example("charte")[page] for page in "AB"}
    for by in (NADIA, MONIQUE, MONIQUE, NADIA):
        charter.hand_on(by)
    for by in (AWA, FRANCOIS):
        charter.decide(by, "GiveOpinion", "avis_technique", opinion="favourable")
    charter.decide(JULIEN, "GiveOpinion", "avis_bailleurs", opinion="favourable")


def the_landlord_gives_an_opinion(sonia: Visitor, reference: str) -> None:
    sonia.goes_to("/waiting")
    sonia.follows("Donner l’avis de chaque bailleur")
    sonia.follows("Donner un avis")
    sonia.ticks(re.compile("^Favorable$|^Avis favorable$"))
    sonia.presses(re.compile("Donner"), sonia.page.locator("main"))
    sonia.is_told_that_it_is_done()
    assert sonia.path == f"/dossiers/{reference}"


def agreed_and_deliberated(reference: str) -> None:
    charter = Played.going_on("charte", reference)
    charter.said = {page: example("charte")[page] for page in "ABCDEF"}
    for by in (HELENE, PATRICE, FRANCOIS):
        charter.decide(by, "Approve", "accord")
    charter.hand_on(NADIA)


def a_signed_copy_is_attached(nadia: Visitor, reference: str, folder: Path, barriers: list[str]) -> None:
    copy = folder / "acte.png"
    copy.write_bytes(PIXEL)
    nadia.goes_to(f"/dossiers/{reference}")
    nadia.follows("Joindre un exemplaire signé")
    barriers += faults(nadia.page)
    nadia.ticks("ACTIS")
    nadia.page.get_by_label("Scan ou photographie du papier signé").set_input_files(copy)
    nadia.presses("Garder l’exemplaire signé")
    nadia.is_told_that_it_is_done()
    nadia.sees("Document signé, numérisé")


def everybody_signs_and_it_is_published(reference: str) -> None:
    charter = Played.going_on("charte", reference)
    charter.said = {page: example("charte")[page] for page in "ABCDEFG"}
    for party in ("grenoble", "prefecture-isere", "cg-isere", "csf"):
        charter.sign(NADIA, party)
    charter.hand_on(NADIA)
    db.session.rollback()


def the_association_has_the_paper(monique: Visitor, reference: str, folder: Path) -> None:
    monique.goes_to(f"/dossiers/{reference}")
    link = monique.page.locator('a[href$="/pdf"]').first
    expect(link).to_be_visible(timeout=20_000)
    kept = folder / "charte.pdf"
    monique.downloads(link).save_as(kept)
    assert "Visiter avant de répondre" in text_of(kept)
