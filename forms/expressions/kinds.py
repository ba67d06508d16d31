"""What kind of value an expression gives, as far as that is certain before any answer is there."""

from __future__ import annotations

from forms.expressions.arithmetic import ARITHMETIC
from forms.expressions.functions import FUNCTIONS
from forms.expressions.nodes import Binary, Call, Expression, Negative, Number, Path, Text

NUMBER, TEXT, BOOLEAN, NODES, UNKNOWN = "number", "text", "boolean", "nodes", ""
_RESULTS = {"float": NUMBER, "str": TEXT, "bool": BOOLEAN}


def kind_of(expression: Expression) -> str:
    """NUMBER, TEXT, BOOLEAN or NODES; UNKNOWN where it depends on the answers."""
    match expression:
        case Number() | Negative():
            return NUMBER
        case Text():
            return TEXT
        case Path():
            return NODES
        case Binary(operator=operator):
            return NUMBER if operator in ARITHMETIC else NODES if operator == "|" else BOOLEAN
        case Call(name=name, arguments=arguments):
            return _of_call(name, arguments)


def _of_call(name: str, arguments: tuple[Expression, ...]) -> str:
    if name in {"true", "false"}:
        return BOOLEAN
    if name == "if":
        yes, no = kind_of(arguments[1]), kind_of(arguments[2])
        return yes if yes == no else UNKNOWN
    return _RESULTS.get(_promised(name), UNKNOWN)


def _promised(name: str) -> str:
    """What the function itself says it gives."""
    function = FUNCTIONS.get(name)
    return "" if function is None else str(function.call.__annotations__.get("return", ""))
