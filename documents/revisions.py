"""What can be said of a PDF from its bytes alone: where it ends, and where each signature ends.

Readers forgive what follows the last end-of-file mark; a verdict does not.
"""

import re

EOF_MARK = b"%%EOF"
_TAIL = re.compile(rb"%%EOF(?:\r\n|\r|\n)?\Z")
_BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]")

_HEXADECIMAL = re.compile(rb"<[0-9a-fA-F]*")

_OBJECT = re.compile(rb"\s*\d+ \d+ obj\b")
_START = re.compile(rb"startxref\s+(\d{1,12})")


def looks_like_pdf(pdf: bytes) -> bool:
    return pdf.startswith(b"%PDF-")


def ends_cleanly(pdf: bytes) -> bool:
    """Nothing but one line end after the last end-of-file mark."""
    return _TAIL.search(pdf[-16:]) is not None


def has_end_mark(pdf: bytes) -> bool:
    return EOF_MARK in pdf


def signed_ends(pdf: bytes) -> list[int]:
    """Where the bytes covered by each signature found in the raw file end, in ascending order."""
    ranges = (tuple(map(int, found.groups())) for found in _BYTE_RANGE.finditer(pdf))
    return sorted(third + fourth for _, _, third, fourth in ranges)


def is_cut(pdf: bytes) -> bool:
    """A signature stands where it says, but covers bytes the file does not have."""
    for found in _BYTE_RANGE.finditer(pdf):
        _, gap, after, length = map(int, found.groups())
        stands = _HEXADECIMAL.fullmatch(pdf[gap : gap + 64]) and (after > len(pdf) or pdf[after - 1 : after] == b">")
        if stands and after + length > len(pdf):
            return True
    return False


def only_updates_after(pdf: bytes, end: int, updates: int) -> bool:
    """Behind byte `end` stand exactly `updates` revisions, beginning with an object and each with its end mark."""
    rest = pdf[end:]
    starts = _OBJECT.match(rest) is not None
    return updates > 0 and starts and rest.count(EOF_MARK) == updates and _last_table(pdf) > end


def _last_table(pdf: bytes) -> int:
    """Where the last cross-reference table stands, by the file's own word."""
    found = _START.findall(pdf[-64:])
    return int(found[-1]) if found else -1
