"""Which row of a repeat is which, between two sets of answers: rows have no name, so what they say tells them apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from forms.instance import Instance
from forms.structure import Question, Repeat
from forms.tree import Node

Reads = Callable[[Instance, Question, Node], bool]
_Content = Mapping[str, str]
_ALIKE = 0.5
_MOST_COMPARED = 40_000


class Alignment:
    """Addresses under which answers of an older and a newer set can be compared.

    A row that is found again has the number of the newer one; a row that is gone has a number of its own (`[-2]`).
    reads: whether the reader may see an answer; hidden answers do not help to find a row again.
    """

    def __init__(self, old: Instance, new: Instance, reads: Reads) -> None:
        self.old = old
        self.new = new
        self.reads = reads
        self.numbers: dict[int, int] = {}
        self._walk(old.root, new.root)

    def address(self, node: Node, side: Instance) -> str:
        steps = []
        for ancestor in node.ancestors():
            repeated = isinstance(side.form.groups.get(ancestor.path), Repeat)
            steps.append(f"{ancestor.name}[{self._number(ancestor)}]" if repeated else ancestor.name)
        return "/" + "/".join(steps)

    def _number(self, row: Node) -> int:
        return self.numbers[id(row)] if id(row) in self.numbers else row.position()

    def _walk(self, old: Node, new: Node) -> None:
        for name, rows in old.children.items():
            others = new.children.get(name, [])
            if rows and isinstance(self.old.form.groups.get(rows[0].path), Repeat):
                self._match(rows, others)
            elif rows and others and rows[0].children:
                self._walk(rows[0], others[0])

    def _match(self, rows: Sequence[Node], others: Sequence[Node]) -> None:
        before = [self._content(row, self.old) for row in rows]
        after = [self._content(row, self.new) for row in others]
        found = matched(before, after)
        for place, row in enumerate(rows):
            self.numbers[id(row)] = found[place] + 1 if place in found else -place - 1
            if place in found:
                self._walk(row, others[found[place]])

    def _content(self, row: Node, side: Instance) -> dict[str, str]:
        return dict(self._said(row, side, ""))

    def _said(self, node: Node, side: Instance, path: str) -> Iterator[tuple[str, str]]:
        question = side.form.questions.get(node.path)
        if question is not None:
            if node.text and node.relevant and self.reads(side, question, node):
                yield path, node.text
            return
        for name, rows in node.children.items():
            for place, row in enumerate(rows):
                yield from self._said(row, side, f"{path}/{name}[{place}]")


def matched(before: Sequence[_Content], after: Sequence[_Content]) -> dict[int, int]:
    """Places of the older rows → places of the newer ones: equal rows in their order first, then the most alike (half
    of what they say), then, when no row came or went, those that are left, in their order.
    """
    found = _equal(before, after)
    left, right = _rest(found, len(before), len(after))
    found |= _alike(left, right, before, after)
    left, right = _rest(found, len(before), len(after))
    if len(before) == len(after):
        found |= dict(zip(left, right, strict=True))
    return found


def _rest(found: Mapping[int, int], before: int, after: int) -> tuple[list[int], list[int]]:
    taken = set(found.values())
    return [place for place in range(before) if place not in found], [n for n in range(after) if n not in taken]


def _equal(before: Sequence[_Content], after: Sequence[_Content]) -> dict[int, int]:
    one, other = ([tuple(sorted(row.items())) for row in rows] for rows in (before, after))
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return {block.a + step: block.b + step for block in blocks for step in range(block.size)}


def _alike(
    left: Sequence[int], right: Sequence[int], before: Sequence[_Content], after: Sequence[_Content]
) -> dict[int, int]:
    if len(left) * len(right) > _MOST_COMPARED:
        return {}
    scores = [(_score(before[a], after[b]), -abs(a - b), a, b) for a in left for b in right]
    found: dict[int, int] = {}
    for score, _, a, b in sorted(scores, reverse=True):
        if score >= _ALIKE and a not in found and b not in found.values():
            found[a] = b
    return found


def _score(one: _Content, other: _Content) -> float:
    """The share of equal answers among all that either row gives."""
    every = one.keys() | other.keys()
    same = sum(1 for path in every if one.get(path) == other.get(path))
    return same / len(every) if every else 0.0
