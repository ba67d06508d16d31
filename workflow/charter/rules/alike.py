"""Which contributions ask for much the same: a proposal to the drafter, who decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from documents.from_word.articles import alike
from documents.from_word.words import same

_SHORTEST = 4  # letters of a word that says something
LIKELY = 0.3


def similar(words: str, others: Mapping[str, str], most: int = 8) -> list[str]:
    """The ids of those most like some words, the likest first."""
    told = _counted(words)
    rated = [(alike(told, _counted(text)), key) for key, text in others.items()] if told else []
    found = sorted(((rate, key) for rate, key in rated if rate >= LIKELY), key=lambda one: (-one[0], one[1]))
    return [key for _rate, key in found[:most]]


def _counted(words: str) -> Counter[str]:
    return Counter(word[:7].casefold() for word in same(words[:4000]) if len(word) >= _SHORTEST)
