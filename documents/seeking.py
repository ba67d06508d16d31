"""On which page of a paper some words of its model stand."""

import io
import re
from collections.abc import Iterator

import pypdf

_LIQUID = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?\}", re.DOTALL)
_LETTERS = re.compile(r"[^\W_]+")
_SHORTEST, _LONGEST = 20, 60
"""Letters of a phrase: fewer stand on many pages, more may be torn apart by the end of a page."""


def page_of(pdf: bytes, text: str) -> int:
    """The first page, from 1, on which a phrase of the text stands; 0 when it stands nowhere. Headings do not count:
    they stand in the table of contents too.
    """
    wanted = list(_phrases(text))
    if not wanted:
        return 0
    for number, page in enumerate(pypdf.PdfReader(io.BytesIO(pdf)).pages, start=1):
        said = _bare(page.extract_text())
        if any(one in said for one in wanted):
            return number
    return 0


def _phrases(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        if not line.startswith("#"):
            for part in _LIQUID.sub("\n", line).split("\n"):
                bare = _bare(part)[:_LONGEST]
                if len(bare) >= _SHORTEST:
                    yield bare


def _bare(text: str) -> str:
    """Letters and digits alone: spaces, signs and the ends of lines differ between a model and its page."""
    return "".join(_LETTERS.findall(text)).casefold()
