"""Which papers are being signed by people, and by whom: told by whoever keeps their signatures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, false

from workflow.access import Identity
from workflow.filing.models import Paper

Names = tuple[str, ...]
Place = tuple[str, Mapping[str, str]]
"""A page: its endpoint, and what stands in its address."""


@dataclass(frozen=True)
class Held:
    """Where a paper is signed. state: preparing | open | complete | refused | withdrawn."""

    reference: str
    state: str


@dataclass(frozen=True)
class Signatures:
    """asked, signed: the condition that somebody is asked to sign a paper of that operation, or that everybody has.
    states: of these papers, {id: True once everybody has signed}. waits: {id: who still has to sign, as this reader may
    know}, of these papers, or of the whole operation. held: {id: where a paper is signed, or was}. file: the PDF that
    everybody has signed; None of a paper that nobody signs, or not everybody has.
    """

    asked: Callable[[str], ColumnElement[bool]]
    signed: Callable[[str], ColumnElement[bool]]
    states: Callable[[Sequence[str]], Mapping[str, bool]]
    waits: Callable[[Identity, str, Sequence[str] | None], Mapping[str, Names]]
    held: Callable[[Sequence[str]], Mapping[str, Held]]
    file: Callable[[str], bytes | None]


_NONE = Signatures(
    asked=lambda _op: false(),
    signed=lambda _op: false(),
    states=lambda _ids: {},
    waits=lambda _who, _op, _ids: {},
    held=lambda _ids: {},
    file=lambda _id: None,
)
_told = [_NONE]


def register_signatures(told: Signatures) -> None:
    """Handed in at start."""
    _told[:] = [told]


def asked(operation: str) -> ColumnElement[bool]:
    """The condition that somebody is asked to sign a paper."""
    return _told[0].asked(operation)


def signed(operation: str) -> ColumnElement[bool]:
    """The condition that everybody has signed a paper."""
    return _told[0].signed(operation)


def states(ids: Sequence[str]) -> Mapping[str, bool]:
    """Of these papers those that are signed, or being signed: {id: True once everybody has}."""
    return _told[0].states(ids)


def waits(identity: Identity, operation: str, ids: Sequence[str] | None) -> Mapping[str, Names]:
    """{paper: who still has to sign it, as this reader may know}; ids None: of the whole operation."""
    return _told[0].waits(identity, operation, ids)


def held(ids: Sequence[str]) -> Mapping[str, Held]:
    """Where these papers are signed, or were: the last time that they were to be."""
    return _told[0].held(ids)


def signed_places(ids: Sequence[str]) -> dict[str, dict[str, Place]]:
    """{paper: {"pdf": where it is downloaded} with all its signatures}, of those that everybody has signed."""
    return {
        key: {"pdf": ("signing.file", {"reference": one.reference})}
        for key, one in held(ids).items()
        if one.state == "complete"
    }


def signed_file(paper_id: str) -> bytes | None:
    """The PDF with all its signatures; None of a paper that nobody signs, or not everybody has."""
    return _told[0].file(paper_id)


class Sought:
    """Papers of an operation by the names of those who still have to sign, read once for all words."""

    def __init__(self, identity: Identity, operation: str, fold: Callable[[str], str]) -> None:
        self.identity, self.operation, self.fold = identity, operation, fold
        self._known: dict[str, str] | None = None

    def __call__(self, word: str) -> ColumnElement[bool]:
        if self._known is None:
            found = waits(self.identity, self.operation, None)
            self._known = {key: self.fold(" ".join(names)) for key, names in found.items()}
        ids = sorted(key for key, names in self._known.items() if word in names)
        return Paper.id.in_(ids) if ids else false()
