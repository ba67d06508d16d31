"""What can be said of a PDF from its bytes alone: where it ends, and where each signature ends.

Readers forgive what follows the last end-of-file mark; a verdict does not.
"""

import re

EOF_MARK = b"%%EOF"
_TAIL = re.compile(rb"%%EOF(?:\r\n|\r|\n)?\Z")
_BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]")


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
    """A signature covers bytes the file does not have."""
    return any(end > len(pdf) for end in signed_ends(pdf))


def updates_after(pdf: bytes, end: int) -> int:
    """How many complete updates stand after byte `end`."""
    return pdf[end:].count(EOF_MARK)
