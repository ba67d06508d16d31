"""An .xlsx is a zip of XML: opened with limits, read as it goes by, without document types or entities."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from xml.parsers import expat

from forms.workbook.refusing import refuse, too_much, unreadable

MAX_UNPACKED = 80 * 1024 * 1024
MAX_PARTS = 2_000
MAX_ELEMENTS = 1_500_000  # what a second can read
MAX_DEPTH = 100  # elements in elements; a workbook needs a dozen
_CHUNK = 1 << 18
_ENCRYPTED, _PATCHED = 0x1 | 0x40, 0x20
_READABLE = frozenset((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
# Formatted cells without anything in them: a sheet may have millions, taken out before the parser sees them.
_EMPTY_CELL = re.compile(rb'<(?:\w+:)?c\s(?=[^<>]*\br="[A-Z]+[0-9]+")[^<>]*/>')
DAMAGED = (zipfile.BadZipFile, zlib.error, expat.ExpatError, OSError, EOFError, KeyError, ValueError, IndexError)
"""What a file that was cut, altered or made by hand raises below."""

Start = Callable[[str, Mapping[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


@contextmanager
def opened(source: bytes) -> Iterator[Archive]:
    """Raises FormRefused when the file is damaged, protected, or would unpack to too much."""
    try:
        with _archive(source) as file:
            _guard(file)
            yield Archive(file)
    except DAMAGED as fault:
        raise unreadable() from fault


def _archive(source: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(source))
    except NotImplementedError as newer:  # how zipfile says that an entry asks for a version of the format it lacks
        raise unreadable() from newer


def _guard(file: zipfile.ZipFile) -> None:
    entries = file.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > MAX_PARTS or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise too_much()
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        hint = "Save it without a password, in the .xlsx format."
        raise refuse("protected", "This workbook is protected by a password, or is an old .xls file.", hint)
    strange = any(entry.compress_type not in _READABLE or entry.flag_bits & _PATCHED for entry in entries)
    if strange or len(set(names)) < len(names):
        raise unreadable()


class Archive:
    """The parts of a workbook; what they unpack to is counted over all of them."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self.file = file
        self.names = frozenset(file.namelist())
        self.unpacked = 0
        self.elements = 0

    def has(self, part: str) -> bool:
        return part in self.names

    def peek(self, part: str, size: int) -> bytes:
        with self.file.open(part) as stream:
            return stream.read(size)

    def parse(self, part: str, start: Start, end: End | None = None, text: Text | None = None) -> None:
        """Call back with local names. Raises FormRefused on too much, ExpatError or ValueError on what is no XML."""
        walker = _Walker(MAX_ELEMENTS - self.elements, start, end, text)
        for chunk in self._chunks(part):
            walker.parser.Parse(chunk, False)
        walker.parser.Parse(b"", True)
        self.elements += walker.elements

    def _chunks(self, part: str) -> Iterator[bytes]:
        """The bytes of a part, cut where an element ends, without empty cells."""
        kept = b""
        with self.file.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                self.unpacked += len(chunk)
                if self.unpacked > MAX_UNPACKED:
                    raise too_much()
                whole, close, kept = (kept + chunk).rpartition(b">")
                if len(kept) > 4 * _CHUNK:
                    raise too_much()
                yield _EMPTY_CELL.sub(b"", whole + close)
        yield kept


class _Walker:
    """Counts what goes by, and passes it on."""

    def __init__(self, limit: int, start: Start, end: End | None, text: Text | None) -> None:
        self.limit, self.start, self.end = limit, start, end
        self.elements = self.depth = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = _no_document_type
        self.parser.StartElementHandler, self.parser.EndElementHandler = self.started, self.ended
        self.parser.CharacterDataHandler = text

    def started(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        self.depth += 1
        if self.elements > self.limit:
            raise too_much()
        if self.depth > MAX_DEPTH:
            raise ValueError("depth")
        self.start(name.rpartition(":")[2], attributes)

    def ended(self, name: str) -> None:
        self.depth -= 1
        if self.end is not None:
            self.end(name.rpartition(":")[2])


def _no_document_type(*_: object) -> None:
    raise ValueError("document type")
