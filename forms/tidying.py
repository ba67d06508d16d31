"""What word processors, French keyboards and French spreadsheets put into cells: mended where it is certain, told
otherwise. A cell that was mended gives a warning that says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from forms.findings import Finding, shortened
from forms.storing import legal
from forms.vocabulary import TYPES, snake


def base_of(header: str) -> str:
    """A column without its language: "label::Français (fr)" → label, "bind::Relevant" → relevant."""
    words = [snake(word) for word in header.split("::")]
    return words[1] if words[0] == "bind" and len(words) > 1 else words[0]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell under a header; `base` is that of its column (see `base_of`), `mark` says what it was when it was no
    text (see `forms.workbook.book.Sheet`).
    """

    sheet: str
    row: int
    header: str
    base: str
    text: str
    mark: str = ""

    def warn(self, code: str, message: str, hint: str = "", **params: object) -> Finding:
        return Finding("warning", code, self.sheet, self.row, self.header, message, params, hint)

    def refuse(self, code: str, message: str, hint: str = "", **params: object) -> Finding:
        return Finding("refused", code, self.sheet, self.row, self.header, message, params, hint)


Mended = tuple[Cell, Finding | None]
Mend = Callable[[Cell, Mapping[str, str]], Mended]

FORMULAS = frozenset(
    {"relevant", "relevance", "constraint", "calculation", "calculate", "required", "readonly", "read_only"}
    | {"choice_filter", "repeat_count", "default", "trigger", "instance_name"}
)
_TEXTS = frozenset(
    {"label", "caption", "hint", "guidance_hint", "constraint_message", "required_message", "requiredmsg"}
    | {"constraining_message", "form_title", "title", "jr:constraintmsg", "jr:requiredmsg"}
)
_YES_NO = frozenset({"required", "readonly", "read_only", "relevant", "relevance"})
_TRUTHS = {"oui": "yes", "vrai": "yes", "vrai()": "yes", "non": "no", "faux": "no", "faux()": "no"}
_DOUBTFUL = re.compile("[^ -~¡-ɏ]|^ | $")
_BLANKS = re.compile("[\u00a0\u202f\u2007\u2009]")
_UNSEEN = re.compile("[\u200b\u2060\ufeff\u00ad]")
_TYPOGRAPHIC = re.compile("[‘’“”«»‚„]")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_COMMA = re.compile(r"-?\d+,\d+\Z")
_COMMA_IN_PARAMETER = re.compile(r"(=\s*-?\d+),(\d+)(?=[\s,;]|\Z)")
_NUMBER = re.compile(r"-?\d+(\.\d+)?\Z")
_NUMERIC = frozenset({"integer", "decimal", "range", "int"})
_DATES = frozenset({"date", "datetime", "dateTime", "time"})
_AS_TEXT = "Format the cell as text, then type it again."
_MADE_TEXT = re.compile(r"-?\d+\.0\Z")


def tidied(cell: Cell, row: Mapping[str, str]) -> tuple[str, list[Finding]]:
    """The text of a cell as it was meant, and what must be said about it. row: the row so far, by header."""
    if not cell.mark and cell.base in _TEXTS and not _DOUBTFUL.search(cell.text):
        return cell.text, []
    if cell.mark == "error":
        message = "This cell shows the error %(value)s of the spreadsheet."
        return cell.text, [cell.refuse("cell_error", message, "Type what it should say.", value=shortened(cell.text))]
    if cell.mark == "uncalculated":
        message = "This cell holds a formula of the spreadsheet that was never calculated."
        hint = "Open the workbook in your spreadsheet, let it calculate, and save it again."
        return cell.text, [cell.refuse("uncalculated", message, hint)]
    if legal(cell.text) != cell.text:
        message = "This cell holds invisible characters that cannot be stored."
        return "", [cell.refuse("characters", message, "Type its text again.")]
    return _mended(replace(cell, text=cell.text.strip()), row)


def _mended(cell: Cell, row: Mapping[str, str]) -> tuple[str, list[Finding]]:
    said = []
    for mend in _MENDS:
        cell, finding = mend(cell, row)
        if finding is not None:
            said.append(finding)
    said.extend(_slips(cell))
    return cell.text, said


def _spaces(cell: Cell, _: Mapping[str, str]) -> Mended:
    """No-break spaces belong to texts; elsewhere a keyboard put them there."""
    if cell.base in _TEXTS or not _BLANKS.search(cell.text):
        return cell, None
    told = cell.warn("spaces", "No-break spaces were read as ordinary ones.")
    return replace(cell, text=_BLANKS.sub(" ", cell.text).strip()), told


