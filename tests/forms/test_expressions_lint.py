"""What the critic says of a formula: the smallest formula for each remark, with its sentence and its hint."""

from __future__ import annotations

import pytest

from forms.expressions import ExpressionError, compile, parse
from forms.expressions.lint import Remark, remarks

DAYS = {"/data/day"}
REPEATS = {"/data/r", "/data/r/s"}


def said(formula: str, base: str = "/data/x") -> list[Remark]:
    return list(remarks(parse(formula), base, DAYS.__contains__, {"l"}, REPEATS))


@pytest.mark.parametrize(
    ("formula", "level", "code"),
    [
        ("instance('nowhere')/root/item", "refused", "unknown_list"),
        ("pulldata('nowhere', 'a', 'b', .)", "refused", "unknown_list"),
        ("sum(5)", "refused", "not_a_list"),
        ("count('a')", "refused", "not_a_list"),
        ("count-non-empty(/data/a + 1)", "refused", "not_a_list"),
        ("randomize(string(/data/a))", "refused", "not_a_list"),
        ("regex(., '^[a$')", "refused", "regex"),
        (f"regex(., '^{'(' * 480}{')' * 480}$')", "refused", "regex"),
        ("date('31/12/2026')", "refused", "not_a_date"),
        ("date('2026-02-30')", "refused", "not_a_date"),
        ("format-date(., '%d %A')", "refused", "format_mark"),
        ("format-date-time(., '100%')", "refused", "format_mark"),
        ("jr:choice-name(/data/k, /data/k)", "refused", "choice_name"),
        ("indexed-repeat(/data/a, /data/r, 1)", "refused", "indexed_repeat"),
        ("indexed-repeat('a', /data/r, 1)", "refused", "indexed_repeat"),
        ("last()", "warning", "not_portable"),
        ("floor(1.5)", "warning", "not_portable"),
        ("ceiling(1.5)", "warning", "not_portable"),
        ("substring('abc', 1)", "warning", "not_portable"),
        ("string()", "warning", "not_portable"),
        ("coalesce(., 'a', 'b')", "warning", "not_portable"),
        ("count(/data/a | /data/b)", "warning", "not_portable"),
        ("count(/data/g/*)", "warning", "not_portable"),
        ("count((/data/r)[p > 1])", "warning", "not_portable"),
        ("selected(., 1)", "warning", "selected_number"),
        ("round(/data/a - 10)", "warning", "round_below_zero"),
        ("round(-/data/a, 2)", "warning", "round_below_zero"),
        ("regex(., '[0-9]+')", "warning", "unanchored_regex"),
        ("regex(., '^\\p{L}+$')", "warning", "regex_letters"),
        ("/data/day > '2026-01-01'", "warning", "date_as_text"),
        ("'2026-01-02' > '2026-01-01'", "warning", "date_as_text"),
        ("/data/r[2]/q", "warning", "place_in_brackets"),
        ("count(/data/r[q])", "warning", "bare_filter"),
        ("/data/r/q", "warning", "several_rows"),
        ("/data/r/p + 1", "warning", "several_rows"),
        ("concat(/data/r/q, '.')", "warning", "several_rows"),
        ("max(/data/r/p, 3)", "warning", "several_rows"),
        ("if(/data/r/s/t > 1, 1, 2)", "warning", "several_rows"),
    ],
)
def test_each_slip_is_named_with_its_code(formula: str, level: str, code: str) -> None:
    assert [(remark.level, remark.code) for remark in said(formula)] == [(level, code)]


@pytest.mark.parametrize(
    ("formula", "base"),
    [
        ("sum(/data/r/p)", "/data/x"),
        ("count(/data/r[p > 1])", "/data/x"),
        ("count(/data/r[/data/r/p > 1])", "/data/x"),
        ("join(', ', /data/r/q)", "/data/x"),
        ("concat(/data/r/q)", "/data/x"),
        ("max(/data/r/p)", "/data/x"),
        ("indexed-repeat(/data/r/p, /data/r, 2) + 1", "/data/x"),
        ("indexed-repeat(/data/r/s/t, /data/r, 2, /data/r/s, 1)", "/data/x"),
        ("/data/r/p + 1", "/data/r/x"),
        ("/data/r[position() = 2]/q", "/data/x"),
        ("instance('l')/root/item[name = /data/a]/label", "/data/x"),
        ("pulldata('l', 'label', 'name', /data/a)", "/data/x"),
        ("jr:choice-name(/data/k, '/data/k')", "/data/x"),
        ("round(/data/a div 3, 2)", "/data/x"),
        ("format-date(/data/day, '%d/%m/%Y, 100%%')", "/data/x"),
        ("regex(., '^[0-9]{5}$')", "/data/x"),
        ("/data/day > date('2026-01-01')", "/data/x"),
        ("selected(., '1') and coalesce(/data/a, '0') != ''", "/data/x"),
    ],
)
def test_a_formula_that_travels_gets_no_remark(formula: str, base: str) -> None:
    assert said(formula, base) == []


def test_counting_ones_own_repeat_is_pointed_out() -> None:
    [remark] = said("concat(position(..), ' / ', count(/data/r))", "/data/r/x")
    assert remark.code == "own_repeat"
    assert remark.message % remark.params == (
        "Inside r, telephones and browsers count one row only; here all rows are counted."
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("selectd", "selected"),
        ("Count", "count"),
        ("string_length", "string-length"),
        ("choice-name", "jr:choice-name"),
    ],
)
def test_a_function_nearly_written_right_is_offered(written: str, meant: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile(parse(f"{written}(1)"))
    assert caught.value.code == "unknown_function"
    assert caught.value.hint % caught.value.params == f"Did you mean {meant}()?"


def test_a_function_like_no_other_is_refused_without_a_guess() -> None:
    with pytest.raises(ExpressionError) as caught:
        compile(parse("zzz(1)"))
    assert caught.value.hint == ""


def test_hints_are_filled_with_what_was_written() -> None:
    [remark] = said("/data/r[2]/q")
    assert remark.hint % remark.params == "Write [position() = 2]."
    [remark] = said("format-date(., '%d %A')")
    assert remark.message % remark.params == "%A is not a mark of format-date()."
