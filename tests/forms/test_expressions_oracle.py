"""A second opinion: on the portable subset an independent engine gives the same values."""

from __future__ import annotations

from datetime import UTC, date, datetime

import rxeval
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from forms.expressions import Context, Now, compile, parse
from forms.expressions.values import to_text
from forms.tree import Node

ANSWERS = {"a": "5", "b": "", "c": "x y", "d": "-2.5", "e": "été"}
XML = "<data>" + "".join(f"<{name}>{text}</{name}>" for name, text in ANSWERS.items()) + "</data>"
NOW = Now(date(2026, 3, 15), datetime(2026, 3, 15, tzinfo=UTC), lambda: 0.5, lambda: "u")

_numbers = st.one_of(
    st.integers(0, 60).map(str),
    st.sampled_from(["0.5", "2.25", "/data/a", "/data/d", "number(/data/b)", "string-length(/data/c)"]),
)
_texts = st.one_of(
    st.sampled_from(["''", "'x'", "'x y'", "'12'", "/data/c", "/data/b", "/data/e", "string(/data/a)"]),
    st.text("abx -", max_size=5).map(lambda text: f"'{text}'"),
)


def _grow(inner: st.SearchStrategy[tuple[str, str]]) -> st.SearchStrategy[tuple[str, str]]:
    """Pairs of a kind (n, t, b) and an expression; every operation knows the kinds it takes."""
    pairs = st.tuples(inner, inner, inner)
    return pairs.flatmap(lambda three: st.sampled_from(list(_combinations(*three))))


def _as(kind: str, part: tuple[str, str]) -> str:
    if part[0] == kind:
        return part[1]
    return f"{ {'n': 'number', 't': 'string', 'b': 'boolean'}[kind] }({part[1]})"


def _combinations(x: tuple[str, str], y: tuple[str, str], z: tuple[str, str]):
    for operator in ("+", "-", "*", "div", "mod"):
        yield "n", f"({_as('n', x)} {operator} {_as('n', y)})"
    for operator in ("<", "<=", ">", ">=", "=", "!="):
        yield "b", f"({_as('n', x)} {operator} {_as('n', y)})"
    yield "b", f"({_as('t', x)} = {_as('t', y)})"
    yield "b", f"({_as('b', x)} and {_as('b', y)})"
    yield "b", f"({_as('b', x)} or {_as('b', y)})"
    yield "b", f"not({_as('b', x)})"
    yield "n", f"-({_as('n', x)})"
    yield "n", f"int({_as('n', x)})"
    yield "n", f"string-length({_as('t', x)})"
    yield "t", f"concat({_as('t', x)}, {_as('t', y)})"
    yield "t", f"if({_as('b', x)}, {_as('t', y)}, {_as('t', z)})"
    yield "t", f"coalesce({_as('t', x)}, {_as('t', y)})"
    yield "t", f"translate({_as('t', x)}, 'abx', 'ba')"
    yield "t", f"normalize-space({_as('t', x)})"
    yield "b", f"contains({_as('t', x)}, {_as('t', y)})"
    yield "b", f"starts-with({_as('t', x)}, {_as('t', y)})"
    yield "b", f"selected({_as('t', x)}, 'x')"
    yield "n", f"count-selected({_as('t', x)})"
    yield "t", f"substring-before({_as('t', x)}, 'x')"
    yield "t", f"substr({_as('t', x)}, 1, 3)"


_expressions = st.recursive(
    st.one_of(st.tuples(st.just("n"), _numbers), st.tuples(st.just("t"), _texts)), _grow, max_leaves=8
)


def ours(expression: str) -> str:
    root = Node("data", None, "/data")
    for element in etree.fromstring(XML):
        root.append(Node(element.tag, root, f"/data/{element.tag}", text=element.text or ""))
    return to_text(compile(parse(expression))(Context(root, root, NOW)))


def same(left: str, right: str) -> bool:
    """Equal texts, or numbers that differ in the last digit only (two ways of writing a binary fraction)."""
    if left == right:
        return True
    try:
        return abs(float(left) - float(right)) <= 1e-9 * max(1.0, abs(float(left)))
    except ValueError:
        return False


@settings(max_examples=200, deadline=None)
@given(_expressions)
def test_an_independent_engine_agrees_on_the_portable_subset(expression: tuple[str, str]) -> None:
    text = expression[1]
    theirs = rxeval.eval_expression(text, XML, today="2026-03-15", now="2026-03-15T00:00:00")
    assert same(ours(text), theirs), text


@settings(max_examples=200, deadline=None)
@given(st.text("/data()[]'\" <>=+-*,.$1aé‘|:@{}", max_size=30))
def test_any_text_is_either_an_expression_or_refused_with_a_place(text: str) -> None:
    from forms.expressions import ExpressionError

    try:
        compile(parse(text))
    except ExpressionError as refusal:
        assert 0 <= refusal.position <= len(text)
        assert refusal.message