def _unseen(cell: Cell, _: Mapping[str, str]) -> Mended:
    if cell.base in _TEXTS or not _UNSEEN.search(cell.text):
        return cell, None
    told = cell.warn("unseen", "Characters that cannot be seen were left out.", "Type its text again.")
    return replace(cell, text=_UNSEEN.sub("", cell.text).strip()), told


def _type(cell: Cell, _: Mapping[str, str]) -> Mended:
    """Text → text, Select_One towns → select_one towns; names of lists keep their capitals."""
    if cell.sheet != "survey" or cell.base not in {"type", "command"}:
        return cell, None
    text = " ".join(cell.text.split())
    if text in TYPES or (text == text.lower() and snake(text) in TYPES):
        return replace(cell, text=text), None
    word, _, rest = text.partition(" ")
    small = f"{word.lower()} {rest}".strip()
    whole = snake(text)
    meant = text.lower() if text.lower() in TYPES else whole if whole in TYPES else small
    if meant == text or snake(meant.partition(" ")[0]) not in TYPES:
        return replace(cell, text=text), None
    return replace(cell, text=meant), _read_as(cell, "type_case", meant)


def _truth(cell: Cell, _: Mapping[str, str]) -> Mended:
    meant = _TRUTHS.get(cell.text.lower())
    if cell.sheet != "survey" or cell.base not in _YES_NO or meant is None:
        return cell, None
    hint = "Write yes or no, in English."
    return replace(cell, text=meant), _read_as(cell, "truth", meant, hint)


def _decimal(cell: Cell, row: Mapping[str, str]) -> Mended:
    """0,5 where only a number can stand."""
    if cell.sheet != "survey":
        return cell, None
    if cell.base == "default" and _COMMA.match(cell.text) and _kind(row) in _NUMERIC:
        mended = cell.text.replace(",", ".")
    elif cell.base == "parameters" and _COMMA_IN_PARAMETER.search(cell.text):
        mended = _COMMA_IN_PARAMETER.sub(r"\1.\2", cell.text)
    else:
        return cell, None
    hint = "A decimal number is written with a point: 0.5, not 0,5."
    return replace(cell, text=mended), _read_as(cell, "decimal", mended, hint)


def _read_as(cell: Cell, code: str, meant: str, hint: str = "") -> Finding:
    return cell.warn(code, "%(value)s was read as %(meant)s.", hint, value=shortened(cell.text), meant=shortened(meant))


def _kind(row: Mapping[str, str]) -> str:
    found = next((text for header, text in row.items() if snake(header) in {"type", "command"}), "")
    return found.strip().partition(" ")[0]


_MENDS: tuple[Mend, ...] = (_spaces, _unseen, _type, _truth, _decimal)


# -- what cannot be mended ----------------------------------------------------------------------------------------


def _slips(cell: Cell) -> Iterator[Finding]:
    if cell.mark in {"date", "datetime", "time"}:
        yield from _moment(cell)
    if cell.base == "name" and cell.mark == "" and _MADE_TEXT.match(cell.text):
        message = "The name %(value)s looks like a number that a program turned into text."
        yield cell.warn("number_text", message, "Formulas must write it the same way.", value=shortened(cell.text))
    if cell.base in FORMULAS and cell.sheet in {"survey", "settings"}:
        yield from _formula(cell)


def _moment(cell: Cell) -> Iterator[Finding]:
    """A spreadsheet turns 1-2 or 3/4 into a date."""
    if cell.base in _TEXTS:
        message = "The spreadsheet holds a date in this cell: it will be shown as %(value)s."
        yield cell.warn(
            "date_text", message, "Format the cell as text, then type it again.", value=shortened(cell.text)
        )
    elif cell.base not in {"default", "version"} and (cell.sheet != "choices" or cell.base in {"name", "list_name"}):
        message = "The spreadsheet turned what was typed into a date: %(value)s."
        yield cell.refuse(
            "date_cell", message, "Format the cell as text, then type it again.", value=shortened(cell.text)
        )


def _formula(cell: Cell) -> Iterator[Finding]:
    bare = _QUOTED.sub("''", cell.text)
    quote = _TYPOGRAPHIC.search(bare) if cell.base != "default" or "(" in cell.text else None
    if quote:
        message = "Typographic quotes (%(character)s) do not work in a formula. Use straight quotes: '."
        hint = "Turn off the automatic quotes of your spreadsheet, then type the formula again."
        yield cell.refuse("typographic_quotes", message, hint, character=quote.group())
    elif cell.text.lower() in _TRUTHS and cell.base != "default":
        message = "%(value)s is not understood in this column."
        yield cell.refuse("truth", message, "Put a text between straight quotes: 'oui'.", value=shortened(cell.text))
