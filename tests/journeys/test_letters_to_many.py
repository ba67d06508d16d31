"""An officer writes one letter to twelve households: one has no address; eleven are sealed, printed, handed over."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.journeys.barriers import faults
from tests.journeys.conftest import Arrive
from tests.journeys.papers import text_of, told_by
from tests.journeys.serving import Installation
from tests.journeys.visiting import Visitor
from workflow.db import db
from workflow.dossiers.models import Household

WAITED = 90_000  # milliseconds for papers on a busy machine
LETTERS = "/operations/mistral/letters"
HOMES = 12
ANSWERS = {
    "reunion_le": "2026-12-14",
    "reunion_lieu": "à 18 h 30, à la Maison des habitants",
    "entretiens": "Entre janvier et mars",
    "demolition": "en 2028",
    "permanence": "le mardi, de 14 h à 18 h",
}


@pytest.fixture
def relais(worker_folder: Path, tmp_path: Path) -> Iterator[Installation]:
    """An installation of its own: a letter to everybody reaches everybody."""
    alone = Installation(worker_folder.parent, tmp_path / "letters", {}, ("serve",))
    alone.furnish(HOMES)
    with alone.inside():
        db.session.query(Household).order_by(Household.reference).first().address = ""
    alone.start()
    yield alone
    alone.stop()


def test_a_letter_goes_to_twelve_households_and_one_has_no_address(
    relais: Installation, arrive: Arrive, tmp_path: Path
) -> None:
    bruno = arrive(relais, "Bruno Castel", accept_downloads=True)
    barriers: list[str] = []
    he_chooses_letter_and_households(bruno, barriers)
    one_is_hindered_and_says_why(bruno)
    he_answers_once_for_all(bruno, barriers)
    he_looks_at_one_of_them(bruno, tmp_path)
    run = he_writes_and_leaves(bruno)
    eleven_are_written(bruno, run, barriers)
    he_prints_them_all(bruno, tmp_path)
    he_ticks_what_was_handed_over(bruno, run, tmp_path)
    one_of_them_is_found_with_its_household(bruno, barriers)
    he_drafts_another_letter_to_that_household(bruno, barriers)
    papers_of_bodies_and_of_the_operation_are_as_easy(bruno, arrive(relais, "Nadia Ferhat"), barriers)
    assert not barriers, "\n".join(barriers)


def looks(visitor: Visitor, sign: str, barriers: list[str]) -> None:
    """Nothing on this page keeps somebody out, at a desk or at 320 px. sign: by which one knows it is there."""
    expect(visitor.page.locator(sign).first).to_be_visible(timeout=WAITED)
    visitor.page.wait_for_load_state()
    barriers.extend(faults(visitor.page))


def he_chooses_letter_and_households(bruno: Visitor, barriers: list[str]) -> None:
    bruno.goes_to("/households")
    bruno.page.locator(f"main a[href='{LETTERS}']").click()
    bruno.page.locator(f"main a[href='{LETTERS}/new']").first.click()
    looks(bruno, "input[value='courrier-information']", barriers)
    bruno.page.locator("input[value='courrier-information']").check()
    bruno.page.locator("main form[method='post'] button[type='submit']").click()
    assert "Votre immeuble va être démoli" in bruno.title()
    looks(bruno, "#lines", barriers)


def one_is_hindered_and_says_why(bruno: Visitor) -> None:
    expect(bruno.page.locator("main table tbody tr")).to_have_count(HOMES)
    expect(bruno.page.locator("main table .state-late")).to_have_count(1)
    expect(bruno.page.locator("main form[action$='/start'] button").first).to_be_disabled()


def he_answers_once_for_all(bruno: Visitor, barriers: list[str]) -> None:
    bruno.page.locator("main a[href$='/answers']").click()
    for name, words in ANSWERS.items():
        bruno.page.locator(f"#asked_{name}").fill(words)
    looks(bruno, "#asked_reunion_le", barriers)
    bruno.page.locator("main form[method='post'] button[type='submit']").click()
    bruno.is_told_that_it_is_done()


def he_looks_at_one_of_them(bruno: Visitor, folder: Path) -> None:
    link = bruno.page.locator("main a[href*='/draft/']").nth(4)
    name = bruno.page.locator("main table tbody tr").nth(4).locator("th a").inner_text()
    made = bruno.page.request.get(str(link.get_attribute("href")))
    draft = folder / "draft.pdf"
    draft.write_bytes(made.body())
    said = text_of(draft)
    assert name in said
    assert "Projet" in said
    assert "Maison des habitants" in said


def he_writes_and_leaves(bruno: Visitor) -> str:
    bruno.page.locator("main form[action$='/start'] button").first.click()
    run = bruno.path
    bruno.goes_to("/waiting")
    return run


def eleven_are_written(bruno: Visitor, run: str, barriers: list[str]) -> None:
    bruno.goes_to(run)
    expect(bruno.page.locator("main [data-done]")).to_be_visible(timeout=WAITED)
    bruno.goes_to(run)
    expect(bruno.page.locator("main table a[href^='/written/']")).to_have_count(HOMES - 1)
    looks(bruno, "#lines", barriers)


def he_prints_them_all(bruno: Visitor, folder: Path) -> None:
    names = bruno.page.locator("main table a[href^='/written/']").all_inner_texts()
    bundle = folder / "bundle.pdf"
    bruno.downloads(bruno.page.locator("main a[href$='bundle.pdf']")).save_as(bundle)
    said = text_of(bundle)
    places = [said.index(name) for name in names]
    assert places == sorted(places), "in the order of the list, which is that of the addresses"
    single = int(told_by("pdfinfo", bundle).partition("Pages:")[2].split()[0])
    both = folder / "both-sides.pdf"
    bruno.downloads(bruno.page.locator("main a[href*='duplex=1']")).save_as(both)
    assert int(told_by("pdfinfo", both).partition("Pages:")[2].split()[0]) >= single


def he_ticks_what_was_handed_over(bruno: Visitor, run: str, folder: Path) -> None:
    boxes = bruno.page.locator("main table input[name='line']")
    for rank in range(3):
        boxes.nth(rank).check()
    bruno.page.locator("#how").select_option("box")
    bruno.page.locator("#lines button[type='submit']").first.click()
    bruno.is_told_that_it_is_done()
    bruno.page.locator("#how").select_option("post")
    bruno.page.locator("#lines button[name='all']").click()
    bruno.is_told_that_it_is_done()
    sheet = folder / "handed.xlsx"
    bruno.downloads(bruno.page.locator("main a[href*='format=xlsx']")).save_as(sheet)
    rows = list(load_workbook(sheet).active.iter_rows(values_only=True))
    handed = [row for row in rows[1:] if any("Bruno Castel" in str(cell) for cell in row)]
    assert len(handed) == HOMES - 1


def one_of_them_is_found_with_its_household(bruno: Visitor, barriers: list[str]) -> None:
    bruno.page.locator("main table a[href^='/written/']").first.click()
    expect(bruno.page.locator("main a.file-link")).to_have_count(1)
    written = bruno.path
    looks(bruno, "a[href$='/annul']", barriers)
    bruno.goes_to(f"{written}/annul")
    looks(bruno, "#reason", barriers)
    bruno.goes_to(written)
    bruno.page.locator(".breadcrumb a[href$='/papers']").click()
    looks(bruno, ".page-list", barriers)
    expect(bruno.page.locator("main table a[href^='/written/']")).to_have_count(1)


def he_drafts_another_letter_to_that_household(bruno: Visitor, barriers: list[str]) -> None:
    bruno.page.locator("main a[href$='/write/fiche-souhaits']").click()
    looks(bruno, "#writing", barriers)
    bruno.page.locator("button[value='look']").click()
    expect(bruno.page.locator("#asked_faite_le-error")).to_be_visible()
    looks(bruno, "#asked_faite_le-error", barriers)
    bruno.page.locator("#asked_faite_le").fill("2026-12-14")
    for name in ("choix_1", "type", "important"):
        bruno.page.locator(f"#asked_{name}").fill("près de l’école")
    bruno.page.locator("#asked_retour").select_option("rester")
    bruno.page.locator("button[value='look']").click()
    expect(bruno.page.locator(".draft-pages img").first).to_be_visible(timeout=WAITED)
    looks(bruno, ".draft-pages img", barriers)


def papers_of_bodies_and_of_the_operation_are_as_easy(bruno: Visitor, nadia: Visitor, barriers: list[str]) -> None:
    for path in ("bodies/commission-relogement/papers", "bodies/commission-relogement/write/ordre-du-jour", "letters"):
        assert bruno.goes_to(f"/operations/mistral/{path}") == 200
        looks(bruno, "main h1", barriers)
    for path in ("written", "write/avenant", "write/charte-de-relogement"):
        assert nadia.goes_to(f"/operations/mistral/{path}") == 200
        looks(nadia, "main h1", barriers)
