"""A text against the list: whole words, without accents or capitals; contexts that are left alone come first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from forms.lexicon.words import Entry, Part, Words, key_of

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Remark:
    """`word` as it stands in the text."""

    family: str
    word: str


@dataclass(frozen=True, slots=True)
class _Said:
    """One word of a text: where it stands, and how it is compared."""

    start: int
    end: int
    plain: str


def remarks(text: str, words: Words) -> Iterator[Remark]:
    """Every place where the text says what an entry says, the longest entry first; in the order of the text."""
    said = [_Said(word.start(), word.end(), _plain(word.group())) for word in _WORD.finditer(text)]
    spared = _spared(said, words)
    place = 0
    while place < len(said):
        entries = words.entries.get(key_of(said[place].plain), ())
        found = max(_at(said, place, entries, words), key=_length, default=None)
        if found is None or spared.intersection(range(place, place + _length(found))):
            place += 1
            continue
        last = said[place + _length(found) - 1]
        yield Remark(found.family, text[said[place].start : last.end])
        place += _length(found)


def _spared(said: Sequence[_Said], words: Words) -> set[int]:
    """Places of the words that stand in a context where they are left alone."""
    found: set[int] = set()
    for place, word in enumerate(said):
        candidates = (*words.contexts.get(key_of(word.plain), ()), *words.anywhere)
        for entry in _at(said, place, candidates, words):
            found.update(range(place, place + _length(entry)))
    return found


def _at(said: Sequence[_Said], place: int, entries: Iterable[Entry], words: Words) -> Iterator[Entry]:
    for entry in entries:
        here = said[place : place + _length(entry)]
        if len(here) == _length(entry) and all(map(_Fits(words), entry.parts, here)):
            yield entry


def _length(entry: Entry) -> int:
    return len(entry.parts)


class _Fits:
    """Whether a word of the text is a word of an entry, families included."""

    def __init__(self, words: Words) -> None:
        self.words = words

    def __call__(self, part: Part, word: _Said) -> bool:
        return part.fits(word.plain) if part.kind != "family" else any(self.of_family(part.text, word.plain))

    def of_family(self, family: str, plain: str) -> Iterator[bool]:
        for entry in self.words.entries.get(key_of(plain), ()):
            yield entry.family == family and _length(entry) == 1 and entry.parts[0].fits(plain)


def _plain(word: str) -> str:
    """Dépressive → depressive; œuvre → oeuvre."""
    letters = unicodedata.normalize("NFKD", word.lower().replace("œ", "oe").replace("æ", "ae"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
