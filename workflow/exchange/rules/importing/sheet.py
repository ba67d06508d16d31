"""A table as it was found in a file, whatever the kind of file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from workflow.exchange.rules.importing.refusals import FileRefused

MAX_ROWS = 20_000  # rows that hold something: the largest operation of the trade has 1,700 households
MAX_COLUMNS = 120
MAX_TEXT = 1_000  # characters of one cell that are kept


@dataclass(frozen=True)
class Flaw:
    """A cell without a usable value. code: formula (never calculated) | error (a calculation error, `shown`)."""

    code: str
    shown: str = ""


Value = str | float | bool | date | Flaw
Row = dict[int, Value]  # by column, from 0; empty cells are left out


@dataclass
class Sheet:
    """One visible sheet. Rows and columns are numbered as the spreadsheet shows them (rows from 1, columns from 0)."""

    name: str
    rows: dict[int, Row] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)  # first row, column, last row, column
    hidden_rows: int = 0  # read all the same, and said
    hidden_columns: list[int] = field(default_factory=list)

    def put(self, number: int, row: Row) -> None:
        """Keep a row that holds something. Raises FileRefused when there are too many, or it is too wide."""
        if len(self.rows) >= MAX_ROWS:
            raise FileRefused("too_many_rows", count=MAX_ROWS)
        if max(row) >= MAX_COLUMNS:
            raise FileRefused(
                "too_wide",
                sheet=self.name,
                column=letters(MAX_COLUMNS - 1),
                row=number,
            )
        self.rows[number] = row


@dataclass
class Book:
    """What a file holds. `hidden`: names of sheets that were left alone because they are hidden."""

    kind: str  # xlsx | ods | csv
    sheets: list[Sheet]
    hidden: list[str] = field(default_factory=list)


def letters(column: int) -> str:
    """The name of a column: 0 → A, 26 → AA."""
    name, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        name = chr(65 + digit) + name
    return name


def position(name: str) -> tuple[int, int]:
    """(row from 1, column from 0) of "AB12". Raises ValueError."""
    head = name.rstrip("0123456789")
    if not head or len(head) > 3 or not head.isascii() or not head.isalpha() or len(name) - len(head) > 7:
        raise ValueError(name)
    column = 0
    for letter in head.upper():
        column = column * 26 + ord(letter) - 64
    return int(name[len(head) :]), column - 1


def trimmed(text: str) -> str:
    """A text as it is kept: without the spaces around it, cut where nobody would read on."""
    return text[: 4 * MAX_TEXT].strip()[:MAX_TEXT]


# -- kept between two pages ---------------------------------------------------------------------------------------


def packed(book: Book) -> dict[str, Any]:
    """A book as plain data (JSON)."""
    return {
        "kind": book.kind,
        "hidden": book.hidden,
        "sheets": [
            {
                "name": sheet.name,
                "rows": [
                    [number, [[column, _out(value)] for column, value in row.items()]] for number, row in _of(sheet)
                ],
                "merged": sheet.merged,
                "hidden_rows": sheet.hidden_rows,
                "hidden_columns": sheet.hidden_columns,
            }
            for sheet in book.sheets
        ],
    }


def unpacked(told: Mapping[str, Any]) -> Book:
    return Book(
        told["kind"],
        [
            Sheet(
                sheet["name"],
                {number: {column: _in(value) for column, value in row} for number, row in sheet["rows"]},
                [(top, left, bottom, right) for top, left, bottom, right in sheet["merged"]],
                sheet["hidden_rows"],
                sheet["hidden_columns"],
            )
            for sheet in told["sheets"]
        ],
        told["hidden"],
    )


def _of(sheet: Sheet) -> Iterator[tuple[int, Row]]:
    return iter(sheet.rows.items())


def _out(value: Value) -> Any:
    if isinstance(value, Flaw):
        return {"flaw": value.code, "shown": value.shown}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return value


def _in(value: Any) -> Value:
    if not isinstance(value, dict):
        return value
    if "day" in value:
        return date.fromisoformat(value["day"])
    return Flaw(value["flaw"], value["shown"])
