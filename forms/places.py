"""Where an author finds a part of the form: path → sheet, row and column of the workbook.

Paths are those of the compiled form, with the questions that pyxform adds by itself led back to the row that made it
add them. Choices are called `choices/LIST/NAME`, settings `settings`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forms.problems import Problem
from forms.vocabulary import CHOICES, SETTINGS, SURVEY, snake

Rows = Sequence[Mapping[str, str]]

# The name our linter gives to a part of a question → the columns it may come from, besides the column of that name.
_ASPECTS: Mapping[str, tuple[str, ...]] = {
    "calculate": ("calculation",),
    "readonly": ("read_only",),
    "choice_filter": ("choice_filter", "type"),
    "guidance": ("guidance_hint",),
    "level": ("bind::relais:level",),
    "purpose": ("bind::relais:purpose",),
    "validity": ("bind::relais:validity",),
    "section": ("bind::relais:section",),
    "consequence": ("bind::relais:consequence",),
    "derived": ("bind::relais:derived",),
    "document": ("bind::relais:document",),
    "media": ("media", "image", "big-image", "audio", "video", "type"),
    "file": ("type", "calculation"),
    "constraint_message": ("constraint_message",),
    "required_message": ("required_message",),
}
_MADE = re.compile(r"(?:generated_note_name|generated_table_list_label|reserved_name_for_field_list_labels)_(\d+)\Z")
_BINDS = {"jr:constraintmsg": "constraint_message", "jr:requiredmsg": "required_message", "calculate": "calculation"}


def column_of(sheet: str, header: str) -> str:
    """The column of the standard behind a header: "Relevance" → relevant, "bind::calculate" → calculation,
    "bind::relais:level" → bind::relais:level, "label::Français (fr)" → label."""
    words = [snake(word) for word in header.split("::")] if "::" in header else [snake(header.partition(":")[0])]
    if snake(header) in {"jr:count"}:
        words = ["jr:count"]
    first = words[0]
    if first == "bind" and len(words) > 1:
        second = _BINDS.get(words[1], words[1])
        return f"bind::{second}" if ":" in second else second
    if first in {"media", "body", "control"} and len(words) > 1:
        return words[1] if first == "media" else f"{first}::{words[1]}"
    known = {"survey": SURVEY, "choices": CHOICES, "settings": SETTINGS}.get(sheet, {}).get(first)
    return known.same_as or first if known else first


@dataclass(frozen=True, slots=True)
class Place:
    """A row of a sheet and its filled columns."""

    sheet: str
    row: int
    headers: tuple[str, ...]

    def column(self, aspect: str, lang: str = "") -> str:
        """The header behind an aspect; for texts, that of the language when the row has one. The name the column would
        have when the author left it out."""
        names = (*_ASPECTS.get(aspect, ()), aspect)
        for name in names:
            found = [header for header in self.headers if column_of(self.sheet, header) == name]
            spoken = [header for header in found if lang and _speaks(header, lang)]
            if found:
                return (spoken or found)[0]
        return names[0]

    def has(self, aspect: str) -> bool:
        """Whether the author filled a column of this name in the row."""
        names = {*_ASPECTS.get(aspect, ()), aspect}
        return any(column_of(self.sheet, header) in names for header in self.headers)


def _speaks(header: str, lang: str) -> bool:
    language = header.rpartition("::")[2].strip() if "::" in header else ""
    return language == lang or language.endswith(f"({lang})")


class Places:
    """The map of one workbook."""

    def __init__(self, sheets: Mapping[str, Any], root: str) -> None:
        self.root = root
        self.found: dict[str, Place] = {}
        self.rows: dict[int, Place] = {}
        self.files: dict[str, Place] = {}
        self.loops: list[str] = []
        self.headers = {kind: tuple((sheets.get(f"{kind}_header") or [{}])[0]) for kind in ("survey", "choices")}
        self._survey(sheets.get("survey") or ())
        self._choices(sheets.get("choices") or ())
        self._settings(sheets.get("settings") or ())

    def of(self, path: str) -> Place | None:
        """Where a path comes from; for what pyxform made, the row that made it."""
        found = self.found.get(path)
        if found is not None or not path.startswith(self.root):
            return found
        name = path.rpartition("/")[2]
        made = _MADE.match(name)
        if made:
            return self.rows.get(int(made.group(1)))
        if path.startswith(f"{self.root}/meta"):
            return self.found.get("settings")
        for ending in ("_other", "_count"):
            if name.endswith(ending):
                return self.found.get(path.removesuffix(ending))
        return self.files.get(name) or self._in_loop(path)

    def _in_loop(self, path: str) -> Place | None:
        """A loop becomes a group for each choice of its list, with the same questions in each."""
        for loop in reversed(self.loops):
            if path.startswith(f"{loop}/"):
                _, _, below = path.removeprefix(f"{loop}/").partition("/")
                return self.of(f"{loop}/{below}") if below else self.found.get(loop)
        return None

    def column(self, place: Place, problem: Problem) -> str:
        """The header behind a problem; for a text that is missing in a language, the column of that language."""
        if problem.aspect in {"calculate", "calculation"} and problem.path not in self.found:
            return place.column("instance_name" if place.sheet == "settings" else "repeat_count")
        if problem.code == "missing_translation":
            whole = Place(place.sheet, place.row, self.headers.get(place.sheet, ()))
            return whole.column(problem.aspect, problem.lang)
        return place.column(problem.aspect, problem.lang)

    def _survey(self, rows: Rows) -> None:
        stack = [self.root]
        columns: dict[str, str] = {}
        for number, row in enumerate(rows, 2):
            cells = _by_column("survey", row, columns)
            kind, name = snake(cells.get("type", "")), cells.get("name", "").strip()
            place = Place("survey", number, tuple(row))
            self.rows[number] = place
            for word in cells.get("type", "").split():
                if "." in word:
                    self.files.setdefault(word.rpartition(".")[0], place)
            if kind.startswith("end_") and snake(kind[4:]) in _CONTAINERS:
                stack = stack[:-1] or stack
            elif name:
                if kind.endswith("-external"):
                    self.files.setdefault(name, place)
                self.found.setdefault("/".join([*stack, name]), place)
                if kind.startswith("begin_"):
                    stack.append(name)
                if kind.startswith("begin_loop"):
                    self.loops.append("/".join(stack))

    def _choices(self, rows: Rows) -> None:
        columns: dict[str, str] = {}
        for number, row in enumerate(rows, 2):
            cells = _by_column("choices", row, columns)
            path = f"choices/{cells.get('list_name', '')}/{cells.get('name', '')}"
            self.found.setdefault(path, Place("choices", number, tuple(row)))

    def _settings(self, rows: Rows) -> None:
        number, first = next(((at, row) for at, row in enumerate(rows, 2) if row), (2, {}))
        self.found["settings"] = Place("settings", number, tuple(first))


_CONTAINERS = frozenset({"group", "lgroup", "repeat", "loop", "looped_group"})


def _by_column(sheet: str, row: Mapping[str, str], known: dict[str, str]) -> dict[str, str]:
    """The cells of a row under the names of the standard."""
    for header in row:
        if header not in known:
            known[header] = column_of(sheet, header)
    return {known[header]: text for header, text in row.items()}
