"""Write a calculation out with today's answers in it, so that a reader can check it by hand."""

from __future__ import annotations

from collections.abc import Callable

from forms.expressions import Context, compile
from forms.expressions.nodes import Binary, Call, Expression, Negative, Path, Text
from forms.expressions.values import to_boolean, to_text
from forms.readings import is_decimal, show_number
from forms.tree import Node

_SIGNS = {"*": "×", "div": "÷", "-": "−", "+": "+", "<=": "≤", ">=": "≥", "!=": "≠"}
_STRENGTH = {"+": 5, "-": 5, "*": 6, "div": 6, "mod": 6}
_SEE_THROUGH = frozenset({"number", "round", "int", "string", "date"})
# What a reader can count or compare in the page without being shown how.
_COUNTS = frozenset({"count", "count-non-empty", "count-selected", "sum", "min", "max", "abs"})
_ATOM = 9
_EMPTY = "–"


class Speller:
    """`show` writes an answer; numbers follow the language. What nobody need follow is written as its result."""

    def __init__(self, context: Context, lang: str, show: Callable[[Node], str]) -> None:
        self.context = context
        self.lang = lang
        self.show = show
        self.computed = False
        self.opaque = False

    def spell(self, tree: Expression) -> str:
        """The calculation; empty when there is nothing to calculate by hand, or a part nobody could follow."""
        text = self.part(tree)[0]
        return text if self.computed and not self.opaque else ""

    def part(self, tree: Expression) -> tuple[str, int]:
        """The text of a part and how tightly it holds together."""
        match tree:
            case Text(value=""):
                return _EMPTY, _ATOM
            case Negative(operand=operand):
                return f"−{self.bracketed(operand, 7)}", 7
            case Binary(operator=operator) if operator in _STRENGTH:
                return self.arithmetic(tree)
            case Call():
                return self.call(tree)
            case Path():
                return self.path(tree)
        return self.result(tree), _ATOM

    def arithmetic(self, tree: Binary) -> tuple[str, int]:
        self.computed = True
        strength = _STRENGTH[tree.operator]
        left = self.bracketed(tree.left, strength)
        right = self.bracketed(tree.right, strength + (tree.operator in {"-", "div", "mod"}))
        return f"{left} {_SIGNS.get(tree.operator, tree.operator)} {right}", strength

    def bracketed(self, tree: Expression, strength: int) -> str:
        text, own = self.part(tree)
        return text if own >= strength else f"({text})"

    def call(self, tree: Call) -> tuple[str, int]:
        """Follow the branch that was taken; see through roundings and conversions."""
        if tree.name == "if":
            taken = to_boolean(compile(tree.arguments[0])(self.at()))
            return self.part(tree.arguments[1 if taken else 2])
        if tree.name == "coalesce":
            answered = [option for option in tree.arguments if to_text(compile(option)(self.at())) != ""]
            return self.part(answered[0]) if answered else (_EMPTY, _ATOM)
        if tree.name in _SEE_THROUGH and tree.arguments:
            return self.part(tree.arguments[0])
        if tree.name == "sum" and len(tree.arguments) == 1:
            return self.sum(tree.arguments[0])
        self.opaque = self.opaque or tree.name not in _COUNTS
        return self.result(tree), _ATOM

    def sum(self, tree: Expression) -> tuple[str, int]:
        found = compile(tree)(self.at())
        terms = [self.show(node) for node in found if node.string()] if isinstance(found, list) else []
        if not 1 <= len(terms) <= 6:
            return self.result(Call("sum", (tree,), 0)), _ATOM
        self.computed = True
        return " + ".join(terms), 5 if len(terms) > 1 else _ATOM

    def path(self, tree: Path) -> tuple[str, int]:
        found = compile(tree)(self.at())
        text = self.show(found[0]) if isinstance(found, list) and found else ""
        return text or _EMPTY, _ATOM

    def result(self, tree: Expression) -> str:
        return self.number(to_text(compile(tree)(self.at())))

    def at(self) -> Context:
        return self.context

    def number(self, text: str) -> str:
        return show_number(text, self.lang) if is_decimal(text) else text
