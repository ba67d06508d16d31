"""A Pratt parser for the XPath dialect of ODK XForms (XPath 1.0 expressions; axes child, parent and self only)."""

from __future__ import annotations

from forms.expressions.errors import ExpressionError
from forms.expressions.nodes import Binary, Call, Expression, Negative, Number, Path, Step, Text, parts
from forms.expressions.tokens import Token, tokenize

# The parser and the compiler call themselves: Python stops at about a thousand calls.
MAX_DEPTH = 100
MAX_HEIGHT = 200
# A filter is worked out for every row: filters inside filters multiply.
MAX_FILTERS = 3
_STRENGTH = {"or": 1, "and": 2, "=": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4}
_STRENGTH |= {"+": 5, "-": 5, "*": 6, "div": 6, "mod": 6, "|": 8}
_UNARY = 7
_AXES = frozenset({"child", "parent", "self"})


def parse(text: str) -> Expression:
    """The syntax tree of one expression. Raises ExpressionError with the position of the fault."""
    tree = _Parser(text).whole()
    if _height(tree) > MAX_HEIGHT:
        raise ExpressionError("This expression is nested too deeply.", 0, "too_deep")
    if _filters(tree) > MAX_FILTERS:
        raise ExpressionError("Filters stand inside filters too deeply.", 0, "too_deep", _CALCULATE)
    return tree


_CALCULATE = "Put the inner part into a calculation of its own, and read that calculation."


def _filters(tree: Expression) -> int:
    """How many filters stand inside one another."""
    deepest, waiting = 0, [(tree, 0)]
    while waiting:
        part, level = waiting.pop()
        deepest = max(deepest, level)
        filters = [one for step in part.steps for one in step.predicates] if isinstance(part, Path) else []
        waiting.extend((inner, level + 1) for inner in filters)
        others = parts(part) if not isinstance(part, Path) else () if part.base is None else (part.base,)
        waiting.extend((inner, level) for inner in others)
    return deepest


def _height(tree: Expression) -> int:
    """How many parts stand inside one another; counted without recursion, because a long sum is a high tree."""
    height, waiting = 0, [(tree, 1)]
    while waiting:
        part, level = waiting.pop()
        height = max(height, level)
        waiting.extend((inner, level + 1) for inner in parts(part))
    return height


