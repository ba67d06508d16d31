"""No formula and no answers can bring the evaluator down: a value, or an ExpressionError when the form is checked."""

from __future__ import annotations

import time
import tracemalloc
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.expressions import Context, ExpressionError, compile, parse
from forms.expressions.functions import FUNCTIONS, LAZY, REFUSED
from forms.expressions.lint import remarks
from forms.expressions.values import to_boolean, to_number, to_text
from forms.tree import Node
from tests.forms.oracles.questionnaire import NOW

KINDS = ("", "string", "int", "decimal", "date", "dateTime", "time", "select")
NAMES = ("data", "r", "p", "q", "and", "div")
TEXTS = (
    "",
    "0",
    "-1",
    "1e9",
    "9" * 320,
    "1.5",
    "NaN",
    "2026-03-02",
    "0001-01-01",
    "9999-12-31",
    "2026-02-30",
    "a b",
    "é",
)
INSTANTS = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999-14:00", "2026-03-02T08:30:00Z", "24:61", "08:30")
STRANGE = ("\x00", "\ud800", "\u202ea", "[", "(a+)+$", "%Y%", "%", " ", "/data/r", "../p", "l")
LITERALS = (
    "''",
    "'a'",
    "'2026-03-02'",
    "'%Y %W %q'",
    "'('",
    "'(a|a)*b'",
    "'/data/p'",
    "'l'",
    "0",
    "1",
    "99999",
    ".5",
    "1.",
)
NUMBERS = ("9" * 400, "0.0000000001", "123456789.125", "1 div 0", "-1 div 0", "0 div 0", "2932896", "-719162")
OPERATORS = (" or ", " and ", " = ", " != ", " < ", " <= ", " > ", " >= ", " + ", " - ", " * ", " div ", " mod ", " | ")


def wild_tree(rng: Random, depth: int = 3, parent: Node | None = None) -> Node:
    """Any names, any kinds, any texts; some branches not relevant, some within rows."""
    name = "data" if parent is None else rng.choice(NAMES)
    path = f"{parent.path}/{name}" if parent else "/data"
    node = Node(name, parent, path, rng.choice(KINDS), rng.choice(TEXTS + INSTANTS + STRANGE))
    node.within_row = bool(parent and (parent.within_row or rng.random() < 0.5))
    node.relevant = (parent is None or parent.relevant) and rng.random() < 0.9
    for _ in range(rng.randrange(4) if depth else 0):
        node.append(wild_tree(rng, depth - 1, node))
    return node


def wild_formula(rng: Random, depth: int = 4) -> str:
    """Any function with any arguments, whatever their kinds."""
    if depth == 0 or rng.random() < 0.2:
        return rng.choice([*LITERALS, *NUMBERS, *wild_paths(rng, 0)])
    inner = [wild_formula(rng, depth - 1) for _ in range(2)]
    return rng.choice(
        [
            f"({inner[0]}{rng.choice(OPERATORS)}{inner[1]})",
            f"-{inner[0]}",
            wild_call(rng, depth - 1),
            wild_call(rng, depth - 1),
            rng.choice(wild_paths(rng, depth - 1)),
        ]
    )


def wild_call(rng: Random, depth: int) -> str:
    name = rng.choice([*FUNCTIONS, *LAZY])
    least, most = LAZY.get(name) or (FUNCTIONS[name].least, FUNCTIONS[name].most)
    count = rng.randrange(least, min(most, least + 3) + 1)
    return f"{name}({', '.join(wild_formula(rng, depth) for _ in range(count))})"


def wild_paths(rng: Random, depth: int) -> list[str]:
    kept = f"[{wild_formula(rng, depth - 1)}]" if depth > 0 else ""
    one, other = rng.choice(NAMES), rng.choice((*NAMES, "*", "..", "."))
    return [
        f"/data/{one}{kept}/{other}",
        f"../{other}{kept}",
        f".{kept}",
        f"current()/../{one}{kept}",
        f"{one}/{other}",
    ]


def context_in(rng: Random) -> Context:
    root = wild_tree(rng)
    here = rng.choice(list(root.descendants()))
    return Context(here, root, NOW, {"l": wild_tree(rng, 2)})


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1))
def test_any_formula_over_any_answers_gives_a_value(seed: int) -> None:
    rng = Random(seed)
    context = context_in(rng)
    for formula in [wild_formula(rng) for _ in range(10)]:
        try:
            value = compile(parse(formula))(context)
        except ExpressionError:
            continue
        assert isinstance(to_text(value), str), formula
        assert isinstance(to_number(value), float), formula
        assert isinstance(to_boolean(value), bool), formula


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1))
def test_the_linter_has_something_to_say_about_any_formula_and_never_stops(seed: int) -> None:
    rng = Random(seed)
    for formula in [wild_formula(rng) for _ in range(10)]:
        try:
            tree = parse(formula)
        except ExpressionError:
            continue
        for remark in remarks(tree, "/data/r/p", lambda path: path.endswith("q"), {"l"}, {"/data/r"}):
            assert remark.message % remark.params if remark.params else remark.message
            assert isinstance(remark.hint % remark.params if remark.params else remark.hint, str)


