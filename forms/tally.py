"""Count answers, and hide the counts that would point at somebody.

A count from 1 to 4 is hidden. Because totals are shown, a second count of the same line is hidden with it: otherwise a
subtraction would give the first one back (complementary suppression, as national statistical offices practise it).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

THRESHOLD = 5
_Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Table:
    """Counts by row and column; the last row and the last column are totals. None stands for a hidden count."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[int | None, ...], ...]


def count(answers: Iterable[str]) -> dict[str, int]:
    """How often each answer was given; blanks are left out."""
    return dict(Counter(answer for answer in answers if answer))


def cross(pairs: Iterable[tuple[str, str]], threshold: int = THRESHOLD) -> Table:
    """Cross two answers, in the order in which they first appear, with totals and small counts hidden."""
    counted = Counter(pairs)
    rows = tuple(dict.fromkeys(row for row, _ in counted))
    columns = tuple(dict.fromkeys(column for _, column in counted))
    body = [[counted[row, column] for column in columns] for row in rows]
    return Table(rows, columns, hide(with_totals(body), threshold))


def with_totals(body: Sequence[Sequence[int]]) -> list[list[int]]:
    lines = [[*line, sum(line)] for line in body]
    width = len(lines[0]) if lines else 1
    return [*lines, [sum(line[place] for line in lines) for place in range(width)]]


def hide(counts: Sequence[Sequence[int]], threshold: int = THRESHOLD) -> tuple[tuple[int | None, ...], ...]:
    """Hide small counts, then what would give them back, until every line hides none or at least two.

    The last row and column must be totals. What cannot be protected otherwise takes its total with it.
    """
    hidden = {cell for cell in _cells(counts) if 0 < _at(counts, cell) < threshold}
    lines = [line for line in _lines(counts) if len(line) > 1]
    while True:
        alone = next((line for line in lines if sum(cell in hidden for cell in line) == 1), None)
        if alone is None:
            break
        hidden.add(_second(alone, counts, hidden))
    return tuple(
        tuple(None if (row, column) in hidden else amount for column, amount in enumerate(line))
        for row, line in enumerate(counts)
    )


def _second(line: list[_Cell], counts: Sequence[Sequence[int]], hidden: set[_Cell]) -> _Cell:
    """The smallest count that is not nought, rather inside the table than a total."""
    free = [cell for cell in line if cell not in hidden]
    last = (len(counts) - 1, len(counts[0]) - 1)

    def cost(cell: _Cell) -> tuple[bool, bool, int]:
        amount = _at(counts, cell)
        return amount == 0, cell[0] == last[0] or cell[1] == last[1], amount

    return min(free, key=cost)


def _at(counts: Sequence[Sequence[int]], cell: _Cell) -> int:
    return counts[cell[0]][cell[1]]


def _cells(counts: Sequence[Sequence[int]]) -> Iterator[_Cell]:
    return ((row, column) for row, line in enumerate(counts) for column in range(len(line)))


def _lines(counts: Sequence[Sequence[int]]) -> Iterator[list[_Cell]]:
    """Every row and every column with its total."""
    for row, line in enumerate(counts):
        yield [(row, column) for column in range(len(line))]
    for column in range(len(counts[0]) if counts else 0):
        yield [(row, column) for row in range(len(counts))]
