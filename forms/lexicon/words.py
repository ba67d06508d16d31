"""The list of words as a file says it, ready to be looked up word by word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

ALLOW = "allow"
ENDINGS = ("", "s", "x", "e", "es")


@dataclass(frozen=True, slots=True)
class Part:
    """One word of an entry: as written, with a plural or feminine ending, with any ending, or any word of a family."""

    text: str
    kind: str  # exact | inflected | stem | family

    def fits(self, word: str) -> bool:
        """Whether a word of the text is this one; words of a family are looked up by whoever holds the list."""
        if self.kind == "stem":
            return word.startswith(self.text)
        if self.kind == "inflected":
            return word.startswith(self.text) and word[len(self.text) :] in ENDINGS
        return word == self.text


@dataclass(frozen=True, slots=True)
class Entry:
    """Words one after the other, and the family they belong to."""

    family: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """Entries by the first letters of their first word; `contexts` the same for what is left alone."""

    entries: Mapping[str, tuple[Entry, ...]]
    contexts: Mapping[str, tuple[Entry, ...]]
    anywhere: tuple[Entry, ...] = ()  # contexts that begin with any word of a family


LETTERS = 3


def key_of(word: str) -> str:
    return word[:LETTERS]


def read(texts: Iterable[str]) -> Words:
    """The lists of several files together. Raises ValueError for a line outside any family."""
    found = [entry for text in texts for entry in _entries(text)]
    allowed = [entry for entry in found if entry.family == ALLOW]
    begun = [entry for entry in allowed if entry.parts[0].kind != "family"]
    loose = tuple(entry for entry in allowed if entry.parts[0].kind == "family")
    return Words(_by_letters(entry for entry in found if entry.family != ALLOW), _by_letters(begun), loose)


def _entries(text: str) -> Iterator[Entry]:
    family = ""
    for line in text.splitlines():
        said = line.partition("#")[0].strip()
        if said.startswith("["):
            family = said.strip("[]")
        elif said and not family:
            raise ValueError(f"outside any family: {said}")
        elif said:
            yield Entry(family, tuple(map(_part, said.split())))


def _part(word: str) -> Part:
    if word.startswith("@"):
        return Part(word[1:], "family")
    if word.startswith("="):
        return Part(word[1:], "exact")
    return Part(word[:-1], "stem") if word.endswith("*") else Part(word, "inflected")


def _by_letters(entries: Iterable[Entry]) -> dict[str, tuple[Entry, ...]]:
    found: dict[str, tuple[Entry, ...]] = {}
    for entry in entries:
        key = key_of(entry.parts[0].text)
        found[key] = (*found.get(key, ()), entry)
    return found
