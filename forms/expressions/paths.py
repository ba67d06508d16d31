"""Walk the tree along a path.

Two rules of the dialect differ from XPath 1.0. Nodes that are not relevant are passed over: their answers act as empty.
An absolute path that goes through the repeat in which the expression itself stands means "in my own row".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from forms.expressions.context import Context
from forms.expressions.nodes import Expression, Path, Step
from forms.expressions.values import Value, to_boolean
from forms.tree import Node

Evaluate = Callable[[Context], Value]
Walk = Callable[[list[Node], Context], list[Node]]


def compile_path(path: Path, compile_one: Callable[[Expression], Evaluate], own: int | None = None) -> Evaluate:
    """A closure from a context to the list of nodes; `compile_one` compiles what stands in predicates.

    `own` is the most steps of an absolute path that the own row may settle (all but the last when not given).
    """
    walks = [_step(step, compile_one) for step in path.steps]
    if path.base is not None:
        return _from_base(compile_one(path.base), walks)
    if path.absolute:
        return _absolute(path.steps, walks, len(path.steps) - 1 if own is None else own)
    return lambda context: _follow([context.node], walks, context)


def _follow(found: list[Node], walks: Sequence[Walk], context: Context) -> list[Node]:
    for walk in walks:
        found = walk(found, context)
    return found


def _from_base(base: Evaluate, walks: Sequence[Walk]) -> Evaluate:
    def evaluate(context: Context) -> Value:
        start = base(context)
        return _follow(start, walks, context) if isinstance(start, list) else []

    return evaluate


def _absolute(steps: tuple[Step, ...], walks: Sequence[Walk], own: int) -> Evaluate:
    first = steps[0]

    def evaluate(context: Context) -> Value:
        root = context.root
        if first.name not in {root.name, "*"}:
            return []
        start = context.start
        if start.within_row:
            found, done = _own_row(start, steps[:own])
            return _follow([found], walks[done:], context)
        return _follow([root], walks[1:], context)

    return evaluate


def _own_row(start: Node, steps: tuple[Step, ...]) -> tuple[Node, int]:
    """The deepest own ancestor that these steps go through, and how many of them that covers.

    The last step of a path is never among them: `count(/data/person)` inside a row still counts every row.
    """
    chain = start.ancestors()
    covered = 1
    while covered < min(len(chain), len(steps)):
        step = steps[covered]
        if step.axis != "child" or step.predicates or step.name != chain[covered].name:
            break
        covered += 1
    return chain[covered - 1], covered


def _step(step: Step, compile_one: Callable[[Expression], Evaluate]) -> Walk:
    filters = [compile_one(predicate) for predicate in step.predicates]
    move = _move(step)
    if not filters:
        return lambda found, _: move(found)

    def walk(found: list[Node], context: Context) -> list[Node]:
        kept: list[Node] = []
        for node in found:
            kept.extend(_filtered(move([node]), filters, context))
        return kept

    return walk


def _move(step: Step) -> Callable[[list[Node]], list[Node]]:
    name = step.name
    if step.axis == "self":
        return lambda found: [node for node in found if name in {"*", node.name}]
    if step.axis == "parent":
        return lambda found: list({id(node.parent): node.parent for node in found if node.parent}.values())
    if name == "*":
        return lambda found: [child for node in found for child in node if child.relevant]
    return lambda found: [child for node in found for child in node.children.get(name, ()) if child.relevant]


def _filtered(found: list[Node], filters: list[Evaluate], context: Context) -> list[Node]:
    for keep in filters:
        size = len(found)
        found = [node for place, node in enumerate(found, 1) if _holds(keep(context.at(node, place, size)), place)]
    return found


def _holds(value: Value, place: int) -> bool:
    """A number in a predicate is a place: `person[2]`."""
    return value == place if isinstance(value, float) else to_boolean(value)
