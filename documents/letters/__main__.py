"""A process of its own that sets one letter handed over or posted, in large type: an order as JSON comes in, a PDF
goes out. Nothing is written anywhere: what it bears (a link, a code) must lie nowhere else.

Whoever may not start Typst (`documents.pdf` says why) calls this one. Exit code 1: the letter could not be set.
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from documents import alone, pdf
from documents.content import Block, Document, Figure, Lead, Meta, Notice, Paragraph, Run
from documents.house import HouseStyle
from documents.letters.letter import Letter

SQUARE_MM = 46.0
SVG = "image/svg+xml"


def content(letter: Letter) -> Document:
    """Whom to call first, then to whom it is written, then what it says."""
    meta = Meta(reference=letter.reference, date=letter.day, issuer=letter.organisation)
    blocks = (
        *_contact(letter),
        _lines(letter.to, strong=1),
        *_said(letter.before),
        *_borne(letter),
        *_said(letter.after),
    )
    return Document(letter.title, letter.lang, meta, blocks)


def _contact(letter: Letter) -> tuple[Block, ...]:
    title, *lines = letter.contact or ("",)
    return (Notice((Lead((_lines(lines, strong=len(lines)),)),), title),) if lines else ()


def _borne(letter: Letter) -> Iterable[Block]:
    if letter.square:
        yield Figure(pdf.code(letter.square), SVG, letter.square_alt, width_mm=SQUARE_MM)
    if letter.sign:
        very_large: Block = Paragraph((Run(letter.sign, strong=True, code=True),))
        for _larger in range(3):
            very_large = Lead((very_large,))
        yield Notice((very_large,))


def _said(words: Iterable[str]) -> tuple[Block, ...]:
    return tuple(Paragraph((Run(one),)) for one in words)


def _lines(words: Iterable[str], *, strong: int) -> Paragraph:
    """One under the other, the first ones in bold."""
    rows = (row if at == 0 else f"\n{row}" for at, row in enumerate(words))
    return Paragraph(tuple(Run(row, strong=at < strong) for at, row in enumerate(rows)))


def written(letter: Letter, house: Path) -> bytes:
    """The PDF, in large print. Raises NotSet."""
    style = HouseStyle.load(house, organisation=letter.organisation, address=letter.address)
    return pdf.write(content(letter), style, date=datetime.date.fromisoformat(letter.day), large_print=True).bytes


def ordered(order: Mapping[str, Any]) -> bytes:
    """The order: {"letter": the fields of Letter, "house": folder of the house style}. Raises NotSet."""
    told = {name: tuple(value) if isinstance(value, list) else value for name, value in order["letter"].items()}
    return written(Letter(**told), Path(order["house"]))


def main() -> int:
    """Standard input to standard output; exit code 1: the letter could not be set."""
    return alone.answer(ordered, pdf.NotSet)


if __name__ == "__main__":
    sys.exit(main())
