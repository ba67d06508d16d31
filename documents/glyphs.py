"""Which characters a font file can draw: its `cmap` table, formats 4 and 12 (OpenType 1.9.1, chapter cmap)."""

import struct
from functools import lru_cache
from pathlib import Path

_UNICODE_TABLES = {(3, 10), (0, 4), (0, 6), (3, 1), (0, 3)}


@lru_cache(maxsize=32)
def characters(font: Path) -> frozenset[int]:
    """The code points of a TrueType or OpenType file; a font file never changes while the process lives."""
    data = font.read_bytes()
    start = _table(data, b"cmap")
    count = struct.unpack_from(">H", data, start + 2)[0]
    found: set[int] = set()
    for number in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", data, start + 4 + 8 * number)
        if (platform, encoding) in _UNICODE_TABLES:
            found |= _subtable(data, start + offset)
    return frozenset(found)


def _table(data: bytes, tag: bytes) -> int:
    for number in range(struct.unpack_from(">H", data, 4)[0]):
        name, _, offset, _ = struct.unpack_from(">4sIII", data, 12 + 16 * number)
        if name == tag:
            return int(offset)
    raise ValueError(f"no {tag.decode()} table")


def _subtable(data: bytes, at: int) -> set[int]:
    match struct.unpack_from(">H", data, at)[0]:
        case 4:
            return _segments(data, at)
        case 12:
            return _groups(data, at)
    return set()


def _groups(data: bytes, at: int) -> set[int]:
    found: set[int] = set()
    for number in range(struct.unpack_from(">I", data, at + 12)[0]):
        first, last, _ = struct.unpack_from(">III", data, at + 16 + 12 * number)
        found.update(range(first, last + 1))
    return found


def _segments(data: bytes, at: int) -> set[int]:
    twice = struct.unpack_from(">H", data, at + 6)[0]
    segments = twice // 2
    ends = struct.unpack_from(f">{segments}H", data, at + 14)
    starts = struct.unpack_from(f">{segments}H", data, at + 16 + twice)
    deltas = struct.unpack_from(f">{segments}H", data, at + 16 + 2 * twice)
    ranges_at = at + 16 + 3 * twice
    ranges = struct.unpack_from(f">{segments}H", data, ranges_at)
    found: set[int] = set()
    for number in range(segments):
        for code in range(starts[number], min(ends[number], 0xFFFE) + 1):
            slot = ranges_at + 2 * number + ranges[number] + 2 * (code - starts[number])
            glyph = struct.unpack_from(">H", data, slot)[0] if ranges[number] else code + deltas[number]
            if glyph % 0x10000:
                found.add(code)
    return found
