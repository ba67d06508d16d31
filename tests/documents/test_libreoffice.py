"""The working copies of the library in another program than Word: LibreOffice opens each, and writes back its words.

LibreOffice (Debian's libreoffice-writer) is needed for these proofs only; `make proof` brings it.
"""

import datetime
import io
import json
import re
import subprocess
import zipfile
from pathlib import Path

import pytest
from docx import Document as new_docx
from docx.oxml.ns import qn
from docx.shared import Mm

from documents import docx, model
from documents.as_data import content_hash
from documents.library import Library
from tests.documents.reading import words_of_docx

pytestmark = pytest.mark.proof

LIBRARY = Path(__file__).parents[2] / "templates" / "documents"
MODELS = sorted(path.parent.name for path in LIBRARY.glob("*/model.md"))


def rendered(slug: str) -> model.Rendered:
    file = LIBRARY / slug / "model.md"
    data = json.loads((LIBRARY / slug / "example.json").read_text("utf-8"))
    told = {"lang": "fr", "reference": "MIS-2006-0012", "issuer": data["controller"]["name"]}
    day = datetime.date.fromisoformat(data["date"])
    loaded = model.load(file.read_text("utf-8"), Library.beside(file))
    return model.render(loaded, data, date=day, verify_url="https://relais.example.org/verifier/7Q2M", **told)


def letterhead() -> bytes:
    made = new_docx()
    made.sections[0].left_margin = made.sections[0].right_margin = Mm(30)
    made.sections[0].header.paragraphs[0].text = "Actis, office public de l’habitat"
    saved = io.BytesIO()
    made.save(saved)
    return saved.getvalue()


def converted(files: list[Path], kind: str, folder: Path) -> None:
    """All of them in one start, with a profile of their own."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", profile, "--headless", "--norestore", "--convert-to", kind, "--outdir", folder / kind]
    subprocess.run([*command, *files], capture_output=True, check=True, timeout=300)


@pytest.fixture(scope="module")
def copies(house, tmp_path_factory) -> Path:
    """Every model in the house's own look and on a letterhead, as LibreOffice reads and writes them."""
    folder = tmp_path_factory.mktemp("libreoffice")
    for slug in MODELS:
        paper = rendered(slug).document
        told = {"content_hash": content_hash(paper)}
        (folder / f"{slug}.docx").write_bytes(docx.write(paper, house, **told))
        (folder / f"{slug}-letterhead.docx").write_bytes(docx.write(paper, house, letterhead=letterhead(), **told))
    files = sorted(folder.glob("*.docx"))
    converted(files, "pdf", folder)
    converted(files, "docx", folder)
    return folder


def letters(said: str) -> str:
    """Without the spaces, the bullets and the numbers of lists: LibreOffice draws those itself."""
    return re.sub(r"[\s•–]+", "", said)


def unwrapped(file: Path) -> bytes:
    """The file with its table of contents as plain lines: LibreOffice puts it into a control of its own."""
    made = new_docx(file)
    for control in made.element.xpath("//w:sdt"):
        for line in list(control.find(qn("w:sdtContent"))):
            control.addprevious(line)
        control.getparent().remove(control)
    saved = io.BytesIO()
    made.save(saved)
    return saved.getvalue()


NAMES = [f"{slug}{look}" for slug in MODELS for look in ("", "-letterhead")]


@pytest.mark.parametrize("name", NAMES)
def test_a_working_copy_opens_with_every_word_it_holds(copies, name):
    held = words_of_docx((copies / f"{name}.docx").read_bytes())
    command = ["pdftotext", "-raw", copies / "pdf" / f"{name}.pdf", "-"]
    shown = letters(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    assert [word for word in held if letters(word) not in shown] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_working_copy_comes_back_with_the_same_words(copies, name):
    ours, theirs = (copies / folder / f"{name}.docx" for folder in ("", "docx"))
    assert letters("".join(words_of_docx(unwrapped(theirs)))) == letters("".join(words_of_docx(ours.read_bytes())))


@pytest.mark.parametrize("name", NAMES)
def test_a_working_copy_keeps_its_headings_tables_and_language(copies, name):
    ours, theirs = (new_docx(copies / folder / f"{name}.docx") for folder in ("", "docx"))
    for told in (headings, sizes_of_tables, repeated_headers):
        assert told(theirs) == told(ours)
    with zipfile.ZipFile(copies / "docx" / f"{name}.docx") as archive:
        assert b'w:val="fr-FR"' in archive.read("word/styles.xml")


def headings(made) -> list[tuple[str, str]]:
    return [(line.style.name, line.text) for line in made.paragraphs if line.style.name.startswith("Heading")]


def sizes_of_tables(made) -> list[tuple[int, int]]:
    return [(len(one.rows), len(one.columns)) for one in made.tables]


def repeated_headers(made) -> int:
    return len(made.element.xpath("//w:tblHeader"))
