"""A name that was typed and confirmed as a signature, written as a picture: kept like a signature that was drawn."""

from __future__ import annotations

import io
from importlib.resources import files
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

SIZE = (600, 200)  # points, as the box one draws in
LONGEST = 80  # characters
_MARGIN, _LARGEST, _SMALLEST = 30, 64, 14
_LATIN = ("fontpkg_atkinson_hyperlegible", "AtkinsonHyperlegible-Italic.ttf")
_ARABIC = ("fontpkg_noto_sans_arabic", "*.ttf")
_INK, _LINE = (29, 36, 48), (122, 131, 145)


def typed_signature(name: str) -> bytes:
    """A PNG of the name above a line. Names longer than 80 characters are cut."""
    picture = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(picture)
    words = " ".join(name.split())[:LONGEST]
    font = _fitting(pen, words)
    pen.line((_MARGIN, SIZE[1] - 50, SIZE[0] - _MARGIN, SIZE[1] - 50), fill=_LINE, width=2)
    pen.text((SIZE[0] / 2, SIZE[1] - 65), words, font=font, fill=_INK, anchor="ms")
    made = io.BytesIO()
    picture.save(made, format="PNG")
    return made.getvalue()


def _fitting(pen: ImageDraw.ImageDraw, words: str) -> ImageFont.FreeTypeFont:
    path = _font(words)
    sizes = (ImageFont.truetype(path, size) for size in range(_LARGEST, _SMALLEST, -4))
    wide = SIZE[0] - 2 * _MARGIN
    return next((font for font in sizes if pen.textlength(words, font=font) <= wide), ImageFont.truetype(path, 14))


def _font(words: str) -> str:
    package, pattern = _ARABIC if any("\u0600" <= letter <= "\u06ff" for letter in words) else _LATIN
    return str(sorted((Path(str(files(package))) / "files").glob(pattern))[0])
