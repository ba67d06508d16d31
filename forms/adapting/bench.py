"""The tables of a workbook on the workbench: rows one may change, the column for a text in a language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forms.places import column_of
from forms.storing import legal
from forms.xform import language_code

Row = dict[str, str]
_TEXTS = ("label", "hint", "guidance_hint", "constraint_message", "required_message")


class Bench:
    """`touched` says which change last laid hands on a row (by the identity of the row)."""

    def __init__(self, tables: Mapping[str, Any], default: str) -> None:
        self.tables = tables
        self.default = default
        self.rows: dict[str, list[Row]] = {kind: [dict(row) for row in tables.get(kind) or ()] for kind in _KINDS}
        self.headers = {kind: list((tables.get(f"{kind}_header") or [{}])[0]) for kind in _KINDS}
        self.touched: dict[int, int] = {}
        self.now = 0

    def touch(self, row: Row) -> Row:
        self.touched[id(row)] = self.now
        return row

    def cell(self, kind: str, row: Mapping[str, str], column: str) -> str:
        """A column of the standard, whatever the workbook calls it."""
        found = (text for header, text in row.items() if column_of(kind, header) == column)
        return next(found, "").strip()

    def put(self, kind: str, row: Row, column: str, text: str) -> None:
        """An empty text empties the cell."""
        self._write(kind, row, self._header(kind, column), text)

    def spoken(self, kind: str, row: Mapping[str, str], column: str) -> dict[str, str]:
        """{language: text} of a column of texts, as written."""
        return {
            self._language(header): text.strip()
            for header, text in row.items()
            if column_of(kind, header) == column and text.strip() not in {"", "-"}
        }

    def speak(self, kind: str, row: Row, column: str, texts: Mapping[str, str]) -> None:
        """Write a text in those languages; the others stay."""
        for language, text in texts.items():
            self._write(kind, row, self._spoken_header(kind, column, language), one_line(text))

    def languages(self) -> set[str]:
        """The languages its texts are written in."""
        headers = ((kind, header) for kind in _KINDS for header in self.headers[kind])
        return {self._language(header) for kind, header in headers if column_of(kind, header) in _TEXTS}

    def finished(self) -> dict[str, Any]:
        """The tables as `forms.sheets.tables_of` gives them."""
        made = {**self.tables}
        for kind in _KINDS:
            if self.headers[kind]:
                made |= {kind: self.rows[kind], f"{kind}_header": [dict.fromkeys(self.headers[kind])]}
        return made

    def marks(self) -> dict[tuple[str, int], int]:
        """(sheet, row as the spreadsheet counts) → the change that touched it."""
        return {
            (kind, number): self.touched[id(row)]
            for kind in _KINDS
            for number, row in enumerate(self.rows[kind], 2)
            if id(row) in self.touched
        }

    def _write(self, kind: str, row: Row, header: str, text: str) -> None:
        if text:
            row[header] = text
            self.touch(row)
        elif row.pop(header, ""):
            self.touch(row)

    def _header(self, kind: str, column: str) -> str:
        found = next((header for header in self.headers[kind] if column_of(kind, header) == column), "")
        return found or self._added(kind, column)

    def _spoken_header(self, kind: str, column: str, language: str) -> str:
        for header in self.headers[kind]:
            if column_of(kind, header) == column and self._language(header) == language:
                return header
        name = self._named(language)
        return self._added(kind, f"{column}::{name}" if name else column)

    def _added(self, kind: str, header: str) -> str:
        self.headers[kind].append(header)
        return header

    def _language(self, header: str) -> str:
        name = header.rpartition("::")[2].strip() if "::" in header else ""
        return language_code(name) if name else self.default

    def _named(self, language: str) -> str:
        """The language as the headers of this workbook spell it; empty where they name none."""
        for kind in _KINDS:
            for header in self.headers[kind]:
                spoken = column_of(kind, header) in _TEXTS and "::" in header
                if spoken and self._language(header) == language:
                    return header.rpartition("::")[2].strip()
        return "" if language == self.default else language


_KINDS = ("survey", "choices")


def one_line(text: str) -> str:
    """What a cell can hold; a lone dash is how a form says that there is no text."""
    words = " ".join(legal(text).split())
    return "" if words == "-" else words
