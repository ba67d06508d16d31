"""Rules that read other rows of their own repeat, or the rows that they count: they settle, whatever was before."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from forms.definition import Form
from forms.expressions.knots import Stuck, knots, sorted_places
from forms.instance import Instance, Now

WHILE_YES = """
| survey |
| | type | name | label | repeat_count | calculation |
| | begin repeat | child | Child | ${told} + number(${told} = 0 or ${last} = 'yes') | |
| | text | name | Name | | |
| | text | another | Another? | | |
| | end repeat | | | | |
| | calculate | told | | | count(${child}) |
| | calculate | last | | | indexed-repeat(${another}, ${child}, ${told}) |
"""

CHAINS = """
| survey |
| | type | name | label | calculation |
| | begin repeat | r | Row | |
| | integer | v | V | |
| | calculate | before | | if(position(..) = 1, ${v}, ${v} + indexed-repeat(${before}, ${r}, position(..) - 1)) |
| | calculate | after | | ${v} + coalesce(indexed-repeat(${after}, ${r}, position(..) + 1), 0) |
| | end repeat | | | |
| | calculate | total | | sum(${before}) + sum(${after}) |
"""

RESTLESS = """
| survey |
| | type | name | label | calculation |
| | begin repeat | r | Row | |
| | integer | v | V | |
| | calculate | x | | ${v} + coalesce(indexed-repeat(${x}, ${r}, 3 - position(..)), 0) |
| | end repeat | | | |
| | calculate | y | | count(${r}) |
"""


@pytest.fixture(scope="module")
def chains(form_of: Callable[[str], Form]) -> Form:
    return form_of(CHAINS)


def test_there_is_one_more_row_while_the_last_one_says_yes(form_of: Callable[[str], Form], now: Now) -> None:
    instance = Instance.new(form_of(WHILE_YES), now)
    assert instance.rows("/data/child") == 1
    instance.set("/data/child[1]/another", "yes")
    assert (instance.rows("/data/child"), instance.get("/data/told")) == (2, "2")
    instance.set("/data/child[2]/another", "no")
    assert instance.rows("/data/child") == 2
    instance.set("/data/child[2]/another", "yes")
    assert instance.rows("/data/child") == 3
    assert instance.copy().rows("/data/child") == 3


@pytest.mark.parametrize("rows", [1, 2, 120])
def test_every_row_may_build_on_its_neighbours_however_many_there_are(chains: Form, now: Now, rows: int) -> None:
    instance = Instance.from_answers(chains, {"r": [{"v": 1}] * rows}, now)
    assert [instance.get(f"/data/r[{row}]/before") for row in (1, rows)] == ["1", str(rows)]
    assert [instance.get(f"/data/r[{row}]/after") for row in (1, rows)] == [str(rows), "1"]
    assert instance.get("/data/total") == str(rows * (rows + 1))


def test_a_change_in_the_middle_reaches_both_ends(chains: Form, now: Now) -> None:
    instance = Instance.from_answers(chains, {"r": [{"v": 1}] * 60}, now)
    assert instance.get("/data/r[60]/before") == "60"
    instance.set("/data/r[30]/v", "101")
    assert (instance.get("/data/r[60]/before"), instance.get("/data/r[1]/after")) == ("160", "160")
    instance.remove_row("/data/r", 30)
    assert (instance.get("/data/r[59]/before"), instance.get("/data/r[1]/after")) == ("59", "59")


def test_rules_that_never_come_to_rest_are_left_where_they_are(form_of: Callable[[str], Form], now: Now) -> None:
    form = form_of(RESTLESS)
    instance = Instance.from_answers(form, {"r": [{"v": 1}, {"v": 2}]}, now)
    first = instance.get("/data/r[1]/x")
    instance.set("/data/r[1]/v", "7")
    instance.recompute()
    instance.set("/data/r[1]/v", "1")
    assert instance.get("/data/r[1]/x") == first
    assert instance.get("/data/y") == "2"


# -- the graph alone


def test_places_come_after_what_they_wait_for_otherwise_in_their_own_order() -> None:
    assert sorted_places([{3}, set(), {0}, set()]) == [1, 3, 0, 2]


def test_places_that_wait_for_each_other_are_named() -> None:
    with pytest.raises(Stuck) as caught:
        sorted_places([set(), {2}, {1, 0}])
    assert caught.value.loop in {(1, 2, 1), (2, 1, 2)}


def test_places_that_wait_for_each_other_form_a_knot() -> None:
    assert knots([{1}, {2, 3}, {1}, set(), {0}]) == [[3], [1, 2], [0], [4]]


def test_a_long_chain_needs_no_deep_recursion() -> None:
    count = 5000
    assert knots([{place + 1} for place in range(count - 1)] + [set()]) == [[place] for place in reversed(range(count))]
