"""More rows than there is room for: said where it happens, never cut off in silence."""

from __future__ import annotations

import time

import pytest

from forms.growing import IN_ALL, RowLimit
from forms.instance import Instance
from tests.forms.scenario import NOW, form_of

TABLE = """
| survey |
| | type | name | label | repeat_count | calculation |
| | begin_group | page | Page | | |
| | integer | n | How many | | |
| | end_group | | | | |
| | begin_group | other | Other | | |
| | begin_repeat | row | Row | ${n} | |
| | text | a | A | | |
| | end_repeat | | | | |
| | end_group | | | | |
| | begin_repeat | twice | Twice | ${n} * 2 | |
| | text | b | B | | |
| | end_repeat | | | | |
| | begin_repeat | free | Free | | |
| | text | c | C | | |
| | begin_repeat | inner | Inner | | |
| | text | d | D | | |
| | end_repeat | | | | |
| | end_repeat | | | | |
"""
FORM = form_of(TABLE)


def told(instance: Instance, page: str | None = None) -> list[tuple[str, str, str]]:
    return [(error.path, error.kind, error.message % error.params) for error in instance.errors(page)]


def test_a_number_beyond_the_limit_is_told_on_the_question_that_says_it() -> None:
    instance = Instance.new(FORM, NOW, row_limit=20)
    instance.set("/data/page/n", "15")
    assert told(instance) == [
        ("/data/page/n", "constraint", "This number asks for 30 lines; at most 20 are possible."),
    ]
    instance.set("/data/page/n", "1000000000")
    assert [path for path, _, _ in told(instance)] == ["/data/page/n"] * 2
    assert (instance.rows("/data/other/row"), instance.rows("/data/twice")) == (20, 20)


def test_the_error_stands_on_the_page_of_that_question() -> None:
    instance = Instance.new(FORM, NOW, row_limit=20)
    instance.set("/data/page/n", "25")
    assert len(told(instance, "/data/page")) == 2
    assert told(instance, "/data/other") == []


def test_a_number_within_the_limit_is_no_error() -> None:
    instance = Instance.new(FORM, NOW, row_limit=20)
    instance.set("/data/page/n", "10")
    assert told(instance) == []


def test_no_row_is_added_beyond_the_limit() -> None:
    instance = Instance.new(FORM, NOW, row_limit=2)
    instance.add_row("/data/free")
    with pytest.raises(RowLimit) as full:
        instance.add_row("/data/free")
    assert str(full.value) == "The list /data/free can hold 2 lines at most."
    assert instance.rows("/data/free") == 2


def test_answers_with_too_many_rows_are_refused() -> None:
    with pytest.raises(RowLimit):
        Instance.from_answers(FORM, {"free": [{}] * 21}, NOW, row_limit=20)


def test_a_submission_with_too_many_rows_is_refused() -> None:
    xml = "<data>" + "<free><c>x</c></free>" * 21 + "</data>"
    with pytest.raises(RowLimit) as full:
        Instance.from_xml(FORM, xml, NOW, row_limit=20)
    assert full.value.params == {"path": "/data/free", "limit": 20}


def test_what_was_stored_under_a_larger_limit_is_read_again_whole() -> None:
    xml = "<data>" + "<free><c>x</c></free>" * 21 + "</data>"
    instance = Instance.from_xml(FORM, xml, NOW, row_limit=20, submitted=False)
    assert instance.rows("/data/free") == 21
    assert instance.copy().rows("/data/free") == 21
    with pytest.raises(RowLimit):
        instance.add_row("/data/free")


def test_rows_inside_rows_have_a_limit_in_all() -> None:
    rows = [{"inner": [{}] * 10} for _ in range(10)]
    assert Instance.from_answers(FORM, {"free": rows}, NOW, row_limit=10).rows("/data/free") == 10
    deep = form_of("""
| survey |
| | type | name | label |
| | begin_repeat | a | A |
| | begin_repeat | b | B |
| | begin_repeat | c | C |
| | text | d | D |
| | end_repeat | | |
| | end_repeat | | |
| | end_repeat | | |
""")
    answers = {"a": [{"b": [{"c": [{}] * 5} for _ in range(5)]} for _ in range(5)]}
    with pytest.raises(RowLimit) as full:
        Instance.from_answers(deep, answers, NOW, row_limit=5)
    assert full.value.path.startswith("/data/a[2]/b[5]/c")
    assert str(full.value) == "The lists /data/a/b/c can hold 50 lines at most, all together."
    assert IN_ALL == 10


def test_counts_inside_counts_stay_within_bounds() -> None:
    nested = form_of("""
| survey |
| | type | name | label | repeat_count |
| | integer | n | N | |
| | begin_repeat | a | A | ${n} |
| | begin_repeat | b | B | ${n} |
| | begin_repeat | c | C | ${n} |
| | text | d | D | |
| | end_repeat | | | |
| | end_repeat | | | |
| | end_repeat | | | |
""")
    instance = Instance.new(nested, NOW)
    start = time.perf_counter()
    instance.set("/data/n", "500")
    instance.recompute()
    assert len(instance.engine.nodes("/data/a/b/c")) == 500 * IN_ALL
    assert {kind for _, kind, _ in told(instance)} == {"constraint"}
    assert time.perf_counter() - start < 5


def test_a_limit_that_is_lower_than_the_rows_there_hides_none_of_them() -> None:
    instance = Instance.from_answers(FORM, {"page": {"n": 8}, "other": {"row": [{"a": "x"}] * 8}}, NOW)
    lower = Instance.from_xml(FORM, instance.to_xml(), NOW, row_limit=5, submitted=False)
    assert lower.rows("/data/other/row") == 8
    assert [lower.get(f"/data/other/row[{row}]/a") for row in (1, 8)] == ["x", "x"]
