"""What stands in the box of a signature, as a small page of its own: who, in what capacity, how and when.

Set by Typst, so that its fonts are embedded and any name reads well; `documents.signing` puts it into the field as it
is. What `documents.pdf` says of processes that fork holds here too.
"""

import datetime
import json
import re
from dataclasses import dataclass

from documents import fonts, pdf
from documents.house import HouseStyle

_DAY = datetime.date(2000, 1, 1)
"""The date inside the file of a stamp, which nobody reads: the same stamp gives the same bytes."""
_BREAK = "\u200b"
_TOO_LONG = re.compile(r"[^\s\u2010-]{19,}")
"""Longer than any box is wide; a hyphen is a place to break already."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """`lines`: as they are to be read, the name first; `mark`: a PNG or JPEG of what was drawn or typed."""

    lines: tuple[str, ...]
    mark: bytes | None = None


def drawn(stamp: Stamp, width: float, height: float, style: HouseStyle) -> bytes:
    """A PDF of one page of that size in points. Whatever its lines hold, all of it stands inside: the letters get
    smaller. A character no font has becomes a visible sign. Raises documents.pdf.NotSet (the mark is no picture).
    """
    lines = [_breakable(fonts.replaced(line, set())) for line in stamp.lines if line.strip()]
    told = {"lines": lines, "width": width, "height": height, "accent": style.accent, "ink": style.ink}
    told |= {"quiet": style.quiet, "families": fonts.FAMILIES["sans"], "mark": stamp.mark is not None}
    files = {"main.typ": style.stamp.encode(), "stamp.json": json.dumps(told).encode()}
    if stamp.mark is not None:
        files["mark.json"] = json.dumps(list(stamp.mark)).encode()
    return pdf.compiled(files, _DAY, tagged=False)


def _breakable(line: str) -> str:
    """Words longer than any box may be cut anywhere."""
    return _TOO_LONG.sub(lambda word: _BREAK.join(word[0]), line)
