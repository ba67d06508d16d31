"""A list as a workbook: texts stay texts, whatever they begin with; dates and numbers are real ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

from flask import Response
from flask_babel import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from workflow import clock

Value = str | int | float | date | None
Title = tuple[str, int]  # what stands above a column, and its width in characters

A4 = 9
PLAIN: dict[str, Any] = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def workbook(name: str, titles: Sequence[Title], rows: Iterable[Sequence[Value]], *, place: str, taken: str) -> bytes:
    """The bytes of an .xlsx file: one sheet `name`, A4 landscape, titles repeated on each page.

    `place` stands at the left of every printed page, `taken` (who took it out, when) at the right.
    """
    target = BytesIO()
    book = Workbook(target, PLAIN)
    book.set_properties({"title": name, "created": clock.now().replace(tzinfo=None)})
    sheet = book.add_worksheet(_sheet_name(name))
    _head(book, sheet, titles)
    day = book.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
    last = 0
    for last, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            _write(sheet, last, column, value, day)
    _paper(sheet, last, len(titles), place, taken)
    book.close()
    return target.getvalue()


def download(data: bytes, file_name: str) -> Response:
    """`file_name` ends in .xlsx and holds only ASCII."""
    return Response(
        data,
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": f'attachment; filename="{file_name}"'},
    )


def taken_by(name: str, when: str) -> str:
    return _("Taken out by %(name)s, %(when)s", name=name, when=when)


def _sheet_name(name: str) -> str:
    """Excel refuses some characters and more than 31."""
    return "".join(" " if sign in "[]:*?/\\" else sign for sign in name)[:31].strip("' ") or "Relais"


def _head(book: Workbook, sheet: Worksheet, titles: Sequence[Title]) -> None:
    bold = book.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "top"})
    for column, (title, width) in enumerate(titles):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, bold)
    sheet.freeze_panes(1, 1)


def _write(sheet: Worksheet, row: int, column: int, value: Value, day: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, date):
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001  a day
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, value)


def _paper(sheet: Worksheet, rows: int, columns: int, place: str, taken: str) -> None:
    sheet.autofilter(0, 0, max(1, rows), columns - 1)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_header(f"&L{_doubled(place)}&R{_doubled(taken)}")
    sheet.set_footer("&R&P / &N")


def _doubled(text: str) -> str:
    """In a header of a workbook an ampersand gives orders unless it is doubled."""
    return text.replace("&", "&&")
