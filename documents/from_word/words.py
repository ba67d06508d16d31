"""Words as two sides compare them: what Word or a hand exchanges by itself is no difference.

Spaces, kinds of apostrophe, of quotation mark and of dash, soft hyphens and the count of dots are typography; words,
figures and every other sign count.
"""

import re
import unicodedata
from dataclasses import dataclass

_SIGNS = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-", "−": "-",
     "‐": "-", "‑": "-", "…": ".", "\u00a0": " ", "\u202f": " ", "\u2009": " "}
)  # fmt: skip
_NOTHING = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*|\.+|\S")
_NUMBER = r"(?:\d{1,3}|premier|1er|[ivxlc]{1,6})"
NUMBERED = re.compile(
    rf"\s*(article|art\.?|annexe|annex|titre|chapitre|section)\b[\s\u00a0]*({_NUMBER}\b)?"
    r"[\s\u00a0]*(?:[–—:.)-]+(?=\s|\u00a0|$))?\s*",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\s*(\d{1,3}(?:\.\d{1,3})*)[.)]?[\s\u00a0]+[–—-]?\s*")
_TYPED = re.compile(rf"\s*(?:article|art\.?)[\s\u00a0]+{_NUMBER}[\s\u00a0]*(?:[–—:.-]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a sign: as it is compared, and from where to where it stands in its text."""

    same: str
    start: int
    end: int


def words(text: str) -> tuple[Word, ...]:
    """The words and signs of a text. Typography is exchanged sign for sign, so that places stay. An apostrophe is a
    sign of its own: “l’” and what follows it may come from different places.
    """
    plain = text.translate(_SIGNS)
    return tuple(Word("." if one[0][0] == "." else one[0], *one.span()) for one in _WORD.finditer(plain))


def same(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared."""
    return tuple(word.same for word in words(text))


def readable(text: str) -> str:
    """A text of a Word file without the signs nobody sees, its accents in one piece."""
    return unicodedata.normalize("NFC", _NOTHING.sub("", text))


def typed_number(text: str) -> bool:
    """Whether a line is the title of an article by its words alone."""
    return _TYPED.match(text) is not None


def without_number(text: str) -> str:
    """A title without “Article 3 –”, “Annexe 1 –” or “2.1.” before it."""
    found = NUMBERED.match(text)
    if found and (found[2] or found[0].rstrip()[-1:] in "–—:.-"):
        return text[found.end() :]
    counted = _COUNTED.match(text)
    return text[counted.end() :] if counted else text


def number_of(text: str) -> str:
    """The number before a title: “3”, “2.1”, "" without one."""
    found = NUMBERED.match(text)
    if found and found[2]:
        return found[2].lower()
    counted = _COUNTED.match(text)
    return counted[1] if counted else ""
