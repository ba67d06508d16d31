"""Words in an open text that call for a second look: health, justice, origin, belief, insults.

It warns, it never decides: a word is no proof, and whoever writes may keep it. Words lie in fr.txt and en.txt beside
this file, with the contexts in which they are left alone; both are read whatever the language of the page, since nobody
knows in which language somebody writes. What it gets right and wrong is measured in tests/forms/test_lexicon.py.
"""

from __future__ import annotations

from importlib.resources import files

from forms.lexicon.matching import Remark, remarks
from forms.lexicon.words import Words, read

__all__ = ["FAMILIES", "WORDS", "Remark", "flagged"]

FAMILIES = ("health", "justice", "origin", "belief", "insults")

WORDS: Words = read(
    [files(__name__).joinpath(name).read_text("utf-8") for name in ("fr.txt", "en.txt")],
)


def flagged(text: str, words: Words = WORDS) -> tuple[Remark, ...]:
    """The words that call for a second look, in the order of the text; each word once."""
    found: dict[str, Remark] = {}
    for remark in remarks(text, words):
        found.setdefault(remark.word.casefold(), remark)
    return tuple(found.values())
