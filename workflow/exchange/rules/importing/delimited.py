"""Delimited text (.csv) → a sheet: which encoding and which delimiter are found out, because the file does not say."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter

from workflow.exchange.rules.importing.refusals import FileRefused
from workflow.exchange.rules.importing.sheet import Book, Sheet, trimmed

DELIMITERS = (";", "\t", ",", "|")
NAME = "CSV"


def read(data: bytes) -> Book:
    """The one sheet of the file. Raises FileRefused when it is no text, or a quotation mark is never closed."""
    text = decoded(data)
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        text = "\n" + rest  # Excel's own line; the rows keep their numbers
        return _book(text, first.strip()[4])
    return _book(text, delimiter(text))


def decoded(data: bytes) -> str:
    """UTF-8 (with or without its mark), UTF-16, else Windows-1252, which French spreadsheets still write."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _text(data, "utf-16")
    if data.count(0) > len(data) // 4:
        return _text(data, "utf-16-le" if data[1:2] == b"\0" else "utf-16-be")
    try:
        return _text(data, "utf-8-sig")
    except UnicodeDecodeError:
        return _text(data, "cp1252")


def _text(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        if encoding == "utf-8-sig":
            raise
        raise _no_table() from None
    if any(sign < " " and sign not in "\t\r\n\f\v" for sign in set(text)) or _is_markup(text):
        raise _no_table()
    return text


def _is_markup(text: str) -> bool:
    """Some programs write a web page and call it a spreadsheet; a PDF begins with its own mark."""
    return text.lstrip()[:1] == "<" or text.startswith("%PDF")


def _no_table() -> FileRefused:
    return FileRefused(
        "not_a_table",
    )


def delimiter(text: str) -> str:
    """The sign that cuts most of the first rows into the same number of cells (more than one)."""
    sample = "\n".join(text.splitlines()[:50])
    return max(DELIMITERS, key=lambda sign: (_agreement(sample, sign), -DELIMITERS.index(sign)))


def _agreement(sample: str, sign: str) -> int:
    widths = Counter(len(row) for row in csv.reader(io.StringIO(sample), delimiter=sign) if len(row) > 1)
    return max((width * times for width, times in widths.items()), default=0)


def _book(text: str, sign: str) -> Book:
    sheet = Sheet(NAME)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            row = {column: kept for column, cell in enumerate(cells) if (kept := trimmed(cell))}
            if row:
                sheet.put(number, row)
    except csv.Error as fault:
        raise FileRefused(
            "quotes",
            row=number + 1,
        ) from fault
    return Book("csv", [sheet])
