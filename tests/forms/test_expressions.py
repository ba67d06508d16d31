"""The expression language: what it computes and what it refuses."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from lxml import etree

from forms.expressions import Context, ExpressionError, Now, compile, parse
from forms.expressions.functions import FUNCTIONS, LAZY, REFUSED
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


LIST = """<instance><root>
<item><key>k1</key><label>One</label></item><item><key>k2</key><label>Two</label></item></root></instance>"""


def value(expression: str, at: str = "/data") -> str:
    root = tree_of(INSTANCE)
    now = Now(date(2026, 3, 15), datetime(2026, 3, 15, 10, tzinfo=UTC), lambda: 0.25, lambda: "a-b-c")
    found = compile(parse(at))(Context(root, root, now))
    assert isinstance(found, list)
    return to_text(compile(parse(expression))(Context(found[0], root, now, {"list": tree_of(LIST)})))


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
        ("boolean(/data/b)", "false"),
        ("boolean(/data/a)", "true"),
        ("if(/data/b, 'y', 'n')", "n"),
        ("/data/missing = ''", "true"),
        ("/data/missing != 'x'", "true"),
        ("round(2.5)", "3"),
        ("round(-1.5)", "-2"),
        ("round(2.345, 2)", "2.35"),
        ("round(1234.5, -2)", "1200"),
        ("int(-2.7)", "-2"),
        ("pow(2, 3)", "8"),
        ("sqrt(-1)", "NaN"),
        ("number(' 12 ')", "12"),
        ("number('0x10')", "NaN"),
        ("number('1e3')", "NaN"),
        ("number('+3')", "NaN"),
        ("exp10(2)", "100"),
        ("atan2(0, 1)", "0"),
        ("log(0)", "-Infinity"),
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
        ("indexed-repeat(/data/r/q, /data/r, 0)", ""),
        ("count(/data/r[/data/r/p > 1])", "1"),
        ("(/data/r)[position() = 2]/q", "v"),
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
        ("selected(/data/b, '')", "true"),
        ("selected-at(/data/m, 2)", "c"),
        ("selected-at(/data/m, 9)", ""),
        ("count-selected(/data/m)", "3"),
        ("regex('a123b', '[0-9]+')", "false"),
        ("regex('123', '[0-9]+')", "true"),
        ("regex('été', '\\w+')", "false"),
        ("regex('été', '\\p{L}+')", "true"),
        ("regex('a_1', '[\\w]+')", "true"),
        ("if(/data/a > 3, 'y', 1 div 0)", "y"),
        ("coalesce(/data/b, 'z')", "z"),
        ("coalesce(/data/b + 1, 4)", "4"),
        ("coalesce('', '', 'q')", "q"),
        ("boolean-from-string('1')", "true"),
        ("boolean-from-string('TRUE')", "true"),
        ("boolean-from-string('vrai')", "false"),
        ("checklist(1, 2, true(), false())", "true"),
        ("weighted-checklist(4, -1, true(), 3, false(), 1)", "false"),
        ("weighted-checklist(2, 4, true(), 3, false(), 1)", "true"),
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
        ("decimal-time('2026-03-02T18:00:00Z')", "0.75"),
        ("decimal-date-time(3.5)", "3.5"),
        ("format-date('2027-01-03', '%W %a %b')", "53 Sun Jan"),
        ("date('2026-3-2')", "2026-03-02"),
        ("date-time(20514.25)", "2026-03-02T06:00:00.000+00:00"),
        ("string-length(uuid(12))", "12"),
        ("pulldata('list', 'label', 'key', 'k2')", "Two"),
        ("pulldata('list', 'label', 'key', 'k9')", ""),
        ("pulldata('none', 'label', 'key', 'k2')", ""),
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
        ("indexed-repeat(a, b, 1, c)", "arguments", 0),
        ("weighted-checklist(1, 2, 3)", "arguments", 0),
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


# The whole list of the specification, and what it adds to XPath: every name is known, computed or refused.
NAMES = """
string concat join substr substring-before substring-after translate string-length normalize-space contains starts-with
ends-with uuid digest pulldata base64-decode if coalesce once true false boolean boolean-from-string not regex checklist
weighted-checklist number random int sum max min round pow log log10 abs sin cos tan asin acos atan atan2 sqrt exp exp10
pi count count-non-empty position instance current randomize today now format-date format-date-time date
decimal-date-time decimal-time selected selected-at count-selected jr:choice-name jr:itext indexed-repeat area distance
"""
SPECIFICATION = NAMES.split()


def test_every_function_of_the_specification_is_known() -> None:
    assert len(SPECIFICATION) == 70
    assert set(SPECIFICATION) <= FUNCTIONS.keys() | LAZY.keys() | REFUSED.keys()
    assert {"digest", "base64-decode", "area", "distance", "extract-signed", "geofence"} == set(REFUSED)


def test_days_and_months_are_named_in_the_language_of_the_form() -> None:
    root = tree_of(INSTANCE)
    now = Now(date(2026, 3, 15), datetime(2026, 3, 15, tzinfo=UTC), lambda: 0.0, str)
    written = compile(parse("format-date(today(), '%a %e %b %Y')"))
    assert written(Context(root, root, now, language="fr")) == "dim. 15 mars 2026"
    assert written(Context(root, root, now, language="en")) == "Sun 15 Mar 2026"


def test_a_choice_is_named_from_inside_a_row_by_a_relative_path() -> None:
    root = tree_of(INSTANCE)
    now = Now(date(2026, 3, 15), datetime(2026, 3, 15, tzinfo=UTC), lambda: 0.0, str)
    row = root.children["r"][1].children["p"][0]
    context = Context(row, root, now, choice_label=lambda path, value: f"{path} {value}")
    assert compile(parse("jr:choice-name('v', ' ../q ')"))(context) == "/data/r/q v"


def test_an_answer_that_is_not_relevant_compares_like_an_empty_one() -> None:
    root = tree_of(INSTANCE)
    root.children["a"][0].wanted = False
    root.children["a"][0].refresh()
    now = Now(date(2026, 3, 15), datetime(2026, 3, 15, tzinfo=UTC), lambda: 0.0, str)
    context = Context(root, root, now)
    assert compile(parse("/data/a = '' and /data/a != 5 and not(/data/a)"))(context) is True
