"""Letters that another journey asks for: to whom they go, what they say besides, what hinders one, that they left.

A cause is "kind:…": the kind is registered at start, the rest is understood by its journey alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from workflow.access import Identity
from workflow.errors import NotFound


@dataclass(frozen=True)
class Left:
    """That letters left: how (see rules.handing), on what day; None: it was said by mistake."""

    how: str
    day: date


@dataclass(frozen=True)
class Merge:
    """What a journey hands in. reads: the name under which models read what it adds.

    title: what the list of letters is called, in the reader's language; back: the page of the journey (endpoint and
    what stands in its address). households: ids of those to be written to. adds: what the letter to one household says
    besides. hinders: an English msgid, "" when nothing does. left: called once letters left, or that is taken back.
    """

    reads: str
    title: Callable[[Identity, str], str]
    back: Callable[[str], tuple[str, Mapping[str, str]]]
    households: Callable[[Identity, str], Collection[str]]
    adds: Callable[[str, str], Mapping[str, Any]]
    hinders: Callable[[str, str], str]
    left: Callable[[str, Collection[str], Left | None, str], None]


_known: dict[str, Merge] = {}


def register_merge(kind: str, merge: Merge) -> None:
    _known[kind] = merge


def merge_of(cause: str) -> Merge:
    """Raises NotFound for a kind that nobody registered."""
    found = _known.get(cause.partition(":")[0])
    if found is None:
        raise NotFound()
    return found


def reads_a_merge(texts: Collection[str]) -> bool:
    """Whether a model says something that only such letters have."""
    return any(f"{one.reads}." in text for one in _known.values() for text in texts)
