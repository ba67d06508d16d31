"""The social diagnosis that ships with Relais runs on this engine."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from forms.compiler import page
from forms.definition import Form, load
from forms.instance import Instance, Now
from forms.visibility import Lens, view
from forms.xlsform import compile_xlsform

SHEET = Path(__file__).parents[2] / "templates" / "procedures" / "diagnostic-social" / "form.md"
LATER = ("B", "C", "D", "D_etat", "E", "F", "G", "G_reserve", "H", "I", "I_projet", "J")


@pytest.fixture(scope="module")
def diagnosis() -> Form:
    return load(compile_xlsform(SHEET.read_bytes(), SHEET.name).xml)


def test_it_has_its_pages_in_french_and_english(diagnosis: Form) -> None:
    assert [section.name for section in diagnosis.sections] == ["A", *LATER]
    assert set(diagnosis.languages) == {"fr", "en"}
    assert all(question.label.has("en") for question in diagnosis.questions.values() if question.label)


def test_every_question_says_who_may_read_it(diagnosis: Form) -> None:
    silent = [q.path for q in diagnosis.questions.values() if not q.level_declared and q.label and q.kind != "note"]
    assert silent == []


def test_a_refusal_of_the_information_stops_the_filling(diagnosis: Form, now: Now) -> None:
    instance = Instance.new(diagnosis, now)
    instance.set("/data/A/A13", "non")
    assert all(not page_items(instance, name) for name in LATER)
    instance.set("/data/A/A13", "oui")
    assert all(page_items(instance, name) for name in LATER)


def page_items(instance: Instance, name: str) -> list:
    return [item for item in page(instance, f"/data/{name}", "fr") if item.kind_of_question != "note"]


def test_its_pages_draw_in_both_languages(diagnosis: Form, now: Now) -> None:
    instance = Instance.from_answers(diagnosis, {"A": {"A13": "oui"}}, now)
    for section in diagnosis.sections:
        assert page(instance, section.path, "fr")
        assert page(instance, section.path, "en")


def test_one_changed_answer_is_recomputed_in_less_than_five_milliseconds(diagnosis: Form, now: Now) -> None:
    instance = Instance.from_answers(diagnosis, {"A": {"A13": "oui"}}, now)
    for _ in range(5):
        instance.add_row("/data/C/person")
    instance.recompute()
    best = min(_timed(instance, f"19{70 + turn}-05-04") for turn in range(5))
    assert best < 0.005


def _timed(instance: Instance, value: str) -> float:
    start = time.perf_counter()
    instance.set("/data/C/person[2]/C2", value)
    instance.recompute()
    return time.perf_counter() - start


def test_nothing_of_level_three_reaches_a_reader_of_level_one(diagnosis: Form, now: Now) -> None:
    answers = {"A": {"A13": "oui"}}
    instance = Instance.from_answers(diagnosis, answers, now)
    for path, question in diagnosis.questions.items():
        if question.level in {"V3", "V4"} and question.kind in {"text", "multiline"}:
            instance.set(path, "Tenu secret")
    assert "Tenu secret" not in repr(view(instance, Lens(frozenset({"V0", "V1", "V2"})), "fr"))
