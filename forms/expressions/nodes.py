"""The syntax tree of an expression: what the parser makes, what the compiler, the graph and the linter read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Number:
    value: float
    at: int


@dataclass(frozen=True, slots=True)
class Text:
    value: str
    at: int


@dataclass(frozen=True, slots=True)
class Negative:
    operand: Expression
    at: int


@dataclass(frozen=True, slots=True)
class Binary:
    """`operator` is one of: or and = != < <= > >= + - * div mod |"""

    operator: str
    left: Expression
    right: Expression
    at: int


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: tuple[Expression, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Step:
    """`axis` is child, parent or self; `name` is an element name or `*`."""

    axis: str
    name: str
    predicates: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """`base` is the expression a path starts from (`instance('x')/root`), none for a plain path."""

    absolute: bool
    steps: tuple[Step, ...]
    at: int
    base: Expression | None = None


Expression = Number | Text | Negative | Binary | Call | Path


def parts(expression: Expression) -> tuple[Expression, ...]:
    """The expressions directly inside this one, predicates included."""
    match expression:
        case Negative(operand=operand):
            return (operand,)
        case Binary(left=left, right=right):
            return (left, right)
        case Call(arguments=arguments):
            return arguments
        case Path(steps=steps, base=base):
            inside = tuple(predicate for step in steps for predicate in step.predicates)
            return inside if base is None else (base, *inside)
    return ()


def every(expression: Expression) -> Iterator[Expression]:
    """The expression and all that it contains."""
    yield expression
    for part in parts(expression):
        yield from every(part)
