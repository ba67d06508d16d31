"""A form to be filled with a pen: tagged for who cannot see it, large for who sees badly, in its own language."""

import datetime
import io
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import yaml

from documents import fonts
from documents.house import HouseStyle
from documents.pdf import NotSet
from documents.questionnaire.cover import Cover
from documents.questionnaire.writing import write
from forms.definition import Form, load
from forms.paper import questionnaire
from forms.xlsform import compile_xlsform

ROOT = Path(__file__).parents[2]
HOUSE = ROOT / "templates" / "house-style"
DAY = datetime.date(2026, 11, 23)
PICTURES = {"house.png": b"\x89PNG\r\n\x1a\n", "tower.png": b"\x89PNG\r\n\x1a\n"}
ADDRESS = "https://relais.example.org/dossiers/MIS-0042-1/key"
BILINGUAL = """
| survey |
| | type | name | label::Français (fr) | label::العربية (ar) | relevant | bind::relais:level |
| | begin group | a | Vous | أنتم | | |
| | text | nom | Votre nom | اسمكم | | V1 |
| | select_one yn | asc | Un ascenseur ? | هل تحتاجون إلى مصعد؟ | | V1 |
| | date | ne | Né le | تاريخ الميلاد | ${asc} = 'oui' | V1 |
| | end group | | | | | |
| choices |
| | list_name | name | label::Français (fr) | label::العربية (ar) |
| | yn | oui | Oui | نعم |
| | yn | non | Non | لا |
| settings |
| | form_id | form_title | version | default_language |
| | essai | Essai | 3 | Français (fr) |
"""
Printed = Callable[..., bytes]


@pytest.fixture(scope="module")
def style() -> HouseStyle:
    return HouseStyle.load(HOUSE, organisation="Ville de Grenoble", form=True)


@pytest.fixture(scope="module")
def museum() -> Form:
    file = ROOT / "tests" / "forms" / "museum.md"
    return load(compile_xlsform(file.read_bytes(), file.name, media=PICTURES).xml, PICTURES)


@pytest.fixture(scope="module")
def bilingual() -> Form:
    return load(compile_xlsform(BILINGUAL.encode(), "form.md").xml)


@pytest.fixture(scope="module")
def printed(style: HouseStyle) -> Printed:
    def made(form: Form, lang: str = "fr", cover: Cover | None = None, *, large: bool = False) -> bytes:
        return write(asdict(questionnaire(form, lang)), cover or Cover(), style, date=DAY, large_print=large).bytes

    return made


@pytest.fixture(scope="module")
def paper(printed: Printed, museum: Form) -> bytes:
    return printed(museum, cover=Cover("Ville de Grenoble", "Mistral", "MIS-0042-1", "", ADDRESS))


def words(made: bytes, folder: Path) -> str:
    file = folder / "form.pdf"
    file.write_bytes(made)
    said = subprocess.run(["pdftotext", "-raw", file, "-"], capture_output=True, check=True, text=True).stdout
    return " ".join(said.split())


def tags(made: bytes) -> Counter[str]:
    """How often each kind of element stands in the structure of a PDF."""
    with pikepdf.open(io.BytesIO(made)) as opened:
        found: Counter[str] = Counter()
        waiting: list[Any] = [opened.Root.StructTreeRoot]
        while waiting:
            one = waiting.pop()
            if isinstance(one, pikepdf.Array):
                waiting += list(one)
            elif isinstance(one, pikepdf.Dictionary):
                found[str(one.get("/S"))] += 1
                waiting.append(one.get("/K"))
        return found


def test_it_declares_its_standards_its_title_and_its_language(paper: bytes) -> None:
    with pikepdf.open(io.BytesIO(paper)) as opened:
        about = opened.open_metadata()
        assert (about["pdfaid:part"], about["pdfaid:conformance"], about["pdfuaid:part"]) == ("3", "A", "1")
        assert about["dc:title"] == "Tous les types de questions"
        assert opened.Root.Lang == "fr"
        assert bool(opened.Root.MarkInfo.Marked)


def test_pages_are_headings_choices_are_lists_and_tables_have_headers(paper: bytes, museum: Form) -> None:
    found = tags(paper)
    assert found["/H1"] == len(museum.sections) + 1  # and how it ends
    assert found["/LI"] > 20
    assert found["/Table"] >= 4
    assert found["/TH"] > found["/Table"]


def test_it_says_the_words_of_its_form_in_order(paper: bytes, museum: Form, tmp_path: Path) -> None:
    said = words(paper, tmp_path)
    labels = [one.label for one in questionnaire(museum, "fr").entries() if one.kind == "question"]
    assert [label for label in labels if label not in said] == []
    places = [said.index(f"{one.number} ") for one in questionnaire(museum, "fr").entries() if one.number[:1] == "A"]
    assert places == sorted(places)


