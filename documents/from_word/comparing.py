"""Which lines of an article answer each other, and which of their words differ."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from documents.from_word.articles import alike
from documents.from_word.lines import Line
from documents.from_word.words import Word, same

_MOST_STEPS = 16_000_000
_MOST_PAIRS = 40_000
_ALIKE = 0.4

SAME, GONE, NEW = "same", "gone", "new"


@dataclass(frozen=True, slots=True)
class Answer:
    """A line of ours and the line of theirs that stands for it, by number; None on the side that lacks it."""

    ours: int | None
    theirs: int | None


@dataclass(frozen=True, slots=True)
class Step:
    """Words `ours_from` to `ours_to` of ours became words `theirs_from` to `theirs_to` of theirs."""

    changed: bool
    ours_from: int
    ours_to: int
    theirs_from: int
    theirs_to: int


Piece = tuple[str, str]
"""SAME, GONE or NEW, and the words."""


def answers(ours: Sequence[int], theirs: Sequence[int], our: Sequence[Line], their: Sequence[Line]) -> Iterator[Answer]:
    """The lines of two articles in reading order; a line that was rewritten answers the one most like it."""
    keys = [tuple(same(cell) for cell in our[at].cells) for at in ours]
    others = [tuple(same(cell) for cell in their[at].cells) for at in theirs]
    for step in _steps(keys, others):
        mine, yours = ours[step.ours_from : step.ours_to], theirs[step.theirs_from : step.theirs_to]
        if step.changed:
            yield from _rewritten(mine, yours, our, their)
        else:
            yield from (Answer(one, other) for one, other in zip(mine, yours, strict=True))


def changes(ours: Sequence[Word], theirs: Sequence[Word]) -> tuple[Step, ...]:
    """What became of the words of a text, from its beginning to its end."""
    return _steps([word.same for word in ours], [word.same for word in theirs])


def _steps(ours: Sequence[object], theirs: Sequence[object]) -> tuple[Step, ...]:
    if len(ours) * len(theirs) > _MOST_STEPS:
        return (Step(ours != theirs, 0, len(ours), 0, len(theirs)),)
    found = SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
    return tuple(Step(name != "equal", *places) for name, *places in found)


def _rewritten(
    mine: Sequence[int], yours: Sequence[int], our: Sequence[Line], their: Sequence[Line]
) -> Iterator[Answer]:
    """Lines that differ, the most alike together, in the order of both."""
    pairs = _best(mine, yours, our, their)
    one = other = 0
    for at, answering in (*pairs, (len(mine), len(yours))):
        yield from (Answer(number, None) for number in mine[one:at])
        yield from (Answer(None, number) for number in yours[other:answering])
        if at < len(mine):
            yield Answer(mine[at], yours[answering])
        one, other = at + 1, answering + 1


def _best(
    mine: Sequence[int], yours: Sequence[int], our: Sequence[Line], their: Sequence[Line]
) -> list[tuple[int, int]]:
    """The pairs whose likeness is greatest in all, never crossing each other."""
    if len(mine) * len(yours) > _MOST_PAIRS:
        return [(at, at) for at in range(min(len(mine), len(yours)))]
    left, right = ([_counted(lines[at]) for at in side] for side, lines in ((mine, our), (yours, their)))
    if len(left) == len(right) == 1:
        return [(0, 0)] if alike(left[0], right[0]) > 0 else []
    rated = [[alike(one, other) for other in right] for one in left]
    best = [[0.0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for at in range(len(left) - 1, -1, -1):
        for to in range(len(right) - 1, -1, -1):
            together = rated[at][to] + best[at + 1][to + 1] if rated[at][to] >= _ALIKE else 0.0
            best[at][to] = max(best[at + 1][to], best[at][to + 1], together)
    return list(_path(rated, best))


def _path(rated: list[list[float]], best: list[list[float]]) -> Iterator[tuple[int, int]]:
    at = to = 0
    while at < len(rated) and to < len(rated[0]):
        if rated[at][to] >= _ALIKE and best[at][to] == rated[at][to] + best[at + 1][to + 1]:
            yield at, to
            at, to = at + 1, to + 1
        elif best[at][to] == best[at + 1][to]:
            at += 1
        else:
            to += 1


def _counted(line: Line) -> Counter[str]:
    return Counter(word for cell in line.cells for word in same(cell))


def pieces(ours: str, theirs: str, mine: Sequence[Word], yours: Sequence[Word]) -> tuple[Piece, ...]:
    """Two texts as one, with what went and what came; where they agree, in the words of theirs."""
    done: list[Piece] = []
    for step in _readable(changes(mine, yours), yours):
        if step.changed:
            done.append((GONE, _cut(ours, mine, step.ours_from, step.ours_to)))
            done.append((NEW, _cut(theirs, yours, step.theirs_from, step.theirs_to)))
        else:
            done.append((SAME, _cut(theirs, yours, step.theirs_from, step.theirs_to)))
    return tuple(piece for piece in done if piece[1])


def _cut(text: str, told: Sequence[Word], first: int, last: int) -> str:
    """The words from `first` to before `last` with the spaces behind them."""
    if first == last:
        return ""
    return text[told[first].start : told[last].start if last < len(told) else len(text)]


def _readable(steps: Sequence[Step], yours: Sequence[Word]) -> list[Step]:
    """A sign alone between two changes belongs to them: one change is easier to read than two."""
    done: list[Step] = []
    for at, found in enumerate(steps):
        step = found
        between = not step.changed and 0 < at < len(steps) - 1 and step.ours_to - step.ours_from == 1
        lone = between and len(yours[step.theirs_from].same) < 3 and bool(done) and done[-1].changed
        if done and done[-1].changed and (step.changed or lone):
            last = done.pop()
            step = Step(True, last.ours_from, step.ours_to, last.theirs_from, step.theirs_to)
        done.append(step)
    return done
