"""A process of its own that shows a paper as it is: its pages as pictures, its words beside them.

An order as JSON comes in (`pdf` in base64; `page` from 1 and `count`, or none for the words of all pages), JSON goes
out: pictures as PNG in base64, as many as there are pages left, or words.
Whoever may not start Typst (`documents.pdf` says why) calls this one. Exit code 1: it cannot be shown.
"""

from __future__ import annotations

import base64
import io
import json
import sys

import pikepdf
import pypdf
import typst
from PIL import Image

from documents import limits

SHARP = 120  # pixels for each inch: letters of nine points read well
_COLOURS = 48  # enough for ink, stamps and pictures of a paper; a page weighs a fifth of what it would


def pictures(pdf: bytes, page: int, count: int = 1) -> list[bytes]:
    """Pages as PNG, from `page` (from 1) as long as there are any. Raises RuntimeError when there is no such page."""
    there = range(page, min(page + count, len(pypdf.PdfReader(io.BytesIO(pdf)).pages) + 1))
    if not there:
        raise RuntimeError("no such page")
    drawn = "\n#pagebreak()\n".join(f'#image(paper, format: "pdf", page: {rank})' for rank in there)
    source = f'#set page(width: auto, height: auto, margin: 0pt)\n#let paper = bytes(json("paper.json"))\n{drawn}'
    files = {"main.typ": source.encode(), "paper.json": json.dumps(list(_with_stamps(pdf))).encode()}
    made = typst.compile(files, format="png", ppi=SHARP)
    return [_light(bytes(one)) for one in (made if isinstance(made, list) else [made])]


def _with_stamps(pdf: bytes) -> bytes:
    """What stands in the boxes of signatures becomes part of the page: Typst draws pages only. For the eye alone."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.flatten_annotations("print")
        opened.save(out)
    return out.getvalue()


def _light(png: bytes) -> bytes:
    out = io.BytesIO()
    with Image.open(io.BytesIO(png)) as opened:
        opened.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def words(pdf: bytes) -> list[str]:
    """What each page says, in the order in which it is read."""
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def _spelled(drawn: list[bytes]) -> list[str]:
    return [base64.b64encode(one).decode() for one in drawn]


def main() -> int:
    """Standard input to standard output."""
    limits.hold()
    told = json.loads(sys.stdin.buffer.read())
    pdf = base64.b64decode(told["pdf"])
    try:
        made = words(pdf) if not told.get("page") else _spelled(pictures(pdf, told["page"], told.get("count", 1)))
    except (RuntimeError, pikepdf.PdfError, pypdf.errors.PyPdfError) as fault:
        sys.stderr.write(type(fault).__name__)
        return 1
    sys.stdout.buffer.write(json.dumps(made).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
