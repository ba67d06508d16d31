"""The fonts papers are set in, found inside their installed packages, and what they can draw.

Fonts of the machine are never used: the same model gives the same paper everywhere.
"""

from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from documents.glyphs import characters
from documents.typography import NARROW, NO_BREAK

FAMILIES = {
    "sans": ("Atkinson Hyperlegible", "Noto Serif", "Noto Sans Arabic"),
    "serif": ("Noto Serif", "Atkinson Hyperlegible", "Noto Sans Arabic"),
}
_PACKAGES = ("fontpkg_atkinson_hyperlegible", "fontpkg_noto_serif", "fontpkg_noto_sans_arabic")
_REPLACEMENTS = "\u25a1\ufffd?"


@lru_cache(maxsize=1)
def folders() -> tuple[Path, ...]:
    """The folders that hold the font files of the three families."""
    return tuple(Path(str(files(package))) / "files" for package in _PACKAGES)


@lru_cache(maxsize=1)
def drawable() -> frozenset[int]:
    """Every code point that the upright style of at least one family draws."""
    fonts = [font for folder in folders() for font in sorted(folder.glob("*.ttf")) if "Italic" not in font.name]
    return frozenset().union(*(characters(font) for font in fonts))


@lru_cache(maxsize=1)
def _shown() -> frozenset[str]:
    """The same as signs, with the line feed, which is drawn by its effect."""
    return frozenset(map(chr, drawable())) | {"\n"}


@lru_cache(maxsize=2)
def narrow_space(typeface: str) -> str:
    """The space before ; ! ? in a typeface: the narrow one where its first family draws it. A space borrowed from
    another family would make every paper carry that font too.
    """
    folder = folders()[tuple(FAMILIES).index(typeface)]
    return NARROW if all(ord(NARROW) in characters(font) for font in folder.glob("*.ttf")) else NO_BREAK


@lru_cache(maxsize=1)
def replacement() -> str:
    """The visible sign that stands for a character no font has."""
    return next(sign for sign in _REPLACEMENTS if ord(sign) in drawable())


def replaced(text: str, missing: set[str]) -> str:
    """The text with every undrawable character exchanged for the visible sign; they are added to `missing`."""
    lacking = set(text) - _shown()
    if not lacking:
        return text
    missing |= lacking
    return text.translate({ord(sign): replacement() for sign in lacking})
