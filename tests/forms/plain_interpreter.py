"""The expressions once more, in the plainest way: the tree is walked anew each time, nothing is worked out beforehand.

Only the conversions of `forms.expressions.values` and the functions themselves are shared with the compiler.
"""

from __future__ import annotations

from forms.expressions import Context
from forms.expressions.arithmetic import ARITHMETIC
from forms.expressions.functions import FUNCTIONS
from forms.expressions.nodes import Binary, Call, Expression, Negative, Number, Path, Step, Text
from forms.expressions.values import Value, compare, to_boolean, to_number, to_text
from forms.tree import Node


def interpret(tree: Expression, context: Context) -> Value:
    match tree:
        case Number(value=value) | Text(value=value):
            return value
        case Negative(operand=operand):
            return -to_number(interpret(operand, context))
        case Binary():
            return _binary(tree, context)
        case Call():
            return _call(tree, context)
        case Path():
            return _path(tree, context)


def _binary(tree: Binary, context: Context) -> Value:
    left, right = interpret(tree.left, context), interpret(tree.right, context)
    if tree.operator == "or":
        return to_boolean(left) or to_boolean(right)
    if tree.operator == "and":
        return to_boolean(left) and to_boolean(right)
    if tree.operator == "|":
        return list({id(node): node for side in (left, right) if isinstance(side, list) for node in side}.values())
    if tree.operator in ARITHMETIC:
        return ARITHMETIC[tree.operator](to_number(left), to_number(right))
    return compare(tree.operator, left, right)


def _call(tree: Call, context: Context) -> Value:
    if tree.name in {"true", "false"}:
        return tree.name == "true"
    outside = tree.arguments[1] if tree.name == "indexed-repeat" else None
    own = len(outside.steps) - 1 if isinstance(outside, Path) else None
    values = [
        _path(part, context, own) if isinstance(part, Path) else interpret(part, context) for part in tree.arguments
    ]
    if tree.name == "if":
        return values[1] if to_boolean(values[0]) else values[2]
    if tree.name == "coalesce":
        return next((value for value in values if to_text(value) not in {"", "NaN"}), "")
    return FUNCTIONS[tree.name].call(context, *values)


def _path(tree: Path, context: Context, own: int | None = None) -> list[Node]:
    steps = tree.steps
    if tree.base is not None:
        base = interpret(tree.base, context)
        found = base if isinstance(base, list) else []
        if steps[0].axis == "self" and steps[0].predicates:
            found, steps = _filtered(found, steps[0], context), steps[1:]
    elif tree.absolute:
        found, steps = _beginning(tree, context, len(steps) - 1 if own is None else own)
    else:
        found = [context.node]
    for step in steps:
        found = [kept for node in found for kept in _filtered(_moved(node, step), step, context)]
        found = list({id(node): node for node in found}.values())
    return found


def _beginning(tree: Path, context: Context, own: int) -> tuple[list[Node], tuple[Step, ...]]:
    """The root, or the deepest own ancestor that the path goes through when this stands in a row."""
    if tree.steps[0].name not in {context.root.name, "*"}:
        return [], ()
    start = context.node if context.node.within_row else context.start
    chain = start.ancestors() if start.within_row else [context.root]
    deep = 1
    for step, node in zip(tree.steps[1:own], chain[1:], strict=False):
        if step.axis != "child" or step.predicates or step.name != node.name:
            break
        deep += 1
    return [chain[deep - 1]], tree.steps[deep:]


def _moved(node: Node, step: Step) -> list[Node]:
    if step.axis == "self":
        return [node] if step.name in {"*", node.name} else []
    if step.axis == "parent":
        return [] if node.parent is None else [node.parent]
    return [child for child in node if child.relevant and step.name in {"*", child.name}]


def _filtered(found: list[Node], step: Step, context: Context) -> list[Node]:
    for predicate in step.predicates:
        kept = []
        for place, node in enumerate(found, 1):
            inside = Context(node, context.root, context.now, context.instances, context.start, place, len(found))
            value = interpret(predicate, inside)
            if value == place if isinstance(value, float) else to_boolean(value):
                kept.append(node)
        found = kept
    return found
