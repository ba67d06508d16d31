"""Files as people send them, made on the spot."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

Rows = Iterable[Sequence[Any]]
TITLES = ("Nom du ménage", "Bâtiment", "Logement", "Type", "Surface (m²)", "Personnes", "Référence locataire")


def xlsx(rows: Rows, touch: Callable[[Workbook, Worksheet], None] | None = None, name: str = "Ménages") -> bytes:
    """A workbook with one sheet of rows; `touch` may do more to it."""
    book = Workbook()
    sheet = book.active
    sheet.title = name
    for row in rows:
        sheet.append(list(row))
    if touch:
        touch(book, sheet)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def csv(rows: Rows, sign: str = ";", encoding: str = "utf-8") -> bytes:
    return "".join(sign.join(str(cell) for cell in row) + "\r\n" for row in rows).encode(encoding)


def repacked(data: bytes, changes: dict[str, bytes]) -> bytes:
    """The same archive with some parts replaced or added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            if name not in changes:
                after.writestr(name, before.read(name))
        for name, content in changes.items():
            after.writestr(name, content)
    return target.getvalue()


def part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


ODS_NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{full}:1.0"'
    for short, full in (("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"))
)


def ods(tables: str, styles: str = "", more: dict[str, bytes] | None = None) -> bytes:
    """An OpenDocument spreadsheet around its tables, written by hand."""
    content = (
        f'<?xml version="1.0"?><office:document-content {ODS_NAMES}>'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        for name, data in (more or {}).items():
            archive.writestr(name, data)
    return target.getvalue()


def ods_row(*cells: Any, attributes: str = "") -> str:
    told = "".join(
        f'<table:table-cell office:value-type="float" office:value="{cell}"><text:p>{cell}</text:p></table:table-cell>'
        if isinstance(cell, int | float)
        else f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
        for cell in cells
    )
    return f"<table:table-row {attributes}>{told}</table:table-row>"


def home(number: int, building: str = "Drac A", **more: Any) -> tuple[Any, ...]:
    """A good row under TITLES."""
    told = {
        "name": f"Ménage essai {number}",
        "type": "T3",
        "surface": "62,5",
        "persons": 3,
        "tenant": f"E-{number:05d}",
    }
    told |= more
    return (told["name"], building, f"Z-{number}", told["type"], told["surface"], told["persons"], told["tenant"])
