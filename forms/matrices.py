"""Neighbouring questions with the same choices, drawn as one table: the questions beside, the choices above."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forms.pages import Item


def gathered(items: Iterable[Item], table: type[Item]) -> tuple[Item, ...]:
    """The items of a group in their order, runs of rows put together in a table, under the head before them if any."""
    found: list[Item] = []
    for key, run in groupby(items, _columns):
        if key is None:
            found.extend(run)
            continue
        rows = tuple(run)
        head = found.pop() if found and _heads(found[-1]) else None
        found.append(_table(rows, head, table))
    return tuple(item for item in found if not (_heads(item) and not item.label))


def _columns(item: Item) -> tuple[object, ...] | None:
    """What the rows of one table have in common; none for everything else."""
    if item.kind != "question" or item.style != "matrix" or item.readonly or not item.choices:
        return None
    return (item.kind_of_question, *((one.value, one.label) for one in item.choices))


def _heads(item: Item) -> bool:
    return item.kind_of_question == "note" and "label" in item.appearance.split()


def _table(rows: tuple[Item, ...], head: Item | None, table: type[Item]) -> Item:
    first = rows[0]
    name, label, hint = (head.name, head.label, head.hint) if head else (f"{first.name}!table", "", "")
    return table("matrix", f"{first.path}/table", name, name, label, hint, children=rows, choices=first.choices)
