"""A spreadsheet with a row for each household: read within bounds, its faults named by row."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from documents.front_matter import Ask
from forms.findings import FormRefused
from forms.workbook import read_book
from workflow.writing.rules.asking import Fault, read

LARGEST = 5 * 1024 * 1024  # bytes of the file
MOST_ROWS = 5_000
REFERENCE = "reference"

TOO_LARGE = "This file is too large."
NOT_READ = "This file is no .xlsx spreadsheet that can be read."
NO_COLUMN = (
    "The sheet “%(sheet)s” has no column “%(column)s”. Its titles stand in the first row: leave them as they are."
)
EMPTY = "The sheet “%(sheet)s” is empty."
NO_REFERENCE = "This row is filled in, but says no reference: write to which household it belongs."
UNKNOWN = "No household of this letter has the reference %(reference)s."
TWICE = "The reference %(reference)s stands in several rows."
MOST_FAULTS = 200


class NotRead(Exception):
    """The file cannot be read; `str()` is an English msgid, params its parameters."""

    def __init__(self, message: str, **params: str) -> None:
        super().__init__(message)
        self.params = params


@dataclass(frozen=True)
class RowFault:
    """What is wrong with one row, as a spreadsheet counts them."""

    row: int
    column: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Rows:
    """values: {reference: {name: value}}; faults: in the order of the rows; blank: how many rows say nothing."""

    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: list[RowFault] = field(default_factory=list)
    blank: int = 0


def read_rows(data: bytes, asks: Sequence[Ask], references: Collection[str], titles: Mapping[str, str]) -> Rows:
    """titles: {name of a question, or "reference": the title of its column}. Raises NotRead."""
    sheet, table = _table(data)
    columns = {_folded(str(title)): at for at, title in enumerate(table[0]) if title not in (None, "")} if table else {}
    if not columns:
        raise NotRead(EMPTY, sheet=sheet)
    for title in (titles[REFERENCE], *(titles[ask.name] for ask in asks)):
        if _folded(title) not in columns:
            raise NotRead(NO_COLUMN, sheet=sheet, column=title)
    asked = [(ask, columns[_folded(titles[ask.name])]) for ask in asks]
    found = Rows()
    for number, cells in enumerate(table[1:], start=2):
        if not any(_said(cell) for cell in cells):
            found.blank += 1
            continue
        reference = _said(_cell(cells, columns[_folded(titles[REFERENCE])])).upper()
        if fault := _misplaced(reference, references, found):
            _add(found, RowFault(number, titles[REFERENCE], fault, {"reference": reference} if reference else {}))
            continue
        answers = [(ask, *read(ask, _cell(cells, at))) for ask, at in asked]
        found.values[reference] = {ask.name: value for ask, value, fault in answers if not fault}
        for ask, _value, fault in answers:
            if fault:
                _add(found, _fault(number, titles[ask.name], fault))
    return found


def _misplaced(reference: str, references: Collection[str], found: Rows) -> str:
    """Why a row belongs to no household; "" when it does."""
    if not reference:
        return NO_REFERENCE
    if reference in found.values:
        return TWICE
    return "" if reference in references else UNKNOWN


def _said(cell: object) -> str:
    return " ".join(str(cell if cell is not None else "").split())


def _fault(number: int, column: str, fault: Fault) -> RowFault:
    return RowFault(number, column, fault[0], fault[1])


def _add(found: Rows, fault: RowFault) -> None:
    if len(found.faults) < MOST_FAULTS:
        found.faults.append(fault)


def _cell(cells: Sequence[object], at: int) -> object:
    return cells[at] if at < len(cells) else None


def _folded(words: str) -> str:
    return " ".join(words.split()).casefold()


def _table(data: bytes) -> tuple[str, list[list[object]]]:
    """The name of the first sheet, and its cells as text: read by the reader that files made to hurt were tried on."""
    if len(data) > LARGEST:
        raise NotRead(TOO_LARGE)
    try:
        book = read_book(data, "rows.xlsx")
    except FormRefused as refused:
        raise NotRead(NOT_READ) from refused
    if not book.sheets:
        raise NotRead(NOT_READ)
    rows, name = book.sheets[0].rows, book.sheets[0].name
    if max(rows, default=0) > MOST_ROWS:
        raise NotRead(TOO_LARGE)
    wide = 1 + max((max(cells) for cells in rows.values() if cells), default=0)
    return name, [[rows.get(at, {}).get(column) for column in range(wide)] for at in range(1, 1 + max(rows, default=0))]
