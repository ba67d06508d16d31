"""OpenDocument spreadsheet (.ods) → sheets (OASIS OpenDocument 1.3, part 3, chapter 9)."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from workflow.exchange.rules.importing.archive import forget, protected, walk
from workflow.exchange.rules.importing.refusals import FileRefused
from workflow.exchange.rules.importing.sheet import MAX_COLUMNS, Book, Flaw, Row, Sheet, Value, trimmed

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
CALCEXT = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
HIDDEN = ("collapse", "filter")
WATCHED = ("style", "table", "table-column", "table-row")


def read(archive: zipfile.ZipFile) -> Book:
    """Every visible sheet. Raises FileRefused for a macro or a password."""
    names = archive.namelist()
    if any(name.startswith(("Basic/", "Scripts/")) and not name.endswith("/") for name in names):
        raise FileRefused(
            "macro",
        )
    if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise protected()
    return _Reading().book(archive)


class _Reading:
    """Goes through content.xml once; what belongs to the sheet at hand stands here."""

    def __init__(self) -> None:
        self.found = Book("ods", [])
        self.hidden_styles: set[str] = set()
        self.sheet: Sheet | None = None
        self.row = self.column = 0

    def book(self, archive: zipfile.ZipFile) -> Book:
        for event, element in walk(archive, "content.xml", WATCHED, ("start", "end")):
            kind = element.tag.rpartition("}")[2]
            if kind == "table":
                self._table(event, element)
            elif event == "end":
                getattr(self, f"_{kind.replace('-', '_')}")(element)
        return self.found

    def _style(self, element: Any) -> None:
        shown = element.find(f"{STYLE}table-properties")
        if shown is not None and shown.get(f"{TABLE}display") == "false":
            self.hidden_styles.add(element.get(f"{STYLE}name", ""))

    def _table(self, event: str, element: Any) -> None:
        if event == "end":
            self.sheet = None
            forget(element)
            return
        name = element.get(f"{TABLE}name", "")
        self.sheet, self.row, self.column = Sheet(name), 0, 0
        if element.get(f"{TABLE}style-name") in self.hidden_styles:
            self.found.hidden.append(name)
            self.sheet = None
        else:
            self.found.sheets.append(self.sheet)

    def _table_column(self, element: Any) -> None:
        count = int(element.get(f"{TABLE}number-columns-repeated", "1"))
        if self.sheet is not None and element.get(f"{TABLE}visibility") in HIDDEN:
            self.sheet.hidden_columns += range(self.column, min(self.column + count, 16_384))
        self.column += count

    def _table_row(self, element: Any) -> None:
        times = int(element.get(f"{TABLE}number-rows-repeated", "1"))
        if self.sheet is not None and len(element):
            row = self._cells(self.sheet, element)
            for repeated in range(times if row else 0):
                self.sheet.put(self.row + repeated + 1, dict(row))
            self.sheet.hidden_rows += times if row and element.get(f"{TABLE}visibility") in HIDDEN else 0
        self.row += times
        forget(element)

    def _cells(self, sheet: Sheet, element: Any) -> Row:
        row: Row = {}
        column = 0
        for cell in element.iterchildren(f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
            times = int(cell.get(f"{TABLE}number-columns-repeated", "1"))
            value = _value(cell)
            if value is not None and value != "":
                row |= dict.fromkeys(range(column, column + min(times, MAX_COLUMNS + 1)), value)
            self._spanned(sheet, cell, column)
            column += times
        return row

    def _spanned(self, sheet: Sheet, cell: Any, column: int) -> None:
        wide = int(cell.get(f"{TABLE}number-columns-spanned", "1"))
        high = int(cell.get(f"{TABLE}number-rows-spanned", "1"))
        if wide > 1 or high > 1:
            sheet.merged.append((self.row + 1, column, self.row + high, column + wide - 1))


def _value(cell: Any) -> Value | None:
    kind = cell.get(f"{OFFICE}value-type")
    if cell.tag.endswith("}covered-table-cell"):
        return None
    if cell.get(f"{CALCEXT}value-type") == "error":
        return Flaw("error", _text(cell)[:40])
    if kind is None and cell.get(f"{TABLE}formula") and not _text(cell):
        return Flaw("formula")
    return _READ.get(kind or "", _text)(cell)


_READ: Mapping[str, Callable[[Any], Value]] = {
    **dict.fromkeys(("float", "currency", "percentage"), lambda cell: float(cell.get(f"{OFFICE}value", ""))),
    "date": lambda cell: date.fromisoformat(cell.get(f"{OFFICE}date-value", "")[:10]),
    "boolean": lambda cell: cell.get(f"{OFFICE}boolean-value") == "true",
}


def _text(cell: Any) -> str:
    """The paragraphs of a cell; not those of its comment."""
    return trimmed("\n".join(_words(paragraph) for paragraph in cell.iterchildren(f"{TEXT}p")))


def _words(element: Any) -> str:
    """Spaces in a row are written as elements (text:s)."""
    parts = [element.text or ""]
    for child in element:
        if child.tag == f"{TEXT}s":
            parts.append(" " * min(int(child.get(f"{TEXT}c", "1")), 100))
        elif child.tag == f"{TEXT}line-break":
            parts.append("\n")
        elif isinstance(child.tag, str) and not child.tag.startswith(OFFICE):
            parts.append(_words(child))
        parts.append(child.tail or "")
    return "".join(parts)