@given(st.text("/data()[]'\" <>=+-*,.$1aé‘|:@{}", max_size=30))
def test_any_text_is_either_an_expression_or_refused_with_a_place(text: str) -> None:
    try:
        compile(parse(text))
    except ExpressionError as refusal:
        assert 0 <= refusal.position <= len(text)
        assert refusal.message


@given(st.text(max_size=200))
def test_any_writing_of_the_world_is_either_an_expression_or_refused(text: str) -> None:
    try:
        compile(parse(text))
    except ExpressionError as refusal:
        assert 0 <= refusal.position <= len(text)


HUGE = {
    "brackets": "(" * 20_000,
    "brackets that close": "(" * 9_999 + "1" + ")" * 9_999,
    "signs": "-" * 19_999 + "1",
    "a sum": "1" + "+1" * 9_999,
    "alternatives": "a" + " or a" * 3_999,
    "alternatives in turn": "a" + " or a and a" * 1_800,
    "comparisons": "1" + "=1" * 9_999,
    "arguments": f"concat({','.join(['1'] * 9_000)})",
    "calls": "not(" * 4_999,
    "calls that close": "not(" * 3_900 + "1" + ")" * 3_900,
    "steps": "/a" * 10_000,
    "steps up": "../" * 6_000 + "a",
    "filters": "a[" * 9_000,
    "filters that close": "a[" * 6_000 + "1" + "]" * 6_000,
    "filters side by side": "a" + "[1]" * 6_000,
    "unions": "a" + "|a" * 9_999,
    "spaces": " " * 20_000,
    "one digit after the other": "9" * 20_000,
    "one letter after the other": "a" * 20_000,
    "open quotes": "'" * 19_999,
    "more than anybody writes": "1" * 5_000_000,
}


def attempt(text: str) -> None:
    root = Node("data", None, "/data")
    try:
        to_text(compile(parse(text))(Context(root, root, NOW)))
    except ExpressionError as refusal:
        assert refusal.code in {"too_deep", "too_long", "unfinished", "unexpected", "open_quote", "empty"}


@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE.keys())
def test_a_monstrous_formula_is_read_or_refused_at_once(text: str) -> None:
    begun = time.process_time()
    attempt(text)
    assert time.process_time() - begun < 1


def test_monstrous_formulas_take_little_memory() -> None:
    tracemalloc.start()
    for name in ("brackets", "arguments"):
        tracemalloc.reset_peak()
        attempt(HUGE[name])
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    tracemalloc.stop()


def test_hundreds_of_alternatives_are_no_deeper_than_a_dozen() -> None:
    root = Node("data", None, "/data")
    alternatives = " or ".join(f"'a' = '{number}'" for number in range(800))
    assert compile(parse(f"{alternatives} or 'a' = 'a'"))(Context(root, root, NOW)) is True


@pytest.mark.parametrize("pattern", ["(a|a)*b", "(a+)+$", "(.*)*x", "^(([a-z])+.)+[A-Z]([a-z])+$", "(?:a?){99}a{99}"])
def test_a_pattern_that_never_ends_is_given_up_soon(pattern: str) -> None:
    root = Node("data", None, "/data", text="a" * 60)
    begun = time.perf_counter()
    compile(parse(f"regex(., '{pattern}')"))(Context(root, root, NOW))
    assert time.perf_counter() - begun < 1


def test_filters_inside_filters_inside_filters_are_refused_before_they_multiply() -> None:
    with pytest.raises(ExpressionError) as caught:
        parse("a[b[c[d[e]]]]")
    assert caught.value.code == "too_deep"
    assert parse("a[b[c[d]]][b[c]]") is not None


def test_every_refused_function_says_why_and_what_to_do_instead() -> None:
    for name, (message, hint) in REFUSED.items():
        with pytest.raises(ExpressionError) as caught:
            compile(parse(f"{name}(1, 2)"))
        assert (caught.value.code, caught.value.message, caught.value.hint) == ("refused", message, hint)
        assert name in str(caught.value)
