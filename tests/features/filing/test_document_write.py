"""relais document write: clauses, pictures, annexes and letterhead of a model that stands alone."""

import io
import json
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner, Result
from docx import Document
from PIL import Image

from workflow.filing import cli

MODEL = """---
title: "Avenant"
lang: fr
annexes:
  - {title: Règlement, model: reglement}
  - {title: Plan, file: attached}
---
## Article – Objet {#objet}

{% clause "duree" %}

{% figure "plan.png" alt: "Le plan" %}
"""


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A small library on disk; returns the folder of the model."""
    folder = tmp_path / "documents" / "avenant"
    for place in (folder, folder.parent / "clauses", folder.parent / "reglement"):
        place.mkdir(parents=True)
    (folder / "model.md").write_text(MODEL, "utf-8")
    (folder / "example.json").write_text(json.dumps({"landlord": {"slug": "actis"}}), "utf-8")
    Image.new("RGB", (30, 20)).save(folder / "plan.png")
    (folder.parent / "clauses" / "duree.md").write_text('Un an après l\'{% ref "objet" %}.', "utf-8")
    (folder.parent / "clauses" / "duree.actis.md").write_text("Trois ans.", "utf-8")
    (folder.parent / "reglement" / "model.md").write_text('---\ntitle: "R"\n---\nSilence.', "utf-8")
    return folder


def written(folder: Path, *more: str | Path) -> Result:
    given = [folder / "model.md", folder / "example.json", "--out", folder / "out", *more]
    return CliRunner().invoke(cli.document, ["write", *map(str, given)])


def text(folder: Path) -> str:
    made = Document(io.BytesIO((folder / "out" / "avenant.docx").read_bytes()))
    return "\n".join(line.text for line in made.paragraphs)


def test_a_model_finds_its_clauses_pictures_and_annexes_beside_it(shelf: Path) -> None:
    (shelf / "reglement.pdf").write_bytes(b"%PDF-1.7 plan")
    ran = written(shelf, "--annex", shelf / "reglement.pdf")
    assert ran.exit_code == 0, ran.output
    assert "Trois ans." in text(shelf)
    assert "Silence." in text(shelf)
    with pikepdf.open(shelf / "out" / "avenant.pdf") as opened:
        assert set(opened.attachments) == {"donnees.json", "reglement.pdf"}


def test_large_print_takes_more_room(shelf: Path) -> None:
    (shelf / "model.md").write_text('---\ntitle: "T"\n---\n' + "Une phrase.\n\n" * 60, "utf-8")
    pages = []
    for more in ((), ("--large",)):
        assert written(shelf, *more).exit_code == 0
        with pikepdf.open(shelf / "out" / "avenant.pdf") as opened:
            pages.append(len(opened.pages))
    assert pages[0] < pages[1]


def test_the_copy_takes_the_letterhead_it_is_given(shelf: Path) -> None:
    head = Document()
    head.sections[0].header.paragraphs[0].text = "Actis"
    head.save(shelf / "head.docx")
    assert written(shelf, "--letterhead", shelf / "head.docx").exit_code == 0
    made = Document(io.BytesIO((shelf / "out" / "avenant.docx").read_bytes()))
    assert made.sections[0].header.paragraphs[0].text == "Actis"


def test_a_letterhead_that_is_no_word_file_and_a_clause_at_fault_are_refusals(shelf: Path) -> None:
    (shelf / "head.docx").write_bytes(b"a letter")
    ran = written(shelf, "--letterhead", shelf / "head.docx")
    assert ran.exit_code == 1
    assert "Word" in ran.output
    (shelf.parent / "clauses" / "duree.md").write_text("Un.\n\n{{ a | nowhere }}", "utf-8")
    ran = written(shelf)
    assert ran.exit_code == 1
    assert "duree" in ran.output
    assert "3" in ran.output
