"""Office Open XML (.xlsx) → sheets.

Values are those last calculated; a number is a date when its format shows one (ECMA-376, 18.8.30).
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from workflow.exchange.rules.importing.archive import forget, walk
from workflow.exchange.rules.importing.refusals import FileRefused
from workflow.exchange.rules.importing.sheet import Book, Flaw, Row, Sheet, Value, position, trimmed

R_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
R_ID_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_NOT_CODE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')


@dataclass(frozen=True)
class _Texts:
    """What the cells of a workbook point to."""

    shared: Sequence[str]
    dates: frozenset[int]  # cell formats that show a number as a date
    since_1904: bool


def read(archive: zipfile.ZipFile) -> Book:
    """Every visible sheet. Raises FileRefused for a macro."""
    names = set(archive.namelist())
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise FileRefused(
            "macro",
        )
    main = _main_part(archive)
    parts = _relations(archive, main)
    sheets, since_1904 = _sheets(archive, main)
    shared = next((part for kind, part in parts.values() if kind.endswith("/sharedStrings")), None)
    styles = next((part for kind, part in parts.values() if kind.endswith("/styles")), None)
    texts = _Texts(
        _shared(archive, shared) if shared in names else (),
        _dates(archive, styles) if styles in names else frozenset(),
        since_1904,
    )
    book = Book("xlsx", [])
    for name, state, relation in sheets:
        kind, part = parts[relation]
        if state != "visible":
            book.hidden.append(name)
        elif kind.endswith("/worksheet"):
            book.sheets.append(_sheet(archive, part, name, texts))
    return book


def _main_part(archive: zipfile.ZipFile) -> str:
    for _event, link in walk(archive, "_rels/.rels", ("Relationship",)):
        if link.get("Type", "").endswith("/officeDocument"):
            return link.get("Target", "").lstrip("/")
    raise KeyError("officeDocument")


def _relations(archive: zipfile.ZipFile, main: str) -> dict[str, tuple[str, str]]:
    """{id: (kind, part)}."""
    folder, name = posixpath.split(main)
    found = {}
    for _event, link in walk(archive, f"{folder}/_rels/{name}.rels".lstrip("/"), ("Relationship",)):
        target = link.get("Target", "")
        part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        found[link.get("Id")] = (link.get("Type", ""), part)
    return found


def _sheets(archive: zipfile.ZipFile, main: str) -> tuple[list[tuple[str, str, str]], bool]:
    """([(name, state, relation)], whether days are counted from 1904)."""
    sheets, since_1904 = [], False
    for _event, found in walk(archive, main, ("workbookPr", "sheet")):
        if found.tag.endswith("}sheet"):
            relation = found.get(R_ID) or found.get(R_ID_STRICT)
            sheets.append((found.get("name", ""), found.get("state", "visible"), relation))
        else:
            since_1904 = found.get("date1904") in ("1", "true")
    return sheets, since_1904


def _shared(archive: zipfile.ZipFile, part: str) -> list[str]:
    texts = []
    for _event, item in walk(archive, part, ("si",)):
        texts.append(trimmed(_text(item)))
        forget(item)
    return texts


def _text(item: Any) -> str:
    """The text of a cell, its runs joined; not its pronunciation (rPh)."""
    namespace = item.tag.rpartition("}")[0] + "}"
    return "".join(
        found.text or "" for found in item.iter(f"{namespace}t") if not found.getparent().tag.endswith("}rPh")
    )


def _dates(archive: zipfile.ZipFile, part: str) -> frozenset[int]:
    """Which cell formats show a date."""
    own: dict[int, bool] = {}
    formats: list[int] = []
    for _event, found in walk(archive, part, ("numFmt", "xf")):
        if found.tag.endswith("}numFmt"):
            own[int(found.get("numFmtId", "0"))] = is_date_format(found.get("formatCode", ""))
        elif found.getparent() is not None and found.getparent().tag.endswith("}cellXfs"):
            formats.append(int(found.get("numFmtId", "0")))
    return frozenset(at for at, number in enumerate(formats) if own.get(number, number in _BUILT_IN_DATES))


def is_date_format(code: str) -> bool:
    """Whether a number format shows a day: "dd/mm/yyyy" does, "0.00", "[Red]0" and "hh:mm" alone do not."""
    return bool(re.search(r"[dyj]|a{2,4}", _NOT_CODE.sub("", code.partition(";")[0]), re.IGNORECASE))


# -- one sheet ----------------------------------------------------------------------------------------------------


def _sheet(archive: zipfile.ZipFile, part: str, name: str, texts: _Texts) -> Sheet:
    sheet, number = Sheet(name), 0
    for _event, found in walk(archive, part, ("row", "mergeCell", "col")):
        kind = found.tag.rpartition("}")[2]
        if kind == "row":
            number = int(found.get("r") or number + 1)
            _row(sheet, number, found, texts)
            forget(found)
        elif kind == "mergeCell":
            sheet.merged.append(_range(found.get("ref", "")))
        elif found.get("hidden") in ("1", "true"):
            sheet.hidden_columns += range(int(found.get("min", "1")) - 1, min(int(found.get("max", "1")), 16_384))
    return sheet


def _range(name: str) -> tuple[int, int, int, int]:
    first, _, last = name.partition(":")
    return (*position(first), *position(last or first))


def _row(sheet: Sheet, number: int, element: Any, texts: _Texts) -> None:
    namespace = element.tag.rpartition("}")[0] + "}"
    held = (f"{namespace}v", f"{namespace}is", f"{namespace}f")
    if next(element.iter(*held), None) is None:
        return  # formatted, and empty: a sheet may have hundreds of thousands of them
    row: Row = {}
    following = 0
    for cell in element.iterchildren(f"{namespace}c"):
        name = cell.get("r")
        following = position(name)[1] if name else following
        value = _value(cell, namespace, texts)
        if value is not None and value != "":
            row[following] = value
        following += 1
    if row:
        sheet.put(number, row)
        sheet.hidden_rows += element.get("hidden") in ("1", "true")


def _value(cell: Any, namespace: str, texts: _Texts) -> Value | None:
    kind, told = cell.get("t", "n"), cell.findtext(f"{namespace}v")
    if kind == "inlineStr":
        inline = cell.find(f"{namespace}is")
        return trimmed(_text(inline)) if inline is not None else None
    if told is None or told == "":
        calculated = cell.find(f"{namespace}f") is not None and kind != "str"
        return Flaw("formula") if calculated else None
    return _READ.get(kind, _number)(told, cell, texts)


def _number(told: str, cell: Any, texts: _Texts) -> Value:
    value = float(told)
    if int(cell.get("s", "0")) in texts.dates:
        return day_of(value, since_1904=texts.since_1904) or value
    return value


def _iso(told: str, _cell: Any, _texts: _Texts) -> Value:
    return datetime.fromisoformat(told.replace("Z", "+00:00")).date()


_READ: Mapping[str, Any] = {
    "s": lambda told, _cell, texts: texts.shared[int(told)],
    "str": lambda told, _cell, _texts: trimmed(told),
    "b": lambda told, _cell, _texts: told in ("1", "true"),
    "e": lambda told, _cell, _texts: Flaw("error", told[:40]),
    "d": _iso,
}

FIRST_DAY, LAST_DAY = 1, 2_958_465  # 1900-01-01, 9999-12-31


def day_of(serial: float, *, since_1904: bool = False) -> date | None:
    """The day of a serial number; None when it is none. Excel's 1900 was a leap year, as Lotus 1-2-3 had it: from
    1 March 1900 (61) days count from 30 December 1899, before it from 31 December."""
    whole = int(serial)
    if since_1904:
        return date(1904, 1, 1) + timedelta(days=whole) if 0 <= whole <= LAST_DAY - 1462 else None
    if not FIRST_DAY <= whole <= LAST_DAY or whole == 60:
        return None
    return (date(1899, 12, 30) if whole > 60 else date(1899, 12, 31)) + timedelta(days=whole)
