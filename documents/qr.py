"""A QR code as squares: what a page needs to draw it by itself."""

from __future__ import annotations

from typing import NamedTuple

import segno


class Squares(NamedTuple):
    """size: modules in a row, without the quiet zone. path: the dark ones, as the `d` of an SVG path."""

    size: int
    path: str


def squares(text: str) -> Squares:
    """The code of a text, readable with a sixth of it covered (level M of ISO/IEC 18004)."""
    rows = segno.make(text, error="m", micro=False).matrix
    dark = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, module in enumerate(row) if module)
    return Squares(len(rows), "".join(dark))
