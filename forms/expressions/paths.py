"""Walk the tree along a path.

Two rules of the dialect differ from XPath 1.0. Nodes that are not relevant are passed over: their answers act as empty.
An absolute path that goes through the repeat in which the expression itself stands means "in my own row"; inside a
filter over rows, that is the row being looked at.

Nearly all paths of a form are plain: up some steps, then down by names. These are worked out when the form is read, and
only the rest walks step by step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from forms.expressions.context import Context
from forms.expressions.looking_up import compile_look_up
from forms.expressions.nodes import Call, Expression, Path, Step
from forms.expressions.values import Value, to_boolean
from forms.tree import Node

Evaluate = Callable[[Context], Value]
Walk = Callable[[list[Node], Context], list[Node]]
Nodes = Callable[[Context], list[Node]]


def compile_path(path: Path, compile_one: Callable[[Expression], Evaluate], own: int | None = None) -> Nodes:
    """A closure from a context to the list of nodes; `compile_one` compiles what stands in predicates.

    `own` is the most steps of an absolute path that the own row may settle (all but the last when not given).
    """
    most = len(path.steps) - 1 if own is None else own
    up, names = _plain(path.steps)
    if path.absolute and names is not None and not up:
        return _by_names(names, most)
    walks = [_step(step, compile_one) for step in path.steps]
    if path.absolute:
        return _absolute(path.steps, walks, most)
    if path.base is None:
        return _from_here(up, names) if names is not None else lambda context: _follow([context.node], walks, context)
    if isinstance(path.base, Call) and path.base.name == "current" and names is not None:
        return _from_start(up, names)
    filters = path.steps[0].predicates if path.steps[0].axis == "self" else ()
    if filters:
        walks[0] = _whole(tuple(map(compile_one, filters)))
    return _from_base(compile_one(path.base), walks)


# -- plain paths


def _plain(steps: Sequence[Step]) -> tuple[int, tuple[str, ...] | None]:
    """How many steps up and which names down; no names when there are filters, stars, or a turn upwards again."""
    up, names = 0, []
    for step in steps:
        if step.predicates or (step.axis == "child" and step.name == "*") or (step.axis == "parent" and names):
            return 0, None
        if step.axis != "child" and step.name != "*":
            return 0, None
        if step.axis == "parent":
            up += 1
        elif step.axis == "child":
            names.append(step.name)
    return up, tuple(names)


def _climb(node: Node | None, up: int) -> Node | None:
    for _ in range(up):
        if node is None:
            return None
        node = node.parent
    return node


def _descend(node: Node, names: tuple[str, ...]) -> list[Node]:
    """What stands below by these names, as far as it is relevant."""
    found = [node]
    for name in names:
        found = [child for one in found for child in one.children.get(name, ()) if child.relevant]
    return found


def _from_here(up: int, names: tuple[str, ...]) -> Nodes:
    def evaluate(context: Context) -> list[Node]:
        node = _climb(context.node, up)
        return [] if node is None else _descend(node, names)

    return evaluate


def _from_start(up: int, names: tuple[str, ...]) -> Nodes:
    def evaluate(context: Context) -> list[Node]:
        node = _climb(context.start, up)
        return [] if node is None else _descend(node, names)

    return evaluate


def _by_names(names: tuple[str, ...], own: int) -> Nodes:
    path = "/" + "/".join(names)
    ways: dict[str, tuple[int, tuple[str, ...]]] = {}

    def evaluate(context: Context) -> list[Node]:
        start = context.node
        if not start.within_row and context.current is not None:
            start = context.current
        if start.within_row and names[0] == context.root.name:
            way = ways.get(start.path)
            if way is None:
                way = ways[start.path] = _way(start.path, names, own)
            return _descend(_climb(start, way[0]), way[1])  # type: ignore[arg-type]
        found = context.places.get(path)
        if found is None:
            found = context.nodes(path)
        if len(found) == 1:
            return found[:] if found[0].relevant else []
        return [node for node in found if node.relevant]

    return evaluate


def _way(start: str, names: tuple[str, ...], own: int) -> tuple[int, tuple[str, ...]]:
    """From a node inside a row: how far up to the deepest own ancestor the path goes through, and how it goes on.

    The last step of a path is never among them: `count(/data/person)` inside a row still counts every row.
    """
    chain = start.split("/")[1:]
    covered = 1
    while covered < min(len(chain), own) and names[covered] == chain[covered]:
        covered += 1
    return len(chain) - covered, names[covered:]


# -- paths with filters, stars, or from another list


def _whole(filters: Sequence[Evaluate]) -> Walk:
    """`randomize(…)[position() < 4]`: the filter sees the whole list, not node by node."""
    return lambda found, context: _filtered(found, filters, context.inside())


def _follow(found: list[Node], walks: Sequence[Walk], context: Context) -> list[Node]:
    for walk in walks:
        found = walk(found, context)
    return found


def _from_base(base: Evaluate, walks: Sequence[Walk]) -> Nodes:
    def evaluate(context: Context) -> list[Node]:
        start = base(context)
        return _follow(start, walks, context) if isinstance(start, list) else []

    return evaluate


def _absolute(steps: tuple[Step, ...], walks: Sequence[Walk], own: int) -> Nodes:
    first = steps[0]

    def evaluate(context: Context) -> list[Node]:
        root = context.root
        if first.name not in {root.name, "*"}:
            return []
        start = context.own
        if start.within_row:
            found, done = _own_row(start, steps[:own])
            return _follow([found], walks[done:], context)
        return _follow([root], walks[1:], context)

    return evaluate


def _own_row(start: Node, steps: tuple[Step, ...]) -> tuple[Node, int]:
    """The deepest own ancestor that these steps go through, and how many of them that covers."""
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
    move, look_up = _move(step), compile_look_up(step, compile_one)
    if not filters:
        return lambda found, _: move(found)

    def walk(found: list[Node], context: Context) -> list[Node]:
        inside = context.inside()
        kept: list[Node] = []
        for node in found:
            candidates = look_up.candidates(node, inside) if look_up else None
            kept.extend(_filtered(move([node]) if candidates is None else candidates, filters, inside))
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


def _filtered(found: list[Node], filters: Sequence[Evaluate], inside: Context) -> list[Node]:
    for keep in filters:
        inside.size = len(found)
        kept = []
        for place, node in enumerate(found, 1):
            inside.node, inside.position = node, place
            if _holds(keep(inside), place):
                kept.append(node)
        found = kept
    return found


def _holds(value: Value, place: int) -> bool:
    """A number in a predicate is a place: `person[2]`."""
    return value == place if isinstance(value, float) else to_boolean(value)
