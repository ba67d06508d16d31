"""What a workbook holds once it is read: sheets of numbered rows, and what its cells were besides text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from forms.workbook.refusing import too_many_columns, too_many_rows, too_much

SHEETS = frozenset({"survey", "choices", "settings", "external_choices", "osm", "entities"})
MAX_COLUMNS = 256
MAX_ROWS = {"survey": 3_000, "settings": 100, "entities": 1_000, "osm": 3_000}
MAX_LIST_ROWS = 20_000  # choices, external_choices
MAX_CELL = 32_767  # characters, as Excel has it
MAX_CELLS = 150_000  # cells with text in all sheets that are read
MAX_TEXT = 8_000_000  # characters of all cells together

Where = tuple[int, int]


@dataclass(slots=True)
class Sheet:
    """`rows`: number as the spreadsheet counts (from 1) → column (from 0) → text, never empty. `marks`: what a cell was
    when it was no text: number, boolean, date, datetime, time, error, uncalculated.
    """

    name: str
    hidden: bool = False
    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    marks: dict[Where, str] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return self.name.strip().lower()

    def put(self, row: int, column: int, text: str, mark: str = "") -> None:
        """Raises FormRefused beyond the limits."""
        if row > MAX_ROWS.get(self.kind, MAX_LIST_ROWS):
            raise too_many_rows(self.name, row, MAX_ROWS.get(self.kind, MAX_LIST_ROWS))
        if column >= MAX_COLUMNS:
            raise too_many_columns(self.name, MAX_COLUMNS)
        self.rows.setdefault(row, {})[column] = text
        if mark:
            self.marks[row, column] = mark


@dataclass(slots=True)
class Book:
    """`names`: all sheets in order, read or not. `macros`: whether the workbook carries programs."""

    names: list[str] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)
    macros: bool = False
    text: int = 0
    cells: int = 0

    def wanted(self) -> Iterator[str]:
        """The sheets an XLSForm is made of; the only sheet of a workbook is its survey, whatever it is called."""
        known = [name for name in self.names if name.strip().lower() in SHEETS]
        yield from known or (self.names if len(self.names) == 1 else ())

    def weigh(self, text: str) -> None:
        """Count what was read. Raises FormRefused when it becomes too much."""
        self.text += len(text)
        self.cells += 1
        if self.text > MAX_TEXT or len(text) > MAX_CELL or self.cells > MAX_CELLS:
            raise too_much()


def letters(column: int) -> str:
    """0 → A, 26 → AA."""
    found = ""
    while column >= 0:
        found = chr(ord("A") + column % 26) + found
        column = column // 26 - 1
    return found
