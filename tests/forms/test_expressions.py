"""The expression language: what it computes and what it refuses."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from lxml import etree

from forms.expressions import Context, ExpressionError, Now, compile, parse
from forms.expressions.values import to_text
from forms.tree import Node

INSTANCE = """<data><a>5</a><b/><c>x</c><d>2026-03-02</d><m>a b c</m><f>false</f>
<r><p>1</p><q>u</q></r><r><p>2</p><q>v</q></r><r><p/><q>w</q></r></data>"""


def tree_of(xml: str) -> Node:
    def grow(element: etree._Element, parent: Node | None, path: str) -> Node:
        node = Node(element.tag, parent, path, text="" if len(element) else element.text or "")
        node.within_row = element.tag == "r" or bool(parent and parent.within_row)
        for child in element:
            node.append(grow(child, node, f"{path}/{child.tag}"))
        return node

    return grow(etree.fromstring(xml), None, "/data")


def value(expression: str, at: str = "/data") -> str:
    root = tree_of(INSTANCE)
    now = Now(date(2026, 3, 15), datetime(2026, 3, 15, 10, tzinfo=UTC), lambda: 0.25, lambda: "a-b-c")
    found = compile(parse(at))(Context(root, root, now))
    assert isinstance(found, list)
    return to_text(compile(parse(expression))(Context(found[0], root, now)))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("7 - 2 - 1", "4"),
        ("- 3 + 5", "2"),
        ("--3", "3"),
        ("10 div 4", "2.5"),
        ("-5 mod 3", "-2"),
        ("1 div 0", "Infinity"),
        ("0 div 0", "NaN"),
        ("/data/b + 1", "NaN"),
        ("0.1 + 0.2", "0.30000000000000004"),
        ("0.0000001", "0.0000001"),
        ("1 < 2 < 3", "true"),
        ("'a' or 1 div 0", "true"),
        ("'a' < 'b'", "false"),
        ("1 = '1'", "true"),
        ("'1' = '1.0'", "false"),
        ("/data/a = 5.0", "true"),
        ("/data/b = ''", "true"),
        ("/data/b = 0", "false"),
        ("true() = 'anything'", "true"),
        ("boolean('false')", "true"),
        ("round(2.5)", "3"),
        ("round(-1.5)", "-2"),
        ("round(2.345, 2)", "2.35"),
        ("round(1234.5, -2)", "1200"),
        ("int(-2.7)", "-2"),
        ("pow(2, 3)", "8"),
        ("sqrt(-1)", "NaN"),
        ("number(' 12 ')", "12"),
        ("number('0x10')", "NaN"),
        ("sum(/data/r/p)", "3"),
        ("max(/data/r/p)", "2"),
        ("min(3, /data/a, '')", "3"),
        ("count(/data/r)", "3"),
        ("count-non-empty(/data/r/p)", "2"),
        ("/data/r[2]/q", "v"),
        ("/data/r[p = 2]/q", "v"),
        ("/data/r[position() = last()]/q", "w"),
        ("position(/data/r[3])", "3"),
        ("indexed-repeat(/data/r/q, /data/r, 2)", "v"),
        ("/data/a/../c", "x"),
        ("/data/missing", ""),
        ("count(/data/missing)", "0"),
        ("concat('a', 1, true(), /data/r/q)", "a1trueuvw"),
        ("join('-', /data/r/q, 'z')", "u-v-w-z"),
        ("substr('hello', 1, 3)", "el"),
        ("substr('hello', -2)", "lo"),
        ("substring-before('a-b-c', '-')", "a"),
        ("substring-after('a-b-c', '-')", "b-c"),
        ("translate('abc', 'ab', 'x')", "xc"),
        ("normalize-space('  a  b ')", "a b"),
        ("string-length('été')", "3"),
        ("selected(/data/m, 'b')", "true"),
        ("selected('a b', '')", "false"),
        ("selected-at(/data/m, 2)", "c"),
        ("selected-at(/data/m, 9)", ""),
        ("count-selected(/data/m)", "3"),
        ("regex('a123b', '[0-9]+')", "false"),
        ("regex('123', '[0-9]+')", "true"),
        ("if(/data/a > 3, 'y', 1 div 0)", "y"),
        ("coalesce(/data/b, 'z')", "z"),
        ("boolean-from-string('1')", "true"),
        ("checklist(1, 2, true(), false())", "true"),
        ("weighted-checklist(4, -1, true(), 3, false(), 1)", "false"),
        ("today()", "2026-03-15"),
        ("today() - date('2026-03-01')", "14"),
        ("date(20000)", "2024-10-04"),
        ("date('2026-02-30')", ""),
        ("'2026-03-02' > '2026-03-01'", "false"),
        ("date('2026-03-02') > date('2026-03-01')", "true"),
        ("/data/d < today()", "true"),
        ("format-date(/data/d, '%e/%n/%Y')", "2/3/2026"),
        ("format-date('', '%Y')", ""),
        ("decimal-date-time('2026-03-02')", "20514"),
        ("decimal-time('06:00')", "0.25"),
        ("uuid()", "a-b-c"),
        ("random()", "0.25"),
        ("once('first')", "first"),
        ("count(/data/a | /data/c | /data/a)", "2"),
    ],
)
def test_an_expression_has_the_value_the_dialect_gives_it(expression: str, expected: str) -> None:
    assert value(expression) == expected


def test_an_absolute_path_inside_a_row_means_the_own_row() -> None:
    assert value("/data/r/q", at="/data/r[2]/p") == "v"


def test_counting_the_repeat_inside_a_row_still_counts_every_row() -> None:
    assert value("count(/data/r)", at="/data/r[2]/p") == "3"


def test_current_means_the_question_even_inside_a_filter() -> None:
    assert value("/data/r[p = current()/../p]/q", at="/data/r[2]/q") == "v"


def test_an_answer_that_is_not_relevant_acts_as_empty() -> None:
    root = tree_of(INSTANCE)
    root.children["a"][0].wanted = False
    root.children["a"][0].refresh()
    now = Now(date(2026, 3, 15), datetime(2026, 3, 15, tzinfo=UTC), lambda: 0.0, str)
    assert to_text(compile(parse("concat('[', /data/a, ']')"))(Context(root, root, now))) == "[]"


def test_a_shuffle_with_a_seed_is_always_the_same() -> None:
    assert value("join('', randomize(/data/r/q, 42))") == value("join('', randomize(/data/r/q, 42))")
    assert sorted(value("join('', randomize(/data/r/q))")) == ["u", "v", "w"]


@pytest.mark.parametrize(
    ("expression", "code", "position"),
    [
        ("", "empty", 0),
        ("1 +", "unfinished", 3),
        ("(1", "unfinished", 2),
        ("1 2", "unexpected", 2),
        ("foo(1)", "unknown_function", 0),
        ("1 + digest('a', 'MD5')", "refused", 4),
        ("substr('a')", "arguments", 0),
        ("if(1, 2)", "arguments", 0),
        ("/data/a = ‘x’", "typographic_quotes", 10),
        ("/data/a = «x»", "typographic_quotes", 10),
        ("/data/a > 0,5", "decimal_comma", 11),
        ("'open", "open_quote", 0),
        ("${a", "reference", 0),
        ("//a", "axis", 0),
        ("following::a", "axis", 0),
        ("round(1,)", "unexpected", 8),
        ("a # b", "character", 2),
        ("(" * 500 + "1" + ")" * 500, "too_deep", 100),
    ],
)
def test_an_expression_that_cannot_work_is_refused_at_its_place(expression: str, code: str, position: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile(parse(expression))
    assert (caught.value.code, caught.value.position) == (code, position)


def test_words_of_the_language_may_also_be_names_of_questions() -> None:
    assert parse("div div mod") is not None
    assert parse("/data/and and /data/or") is not None
    assert parse("a-b - c") is not None