def drawing(page: pikepdf.Page) -> int:
    """How much is drawn on a page, in bytes of its instructions."""
    return len(page.Contents.read_bytes())


def test_every_page_has_the_reference_its_number_and_a_code_of_its_own(
    paper: bytes, printed: Printed, museum: Form, tmp_path: Path
) -> None:
    without = printed(museum, cover=Cover("Ville de Grenoble", "Mistral", "MIS-0042-1"))
    with pikepdf.open(io.BytesIO(paper)) as opened, pikepdf.open(io.BytesIO(without)) as bare:
        count = len(opened.pages)
        drawn = [drawing(page) - drawing(other) for page, other in zip(opened.pages, bare.pages, strict=True)]
    assert count > 2
    assert min(drawn) > 1000  # a code is drawn square by square
    said = words(paper, tmp_path)
    assert said.count("MIS-0042-1") == count + 1
    assert all(f"page {page} sur {count}" in said for page in range(1, count + 1))


def test_a_blank_form_says_so_with_its_version_and_day_and_leaves_room_for_the_reference(
    printed: Printed, museum: Form, tmp_path: Path
) -> None:
    said = words(printed(museum), tmp_path)
    assert "Formulaire à remplir" in said
    assert "version 1" in said
    assert "23 novembre 2026" in said
    assert "Sceau" not in said


def test_large_print_is_set_in_sixteen_points(printed: Printed, bilingual: Form, tmp_path: Path) -> None:
    file = tmp_path / "large.pdf"
    file.write_bytes(printed(bilingual, large=True))
    told = subprocess.run(["pdftotext", "-bbox-layout", file, "-"], capture_output=True, check=True, text=True).stdout
    box = re.search(r'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">nom<', told)
    assert box is not None
    assert float(box.group(2)) - float(box.group(1)) > 13  # 16 points set, against 9 at the normal size


def test_an_arabic_form_runs_from_right_to_left_in_its_own_words(
    printed: Printed, bilingual: Form, style: HouseStyle
) -> None:
    sheet = asdict(questionnaire(bilingual, "ar"))
    made = write(sheet, Cover(), style, date=DAY)
    assert made.missing_characters == ()
    with pikepdf.open(io.BytesIO(made.bytes)) as opened:
        assert opened.Root.Lang == "ar"
        told = b"".join(page.Contents.read_bytes() for page in opened.pages)
    assert told != printed(bilingual)


def test_the_same_form_gives_the_same_bytes(printed: Printed, bilingual: Form) -> None:
    assert printed(bilingual) == printed(bilingual)


def test_every_language_has_the_same_words_with_the_same_parameters() -> None:
    told = yaml.safe_load((HOUSE / "questionnaire.yaml").read_text("utf-8"))
    shape = {name: sorted(re.findall(r"%\((\w+)\)s", text)) for name, text in told["fr"].items()}
    assert set(told) == {"fr", "en", "ar", "tr", "pt", "es"}
    for lang, words_of in told.items():
        assert {name: sorted(re.findall(r"%\((\w+)\)s", text)) for name, text in words_of.items()} == shape, lang


def test_the_fonts_of_the_house_draw_the_words_of_every_language() -> None:
    missing: set[str] = set()
    fonts.replaced((HOUSE / "questionnaire.yaml").read_text("utf-8"), missing)
    assert missing == set()


def test_what_people_wrote_is_never_markup(
    printed: Printed, bilingual: Form, style: HouseStyle, tmp_path: Path
) -> None:
    sheet = asdict(questionnaire(bilingual, "fr"))
    sheet["sections"][0]["parts"][0]["value"] = "#set page() $x$ <a>"
    made = write(sheet, Cover(household="= Titre *gras*"), style, date=DAY).bytes
    said = words(made, tmp_path)
    assert "#set page() $x$ <a>" in said
    assert "= Titre *gras*" in said


def test_a_broken_theme_is_told_and_gives_no_paper(bilingual: Form, style: HouseStyle) -> None:
    broken = HouseStyle("", (), "#nothing-of-the-kind", style.words)
    with pytest.raises(NotSet):
        write(asdict(questionnaire(bilingual, "fr")), Cover(), broken, date=DAY)


def test_the_process_of_its_own_writes_the_paper_it_is_asked_for(bilingual: Form) -> None:
    order = {"sheet": asdict(questionnaire(bilingual, "fr")), "cover": asdict(Cover()), "house": str(HOUSE)}
    told = json.dumps(order | {"date": "2026-11-23", "large": False}).encode()
    command = [sys.executable, "-m", "documents.questionnaire"]
    done = subprocess.run(command, input=told, capture_output=True, check=True, cwd=ROOT)
    assert done.stdout.startswith(b"%PDF-")
