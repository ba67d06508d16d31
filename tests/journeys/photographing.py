"""Pictures of pages for the user guide: what one sees, small enough to be kept beside the words."""

import io
from collections.abc import Mapping
from pathlib import Path

from PIL import Image

from tests.journeys.visiting import Visitor
from workflow.app import ROOT

PICTURES = ROOT / "docs" / "guide" / "pictures"
DESKTOP = {"width": 1280, "height": 860}
TALL = {"width": 1280, "height": 1180}
TELEPHONE = {"width": 390, "height": 760}
COLOURS = 256  # fewer, and amber becomes red: states would lie
HEAVIEST = 200_000  # bytes


def take(visitor: Visitor, name: str, *, size: Mapping[str, int] = DESKTOP, to: str = "") -> None:
    """Keep what stands in the window as NAME.png. `to`: a part of the page that is scrolled to the top first."""
    page = visitor.page
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    page.evaluate("window.scrollTo(0, 0)")
    if to:
        page.locator(to).first.evaluate("part => window.scrollTo(0, part.getBoundingClientRect().top - 16)")
    page.evaluate("document.activeElement.blur(); document.fonts.ready")
    keep(page.screenshot(animations="disabled", caret="hide"), PICTURES / f"{name}.png")


def keep(taken: bytes, path: Path) -> None:
    """Written with a palette, and refused when it is too heavy for a repository."""
    picture = Image.open(io.BytesIO(taken)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path, optimize=True)
    assert path.stat().st_size < HEAVIEST, f"{path.name} is too heavy: {path.stat().st_size} bytes"
