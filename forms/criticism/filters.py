"""Filters of a repeat that compare a row with itself where its author thought of all rows."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from forms.expressions.nodes import Call, Expression, Path, every
from forms.problems import Problem

# Functions that make one value of the answers of several rows.
_OF_ROWS = frozenset({"max", "min", "sum", "count", "count-non-empty", "join", "concat"})


def filter_problems(path: str, aspect: str, tree: Expression, repeats: AbstractSet[str]) -> Iterator[Problem]:
    """`${person}[age = max(${age})]`: in the filter of a repeat, its questions are those of the row looked at."""
    for part in every(tree):
        for repeat, predicate in _filters(part, repeats):
            for call, name in _alone(predicate, repeat, repeats):
                message = "In this filter, %(call)s() sees the answer %(name)s of one row only, the one looked at."
                hint = "Put %(call)s(${%(name)s}) into a calculation outside the repeat, and compare with that one."
                yield Problem("warning", "filter_row", path, aspect, message, {"call": call, "name": name}, hint)


def _filters(part: Expression, repeats: AbstractSet[str]) -> Iterator[tuple[str, Expression]]:
    """The filters that stand on a repeat or below it, with the path of the innermost repeat."""
    if not isinstance(part, Path) or not part.absolute:
        return
    at = repeat = ""
    for step in part.steps:
        at = f"{at}/{step.name}"
        repeat = at if at in repeats else repeat
        if repeat:
            yield from ((repeat, predicate) for predicate in step.predicates)


def _alone(predicate: Expression, repeat: str, repeats: AbstractSet[str]) -> Iterator[tuple[str, str]]:
    """(function, question) where a function of several rows gets a question that the row has once."""
    for part in every(predicate):
        if isinstance(part, Call) and part.name in _OF_ROWS and len(part.arguments) == 1:
            given = part.arguments[0]
            name = _once(given, repeat, repeats) if isinstance(given, Path) else ""
            if name:
                yield part.name, name


def _once(path: Path, repeat: str, repeats: AbstractSet[str]) -> str:
    """The name of the question; empty for one outside the repeat, in a repeat inside it, or filtered again."""
    if not path.absolute or any(step.predicates or step.axis != "child" for step in path.steps):
        return ""
    places = ["".join(f"/{step.name}" for step in path.steps[:end]) for end in range(1, len(path.steps) + 1)]
    inside = places[-1].startswith(f"{repeat}/")
    deeper = any(place in repeats and place.startswith(f"{repeat}/") for place in places)
    return path.steps[-1].name if inside and not deeper else ""
