"""An uploaded workbook → the text of its cells. Nothing is believed before it was measured, nothing is unpacked whole.

pyxform's own readers stop at the first long gap, forget what a cell was, and open whatever they are given; this one
keeps every row, says which cells were dates or errors, and gives up early on files made to hurt.
"""

from __future__ import annotations

from forms.workbook.archive import opened
from forms.workbook.book import Book
from forms.workbook.refusing import refuse, unreadable
from forms.workbook.tables import csv_book, markdown_book
from forms.workbook.xls import xls_book
from forms.workbook.xlsx import xlsx_book

__all__ = ["Book", "read_book", "refuse", "unreadable"]

MAX_BYTES = 10 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ZIP = b"PK\x03\x04"
_OTHERS = {
    ".ods": "Open it in LibreOffice and save it as .xlsx.",
    ".fods": "Open it in LibreOffice and save it as .xlsx.",
    ".xlsb": "Open it in your spreadsheet and save it as .xlsx.",
    ".numbers": "Open it in Numbers and export it as .xlsx.",
    ".xml": "Give the workbook from which this file was made.",
}


def read_book(source: bytes, filename: str) -> Book:
    """Read .xlsx, .xlsm, .xls, .md or .csv, checked against the content. Raises FormRefused."""
    suffix = filename[filename.rfind(".") :].lower() if "." in filename else ""
    if suffix not in {".xlsx", ".xlsm", ".xls", ".md", ".csv"}:
        hint = _OTHERS.get(suffix, "Give a file that ends in .xlsx, .xls or .md.")
        raise refuse("file_type", "This file is not a workbook that can be read here.", hint)
    if len(source) > MAX_BYTES:
        limit = MAX_BYTES // 1024 // 1024
        raise refuse("too_large", "This file is larger than %(limit)s MB.", "Remove pictures from it.", limit=limit)
    if suffix in {".md", ".csv"}:
        return markdown_book(source) if suffix == ".md" else csv_book(source)
    return _spreadsheet(source, suffix)


def _spreadsheet(source: bytes, suffix: str) -> Book:
    if source.startswith(_OLE):
        if suffix != ".xls" or _ENCRYPTED in source:
            hint = "Save it without a password, in the .xlsx format."
            raise refuse("protected", "This workbook is protected by a password, or is an old .xls file.", hint)
        return xls_book(source)
    if source.startswith(_ZIP):
        with opened(source) as archive:
            return xlsx_book(archive)
    raise unreadable()
