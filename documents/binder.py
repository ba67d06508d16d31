"""A process of its own that makes one printable bundle: a cover, then files in order. An order as JSON comes in, a PDF
goes out.

The files may come from anybody: the process is bounded (`documents.limits`), and a file that cannot become pages is
named on the cover instead of stopping the others. Exit code 1: nothing could be made.
"""

from __future__ import annotations

import datetime
import io
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from documents import alone, bundle, pdf
from documents.content import Document, Meta, Paragraph, Run, Table
from documents.house import HouseStyle
from documents.pictures import Unusable, judged

MARK = "copy"
LONGEST_SIDE = 2200  # points of a picture: 200 to the inch on A4
QUALITY = 82  # of a JPEG: small print stays legible
_COUNTED_AGAIN = 3  # a longer list may push the first file on by a page, once


@dataclass(frozen=True, slots=True)
class _Leaf:
    """One file as pages; `pages` 0: it could not be turned into any."""

    told: Mapping[str, Any]
    data: bytes
    pages: int


def bound(told: Mapping[str, Any]) -> bytes:
    """The bundle of an order. Raises NotSet and NotJoined.

    told: house, organisation, address, lang, day (ISO), title, subtitle, lead (paragraphs), columns (four labels: what,
    reference, note, page), unprintable (said in place of a page), foot, duplex, and files: [{name, reference, note,
    data}].
    """
    leaves = [_leaf(one) for one in told["files"]]
    shown = [one for one in leaves if one.pages]
    cover = _cover(told, leaves)
    foot = told["foot"]
    dress = bundle.Dress(foot, (told["title"], *(one.told["name"] for one in shown)), told["title"], told["lang"])
    return bundle.joined([cover, *(one.data for one in shown)], duplex=bool(told.get("duplex")), dress=dress)


def _leaf(told: Mapping[str, Any]) -> _Leaf:
    try:
        data = bundle.joined([_as_pdf(told["data"])])
        return _Leaf(told, data, bundle.length(data))
    except (bundle.NotJoined, Unusable):
        return _Leaf(told, b"", 0)


def _as_pdf(data: bytes) -> bytes:
    """A PDF as it is, a picture as a page. Raises Unusable."""
    return data if data.startswith(b"%PDF-") else _page_of(data)


def _page_of(picture: bytes) -> bytes:
    judged(picture)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # `judged` counted the points
            with Image.open(io.BytesIO(picture), formats=("JPEG", "PNG")) as opened:
                flat = _flat(opened)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Unusable("unreadable") from error
    told = io.BytesIO()
    flat.save(told, format="JPEG", quality=QUALITY)
    return bundle.pictured(told.getvalue(), flat.width, flat.height)


def _flat(opened: Image.Image) -> Image.Image:
    """Upright, small enough for a page, on white where one could see through."""
    opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(opened)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    seen = upright.convert("RGBA")
    flat = Image.new("RGB", seen.size, "white")
    flat.paste(seen, mask=seen.getchannel("A"))
    return flat


# ---- the cover


def _cover(told: Mapping[str, Any], leaves: Sequence[_Leaf]) -> bytes:
    """What the bundle holds and on which page it begins; the list is set again when it turns out longer."""
    pages, made = 1, b""
    for _turn in range(_COUNTED_AGAIN):
        made = _set(told, tuple(_rows(told, leaves, pages)))
        counted = bundle.length(made)
        if counted == pages:
            break
        pages = counted
    return made


def _rows(told: Mapping[str, Any], leaves: Sequence[_Leaf], pages: int) -> Iterator[tuple[str, ...]]:
    """`pages`: of the cover."""
    duplex = bool(told.get("duplex"))
    at = 1 + _with_blank(pages, duplex)
    for one in leaves:
        where = str(at) if one.pages else told["unprintable"]
        yield one.told["name"], one.told["reference"], one.told["note"], where
        at += _with_blank(one.pages, duplex)


def _with_blank(pages: int, duplex: bool) -> int:
    return pages + pages % 2 if duplex else pages


def _set(told: Mapping[str, Any], rows: tuple[tuple[str, ...], ...]) -> bytes:
    style = HouseStyle.load(Path(told["house"]), organisation=told["organisation"], address=tuple(told["address"]))
    day = datetime.date.fromisoformat(told["day"])
    lead = tuple(Paragraph((Run(one),)) for one in told["lead"])
    meta = Meta(reference="", date=told["day"], subtitle=told["subtitle"])
    cover = Document(told["title"], told["lang"], meta, (*lead, _table(told, rows)))
    return pdf.write(cover, style, date=day, mark=MARK).bytes


def _table(told: Mapping[str, Any], rows: tuple[tuple[str, ...], ...]) -> Table:
    header = tuple((Run(one),) for one in told["columns"])
    cells = tuple(tuple((Run(one),) for one in row) for row in rows)
    return Table(header, cells, ("left", "left", "left", "right"), (38, 20, 24, 18))


def main() -> int:
    """Standard input to standard output."""
    return alone.answer(bound, pdf.NotSet, bundle.NotJoined)


if __name__ == "__main__":
    sys.exit(main())
