"""A Word file and the seal that lies beside it, as somebody hands them in: two files, or the archive they came in."""

from __future__ import annotations

import io
import zipfile
import zlib

SEALS = ".p7s"
MOST_PARTS, MOST_BYTES = 10, 50_000_000
ALONE = "A Word file carries no seal of its own: give the seal that came with it too, or the archive (.zip) of both."
"""Said of a Word file that came without its seal."""


def pair_in(data: bytes, seal: bytes) -> tuple[bytes, bytes] | None:
    """(file, seal); None when there is no seal beside it."""
    if seal:
        return data, seal
    return _in_archive(data) if data.startswith(b"PK") else None


def is_word(data: bytes) -> bool:
    """Whether it is a file of Word, by what lies in it."""
    return "word/document.xml" in _names(data)


BROKEN = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error)
"""All that zipfile says of an archive it cannot read; the second of one that asks for a newer version of the format."""


def _in_archive(data: bytes) -> tuple[bytes, bytes] | None:
    """The seal of an archive, with the file it is named after."""
    names = _names(data)
    seal = next((one for one in names if one.lower().endswith(SEALS)), None)
    if seal is None or len(names) > MOST_PARTS or seal[: -len(SEALS)] not in names:
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [archive.getinfo(seal[: -len(SEALS)]), archive.getinfo(seal)]
            if sum(one.file_size for one in parts) > MOST_BYTES:
                return None
            return archive.read(parts[0]), archive.read(parts[1])
    except BROKEN:
        return None


def _names(data: bytes) -> list[str]:
    if not data.startswith(b"PK"):
        return []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.namelist()
    except BROKEN:
        return []
