"""A row of a repeat that was taken away comes back where it stood, with what it said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from forms.growing import UnknownPath
from forms.instance import Instance
from forms.structure import Question
from forms.tree import Node
from forms.upload_fields import KINDS as UPLOADS


@dataclass(frozen=True, slots=True)
class Removed:
    """`path` is that of the repeat, `place` counts from 1, `said` is what the row answered, by path below the row.

    Files are not among them: their bytes go with the row.
    """

    path: str
    place: int
    said: Mapping[str, str] = field(default_factory=dict)


def row_of(instance: Instance, path: str) -> Removed | None:
    """What a row says, given its path (`/data/C/person[2]`); none when there is no such row."""
    repeat, _bracket, number = path.removesuffix("]").rpartition("[")
    if not (number.isascii() and number.isdigit()):
        return None
    start = f"{path}/"
    said = {
        found.removeprefix(start): node.text
        for found, node, question in instance.leaves()
        if found.startswith(start) and _comes_back(question) and _tells(found, start, node)
    }
    return Removed(repeat, int(number), said) if _stands(instance, path) else None


def _comes_back(question: Question) -> bool:
    return not question.computed and question.kind not in UPLOADS


def _tells(path: str, start: str, node: Node) -> bool:
    """An answer; inside a repeat of the row an empty one too, so that as many rows come back."""
    return bool(node.text) or "[" in path.removeprefix(start)


def _stands(instance: Instance, path: str) -> bool:
    try:
        return instance.node(path) is not None
    except UnknownPath:
        return False


def put_back(instance: Instance, removed: Removed) -> str:
    """The path of the row that is there again; what the form no longer asks is left out.

    Raises UnknownPath, RowLimit.
    """
    count = instance.add_row(removed.path)
    place = min(removed.place, count)
    instance.move_row(removed.path, count, place)
    row = f"{removed.path}[{place}]"
    for path, text in removed.said.items():
        _grow(instance, f"{row}/{path}")
        if _stands(instance, f"{row}/{path}"):
            instance.put(f"{row}/{path}", text)
    return row


def _grow(instance: Instance, path: str) -> None:
    """Add the rows of repeats inside the row that a path needs."""
    steps = path.split("/")
    for depth, step in enumerate(steps, 1):
        name, bracket, number = step.removesuffix("]").partition("[")
        repeat = "/".join((*steps[: depth - 1], name))
        while bracket and instance.raw_rows(repeat) < int(number):
            instance.add_row(repeat)
