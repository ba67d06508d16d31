"""A file → sheets. What it is, is read from its bytes; its name only has to agree."""

from __future__ import annotations

import zipfile

from workflow.exchange.rules.importing import delimited, ods, xlsx
from workflow.exchange.rules.importing.archive import opened, protected, unreadable
from workflow.exchange.rules.importing.refusals import FileRefused
from workflow.exchange.rules.importing.sheet import Book

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # an old .xls, or a protected .xlsx wrapped in one
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
TEXTS = (".csv", ".txt", ".tsv")
BOOKS = (".xlsx", ".ods")


def read_book(name: str, data: bytes) -> Book:
    """Everything a file shows. Raises FileRefused, with a sentence, for what cannot be read in full."""
    if not data.strip():
        raise FileRefused("empty")
    suffix = "." + name.rpartition(".")[2].lower() if "." in name else ""
    if suffix in (".xlsm", ".xlsb", ".xltm", ".xlam"):
        raise FileRefused(
            "macro",
        )
    if suffix not in (*TEXTS, *BOOKS):
        raise _other_kind()
    book = _read(suffix, data)
    book.sheets = [sheet for sheet in book.sheets if sheet.rows]
    if not book.sheets:
        raise _nothing(book)
    return book


def _read(suffix: str, data: bytes) -> Book:
    if data.startswith(OLE):
        raise protected() if ENCRYPTED in data else _other_kind()
    if not data.startswith(b"PK"):
        if suffix in BOOKS:
            raise unreadable()
        return delimited.read(data)
    with opened(data) as archive:
        return _workbook(archive)


def _workbook(archive: zipfile.ZipFile) -> Book:
    names = set(archive.namelist())
    if "[Content_Types].xml" in names and b"spreadsheetml" in archive.read("[Content_Types].xml"):
        return xlsx.read(archive)
    if "mimetype" in names and archive.read("mimetype").startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return ods.read(archive)
    raise _other_kind()


def _other_kind() -> FileRefused:
    return FileRefused("kind")


def _nothing(book: Book) -> FileRefused:
    if book.hidden:
        return FileRefused(
            "all_hidden",
            names=", ".join(book.hidden),
        )
    return FileRefused("empty")
