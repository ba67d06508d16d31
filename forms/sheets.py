"""The rows of an XLSForm as the author sees them: which row and column a path comes from, and slips of the keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from forms.findings import Finding
from forms.storing import legal

Rows = Sequence[Mapping[str, str]]

_FORMULA_COLUMNS = frozenset(
    {"relevant", "relevance", "constraint", "calculation", "calculate", "required", "readonly", "read_only"}
    | {"choice_filter", "repeat_count", "default"}
)
_TYPOGRAPHIC = re.compile("[‘’“”«»‚„]")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_TRUTHS = frozenset({"oui", "non", "vrai", "faux", "vrai()", "faux()"})
# The name our linter gives to a part of a question → the headers an author may have used for it.
_HEADERS = {
    "relevant": ("relevant", "relevance", "bind::relevant"),
    "calculate": ("calculation", "calculate", "bind::calculate"),
    "calculation": ("calculation", "calculate", "bind::calculate"),
    "constraint": ("constraint", "bind::constraint"),
    "required": ("required", "bind::required"),
    "readonly": ("readonly", "read_only", "bind::readonly"),
    "repeat_count": ("repeat_count", "jr:count"),
    "default": ("default",),
    "choice_filter": ("choice_filter", "type"),
    "type": ("type",),
    "name": ("name",),
    "level": ("bind::relais:level",),
    "validity": ("bind::relais:validity",),
    "label": ("label",),
    "hint": ("hint",),
    "constraint_message": ("constraint_message",),
    "required_message": ("required_message",),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A row of the survey sheet and its filled columns."""

    row: int
    headers: tuple[str, ...]

    def column(self, aspect: str, lang: str = "") -> str:
        """The header behind an aspect; for texts, that of the language when the sheet has one."""
        names = _HEADERS.get(aspect, (aspect,))
        found = [header for header in self.headers if header.lower() in names or header.lower().split("::")[0] in names]
        spoken = [header for header in found if lang and f"({lang})" in header]
        return (spoken or found or [names[0]])[0]


def places(rows: Rows, root: str) -> dict[str, Place]:
    """Path of the form → row of the survey sheet."""
    found: dict[str, Place] = {}
    stack = [root]
    for number, row in enumerate(rows, 2):
        kind = " ".join(str(row.get("type", "")).lower().replace("_", " ").split())
        name = str(row.get("name", "")).strip()
        if kind.startswith("end "):
            stack = stack[:-1] or stack
        elif name:
            path = "/".join([*stack, name])
            found[path] = Place(number, tuple(row))
            if kind.startswith("begin "):
                stack.append(name)
    return found


def slips(sheet: str, rows: Rows) -> Iterator[Finding]:
    """What word processors, French keyboards and French spreadsheets put into formulas and cells."""
    for number, row in enumerate(rows, 2):
        for column, cell in row.items():
            text = str(cell)
            if legal(text) != text:
                message = "This cell holds invisible characters that cannot be stored."
                yield Finding("refused", "characters", sheet, number, column, message, {}, "Type its text again.")
            elif sheet == "survey" and column.lower().removeprefix("bind::") in _FORMULA_COLUMNS:
                yield from _formula_slips(sheet, number, column, text)


def _formula_slips(sheet: str, number: int, column: str, text: str) -> Iterator[Finding]:
    bare = _QUOTED.sub("''", text)
    quote = _TYPOGRAPHIC.search(bare) if column != "default" or "(" in text else None
    if quote:
        message = "Typographic quotes (%(character)s) do not work in a formula. Use straight quotes: '."
        hint = "Turn off the automatic quotes of your spreadsheet, then type the formula again."
        params = {"character": quote.group()}
        yield Finding("refused", "typographic_quotes", sheet, number, column, message, params, hint)
    elif text.strip().lower() in _TRUTHS and column != "default":
        message = "%(value)s is not understood in this column."
        hint = "Write yes or no, in English."
        yield Finding("refused", "truth", sheet, number, column, message, {"value": text.strip()}, hint)
