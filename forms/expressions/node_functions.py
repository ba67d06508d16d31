"""Functions on lists of nodes and on choices: ODK XForms specification, "Node-set", "Select" and "Repeat" functions."""

from __future__ import annotations

import hashlib
import math

from forms.expressions.context import Context
from forms.expressions.values import Value, to_number, to_text
from forms.tree import Node

_MODULUS = 2147483647
_LONGEST = 2.0**63


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


def pulldata(context: Context, name: Value, column: Value, key: Value, wanted: Value) -> str:
    """A column of the first row of a list whose key column holds the wanted text; blank when there is none."""
    outer = context.instances.get(to_text(name))
    key_column, looked_for = to_text(key), to_text(wanted)
    for root in outer or ():
        for kind in root.children:
            for item in root.having(kind, key_column, looked_for)[:1]:
                return "".join(node.text for node in item.children.get(to_text(column), ())[:1])
    return ""


def indexed_repeat(_: Context, target: Value, *pairs: Value) -> list[Node]:
    """The target in row n of a repeat (up to three repeats, from the outermost): `indexed-repeat(age, person, 2)`."""
    found = nodes(target)
    for repeat, place in zip(pairs[::2], pairs[1::2], strict=False):
        found = _in_row(found, nodes(repeat), to_number(place))
    return found


def _in_row(found: list[Node], rows: list[Node], place: float) -> list[Node]:
    if math.isfinite(place):
        place = math.trunc(place)
    wanted = {id(row) for row in rows if row.position() == place}
    return [node for node in found if any(id(ancestor) in wanted for ancestor in node.ancestors())]


def selected(_: Context, value: Value, choice: Value) -> bool:
    """The phone's own rule: the choice stands between two spaces, so that an empty answer holds the empty choice."""
    return f" {to_text(choice).strip()} " in f" {to_text(value)} "


def selected_at(_: Context, value: Value, place: Value) -> str:
    """Counted from 0; blank outside the list."""
    chosen, at = to_text(value).split(), to_number(place)
    return chosen[int(at)] if not math.isnan(at) and 0 <= at < len(chosen) else ""


def count_selected(_: Context, value: Value) -> float:
    return float(len(to_text(value).split()))


def choice_name(context: Context, value: Value, path: Value) -> str:
    """The label of a choice; the path names the question, from here when it is relative (inside a repeat)."""
    named = to_text(path).strip()
    return context.choice_label(named if named.startswith("/") else _from(context.start.path, named), to_text(value))


def _from(base: str, relative: str) -> str:
    for step in relative.split("/"):
        if step == "..":
            base = base.rpartition("/")[0]
        elif step not in {"", "."}:
            base = f"{base}/{step}"
    return base


def itext(context: Context, name: Value) -> str:
    return context.wording(to_text(name))


def randomize(context: Context, value: Value, seed: Value | None = None) -> list[Node]:
    """The nodes in another order: the "inside-out" shuffle of Fisher and Yates with the numbers of Park and Miller.

    The specification names both; the same seed gives the same order as on the phone.
    """
    state = _first_state(context.now.random() * _MODULUS if seed is None else _seed(seed))
    shuffled: list[Node] = []
    for place, node in enumerate(nodes(value)):
        state = state * 16807 % _MODULUS
        other = int((state - 1) / (_MODULUS - 1) * (place + 1))
        shuffled.append(node)
        shuffled[place], shuffled[other] = shuffled[other], node
    return shuffled


def _seed(value: Value) -> float:
    """A number as it is; any other text by the first eight bytes of its SHA-256, as on the phone."""
    number, text = to_number(value), to_text(value)
    if not math.isnan(number) or not text:
        return number
    return float(int.from_bytes(hashlib.sha256(text.encode(errors="replace")).digest()[:8], "big", signed=True))


def _first_state(seed: float) -> float:
    whole = float(math.trunc(max(-_LONGEST, min(_LONGEST, seed)))) if not math.isnan(seed) else 0.0
    state = math.fmod(whole, _MODULUS)
    return state if state > 0 else state + _MODULUS - 1
