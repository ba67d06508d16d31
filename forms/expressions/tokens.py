"""Cut an expression into tokens, and name the two faults that word processors and French keyboards make."""

from __future__ import annotations

import re
from dataclasses import dataclass

from forms.expressions.errors import ExpressionError

MAX_LENGTH = 20_000
_QUOTES = "‘’“”«»‚„"
_WORD_OPERATORS = frozenset({"and", "or", "div", "mod"})
# After one of these (or at the start) a name is a name and * is a wildcard: XPath 1.0, section 3.7.
_OPERAND_MUST_FOLLOW = frozenset({"(", "[", ",", "/", "//", "|", "+", "-", "=", "!=", "<", "<=", ">", ">=", "::", "@"})
_PATTERN = re.compile(
    r"""(?P<space>\s+)
    |(?P<number>\d+(?:\.\d*)?|\.\d+)
    |(?P<text>"[^"]*"|'[^']*')
    |(?P<name>[^\W\d][\w.\-]*(?::(?!:)[^\W\d][\w.\-]*)?)
    |(?P<symbol>\.\.|//|::|!=|<=|>=|[./()\[\],|+\-*=<>@])""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is number, text, name, operator, symbol or end."""

    kind: str
    value: str
    at: int


def tokenize(text: str) -> list[Token]:
    """Tokens of an expression, closed by one of kind `end`. Raises ExpressionError."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError("This expression is too long.", MAX_LENGTH, "too_long")
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        found = _PATTERN.match(text, at)
        if found is None:
            raise _unexpected(text, at)
        if found.lastgroup != "space":
            tokens.append(_token(found, tokens[-1] if tokens else None))
        at = found.end()
    return [*tokens, Token("end", "", len(text))]


def _token(found: re.Match[str], before: Token | None) -> Token:
    kind, value = str(found.lastgroup), found.group()
    if kind == "text":
        return Token("text", value[1:-1], found.start())
    operand_before = before is not None and before.kind != "operator" and before.value not in _OPERAND_MUST_FOLLOW
    if kind == "text" or (before is not None and before.kind == "text"):
        operand_before = True
    if operand_before and (value in _WORD_OPERATORS or value == "*"):
        return Token("operator", value, found.start())
    if kind == "symbol" and value in {"+", "-", "=", "!=", "<", "<=", ">", ">=", "|"}:
        return Token("operator", value, found.start())
    return Token(kind, value, found.start())


def _unexpected(text: str, at: int) -> ExpressionError:
    character = text[at]
    if character in _QUOTES:
        message = "Typographic quotes (%(character)s) do not work in a formula. Use straight quotes: '."
        return ExpressionError(message, at, "typographic_quotes", character=character)
    if character in "'\"":
        return ExpressionError("A quotation mark is never closed.", at, "open_quote")
    if character == "$":
        return ExpressionError("A reference is written ${name}, with both braces.", at, "reference")
    return ExpressionError("The character %(character)s has no meaning here.", at, "character", character=character)
