"""One worksheet part → Sheet, cell by cell as the parser goes by."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from forms.workbook.archive import Archive
from forms.workbook.book import MAX_CELL, Book, Sheet
from forms.workbook.moments import moment, number_text
from forms.workbook.refusing import too_much

MAX_KEPT = 16_000_000  # characters of the list of texts
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})\Z")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TRUTHS = {"1": "TRUE", "true": "TRUE", "0": "FALSE", "false": "FALSE"}


@dataclass(frozen=True, slots=True)
class Strings:
    """What the cells of a workbook point to: texts, and the formats that show a moment."""

    shared: Sequence[str]
    moments: Mapping[int, str]
    since_1904: bool


def position(reference: str) -> tuple[int, int]:
    """B3 → (3, 1). Raises ValueError."""
    found = _REFERENCE.match(reference)
    if found is None:
        raise ValueError(reference)
    column = 0
    for letter in found.group(1):
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found.group(2)), column - 1


def unescaped(text: str) -> str:
    """What XML cannot write stands as _x000D_ (ECMA-376, part 1, 22.9.2.19); a line ends as elsewhere."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text)
    return text.replace("\r\n", "\n").replace("\r", "\n")


class SheetReader:
    """Fills one sheet."""

    def __init__(self, sheet: Sheet, book: Book, strings: Strings) -> None:
        self.sheet, self.book, self.strings = sheet, book, strings
        self.row, self.column = 0, -1
        self.kind, self.style = "n", 0
        self.pieces: list[str] = []
        self.size = 0
        self.reading = False
        self.formula = self.spoken = False

    def read(self, archive: Archive, part: str) -> None:
        archive.parse(part, self.start, self.end, self.text)

    def start(self, tag: str, found: Mapping[str, str]) -> None:
        if tag == "c":
            self.cell(found)
        elif tag in {"v", "t"}:
            self.reading = not self.spoken
        elif tag == "f":
            self.formula = True
        elif tag == "row":
            self.row, self.column = int(found.get("r") or self.row + 1), -1
            if found.get("hidden") in {"1", "true"} and len(self.sheet.hidden_rows) < MAX_CELL:
                self.sheet.hidden_rows.append(self.row)
        elif tag == "rPh":
            self.spoken = True
        elif tag == "mergeCell" and len(self.sheet.merged) < MAX_CELL:
            self.sheet.merged.append(found.get("ref", ""))

    def cell(self, found: Mapping[str, str]) -> None:
        reference = found.get("r")
        if reference:
            self.row, self.column = position(reference)
        else:
            self.column += 1
        self.kind, self.style = found.get("t", "n"), int(found.get("s", "0"))
        self.pieces, self.size, self.formula = [], 0, False

    def text(self, text: str) -> None:
        if self.reading:
            self.size += len(text)
            if self.size > MAX_CELL:
                raise too_much()
            self.pieces.append(text)

    def end(self, tag: str) -> None:
        if tag in {"v", "t"}:
            self.reading = False
        elif tag == "rPh":
            self.spoken = False
        elif tag == "c":
            text, mark = self.value("".join(self.pieces))
            if text and not text.isspace():
                self.book.weigh(text)
                self.sheet.put(self.row, self.column, text, mark)

    def value(self, told: str) -> tuple[str, str]:
        """(text, mark) of a cell."""
        if self.kind in {"inlineStr", "str"}:
            return unescaped(told), ""
        if not told:
            return ("=", "uncalculated") if self.formula else ("", "")
        return self.typed(told)

    def typed(self, told: str) -> tuple[str, str]:
        match self.kind:
            case "s":
                return self.strings.shared[int(told)], ""
            case "b":
                return _TRUTHS[told.strip()], "boolean"
            case "e":
                return told[:40], "error"
            case "d":
                return told[:40], "datetime" if "T" in told else "date"
        return self.number(float(told))

    def number(self, value: float) -> tuple[str, str]:
        if not math.isfinite(value):
            raise ValueError("number")
        kind = self.strings.moments.get(self.style)
        if kind:
            return moment(value, kind, since_1904=self.strings.since_1904)
        return number_text(value), "number"
