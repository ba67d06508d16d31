"""Tables → an .xlsx workbook that compiles to the same form. The same tables give the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

_SHEETS = ("survey", "choices", "settings", "external_choices", "osm", "entities")
_NO_DAY = datetime(2000, 1, 1)  # noqa: DTZ001  a workbook wants one; the day it was taken out would change its bytes
_WIDE = frozenset({"label", "hint", "guidance_hint", "relevant", "constraint", "calculation", "constraint_message"})
_PLAIN: dict[str, Any] = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def write_book(tables: Mapping[str, Any]) -> bytes:
    """The bytes of an .xlsx file. tables: as `forms.sheets.tables_of` gives them; row n stands in row n again, every
    cell as text.
    """
    target = BytesIO()
    book = Workbook(target, _PLAIN)
    book.set_properties({"created": _NO_DAY})
    head = book.add_format({"bold": True, "bottom": 2})
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    for kind in _SHEETS:
        headers = list((tables.get(f"{kind}_header") or [{}])[0])
        if headers:
            _sheet(book.add_worksheet(kind), headers, tables.get(kind) or (), head, text)
    book.close()
    return target.getvalue()


def _sheet(sheet: Worksheet, headers: list[str], rows: Any, head: Any, text: Any) -> None:
    for column, header in enumerate(headers):
        sheet.set_column(column, column, 42 if header.partition(":")[0] in _WIDE else 18)
        sheet.write_string(0, column, header, head)
    places = {header: column for column, header in enumerate(headers)}
    for number, row in enumerate(rows, 1):
        for header, words in row.items():
            if words:
                sheet.write_string(number, places[header], words, text)
    sheet.freeze_panes(1, 0)
