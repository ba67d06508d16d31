"""A workbook is a zip of XML. Opened with limits on what it may unpack to, and without trusting what is inside."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from lxml import etree

from workflow.exchange.rules.importing.refusals import FileRefused

UNPACKED = 300_000_000  # bytes: a sheet of 200,000 empty, formatted rows is some 100 MB
SHARED = 80_000_000  # bytes of the list of texts, which is held in memory
PARTS = 2_000

DAMAGED = (zipfile.BadZipFile, zlib.error, etree.LxmlError, OSError, EOFError, KeyError, ValueError, IndexError)
"""What the readers below raise on a file that was cut, altered or made by hand."""


READABLE = frozenset((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))  # what spreadsheets use
ENCRYPTED = 0x1 | 0x40  # flags of an entry: by password, by certificate
PATCHED = 0x20


def unreadable() -> FileRefused:
    return FileRefused("unreadable")


def protected() -> FileRefused:
    return FileRefused("protected")


@contextmanager
def opened(data: bytes) -> Iterator[zipfile.ZipFile]:
    """The archive. Raises FileRefused when it is damaged, protected, or would unpack to too much."""
    try:
        with _archive(data) as archive:
            _guard(archive)
            yield archive
    except DAMAGED as fault:
        raise unreadable() from fault


def _archive(data: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except NotImplementedError as newer:  # how zipfile says that an entry asks for a version of the format it lacks
        raise unreadable() from newer


def _guard(archive: zipfile.ZipFile) -> None:
    """Refuse before reading what the reader could not take, or should not."""
    entries = archive.infolist()
    shared = sum(entry.file_size for entry in entries if entry.filename.endswith("sharedStrings.xml"))
    if len(entries) > PARTS or sum(entry.file_size for entry in entries) > UNPACKED or shared > SHARED:
        raise FileRefused("too_large")
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise protected()
    if any(entry.flag_bits & PATCHED or entry.compress_type not in READABLE for entry in entries):
        raise unreadable()


def walk(
    archive: zipfile.ZipFile, part: str, tags: tuple[str, ...], events: tuple[str, ...] = ("end",)
) -> Iterator[Any]:
    """(event, element) of some local names of an XML part, read as it goes by: neither entities nor network."""
    with archive.open(part) as stream:
        found = etree.iterparse(
            stream,
            events=events,
            tag=tuple(f"{{*}}{tag}" for tag in tags),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        yield from found


def forget(element: Any) -> None:
    """Let go of an element that was read, and of those before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
