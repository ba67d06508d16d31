"""A partner sends an agreement back as a Word file; the manager chooses article by article and makes it the draft."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document as open_docx
from playwright.sync_api import expect

from tests.journeys.conftest import Arrive
from tests.journeys.serving import Installation
from tests.journeys.visiting import Visitor
from workflow.catalogue.models import PaperDraft, PaperReturn
from workflow.db import db

MODEL = "/operations/mistral/models/cahier-des-charges-mous"
OLD, NEW = "depuis longtemps", "depuis de longues années"
PATIENCE = 45_000


@pytest.fixture
def nadia(relais: Installation, arrive: Arrive) -> Iterator[Visitor]:
    yield arrive(relais, "Nadia Ferhat", accept_downloads=True)
    with relais.inside():
        db.session.query(PaperReturn).filter_by(slug="cahier-des-charges-mous").delete()
        db.session.query(PaperDraft).filter_by(slug="cahier-des-charges-mous").delete()
        db.session.commit()


def changed(word: bytes) -> bytes:
    made, target = open_docx(io.BytesIO(word)), io.BytesIO()
    (run,) = [run for line in made.paragraphs for run in line.runs if OLD in run.text]
    run.text = run.text.replace(OLD, NEW)
    made.save(target)
    return target.getvalue()


def test_what_a_partner_changed_is_chosen_seen_and_becomes_the_draft(
    relais: Installation, nadia: Visitor, tmp_path: Path
) -> None:
    nadia.goes_to(MODEL)
    example = nadia.downloads(nadia.page.get_by_role("link", name=re.compile(r"\(Word\)")).first)
    file = tmp_path / "cahier-relu.docx"
    file.write_bytes(changed(Path(example.path()).read_bytes()))
    nadia.page.locator(f'a[href="{MODEL}/from-word"]').click()
    nadia.page.set_input_files("[name=file]", file)
    nadia.page.fill("[name=partner]", "Département du Rhône")
    nadia.page.locator("form.from-word-send button[type=submit]").click()
    article = nadia.page.locator(".from-word-article")
    expect(article).to_have_count(1, timeout=PATIENCE)
    expect(article.locator("ins").first).to_contain_text("de longues années")
    article.locator("input[value=theirs]").check()
    nadia.page.locator("button[value=result]").click()
    nadia.page.locator("button[value=see]").click()
    expect(nadia.page.locator("[data-page]").first).to_be_visible(timeout=PATIENCE)
    nadia.page.locator("button[value=draft]").click()
    expect(nadia.page.locator("#text")).to_have_value(re.compile(NEW), timeout=PATIENCE)
    with relais.inside():
        kept = db.session.get(PaperDraft, ("cahier-des-charges-mous", "mistral"))
        assert kept is not None
        assert NEW in kept.text
        assert "{{ operation.name }}" in kept.text
        assert "Département du Rhône" in kept.note