def _halved(operator: Token, operands: list[Expression]) -> Expression:
    """The same order from left to right, half of the operands on each side."""
    if len(operands) == 1:
        return operands[0]
    middle = len(operands) // 2
    return Binary(
        operator.value, _halved(operator, operands[:middle]), _halved(operator, operands[middle:]), operator.at
    )


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.place = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.place]

    def whole(self) -> Expression:
        if self.token.kind == "end":
            raise ExpressionError("The expression is empty.", 0, "empty")
        tree = self.expression(0)
        if self.token.kind != "end":
            raise self.unexpected()
        return tree

    def expression(self, strength: int) -> Expression:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ExpressionError("This expression is nested too deeply.", self.token.at, "too_deep")
        left = self.unary()
        while self.token.kind == "operator" and _STRENGTH[self.token.value] > strength:
            if self.token.value in {"or", "and"}:
                left = self.chain(left)
                continue
            operator = self.advance()
            right = self.expression(_STRENGTH[operator.value])
            left = Binary(operator.value, left, right, operator.at)
        self.depth -= 1
        return left

    def chain(self, first: Expression) -> Expression:
        """`a or b or c …`: hundreds of them are usual, so they become a tree that is broad rather than high."""
        operator, operands = self.token, [first]
        while self.token.kind == "operator" and self.token.value == operator.value:
            self.advance()
            operands.append(self.expression(_STRENGTH[operator.value]))
        return _halved(operator, operands)

    def unary(self) -> Expression:
        if self.token.kind == "operator" and self.token.value == "-":
            sign = self.advance()
            return Negative(self.expression(_UNARY - 1) if self.is_sign() else self.expression(_UNARY), sign.at)
        return self.operand()

    def is_sign(self) -> bool:
        return self.token.kind == "operator" and self.token.value == "-"

    def operand(self) -> Expression:
        token = self.token
        if token.kind == "number":
            self.advance()
            return Number(float(token.value), token.at)
        if token.kind == "text":
            self.advance()
            return Text(token.value, token.at)
        if token.value == "(":
            return self.tail(self.group())
        if token.kind == "name" and self.next_is("("):
            return self.tail(self.call())
        if token.kind == "name" or token.value in {"/", ".", "..", "*", "//"}:
            return self.path()
        raise self.unexpected()

    def group(self) -> Expression:
        self.advance()
        inner = self.expression(0)
        self.expect(")")
        return inner

    def call(self) -> Expression:
        name = self.advance()
        self.expect("(")
        arguments: list[Expression] = []
        while self.token.value != ")" or self.token.kind == "text":
            arguments.append(self.expression(0))
            if not self.is_symbol(","):
                break
            self.advance()
            if self.is_symbol(")"):
                raise self.unexpected()
        self.expect(")")
        return Call(name.value, tuple(arguments), name.at)

    def tail(self, base: Expression) -> Expression:
        """A path that starts from a function call or a bracketed expression."""
        start = self.token.at
        steps: list[Step] = []
        if self.is_symbol("["):
            steps.append(Step("self", "*", self.predicates()))
        while self.is_symbol("/"):
            self.advance()
            steps.append(self.step())
        return Path(False, tuple(steps), start, base) if steps else base

    def path(self) -> Path:
        start = self.token.at
        absolute = self.is_symbol("/")
        if absolute:
            self.advance()
        steps = [self.step()]
        while self.is_symbol("/"):
            self.advance()
            steps.append(self.step())
        return Path(absolute, tuple(steps), start)

    def step(self) -> Step:
        token = self.token
        if token.kind not in {"name", "symbol", "operator"}:
            raise self.unexpected()
        if token.value == "//":
            raise ExpressionError("The search // is not part of the dialect: write the whole path.", token.at, "axis")
        if token.value in {".", ".."}:
            self.advance()
            return Step("self" if token.value == "." else "parent", "*", self.predicates())
        axis = self.axis()
        if self.token.kind != "name" and self.token.value != "*":
            raise self.unexpected()
        return Step(axis, self.advance().value, self.predicates())

    def axis(self) -> str:
        if not self.next_is("::"):
            return "child"
        name = self.advance()
        if name.value not in _AXES:
            raise ExpressionError("The axis %(axis)s is not part of the dialect.", name.at, "axis", axis=name.value)
        self.advance()
        return name.value

    def predicates(self) -> tuple[Expression, ...]:
        found: list[Expression] = []
        while self.is_symbol("["):
            self.advance()
            found.append(self.expression(0))
            self.expect("]")
        return tuple(found)

    def is_symbol(self, value: str) -> bool:
        return self.token.kind == "symbol" and self.token.value == value

    def next_is(self, value: str) -> bool:
        following = self.tokens[min(self.place + 1, len(self.tokens) - 1)]
        return following.kind == "symbol" and following.value == value

    def advance(self) -> Token:
        token = self.token
        self.place += 1
        return token

    def expect(self, value: str) -> None:
        if not self.is_symbol(value):
            raise self.unexpected(value)
        self.advance()

    def unexpected(self, wanted: str = "") -> ExpressionError:
        token = self.token
        if token.value == "," and self.digits_around(token.at):
            message = "A decimal number is written with a point in a formula: 0.5, not 0,5."
            return ExpressionError(message, token.at, "decimal_comma")
        if token.kind == "end":
            return ExpressionError("The expression stops too early.", token.at, "unfinished")
        if wanted:
            message = "%(found)s stands where %(wanted)s is expected."
            return ExpressionError(message, token.at, "unexpected", found=token.value, wanted=wanted)
        return ExpressionError("%(found)s is not expected here.", token.at, "unexpected", found=token.value)

    def digits_around(self, at: int) -> bool:
        return self.text[at - 1 : at].isdigit() and self.text[at + 1 : at + 2].isdigit()
