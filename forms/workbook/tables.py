"""Workbooks written as text → Book: Markdown tables, and .csv with the name of the sheet in the first column."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

from forms.findings import Finding, FormRefused
from forms.workbook.book import MAX_TEXT, Book, Sheet
from forms.workbook.refusing import refuse, too_much

_CELL = re.compile(r"(?<!\\)\|")
_SEPARATOR = re.compile(r"[|:\s-]*\Z")


def markdown_book(source: bytes) -> Book:
    """Lines that begin with a bar are rows; a name in the first cell begins a sheet. Raises FormRefused."""
    text = _decoded(source)
    lines = (line.strip(" \t\r") for line in text.split("\n"))
    rows = (_cells(line) for line in lines if line.startswith("|"))
    return _book(row for row in rows if row)


def _cells(line: str) -> list[str]:
    body = line.removeprefix("|")
    body = body[: body.rfind("|")] if "|" in body else body
    if body and _SEPARATOR.match(body) and "-" in body and "|" in body:
        return []
    return [cell.strip().replace(r"\|", "|") for cell in _CELL.split(body)]


def csv_book(source: bytes) -> Book:
    """The layout of pyxform: a sheet begins with its name alone in the first column. Raises FormRefused."""
    text = _decoded(source)
    head = text[:5000]
    delimiter = max(",;\t", key=head.count)
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        rows = [[cell.strip() for cell in row] for row in lines]
    except csv.Error as fault:
        raise refuse("unreadable", "This file cannot be read.", "Save it as .xlsx.") from fault
    if not any(row and row[0].lower() == "survey" for row in rows):
        message = "A .csv file holds one sheet only; a form needs several."
        raise refuse("no_survey", message, "Save the whole workbook as .xlsx.")
    return _book(rows)


def _decoded(source: bytes) -> str:
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        hint = "Save it again with the encoding UTF-8."
        raise refuse("encoding", "This text is not written in UTF-8.", hint) from fault
    if len(text) > MAX_TEXT:
        raise too_much()
    return text


def _book(rows: Iterable[list[str]]) -> Book:
    """Rows are counted without blank lines, the row of headers is the first. Raises FormRefused."""
    book = Book()
    wide: list[Finding] = []
    number = width = 0
    for cells in rows:
        if cells and cells[0]:
            book.names.append(cells[0])
            book.sheets.append(Sheet(cells[0]))
            number = width = 0
        if not book.sheets or not any(cells[1:]):
            continue
        number += 1
        width = width or len(cells)
        if any(cells[width:]):
            wide.append(_too_wide(book.names[-1], number))
        for column, text in enumerate(cells[1:]):
            if text:
                book.weigh(text)
                book.sheets[-1].put(number, column, text)
    if wide:
        raise FormRefused(tuple(wide[:100]))
    wanted = set(book.wanted())
    book.sheets = [sheet for sheet in book.sheets if sheet.name in wanted]
    return book


def _too_wide(sheet: str, row: int) -> Finding:
    message = "This row has more cells than the first row of its sheet."
    return Finding("refused", "cells", sheet, row, "", message, {}, "A vertical bar inside a cell is written \\|.")
