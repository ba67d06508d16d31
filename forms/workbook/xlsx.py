"""Office Open XML (.xlsx, .xlsm) → Book. Values are those last calculated (ECMA-376, part 1, 18.3)."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass

from forms.workbook.archive import Archive
from forms.workbook.book import Book, Sheet
from forms.workbook.moments import shows_a_moment
from forms.workbook.refusing import refuse, too_much, unreadable
from forms.workbook.xlsx_sheet import MAX_KEPT, SheetReader, Strings, unescaped

_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_TIMES = frozenset((*range(18, 22), *range(45, 48)))
MAX_STRINGS = 200_000


@dataclass(slots=True)
class _Listed:
    """One sheet as the workbook lists it."""

    name: str
    hidden: bool
    relation: str


def xlsx_book(archive: Archive) -> Book:
    """Raises FormRefused; what a damaged file raises is caught by `archive.opened`."""
    main = _main_part(archive)
    if main.endswith(".bin"):
        hint = "Open it in your spreadsheet and save it as .xlsx."
        raise refuse("file_type", "This file is not a workbook that can be read here.", hint)
    listed, since_1904 = _listed(archive, main)
    parts = _relations(archive, main)
    book = Book([found.name for found in listed])
    book.macros = any(name.lower().endswith("vbaproject.bin") for name in archive.names)
    wanted = set(book.wanted())
    strings = Strings(_shared(archive, book, parts), _styles(archive, parts), since_1904)
    for found in listed:
        kind, part = parts.get(found.relation, ("", ""))
        if found.name in wanted and kind.endswith("/worksheet"):
            sheet = Sheet(found.name, found.hidden)
            SheetReader(sheet, book, strings).read(archive, part)
            book.sheets.append(sheet)
    return book


def _main_part(archive: Archive) -> str:
    found: list[str] = []

    def start(name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship" and attributes.get("Type", "").endswith("/officeDocument"):
            found.append(attributes.get("Target", "").lstrip("/"))

    if not archive.has("_rels/.rels"):
        raise _foreign(archive)
    archive.parse("_rels/.rels", start)
    if not found or not archive.has(found[0]):
        raise unreadable()
    if not found[0].rpartition("/")[2].startswith("workbook"):
        raise _foreign(archive)
    return found[0]


def _foreign(archive: Archive) -> Exception:
    """A document of another program under the name of a workbook."""
    if archive.has("mimetype") and b"spreadsheet" in archive.peek("mimetype", 100):
        hint = "Open it in LibreOffice and save it as .xlsx."
        return refuse("file_type", "This file is not a workbook that can be read here.", hint)
    if archive.has("word/document.xml") or archive.has("mimetype") or archive.has("ppt/presentation.xml"):
        message = "This file is another kind of document under the name of a workbook."
        return refuse("file_type", message, "Give a file that ends in .xlsx, .xls or .md.")
    return unreadable()


def _relations(archive: Archive, main: str) -> dict[str, tuple[str, str]]:
    """{id: (kind, part)}."""
    folder, name = posixpath.split(main)
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, link: Mapping[str, str]) -> None:
        if tag == "Relationship":
            target = link.get("Target", "")
            part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[link.get("Id", "")] = (link.get("Type", ""), part)

    archive.parse(f"{folder}/_rels/{name}.rels".lstrip("/"), start)
    return found


def _listed(archive: Archive, main: str) -> tuple[list[_Listed], bool]:
    """(the sheets in order, whether days are counted from 1904)."""
    sheets: list[_Listed] = []
    properties: dict[str, str] = {}

    def start(tag: str, found: Mapping[str, str]) -> None:
        if tag == "workbookPr":
            properties.update(found)
        elif tag == "sheet":
            relation = next((value for name, value in found.items() if name.endswith(":id")), "")
            sheets.append(_Listed(found.get("name", ""), found.get("state", "visible") != "visible", relation))

    archive.parse(main, start)
    return sheets, properties.get("date1904") in {"1", "true"}


def _part(archive: Archive, parts: Mapping[str, tuple[str, str]], kind: str) -> str:
    return next((part for named, part in parts.values() if named.endswith(f"/{kind}") and archive.has(part)), "")


def _shared(archive: Archive, book: Book, parts: Mapping[str, tuple[str, str]]) -> list[str]:
    """The texts that cells point to, without their pronunciation (rPh)."""
    part = _part(archive, parts, "sharedStrings")
    reader = _SharedReader()
    if part:
        archive.parse(part, reader.start, reader.end, reader.text)
    return reader.found


class _SharedReader:
    def __init__(self) -> None:
        self.found: list[str] = []
        self.pieces: list[str] = []
        self.size = 0
        self.inside = False
        self.spoken = False

    def start(self, tag: str, _: Mapping[str, str]) -> None:
        if tag == "si":
            self.pieces = []
        elif tag == "rPh":
            self.spoken = True
        elif tag == "t":
            self.inside = not self.spoken

    def text(self, text: str) -> None:
        if self.inside:
            self.size += len(text)
            if self.size > MAX_KEPT:
                raise too_much()
            self.pieces.append(text)

    def end(self, tag: str) -> None:
        if tag == "si":
            if len(self.found) >= MAX_STRINGS:
                raise too_much()
            self.found.append(unescaped("".join(self.pieces)))
        elif tag == "rPh":
            self.spoken = False
        elif tag == "t":
            self.inside = False


def _styles(archive: Archive, parts: Mapping[str, tuple[str, str]]) -> dict[int, str]:
    """Which cell formats show a number as a date, a time, or both."""
    part, reader = _part(archive, parts, "styles"), _StyleReader()
    if part:
        archive.parse(part, reader.start)
    return reader.formats


class _StyleReader:
    def __init__(self) -> None:
        self.own: dict[int, str] = {}
        self.formats: dict[int, str] = {}
        self.within, self.place = "", -1

    def start(self, tag: str, found: Mapping[str, str]) -> None:
        if tag in {"cellXfs", "cellStyleXfs", "dxfs"}:
            self.within = tag
        elif tag == "numFmt":
            self.own[int(found.get("numFmtId", "0"))] = shows_a_moment(found.get("formatCode", ""))
        elif tag == "xf" and self.within == "cellXfs":
            self.place += 1
            number = int(found.get("numFmtId", "0"))
            shown = self.own[number] if number in self.own else _built_in(number)
            if shown:
                self.formats[self.place] = shown


def _built_in(number: int) -> str:
    """Formats that need no definition (ECMA-376, part 1, 18.8.30)."""
    if number in _TIMES:
        return "time"
    if number == 22:
        return "datetime"
    return "date" if number in _BUILT_IN_DATES else ""
