"""Functions on lists of nodes and on choices: ODK XForms specification, "Node-set", "Select" and "Repeat" functions."""

from __future__ import annotations

import math

from forms.expressions.context import Context
from forms.expressions.values import Value, to_number, to_text
from forms.tree import Node


def nodes(value: Value) -> list[Node]:
    return value if isinstance(value, list) else []


def count(_: Context, value: Value) -> float:
    return float(len(nodes(value)))


def count_non_empty(_: Context, value: Value) -> float:
    return float(sum(1 for node in nodes(value) if node.string() != ""))


def position(context: Context, value: Value | None = None) -> float:
    """Place of a row in its repeat, counted from 1; without argument, place in the list being filtered."""
    if value is None:
        return float(context.position)
    found = nodes(value)
    return float(found[0].position()) if found else math.nan


def last(context: Context) -> float:
    return float(context.size)


def current(context: Context) -> list[Node]:
    return [context.start]


def instance(context: Context, name: Value) -> list[Node]:
    root = context.instances.get(to_text(name))
    return [] if root is None else [root]


def indexed_repeat(_: Context, target: Value, *pairs: Value) -> list[Node]:
    """The target in row n of a repeat (up to three repeats, from the outermost): `indexed-repeat(age, person, 2)`."""
    found = nodes(target)
    for repeat, place in zip(pairs[::2], pairs[1::2], strict=False):
        found = _in_row(found, nodes(repeat), to_number(place))
    return found


def _in_row(found: list[Node], rows: list[Node], place: float) -> list[Node]:
    wanted = {id(row) for row in rows if row.position() == place}
    return [node for node in found if any(id(ancestor) in wanted for ancestor in node.ancestors())]


def selected(_: Context, value: Value, choice: Value) -> bool:
    return to_text(choice) in to_text(value).split()


def selected_at(_: Context, value: Value, place: Value) -> str:
    """Counted from 0; blank outside the list."""
    chosen, at = to_text(value).split(), to_number(place)
    return chosen[int(at)] if not math.isnan(at) and 0 <= at < len(chosen) else ""


def count_selected(_: Context, value: Value) -> float:
    return float(len(to_text(value).split()))


def choice_name(context: Context, value: Value, path: Value) -> str:
    return context.choice_label(to_text(path).strip(), to_text(value))


def itext(context: Context, name: Value) -> str:
    return context.wording(to_text(name))


def randomize(context: Context, value: Value, seed: Value | None = None) -> list[Node]:
    """The nodes in an order drawn by the Park-Miller generator of the specification (seeded) or by chance."""
    shuffled = list(nodes(value))
    state = context.now.random() * 2147483646 if seed is None else to_number(seed)
    state = (int(state) if math.isfinite(state) else 0) % 2147483647 or 1
    for place in range(len(shuffled) - 1, 0, -1):
        state = state * 16807 % 2147483647
        other = int((state - 1) / 2147483646 * (place + 1))
        shuffled[place], shuffled[other] = shuffled[other], shuffled[place]
    return shuffled
