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
NO_REFERENCE = "The column of references is missing: take the spreadsheet offered here."
UNKNOWN = "No household of this letter has the reference %(reference)s."
TWICE = "The reference %(reference)s stands in several rows."
MOST_FAULTS = 200


class NotRead(Exception):
    """The file cannot be read; `str()` is an English msgid."""


@dataclass(frozen=True)
class RowFault:
    """What is wrong with one row, as a spreadsheet counts them."""

    row: int
    column: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Rows:
    """values: {reference: {name: value}}; faults: in the order of the rows."""

    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: list[RowFault] = field(default_factory=list)


def read_rows(data: bytes, asks: Sequence[Ask], references: Collection[str], titles: Mapping[str, str]) -> Rows:
    """titles: {name of a question, or "reference": the title of its column}. Raises NotRead."""
    table = _table(data)
    columns = {_folded(str(title)): at for at, title in enumerate(table[0]) if title not in (None, "")} if table else {}
    at_reference = columns.get(_folded(titles[REFERENCE]))
    if at_reference is None:
        raise NotRead(NO_REFERENCE)
    asked = [(ask, columns[_folded(titles[ask.name])]) for ask in asks if _folded(titles[ask.name]) in columns]
    found = Rows()
    for number, cells in enumerate(table[1:], start=2):
        reference = " ".join(str(_cell(cells, at_reference) or "").split()).upper()
        if not reference:
            continue
        if reference not in references or reference in found.values:
            message = TWICE if reference in found.values else UNKNOWN
            _add(found, RowFault(number, titles[REFERENCE], message, {"reference": reference}))
            continue
        answers = [(ask, *read(ask, _cell(cells, at))) for ask, at in asked]
        found.values[reference] = {ask.name: value for ask, value, fault in answers if not fault}
        for ask, _value, fault in answers:
            if fault:
                _add(found, _fault(number, titles[ask.name], fault))
    return found


def _fault(number: int, column: str, fault: Fault) -> RowFault:
    return RowFault(number, column, fault[0], fault[1])


def _add(found: Rows, fault: RowFault) -> None:
    if len(found.faults) < MOST_FAULTS:
        found.faults.append(fault)


def _cell(cells: Sequence[object], at: int) -> object:
    return cells[at] if at < len(cells) else None


def _folded(words: str) -> str:
    return " ".join(words.split()).casefold()


def _table(data: bytes) -> list[list[object]]:
    """The cells of its only sheet, as text: read by the reader that files made to hurt were tried on."""
    if len(data) > LARGEST:
        raise NotRead(TOO_LARGE)
    try:
        book = read_book(data, "rows.xlsx")
    except FormRefused as refused:
        raise NotRead(NOT_READ) from refused
    rows = book.sheets[0].rows if book.sheets else {}
    if max(rows, default=0) > MOST_ROWS:
        raise NotRead(TOO_LARGE)
    wide = 1 + max((max(cells) for cells in rows.values() if cells), default=0)
    return [[rows.get(at, {}).get(column) for column in range(wide)] for at in range(1, 1 + max(rows, default=0))]
