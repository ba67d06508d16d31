"""A simple question that is added: the rows an author would have written for it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from forms.adapting.bench import Bench, Row
from forms.adapting.outline import Part

ADDABLE: Mapping[str, Mapping[str, str]] = {
    "text": {"type": "text"},
    "paragraph": {"type": "text", "appearance": "multiline"},
    "integer": {"type": "integer"},
    "decimal": {"type": "decimal"},
    "amount": {"type": "decimal", "appearance": "money", "constraint": ". >= 0"},
    "date": {"type": "date"},
    "yes_no": {"type": "select_one"},
    "one": {"type": "select_one"},
    "several": {"type": "select_multiple"},
}
"""Kinds of questions that can be added, with the cells that make them."""

YES_NO: tuple[Mapping[str, Any], ...] = (
    {"name": "oui", "label": {"fr": "Oui", "en": "Yes", "es": "Sí", "pt": "Sim", "tr": "Evet", "ar": "نعم"}},
    {"name": "non", "label": {"fr": "Non", "en": "No", "es": "No", "pt": "Não", "tr": "Hayır", "ar": "لا"}},
)
_LONGEST = 32
_OTHERS = re.compile(r"[^a-z0-9]+")


def fresh_name(prefix: str, label: str, taken: Collection[str]) -> str:
    """A name that stays: `op__` and the words of the label, with a number when it is taken.

    No common form uses two underscores in a row, so that a question it gets later never bears that name.
    """
    stem = f"{prefix}__{_plain(label)[:_LONGEST].strip('_') or 'question'}"
    number = 2
    name = stem
    while name in taken:
        name, number = f"{stem}_{number}", number + 1
    return name


def named_choices(
    lines: Iterable[Mapping[str, str]], before: Iterable[Mapping[str, Any]] = (), others: Iterable[str] = ()
) -> list[dict[str, Any]]:
    """[{"name", "label"}] of choices typed line by line, in each language; one that was there keeps its name.

    before: what was added earlier, in the same shape; a line is known again by its words in the first language. others:
    names that the list has besides.
    """
    known = {_first(one["label"]): one["name"] for one in before}
    taken = {*known.values(), *others}
    found: list[dict[str, Any]] = []
    for label in lines:
        name = known.get(_first(label), "")
        if not name or any(one["name"] == name for one in found):
            name = _free(_plain(_first(label))[:_LONGEST].strip("_") or "choix", taken)
        taken.add(name)
        found.append({"name": name, "label": dict(label)})
    return found


def put_question(bench: Bench, name: str, asked: Mapping[str, Any], place: int, beside: Part | None) -> None:
    """Insert the row of a question before row `place` of the survey, and the choices it offers.

    beside: a part of the same group, whose section of the circuit it takes.
    """
    row: Row = {}
    made = ADDABLE[asked["kind"]]
    for column, text in made.items():
        bench.put("survey", row, column, f"{text} {name}" if text.startswith("select_") else text)
    bench.put("survey", row, "name", name)
    bench.speak("survey", row, "label", asked["label"])
    bench.speak("survey", row, "hint", asked.get("hint", {}))
    bench.put("survey", row, "required", "yes" if asked.get("required") else "")
    bench.put("survey", row, "relevant", asked.get("relevant", ""))
    bench.put("survey", row, "bind::relais:level", asked.get("level", "V2"))
    bench.put("survey", row, "bind::relais:purpose", asked.get("purpose", ""))
    section = _section(bench, beside)
    if section:
        bench.put("survey", row, "bind::relais:section", section)
    bench.rows["survey"].insert(place, bench.touch(row))
    for choice in YES_NO if asked["kind"] == "yes_no" else asked.get("choices", ()):
        put_choice(bench, name, choice, len(bench.rows["choices"]))


def put_choice(bench: Bench, list_name: str, choice: Mapping[str, Any], place: int) -> None:
    """Insert one choice before row `place` of the choices."""
    row: Row = {}
    bench.put("choices", row, "list_name", list_name)
    bench.put("choices", row, "name", choice["name"])
    spoken = {language: text for language, text in choice["label"].items() if language in bench.languages()}
    bench.speak("choices", row, "label", spoken or {bench.default: next(iter(choice["label"].values()))})
    bench.rows["choices"].insert(place, bench.touch(row))


def _section(bench: Bench, beside: Part | None) -> str:
    if beside is None:
        return ""
    rows = bench.rows["survey"][beside.first : beside.last + 1]
    return next(filter(None, (bench.cell("survey", row, "bind::relais:section") for row in rows)), "")


def _first(label: Mapping[str, str]) -> str:
    return " ".join(next(iter(label.values()), "").split())


def _free(name: str, taken: Collection[str]) -> str:
    number, found = 2, name
    while found in taken:
        found, number = f"{name}_{number}", number + 1
    return found


def _plain(text: str) -> str:
    """Small letters without accents, words joined by underscores: what a name is made of."""
    letters = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe").replace("æ", "ae"))
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _OTHERS.sub("_", bare).strip("_")
