"""What stands above people and is handed in at start: operations have names and partners, circuits call bodies."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from workflow.people.models import Absence


@dataclass(frozen=True)
class Surroundings:
    """names: {operation: name} of those asked, of every one when None. partners: organisations of an operation.

    bodies: {slug: label by language} of the bodies that the procedures of an operation ask. procedures: {slug: label
    by language} of everything published.
    """

    names: Callable[[Iterable[str] | None], dict[str, str]]
    partners: Callable[[str], Iterable[str]]
    bodies: Callable[[str], dict[str, dict[str, str]]]
    procedures: Callable[[], dict[str, dict[str, str]]]


_known: list[Surroundings] = []


def register_surroundings(told: Surroundings) -> None:
    _known[:] = [told]


def surroundings() -> Surroundings:
    return _known[0]


def operation_names(ids: Iterable[str] | None = None) -> dict[str, str]:
    """{operation: name}, of every operation when `ids` is None."""
    return surroundings().names(ids)


def partners_of(operations: Iterable[str]) -> frozenset[str]:
    """The organisations of these operations; the scope must hold them."""
    return frozenset(slug for operation in operations for slug in surroundings().partners(operation))


def forms_of(row: Absence) -> list[dict[str, str]]:
    """The forms for which somebody stands in, as they are called; empty for all of them."""
    known = surroundings().procedures() if row.procedures else {}
    return [known.get(slug, {"fr": slug}) for slug in row.procedures or ()]
