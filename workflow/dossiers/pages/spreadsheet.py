"""The list of households as a workbook: texts stay texts, whatever they begin with; dates and numbers are real ones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from workflow.dossiers.pages.listing import Line, Listing
from workflow.dossiers.rules import STATES

Value = str | int | float | date | None
Column = tuple[str, int, Callable[[Line], Value]]  # title, width in characters, what stands in it

A4 = 9
PLAIN: dict[str, Any] = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def of_households(shown: Listing, taken: str, at: datetime) -> bytes:
    """The bytes of an .xlsx file: one line per household, only the columns this reader may see.

    `taken` says who took it out and when; it stands on every printed page.
    """
    target = BytesIO()
    book = Workbook(target, PLAIN)
    book.set_properties({"title": _("Households"), "created": at.replace(tzinfo=None)})
    sheet = book.add_worksheet(_("Households"))
    columns = _columns(shown)
    _head(book, sheet, columns)
    day = book.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
    for number, line in enumerate(shown.lines, start=1):
        for place, (_title, _width, value) in enumerate(columns):
            _write(sheet, number, place, value(line), day)
    _paper(sheet, shown, columns, taken)
    book.close()
    return target.getvalue()


def _columns(shown: Listing) -> list[Column]:
    zone = ZoneInfo(shown.operation.zone)
    course: list[Column] = [
        (_("Situation"), 22, lambda line: _(STATES[line.row.state][0])),
        (_("Since"), 12, lambda line: line.row.state_since.astimezone(zone).date()),
        (_("Diagnosis"), 16, lambda line: _(line.form[0]) if line.form else _("not begun")),
        (_("Waits for"), 34, lambda line: line.next.who if line.next else ""),
        (_("To be done by"), 14, lambda line: line.next.due if line.next else None),
    ]
    size: list[Column] = [
        (_("Type"), 7, lambda line: line.row.dwelling_type),
        (_("Persons"), 9, lambda line: line.row.persons),
    ]
    reference: Column = (_("Reference"), 14, lambda line: line.row.reference)
    if not shown.names:
        return [reference, (_("Part of the operation"), 18, lambda line: line.place), *size, *course]
    return [reference, *_named(), *size, *course]


def _named() -> list[Column]:
    """What only those read who need the names."""
    return [
        (_("Name"), 32, lambda line: line.row.name),
        (_("Building"), 16, lambda line: line.place),
        (_("Entrance"), 9, lambda line: line.row.entrance),
        (_("Floor"), 7, lambda line: line.row.floor),
        (_("Dwelling"), 12, lambda line: line.row.dwelling),
        (_("Address"), 38, lambda line: line.row.address),
        (_("Telephone"), 16, lambda line: line.row.phone),
        (_("E-mail address"), 30, lambda line: line.row.email),
    ]


def _head(book: Workbook, sheet: Worksheet, columns: list[Column]) -> None:
    bold = book.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "top"})
    for place, (title, width, _value) in enumerate(columns):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, title, bold)
    sheet.freeze_panes(1, 1)


def _write(sheet: Worksheet, number: int, place: int, value: Value, day: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, date):
        sheet.write_datetime(number, place, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001  a day
    elif isinstance(value, int | float):
        sheet.write_number(number, place, value)
    else:
        sheet.write_string(number, place, value)


def _paper(sheet: Worksheet, shown: Listing, columns: list[Column], taken: str) -> None:
    """A4 landscape, one page wide, the titles repeated, who took it out and when."""
    sheet.autofilter(0, 0, max(1, len(shown.lines)), len(columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_header(f"&L{_doubled(shown.operation.name)}&R{_doubled(taken)}")
    sheet.set_footer("&R&P / &N")


def _doubled(text: str) -> str:
    """In a header of a workbook an ampersand gives orders unless it is doubled."""
    return text.replace("&", "&&")
