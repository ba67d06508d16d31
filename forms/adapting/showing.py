"""The words of a workbook as they are written, for those who change them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from forms.adapting.bench import Bench
from forms.adapting.offering import list_of
from forms.adapting.outline import outline
from forms.sheets import tables_of
from forms.structure import Form, Question
from forms.workbook import read_book

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Shown:
    """One question or group: its words by language, and its choices as (value, words by language)."""

    at: str
    label: Texts
    hint: Texts
    choices: tuple[tuple[str, Texts], ...]
    list_name: str


def shown(source: bytes, filename: str, default_language: str) -> dict[str, Shown]:
    """Place → what its row says, as the author wrote it. Raises FormRefused."""
    tables, _ = tables_of(read_book(source, filename))
    bench = Bench(tables, default_language)
    lists: dict[str, list[tuple[str, Texts]]] = {}
    for row in bench.rows["choices"]:
        told = (bench.cell("choices", row, "name"), bench.spoken("choices", row, "label"))
        lists.setdefault(bench.cell("choices", row, "list_name"), []).append(told)
    found = {}
    for at, part in outline(bench).items():
        row = bench.rows["survey"][part.first]
        name = "" if part.group else list_of(bench, part)
        label, hint = bench.spoken("survey", row, "label"), bench.spoken("survey", row, "hint")
        found[at] = Shown(at, label, hint, tuple(lists.get(name, ())), name)
    return found


def conditions(form: Form, around: str, lang: str) -> Iterator[tuple[Question, list[tuple[str, str]]]]:
    """Questions of a page whose choices another question may depend on, with (value, label) of each choice.

    around: path of the group the other question stands in. Rows of a repeat are offered inside that repeat only.
    """
    page = "/".join(around.split("/")[:3])
    names = [question.name for question in form.questions.values()]
    for question in form.questions.values():
        closed = not set(form.repeats_above(question.path)) <= set(form.repeats_above(around))
        if question.page != page or closed or names.count(question.name) > 1:
            continue
        if question.kind in {"select_one", "select_multiple"} and question.choices and not question.computed:
            yield question, [(one.value, one.label[lang] or one.value) for one in question.choices]
