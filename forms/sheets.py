"""A workbook → the tables that pyxform compiles, and what in their layout would be lost without a word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from forms.findings import Finding
from forms.storing import legal
from forms.tidying import Cell, base_of, tidied
from forms.vocabulary import SHEETS, nearest, snake
from forms.workbook import Book
from forms.workbook.book import Sheet, letters

GAP = 60  # blank rows after which other readers of XLSForms stop
# The old way to write label::fr, which pyxform still reads when no other column has two colons.
_SINGLE_COLON = re.compile(
    r"^(label|hint|guidance_hint|image|audio|video|constraint_message|media|bind):(?!:)", re.IGNORECASE
)
_BLANKS = "\u00a0\u202f\u2007"


def tables_of(book: Book) -> tuple[dict[str, Any], list[Finding]]:
    """({"survey": [{header: text}], "survey_header": [{header: None}], …, "sheet_names": […]}, findings).

    Row n of a sheet is entry n - 2 of its list; cells are tidied where what was meant is certain.
    """
    found: dict[str, Any] = {"sheet_names": list(book.names)}
    findings = list(_book_findings(book))
    for sheet in book.sheets:
        kind = "survey" if len(book.names) == 1 else sheet.kind
        headers = _headers(sheet)
        findings.extend(_layout(sheet, kind, headers))
        columns = {column: (header, base_of(header)) for column, header in headers.items()}
        found[kind] = [_row(sheet, kind, number, columns, findings) for number in range(2, _last(sheet) + 1)]
        found[f"{kind}_header"] = [dict.fromkeys(headers.values())]
    return found, findings


def _last(sheet: Sheet) -> int:
    return max(sheet.rows, default=1)


def _headers(sheet: Sheet) -> dict[int, str]:
    spaces = str.maketrans(dict.fromkeys(_BLANKS, " "))
    cells = sheet.rows.get(1, {}).items()
    read = {column: " ".join(legal(text).translate(spaces).split()) for column, text in cells}
    return {column: _standard(header) for column, header in read.items()}


def _standard(header: str) -> str:
    """Prefixes of XML tell capitals apart: our own columns are in small letters."""
    small = snake(header)
    return small if small.startswith("bind::relais:") else _SINGLE_COLON.sub(r"\1::", header)


def _row(
    sheet: Sheet, kind: str, number: int, columns: Mapping[int, tuple[str, str]], findings: list[Finding]
) -> dict[str, str]:
    """One row, tidied; columns: {place: (header, column of the standard)}."""
    cells = sheet.rows.get(number, {})
    row = {columns[column][0]: text for column, text in cells.items() if column in columns}
    for column, text in cells.items():
        if column in columns:
            header, base = columns[column]
            mark = sheet.marks.get((number, column), "")
            row[header], slips = tidied(Cell(kind, number, header, base, text, mark), row)
            findings.extend(slips)
    return {header: text for header, text in row.items() if text}


def _book_findings(book: Book) -> Iterator[Finding]:
    kinds = [name.strip().lower() for name in book.names]
    if book.macros:
        yield Finding("warning", "macros", "", None, "", "The macros of this workbook are not run.")
    for name, kind in zip(book.names, kinds, strict=True):
        if kind in SHEETS and kinds.count(kind) > 1:
            message = "Two sheets are called %(name)s."
            hint = "Keep one of them, or give the other another name."
            yield Finding("refused", "duplicate_sheet", name, None, "", message, {"name": name}, hint)
        elif kind not in SHEETS and len(kinds) > 1 and not kind.startswith("_"):
            yield from _foreign_sheet(name, kind)


def _foreign_sheet(name: str, kind: str) -> Iterator[Finding]:
    french = {"questions": "survey", "enquête": "survey", "choix": "choices", "listes": "choices"}
    meant = nearest(kind, SHEETS, french | {"paramètres": "settings", "réglages": "settings"})
    if meant:
        message = "The sheet %(name)s is not read."
        hint = "If it belongs to the form, call it %(meant)s; if not, begin its name with an underscore."
        yield Finding("warning", "unknown_sheet", name, None, "", message, {"name": name, "meant": meant}, hint)


# -- layout -------------------------------------------------------------------------------------------------------


def _layout(sheet: Sheet, kind: str, headers: Mapping[int, str]) -> Iterator[Finding]:
    if not headers and sheet.rows:
        message = "The first row of this sheet is empty: it must hold the names of the columns."
        yield Finding("refused", "no_headers", kind, 1, "", message, {}, "Remove the rows above the names.")
        return
    yield from _twice(kind, headers)
    yield from _unseen(sheet, kind)
    yield from _without_header(sheet, kind, headers)
    yield from _gap(sheet, kind)
    if sheet.hidden:
        message = "This sheet is hidden, and part of the form all the same."
        yield Finding("warning", "hidden_sheet", kind, None, "", message, {}, "Show it, so that others can check it.")
    hidden = next((row for row in sheet.hidden_rows if row in sheet.rows), None)
    if hidden is not None:
        message = "This row is hidden, and part of the form all the same."
        yield Finding("warning", "hidden_row", kind, hidden, "", message, {}, "Show it, or delete it.")
    yield from _merged(sheet, kind)


def _twice(kind: str, headers: Mapping[int, str]) -> Iterator[Finding]:
    seen: set[str] = set()
    for header in headers.values():
        if header in seen:
            message = "Two columns are called %(name)s."
            yield Finding("refused", "duplicate_column", kind, 1, header, message, {"name": header}, "Remove one.")
        seen.add(header)


def _unseen(sheet: Sheet, kind: str) -> Iterator[Finding]:
    for column, text in sheet.rows.get(1, {}).items():
        if legal(text) != text:
            message = "This cell holds invisible characters that cannot be stored."
            yield Finding("refused", "characters", kind, 1, letters(column), message, {}, "Type its text again.")


def _without_header(sheet: Sheet, kind: str, headers: Mapping[int, str]) -> Iterator[Finding]:
    """The first cell of each column that has text but no name."""
    told: set[int] = set()
    for number, cells in sheet.rows.items():
        for column in cells:
            if column not in headers and column not in told:
                told.add(column)
                message = "This column has no name in the first row: what it holds is not read."
                hint = "Name the column, or empty it."
                yield Finding("warning", "no_header", kind, number, letters(column), message, {}, hint)


def _gap(sheet: Sheet, kind: str) -> Iterator[Finding]:
    before = 0
    for number in sorted(sheet.rows):
        if before and number - before > GAP:
            message = "More than %(count)s blank rows stand above this one: other tools stop reading there."
            yield Finding("warning", "gap", kind, number, "", message, {"count": GAP}, "Remove the blank rows.")
        before = number


def _merged(sheet: Sheet, kind: str) -> Iterator[Finding]:
    for area in sheet.merged[:10]:
        corner = "".join(filter(str.isdigit, area.partition(":")[0]))
        if corner and int(corner) in sheet.rows:
            message = "The cells %(area)s are merged: only the first one counts."
            hint = "Unmerge them and repeat what they say."
            yield Finding("warning", "merged_cells", kind, int(corner), "", message, {"area": area}, hint)
