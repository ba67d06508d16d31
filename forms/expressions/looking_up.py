"""Find the items of a list by one of their columns, instead of looking at every item.

`instance('towns')/root/item[region = /data/region and …]` is how cascades are written; a list may hold tens of
thousands of items, and the page asks for it after each answer. The items found here still pass the whole filter: this
only leaves out those that cannot pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from forms.expressions.context import Context
from forms.expressions.kinds import BOOLEAN, kind_of
from forms.expressions.nodes import Binary, Call, Expression, Path, Step, Text, every
from forms.expressions.values import Value, node_value
from forms.tree import Node

Evaluate = Callable[[Context], Value]
_SEES_THE_REST = frozenset({"position", "last"})


@dataclass(frozen=True, slots=True)
class LookUp:
    """Items called `name` whose `column` says what `wanted` is worth."""

    name: str
    column: str
    wanted: Evaluate

    def candidates(self, parent: Node, inside: Context) -> list[Node] | None:
        """Those that may pass the filter, in their order; none where only looking at all of them can tell."""
        if parent.path:  # answers change, lists do not
            return None
        value = self.wanted(inside)
        atoms = [node_value(node) for node in value] or [""] if isinstance(value, list) else [value]
        if len(atoms) != 1 or not isinstance(atoms[0], str):
            return None
        return parent.having(self.name, self.column, atoms[0])


def compile_look_up(step: Step, compile_one: Callable[[Expression], Evaluate]) -> LookUp | None:
    """For a step whose first filter asks that a column equals something that is the same for every item."""
    if step.axis != "child" or step.name == "*" or not step.predicates or not _judges_alone(step.predicates[0]):
        return None
    for left, right in _equalities(step.predicates[0]):
        column = _column(left)
        if column and _same_for_all(right):
            return LookUp(step.name, column, compile_one(right))
    return None


def _judges_alone(predicate: Expression) -> bool:
    """Whether a filter looks at one item only, never at its place among the others."""
    calls = (part.name for part in every(predicate) if isinstance(part, Call))
    return kind_of(predicate) == BOOLEAN and _SEES_THE_REST.isdisjoint(calls)


def _equalities(predicate: Expression) -> Iterator[tuple[Expression, Expression]]:
    """Both sides of everything that must be equal, either way round."""
    if not isinstance(predicate, Binary):
        return
    if predicate.operator == "and":
        yield from _equalities(predicate.left)
        yield from _equalities(predicate.right)
    elif predicate.operator == "=":
        yield predicate.left, predicate.right
        yield predicate.right, predicate.left


def _column(expression: Expression) -> str:
    """The name of a column; empty for any other expression."""
    if not isinstance(expression, Path) or expression.absolute or expression.base or len(expression.steps) != 1:
        return ""
    step = expression.steps[0]
    return step.name if step.axis == "child" and step.name != "*" and not step.predicates else ""


def _same_for_all(expression: Expression) -> bool:
    """A literal, an answer named by its whole path, or one found from where the expression stands."""
    if isinstance(expression, Text):
        return True
    if not isinstance(expression, Path) or any(step.predicates for step in expression.steps):
        return False
    from_start = isinstance(expression.base, Call) and expression.base.name == "current"
    return expression.absolute or from_start
