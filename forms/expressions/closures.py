"""Turn a syntax tree into one Python closure: parsed once, compiled once, evaluated many times."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from forms.expressions.context import Context
from forms.expressions.errors import ExpressionError
from forms.expressions.functions import FUNCTIONS, LAZY, REFUSED
from forms.expressions.nodes import Binary, Call, Expression, Negative, Number, Path, Text
from forms.expressions.paths import compile_path
from forms.expressions.values import Value, compare, to_boolean, to_number, to_text
from forms.tree import Node

Evaluate = Callable[[Context], Value]


def compile(expression: Expression) -> Evaluate:
    """A closure from a context to the value. Raises ExpressionError for a function that is unknown or misused."""
    match expression:
        case Number(value=value) | Text(value=value):
            return lambda _: value
        case Negative(operand=operand):
            inner = compile(operand)
            return lambda context: -to_number(inner(context))
        case Binary():
            return _binary(expression)
        case Call():
            return _call(expression)
        case Path():
            return compile_path(expression, compile)


def _binary(expression: Binary) -> Evaluate:
    operator = expression.operator
    left, right = compile(expression.left), compile(expression.right)
    if operator == "or":
        return lambda context: to_boolean(left(context)) or to_boolean(right(context))
    if operator == "and":
        return lambda context: to_boolean(left(context)) and to_boolean(right(context))
    if operator == "|":
        return lambda context: _union(left(context), right(context))
    if operator in _ARITHMETIC:
        work = _ARITHMETIC[operator]
        return lambda context: work(to_number(left(context)), to_number(right(context)))
    return lambda context: compare(operator, left(context), right(context))


def _union(left: Value, right: Value) -> list[Node]:
    found = [*(left if isinstance(left, list) else []), *(right if isinstance(right, list) else [])]
    return list({id(node): node for node in found}.values())


def divide(left: float, right: float) -> float:
    if right != 0 or math.isnan(left):
        return left / right if right else math.nan
    return math.nan if left == 0 else math.copysign(math.inf, left) * math.copysign(1, right)


def remainder(left: float, right: float) -> float:
    """The sign of the dividend, as in XPath."""
    return math.nan if right == 0 or math.isinf(left) or math.isnan(right) else math.fmod(left, right)


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "div": divide,
    "mod": remainder,
}


def check_call(call: Call) -> None:
    """Raises ExpressionError for a function that does not exist, is refused, or has too few or too many arguments."""
    if call.name in REFUSED:
        raise ExpressionError("The function %(name)s() is not available here.", call.at, "refused", name=call.name)
    if call.name in LAZY:
        least, most = LAZY[call.name]
    elif call.name in FUNCTIONS:
        least, most = FUNCTIONS[call.name].least, FUNCTIONS[call.name].most
    else:
        raise ExpressionError("There is no function %(name)s().", call.at, "unknown_function", name=call.name)
    found = len(call.arguments)
    if not least <= found <= most:
        message = "The function %(name)s() cannot work with %(found)s arguments."
        raise ExpressionError(message, call.at, "arguments", name=call.name, found=found)


def _call(call: Call) -> Evaluate:
    check_call(call)
    arguments = _indexed(call) if call.name == "indexed-repeat" else tuple(map(compile, call.arguments))
    if call.name in LAZY:
        return _LAZY_BUILDERS[call.name](*arguments)
    function: Callable[..., Any] = FUNCTIONS[call.name].call
    if len(arguments) == 1:
        only = arguments[0]
        return lambda context: function(context, only(context))
    return lambda context: function(context, *(argument(context) for argument in arguments))


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


def _if(condition: Evaluate, yes: Evaluate, no: Evaluate) -> Evaluate:
    return lambda context: yes(context) if to_boolean(condition(context)) else no(context)


def _coalesce(*options: Evaluate) -> Evaluate:
    def evaluate(context: Context) -> Value:
        for option in options:
            value = option(context)
            if to_text(value) != "":
                return value
        return ""

    return evaluate


def _once(option: Evaluate) -> Evaluate:
    return lambda context: context.start.text or option(context)


_LAZY_BUILDERS: dict[str, Callable[..., Evaluate]] = {
    "if": _if,
    "coalesce": _coalesce,
    "once": _once,
    "true": lambda: lambda _: True,
    "false": lambda: lambda _: False,
}
