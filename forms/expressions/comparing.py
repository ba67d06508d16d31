"""Comparisons, worked out beforehand where the kinds of both sides are known (XPath 1.0, section 3.4).

What is left depends on the answers and goes through `values.compare`, which is the rule; the short cuts below give the
same for one frequent case each.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from forms.expressions.context import Context
from forms.expressions.kinds import NODES, NUMBER, TEXT, kind_of
from forms.expressions.nodes import Expression, Text
from forms.expressions.values import Value, compare, node_value, text_to_number, to_number

Evaluate = Callable[[Context], Value]
Side = tuple[Expression, Evaluate]
_WORK: dict[str, Callable[[Any, Any], bool]] = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_DATED = frozenset({"date", "dateTime"})
_TURNED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def compile_comparison(operator: str, left: Side, right: Side) -> Evaluate:
    """The closure of one comparison; every side comes as its tree and its closure."""
    if kind_of(right[0]) == NODES and kind_of(left[0]) != NODES:
        operator, left, right = _TURNED[operator], right, left
    kinds = (kind_of(left[0]), kind_of(right[0]))
    if kinds == (NODES, TEXT) and isinstance(right[0], Text) and operator in {"=", "!="}:
        return _answer_with_text(operator, left[1], right[0].value)
    if kinds == (NODES, NUMBER):
        return _answer_with_number(operator, left[1], right[1])
    if kinds == (NUMBER, NUMBER) or (kinds == (TEXT, TEXT) and operator in {"=", "!="}):
        return _alike(_WORK[operator], left[1], right[1])
    first, second = left[1], right[1]
    return lambda context: compare(operator, first(context), second(context))


def _alike(work: Callable[[Any, Any], bool], left: Evaluate, right: Evaluate) -> Evaluate:
    return lambda context: work(left(context), right(context))


def _answer_with_text(operator: str, path: Any, text: str) -> Evaluate:
    """`${answer} = 'yes'`: the text itself, unless the answer is a number or a date."""
    work, without = _WORK[operator], compare(operator, [], text)

    def evaluate(context: Context) -> bool:
        found = path(context)
        for node in found:
            plain = node.kind == "string" and not node.children
            if work(node.text, text) if plain else compare(operator, node_value(node), text):
                return True
        return without if not found else False

    return evaluate


def _answer_with_number(operator: str, path: Any, number: Any) -> Evaluate:
    """`${answer} > 3`: true as soon as one answer makes it true; a date is worth its days."""
    work = _WORK[operator]

    def evaluate(context: Context) -> bool:
        amount, found = number(context), path(context)
        for node in found:
            plain = node.kind not in _DATED and not node.children
            if work(text_to_number(node.text) if plain else to_number(node_value(node)), amount):
                return True
        return compare(operator, [], amount) if not found else False

    return evaluate
