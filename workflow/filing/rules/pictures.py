"""Pictures written anew: upright, and without what the camera noted beside them."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from workflow.filing.rules.scans import JPEG, PNG

PICTURES = frozenset((JPEG, PNG))
MOST_PIXELS = 60_000_000  # an A3 page at 600 dots per inch; more is a mistake, or meant to exhaust this machine
QUALITY = 88  # of a JPEG: small print stays legible
_DAMAGED = "This picture is damaged and cannot be read. Take it again, or scan the paper."
_HUGE = "This picture has too many points. Take it again in a smaller size."


class Unreadable(ValueError):
    """The picture cannot be kept; its text is a message id."""


def without_metadata(data: bytes) -> bytes:
    """The same picture in the same format: only its points are kept. Raises Unreadable."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is stricter
            with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as opened:
                return _written(opened)
    except Image.DecompressionBombError as bomb:
        raise Unreadable(_HUGE) from bomb
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as fault:
        if isinstance(fault, Unreadable):
            raise
        raise Unreadable(_DAMAGED) from fault


def _written(opened: Image.Image) -> bytes:
    if opened.width * opened.height > MOST_PIXELS:
        raise Unreadable(_HUGE)
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
