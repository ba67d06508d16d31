"""Pictures written anew: upright, and without what the camera noted beside them."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from PIL import Image, ImageOps, UnidentifiedImageError

from workflow.filing.rules.scans import JPEG, PNG

PICTURES = frozenset((JPEG, PNG))
MOST_PIXELS = 60_000_000  # an A3 page at 600 dots per inch; more is a mistake, or meant to exhaust this machine
QUALITY = 88  # of a JPEG: small print stays legible
_DAMAGED = "This picture is damaged and cannot be read. Take it again, or scan the paper."
_HUGE = "This picture has too many points. Take it again in a smaller size."


T = TypeVar("T")

PRINTED = 1200  # points of the longest side on paper: 300 to the inch at 100 mm
WIDEST_MM, TALLEST_MM, POINT_MM = 80.0, 100.0, 25.4 / 96  # a small picture is not blown up


@dataclass(frozen=True, slots=True)
class Printed:
    """A picture as a paper carries it, and how wide it stands there."""

    data: bytes
    width_mm: float


class Unreadable(ValueError):
    """The picture cannot be kept; its text is a message id."""


def without_metadata(data: bytes) -> bytes:
    """The same picture in the same format: only its points are kept. Raises Unreadable."""
    return _opened(data, _written)


def printed(data: bytes) -> Printed:
    """The picture small enough for a page among others, on white where one could see through. Raises Unreadable."""
    return _opened(data, _printed)


def _opened(data: bytes, made: Callable[[Image.Image], T]) -> T:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is stricter
            with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise Unreadable(_HUGE)
                return made(opened)
    except Image.DecompressionBombError as bomb:
        raise Unreadable(_HUGE) from bomb
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as fault:
        if isinstance(fault, Unreadable):
            raise
        raise Unreadable(_DAMAGED) from fault


def _printed(opened: Image.Image) -> Printed:
    upright = ImageOps.exif_transpose(opened).convert("RGBA")
    upright.thumbnail((PRINTED, PRINTED))
    flat = Image.new("RGB", upright.size, "white")
    flat.paste(upright, mask=upright.getchannel("A"))
    made = io.BytesIO()
    flat.save(made, format="JPEG", quality=QUALITY)
    width = min(WIDEST_MM, TALLEST_MM * flat.width / flat.height, POINT_MM * flat.width)
    return Printed(made.getvalue(), width)


def _written(opened: Image.Image) -> bytes:
    upright = ImageOps.exif_transpose(opened)
    bare = _plain(upright, opened.format)
    made = io.BytesIO()
    options = {"quality": QUALITY} if opened.format == "JPEG" else {"optimize": False}
    bare.save(made, format=opened.format, **options)
    return made.getvalue()


def _plain(upright: Image.Image, kind: str | None) -> Image.Image:
    """Points alone, in a mode the format knows: no text, no profile, no thumbnail travels along."""
    mode = upright.mode if upright.mode in ("L", "RGB") else "RGBA" if kind == "PNG" else "RGB"
    converted = upright if upright.mode == mode else upright.convert(mode)
    bare = Image.new(mode, converted.size)
    bare.paste(converted)
    return bare
