"""An adviser finds a paper among all, sees who still has to sign, takes three along, and prints a whole dossier."""

import re
import zipfile
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import expect

from tests import factories
from tests.journeys.barriers import faults
from tests.journeys.conftest import Arrive
from tests.journeys.homes import Home
from tests.journeys.papers import printed_reference, text_of
from tests.journeys.serving import Installation
from tests.journeys.visiting import Visitor
from workflow.db import db
from workflow.filing import queries

LIST, LETTERHEAD = "/operations/mistral/papers", "/organisations/grenoble/letterhead"
PATIENCE = 45_000


@pytest.fixture(scope="module")
def written(on_one_machine: Installation) -> list[str]:
    """The references of the papers of two validated dossiers, and that of a dossier its household has to sign."""
    with on_one_machine.inside():
        subjects = [factories.a_validated_dossier(home).subject for home in (Home.PAPERS_1, Home.PAPERS_2)]
        unsigned = factories.a_dossier_before_the_household(Home.PAPERS_UNSIGNED).reference
        db.session.commit()
    on_one_machine.wait_for_jobs()
    with on_one_machine.inside():
        references = [row.reference for subject in subjects for row in queries.papers(subject)]
    return [*references, unsigned]


def test_a_paper_is_found_taken_along_and_a_dossier_printed(
    relais: Installation, written: list[str], arrive: Arrive, tmp_path: Path
) -> None:
    claire = arrive(relais, "Claire Maurin", accept_downloads=True)
    barriers: list[str] = []
    *references, unsigned = written
    finds_it(claire, references[0], barriers)
    sees_who_has_to_sign(claire, unsigned, barriers)
    takes_three_along(claire, references[:3], tmp_path)
    prints_a_dossier(claire, references[0], tmp_path)
    assert barriers == []


def finds_it(claire: Visitor, reference: str, barriers: list[str]) -> None:
    claire.goes_to("/operations/mistral/files")
    claire.page.locator(f'main a[href="{LIST}"]').click()
    barriers += faults(claire.page)
    claire.page.locator("#filter-q").fill(reference)
    claire.page.locator("#filter-q").press("Enter")
    claire.sees(reference)
    expect(claire.page.locator("table.list tbody tr")).to_have_count(1)


def sees_who_has_to_sign(claire: Visitor, unsigned: str, barriers: list[str]) -> None:
    claire.goes_to(LIST)
    claire.page.locator("#filter-state").select_option("signing")
    claire.page.locator(".filters button").click()
    row = claire.page.locator("table.list tbody tr", has_text=unsigned)
    expect(row).to_contain_text("le ménage")
    barriers += faults(claire.page)


def takes_three_along(claire: Visitor, references: list[str], tmp_path: Path) -> None:
    claire.goes_to(f"{LIST}?all=1")
    for reference in references:
        claire.page.locator("table.list tbody tr", has_text=reference).get_by_role("checkbox").check()
    taken = claire.downloads(claire.page.locator("#take button.button[type=submit]:not([name])"))
    archive = tmp_path / taken.suggested_filename
    taken.save_as(archive)
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(tmp_path)
        papers = [tmp_path / name for name in opened.namelist() if name.endswith(".pdf")]
        assert any(name.endswith(".xlsx") for name in opened.namelist())
    assert {printed_reference(paper) for paper in papers} == set(references)


def prints_a_dossier(claire: Visitor, reference: str, tmp_path: Path) -> None:
    claire.goes_to(f"{LIST}?q={reference}")
    claire.page.locator("table.list tbody th a").first.click()
    assert re.match(r"/dossiers/", claire.path)
    claire.page.locator("#bundle summary").click()
    claire.page.locator("#bundle-duplex").check()
    with claire.page.expect_download(timeout=PATIENCE) as download:
        claire.page.locator('#bundle button[type="submit"]').click()
    printed = tmp_path / "bundle.pdf"
    download.value.save_as(printed)
    assert reference in text_of(printed)


def test_without_a_script_the_same_list_is_searched_and_ticked(
    relais: Installation, written: list[str], arrive: Arrive
) -> None:
    claire = arrive(relais, "Claire Maurin", accept_downloads=True, java_script_enabled=False)
    claire.goes_to(f"{LIST}?q={written[0]}&tick=all")
    expect(claire.page.get_by_role("checkbox")).to_be_checked()
    takes = claire.page.locator("#take button.button[type=submit]:not([name])")
    assert claire.downloads(takes).suggested_filename.endswith(".zip")


def test_a_letterhead_is_given_seen_and_set_aside(relais: Installation, arrive: Arrive, tmp_path: Path) -> None:
    nadia = arrive(relais, "Nadia Ferhat", accept_downloads=True)
    made, file = Document(), tmp_path / "en-tete.docx"
    made.sections[0].footer.paragraphs[0].text = "11 boulevard Jean Pain, 38000 Grenoble"
    made.save(str(file))
    nadia.goes_to("/organisations/grenoble")
    nadia.page.locator(f'main a[href="{LETTERHEAD}"]').click()
    assert faults(nadia.page) == []
    nadia.page.locator("#file").set_input_files(file)
    nadia.page.locator('form[enctype] button[type="submit"]').click()
    nadia.is_told_that_it_is_done()
    assert faults(nadia.page) == []
    example = nadia.downloads(nadia.page.locator('a[href$="specimen.docx"]'))
    example.save_as(tmp_path / "exemple.docx")
    assert "boulevard Jean Pain" in text_of(tmp_path / "exemple.docx")
    nadia.page.locator('form[action$="set-aside"] button').click()
    nadia.is_told_that_it_is_done()
    expect(nadia.page.locator('form[action$="/use"]')).to_be_visible()
