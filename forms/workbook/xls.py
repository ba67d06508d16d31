"""Excel 97 (.xls) → Book, by way of xlrd, which holds a sheet in memory: the file itself must be small."""

from __future__ import annotations

import io
import struct
from typing import Any

import xlrd

from forms.workbook.book import Book, Sheet
from forms.workbook.moments import moment, number_text
from forms.workbook.refusing import refuse, unreadable

MAX_BYTES = 3 * 1024 * 1024
# What xlrd raises on a file that was cut, altered or made by hand.
_DAMAGED = (xlrd.XLRDError, xlrd.compdoc.CompDocError, struct.error, AssertionError, AttributeError, IndexError)
_DAMAGED += (KeyError, TypeError, ValueError, OSError, EOFError, ArithmeticError, MemoryError, RecursionError)
_ERRORS = xlrd.error_text_from_code


def xls_book(source: bytes) -> Book:
    """Raises FormRefused."""
    if len(source) > MAX_BYTES:
        message = "This .xls file is larger than %(limit)s MB."
        raise refuse("too_large", message, "Save it as .xlsx.", limit=MAX_BYTES // 1024 // 1024)
    try:
        return _read(source)
    except _DAMAGED as fault:
        if "encrypted" in str(fault):
            hint = "Save it without a password, in the .xlsx format."
            message = "This workbook is protected by a password, or is an old .xls file."
            raise refuse("protected", message, hint) from fault
        raise unreadable() from fault


def _read(source: bytes) -> Book:
    with xlrd.open_workbook(
        file_contents=source, on_demand=True, ragged_rows=True, formatting_info=False, logfile=io.StringIO()
    ) as file:
        book = Book(list(file.sheet_names()))
        wanted = set(book.wanted())
        for place, name in enumerate(book.names):
            if name in wanted:
                book.sheets.append(_sheet(file, place, book))
                file.unload_sheet(place)
    return book


def _sheet(file: Any, place: int, book: Book) -> Sheet:
    found = file.sheet_by_index(place)
    sheet = Sheet(found.name, bool(found.visibility))
    for row in range(found.nrows):
        for column in range(found.row_len(row)):
            text, mark = _value(file, found.cell(row, column))
            if text and not text.isspace():
                book.weigh(text)
                sheet.put(row + 1, column, text, mark)
    return sheet


def _value(file: Any, cell: Any) -> tuple[str, str]:
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return cell.value, ""
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        return number_text(cell.value), "number"
    if cell.ctype == xlrd.XL_CELL_DATE:
        kind = "time" if cell.value < 1 else "datetime"
        return moment(cell.value, kind, since_1904=bool(file.datemode))
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE", "boolean"
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return _ERRORS.get(cell.value, "#?"), "error"
    return "", ""
