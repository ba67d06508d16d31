"""The choices one question offers: reworded, hidden, added to, without touching the other questions of the list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from forms.adapting.asking import put_choice
from forms.adapting.bench import Bench, Row
from forms.adapting.outline import Part, outline
from forms.vocabulary import snake

_SELECT = re.compile(r"(?:select|rank|add_select|q_select)")
_OTHER = re.compile(r"(?:\s+or[_ ](?:other|specify[_ ]other))\s*\Z", re.IGNORECASE)


def list_of(bench: Bench, part: Part) -> str:
    """The name of the list a question offers; "" for none, or for one that is a file."""
    kind = _OTHER.sub("", bench.cell("survey", bench.rows["survey"][part.first], "type"))
    if not _SELECT.match(snake(kind)):
        return ""
    name = kind.split()[-1]
    return name if any(bench.cell("choices", row, "list_name") == name for row in bench.rows["choices"]) else ""


def shared(bench: Bench, name: str) -> bool:
    """Whether several questions offer this list."""
    return sum(1 for part in outline(bench).values() if not part.group and list_of(bench, part) == name) > 1


def looked_up(bench: Bench, name: str) -> bool:
    """Whether a formula reads the list itself: `instance('towns')/root/item[…]`."""
    asked = re.compile(rf"instance\(\s*['\"]{re.escape(name)}['\"]")
    return any(asked.search(text) for row in bench.rows["survey"] for text in row.values())


def offer(bench: Bench, part: Part, told: Mapping[str, Any]) -> None:
    """Change what a question offers; a list that others offer too is copied for it first."""
    name = list_of(bench, part)
    if shared(bench, name):
        name = _own_list(bench, part, name)
    for row in _rows(bench, name):
        value = bench.cell("choices", row, "name")
        if value in told.get("labels", {}):
            bench.speak("choices", row, "label", told["labels"][value])
    hidden = set(told.get("hidden", ()))
    kept = [row for row in bench.rows["choices"] if not (_in(bench, row, name) and _value(bench, row) in hidden)]
    bench.rows["choices"] = kept
    for choice in told.get("added", ()):
        put_choice(bench, name, choice, _end(bench, name))
    bench.touch(bench.rows["survey"][part.first])


def _own_list(bench: Bench, part: Part, name: str) -> str:
    own = f"{name}__{part.name}"
    copies: list[Row] = [dict(row) for row in _rows(bench, name)]
    for copy in copies:
        bench.put("choices", copy, "list_name", own)
    bench.rows["choices"].extend(copies)
    row = bench.rows["survey"][part.first]
    kind = bench.cell("survey", row, "type")
    other = _OTHER.search(kind)
    words = _OTHER.sub("", kind).split()
    bench.put("survey", row, "type", " ".join([*words[:-1], own]) + (other.group() if other else ""))
    return own


def _rows(bench: Bench, name: str) -> list[Row]:
    return [row for row in bench.rows["choices"] if _in(bench, row, name)]


def _in(bench: Bench, row: Row, name: str) -> bool:
    return bench.cell("choices", row, "list_name") == name


def _value(bench: Bench, row: Row) -> str:
    return bench.cell("choices", row, "name")


def _end(bench: Bench, name: str) -> int:
    """Behind the last choice of a list."""
    places = [place for place, row in enumerate(bench.rows["choices"]) if _in(bench, row, name)]
    return places[-1] + 1 if places else len(bench.rows["choices"])


def values_of(bench: Bench, name: str) -> list[str]:
    """The values of a list, in order."""
    return [_value(bench, row) for row in _rows(bench, name)]
