"""Who reads whom, in which order, and what goes round in circles."""

from __future__ import annotations

import pytest

from forms.expressions import parse
from forms.expressions.graph import Cycle, Reference, Rule, ordered, references


def reads(expression: str, base: str = "/data/g/x") -> set[Reference]:
    return references(parse(expression), base, lambda path: [f"{path}/one", f"{path}/two"] if path == "/data/g" else [])


def rule(path: str, *read: str) -> Rule:
    return Rule(path, "calculate", lambda _: "", frozenset(read), frozenset(), frozenset({path}))


def test_relative_and_absolute_paths_are_found() -> None:
    assert reads("../y + /data/z") == {Reference("/data/g/y"), Reference("/data/z")}


def test_a_dot_reads_the_question_itself() -> None:
    assert reads(". > 0") == {Reference("/data/g/x")}


def test_a_star_reads_all_children() -> None:
    assert reads("count-non-empty(../*)") == {Reference("/data/g/one"), Reference("/data/g/two")}


def test_the_text_of_a_group_is_that_of_all_its_answers() -> None:
    assert reads("/data/g != ''") == {Reference("/data/g"), Reference("/data/g/one"), Reference("/data/g/two")}


def test_counting_rows_does_not_read_their_answers() -> None:
    assert reads("count(/data/g) + position(..)", "/data/h/x") == {Reference("/data/g"), Reference("/data/h")}


def test_a_filter_is_read_too_and_makes_the_reading_loose() -> None:
    found = reads("/data/r[position() = /data/n]/v")
    assert found == {Reference("/data/r/v", True), Reference("/data/n", True)}


def test_columns_of_a_list_of_choices_are_not_answers() -> None:
    assert reads("instance('towns')/root/item[region = current()/../y]") == {Reference("/data/g/y", True)}


def test_rules_run_after_what_they_read() -> None:
    rules = [rule("/d/c", "/d/b"), rule("/d/b", "/d/a"), rule("/d/a", "/d/answer")]
    assert [one.path for one in ordered(rules)] == ["/d/a", "/d/b", "/d/c"]


def test_rules_that_wait_for_each_other_are_named() -> None:
    with pytest.raises(Cycle) as caught:
        ordered([rule("/d/free"), rule("/d/a", "/d/b"), rule("/d/b", "/d/c"), rule("/d/c", "/d/a")])
    assert set(caught.value.paths) == {"/d/a", "/d/b", "/d/c"}
    assert caught.value.paths[0] == caught.value.paths[-1]
