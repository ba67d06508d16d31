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


def unreadable() -> FileRefused:
    return FileRefused(
        "unreadable",
    )


@contextmanager
def opened(data: bytes) -> Iterator[zipfile.ZipFile]:
    """The archive. Raises FileRefused when it is damaged, protected, or would unpack to too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _guard(archive)
            yield archive
    except FileRefused:
        raise
    except (*DAMAGED, NotImplementedError, RuntimeError) as fault:  # an unknown compression, an encrypted entry
        raise unreadable() from fault


def _guard(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    shared = sum(entry.file_size for entry in entries if entry.filename.endswith("sharedStrings.xml"))
    if len(entries) > PARTS or sum(entry.file_size for entry in entries) > UNPACKED or shared > SHARED:
        raise FileRefused(
            "too_large",
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise protected()


def protected() -> FileRefused:
    return FileRefused("protected")


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
