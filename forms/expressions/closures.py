"""Turn a syntax tree into one Python closure: parsed once, compiled once, evaluated many times.

A part whose kind of value is known beforehand (a literal, a sum, a comparison) is used as it is; only what depends on
the answers is converted while it is evaluated.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from forms.expressions.arithmetic import ARITHMETIC
from forms.expressions.comparing import compile_comparison
from forms.expressions.context import Context
from forms.expressions.functions import FUNCTIONS, LAZY, check_call
from forms.expressions.kinds import BOOLEAN, NODES, NUMBER, kind_of
from forms.expressions.nodes import Binary, Call, Expression, Negative, Number, Path, Text
from forms.expressions.paths import compile_path
from forms.expressions.values import Value, node_value, to_boolean, to_number, to_text
from forms.tree import Node

Evaluate = Callable[[Context], Value]


def compile(expression: Expression) -> Evaluate:
    """A closure from a context to the value. Raises ExpressionError for a function that is unknown or misused."""
    match expression:
        case Number(value=value) | Text(value=value):
            return lambda _: value
        case Negative(operand=operand):
            inner = _number(operand)
            return lambda context: -inner(context)
        case Binary():
            return _binary(expression)
        case Call():
            return _call(expression)
        case Path():
            return compile_path(expression, compile)


# -- parts whose value is wanted as one kind


def _number(expression: Expression) -> Callable[[Context], float]:
    inner: Callable[[Context], Any] = compile(expression)
    kind = kind_of(expression)
    if kind == NUMBER:
        return inner
    return _number_of_first(inner) if kind == NODES else lambda context: to_number(inner(context))


def _number_of_first(path: Callable[[Context], list[Node]]) -> Callable[[Context], float]:
    def evaluate(context: Context) -> float:
        found = path(context)
        return to_number(node_value(found[0])) if found else math.nan

    return evaluate


def _truth(expression: Expression) -> Callable[[Context], bool]:
    inner: Callable[[Context], Any] = compile(expression)
    kind = kind_of(expression)
    if kind == BOOLEAN:
        return inner
    return lambda context: to_boolean(inner(context))


# -- operators


def _binary(expression: Binary) -> Evaluate:
    operator = expression.operator
    if operator in {"and", "or"}:
        return _logic(operator, _truth(expression.left), _truth(expression.right))
    if operator in ARITHMETIC:
        return _work(operator, _number(expression.left), _number(expression.right))
    left, right = compile(expression.left), compile(expression.right)
    if operator == "|":
        return lambda context: _union(left(context), right(context))
    return compile_comparison(operator, (expression.left, left), (expression.right, right))


def _logic(operator: str, left: Callable[[Context], bool], right: Callable[[Context], bool]) -> Evaluate:
    if operator == "or":
        return lambda context: left(context) or right(context)
    return lambda context: left(context) and right(context)


def _work(operator: str, left: Callable[[Context], float], right: Callable[[Context], float]) -> Evaluate:
    match operator:
        case "+":
            return lambda context: left(context) + right(context)
        case "-":
            return lambda context: left(context) - right(context)
        case "*":
            return lambda context: left(context) * right(context)
    work = ARITHMETIC[operator]
    return lambda context: work(left(context), right(context))


def _union(left: Value, right: Value) -> list[Node]:
    found = [*(left if isinstance(left, list) else []), *(right if isinstance(right, list) else [])]
    return list({id(node): node for node in found}.values())


# -- functions


def _call(call: Call) -> Evaluate:
    check_call(call)
    if call.name in LAZY:
        return _LAZY_BUILDERS[call.name](*call.arguments)
    arguments = _indexed(call) if call.name == "indexed-repeat" else tuple(map(compile, call.arguments))
    function: Callable[..., Any] = FUNCTIONS[call.name].call
    if len(arguments) == 1:
        only = arguments[0]
        return lambda context: function(context, only(context))
    if len(arguments) == 2:
        first, second = arguments
        return lambda context: function(context, first(context), second(context))
    return lambda context: function(context, *[argument(context) for argument in arguments])


def _indexed(call: Call) -> tuple[Evaluate, ...]:
    """In `indexed-repeat(target, repeat, n, …)` the index chooses the row from the first repeat inwards; only what
    stands outside it is the own row.
    """
    first = call.arguments[1]
    outside = len(first.steps) - 1 if isinstance(first, Path) else None
    return tuple(
        compile_path(argument, compile, outside)
        if isinstance(argument, Path) and argument.absolute
        else compile(argument)
        for argument in call.arguments
    )


def _if(condition: Expression, yes: Expression, no: Expression) -> Evaluate:
    holds, then, otherwise = _truth(condition), compile(yes), compile(no)
    return lambda context: then(context) if holds(context) else otherwise(context)


def _coalesce(*options: Expression) -> Evaluate:
    compiled = tuple(map(compile, options))

    def evaluate(context: Context) -> Value:
        for option in compiled:
            value = option(context)
            if to_text(value) != "" and not (isinstance(value, float) and math.isnan(value)):
                return value
        return ""

    return evaluate


def _once(option: Expression) -> Evaluate:
    first = compile(option)
    return lambda context: context.start.text or first(context)


_LAZY_BUILDERS: dict[str, Callable[..., Evaluate]] = {
    "if": _if,
    "coalesce": _coalesce,
    "once": _once,
    "true": lambda: lambda _: True,
    "false": lambda: lambda _: False,
}
