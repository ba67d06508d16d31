"""The library of models: each is written with its examples in both formats, and takes every figure from the rules."""

import datetime
import functools
import io
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from docx import Document as open_docx

from documents import docx, model, pdf
from documents.as_data import content_hash
from documents.content import Lead
from documents.library import Library
from tests.documents.reading import words_of_docx

TEMPLATES = Path(__file__).parents[2] / "templates"
LIBRARY = TEMPLATES / "documents"
MODELS = sorted(path.parent.name for path in LIBRARY.glob("*/model.md"))
EXAMPLES = sorted(f"{path.parent.name}/{path.name}" for path in LIBRARY.glob("*/example*.json"))
TEXTS = sorted(str(path.relative_to(LIBRARY)) for path in LIBRARY.rglob("*.md"))
RULE, ASKED = re.compile(r"\brules\.([a-z_]+)"), re.compile(r"\basked\.([a-z0-9_]+)")
LIQUID = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
NUMBER = r"(?:\d(?:[\d .,]*\d)?|\b(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|douze|quinze|vingt|trente|cent)\s)"
UNIT = r"(?:€|%|euros?\b|jours?\b|semaines?\b|mois\b|ans?\b|années?\b|km\b|kilomètres?\b|m²|propositions?\b)"
FIGURE = re.compile(rf"{NUMBER}\s*{UNIT}", re.IGNORECASE)
TYPED: dict[str, str] = {}
"""Figures that may stand in a model's own words: the words → the reason. None is needed."""


def front(slug: str) -> dict[str, Any]:
    return yaml.safe_load((LIBRARY / slug / "model.md").read_text("utf-8").split("\n---\n")[0].removeprefix("---\n"))


def body(slug: str) -> str:
    return (LIBRARY / slug / "model.md").read_text("utf-8").split("\n---\n", 1)[1]


def example(name: str) -> dict[str, Any]:
    return json.loads((LIBRARY / name).read_text("utf-8"))


def examples_of(slug: str) -> Iterator[dict[str, Any]]:
    yield from (example(name) for name in EXAMPLES if name.startswith(f"{slug}/"))


@functools.cache
def loaded(slug: str) -> model.Model:
    file = LIBRARY / slug / "model.md"
    return model.load(file.read_text("utf-8"), Library.beside(file))


def written(name: str, **changed: Any) -> model.Rendered:
    slug, data = name.split("/", maxsplit=1)[0], example(name) | changed
    day = datetime.date.fromisoformat(data["date"])
    told = {"lang": "fr", "reference": "MIS-2006-0012", "date": day, "issuer": data["controller"]["name"]}
    return model.render(loaded(slug), data, verify_url="https://relais.example.org/verifier/7Q2M", **told)


def words(rendered: model.Rendered) -> str:
    """All that is said, with plain spaces and apostrophes."""
    return re.sub(r"\s+", " ", repr(rendered.document).replace("\\xa0", " ").replace("\\u202f", " "))


def text_of(made: bytes) -> str:
    """All the letters of a PDF without the spaces: a word may be cut at the end of a line."""
    said = subprocess.run(["pdftotext", "-raw", "-", "-"], input=made, capture_output=True, check=True).stdout
    return re.sub(r"\s+", "", said.decode())


def is_read_by_a_household(name: str) -> bool:
    given = example(name)
    readers = front(name.split("/", maxsplit=1)[0])["audiences"]
    return "household" in given and given.get("audience", readers[0]) == "household"


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_model_is_written_in_both_formats_without_a_finding(name, house):
    rendered = written(name)
    assert [one.msgid % one.params for one in rendered.findings] == []
    made = pdf.write(rendered.document, house, date=datetime.date(2006, 3, 6))
    assert made.missing_characters == ()
    working_copy = docx.write(rendered.document, house, content_hash=content_hash(rendered.document))
    assert open_docx(io.BytesIO(working_copy)).core_properties.title == rendered.document.title
    said = text_of(made.bytes)
    assert [word for word in words_of_docx(working_copy) if word not in said] == []


def test_every_model_has_an_example_and_says_for_what_it_is_written():
    assert [slug for slug in MODELS if f"{slug}/example.json" not in EXAMPLES] == []
    assert [slug for slug in MODELS if not front(slug).get("about")] == []


@pytest.mark.parametrize("name", TEXTS)
def test_no_figure_with_a_unit_is_typed_in_a_model(name):
    own_words = LIQUID.sub("¤", (LIBRARY / name).read_text("utf-8"))
    assert [one for one in FIGURE.findall(own_words) if one.strip() not in TYPED] == []


def test_every_rule_that_is_read_has_a_figure_with_its_source():
    figures = yaml.safe_load((LIBRARY / "rules.yaml").read_text("utf-8"))
    operations = [yaml.safe_load(path.read_text("utf-8")) for path in (TEMPLATES / "operations").glob("*.yaml")]
    known = set(figures).union(*(one["parameters"] for one in operations))
    read = {code for name in TEXTS for code in RULE.findall((LIBRARY / name).read_text("utf-8"))}
    assert read - known == set()
    assert set(figures) - read == set()
    bare = [code for code, one in figures.items() if not (one["source"]["fr"] and one["source"]["en"])]
    assert bare == []


@pytest.mark.parametrize("slug", MODELS)
def test_what_a_model_asks_for_is_what_it_reads(slug):
    annexed = [one["model"] for one in front(slug).get("annexes", ())]
    read = {one for text in (slug, *annexed) for one in ASKED.findall(body(text) + yaml.dump(front(text)))}
    assert {one["name"] for one in front(slug).get("asks", ())} == read


@pytest.mark.parametrize("slug", MODELS)
def test_the_examples_take_every_choice_a_model_offers(slug):
    for one in front(slug).get("asks", ()):
        if one["type"] == "choice":
            assert {given["asked"][one["name"]] for given in examples_of(slug)} == set(one["choices"])


@pytest.mark.parametrize("name", [one for one in EXAMPLES if is_read_by_a_household(one)])
def test_a_household_reads_first_whom_to_call(name):
    first = written(name).document.blocks[0]
    assert isinstance(first, Lead)
    assert example(name)["referent"]["phone"].replace(" ", "") in re.sub(r"\\u202f|\\xa0|\s", "", repr(first))


@pytest.mark.parametrize("name", [one for one in EXAMPLES if example(one).get("audience") in ("commission", "partner")])
def test_what_partners_read_of_a_household_bears_neither_its_name_nor_its_address(name):
    said, household = words(written(name)), example(name)["household"]
    assert household["reference"] in said
    assert household["display"] not in said
    assert household["address"].split(",")[0] not in said


def test_too_few_people_give_no_trend():
    told = words(written("note-de-tendances/example.json"))
    silent = words(written("note-de-tendances/example-trop-peu.json"))
    trend = "Perdre les voisins"
    assert trend in told
    assert trend not in silent


def test_the_clause_of_the_landlord_wins_over_the_common_one():
    common, own = "Le bailleur d’origine organise le déménagement", "ACTIS prend en charge le déménagement"
    at_mistral = words(written("charte-de-relogement/example.json"))
    at_mas_du_taureau = words(written("charte-de-relogement/example-operation-commencee.json"))
    assert own in at_mistral
    assert common not in at_mistral
    assert common in at_mas_du_taureau


def test_a_figure_changed_in_the_operation_changes_in_the_paper():
    name = "proposition-de-logement/example.json"
    rules = example(name)["rules"]
    rules["answer_delay"]["value"] = 15
    assert "au moins 15 jours" in words(written(name, rules=rules))
