"""Long lists: a filter by a column finds its items at once, and finds exactly those that looking at each would find."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.expressions import Context, Now, compile, parse
from forms.tree import Node
from tests.forms.plain_interpreter import interpret

NOW = Now(date(2026, 3, 15), datetime(2026, 3, 15, tzinfo=UTC), lambda: 0.5, lambda: "u")
ROWS = [
    ("1", "nord", "a"),
    ("2", "sud", "a"),
    ("3", "nord", "b"),
    ("4", "", "b"),
    ("5", "nord", "a"),
    ("6", "2.0", "c"),
]

_filters = st.sampled_from(
    [
        "region = /data/region",
        "/data/region = region",
        "region = current()/../region",
        "region = 'nord' and letter = 'a'",
        "letter = /data/letter and region != 'sud'",
        "letter = 'a' and position() = 1",
        "letter = 'a' or region = 'sud'",
        "region = /data/number",
        "region = /data/nothing",
        "name = /data/list",
        "not(region = 'nord')",
        "region = letter",
    ]
)
_second = st.sampled_from(["", "[1]", "[position() = last()]", "[letter = 'b']", "[2]"])


def instance(rows: list[tuple[str, str, str]]) -> Node:
    outer = Node("instance", None, "")
    root = outer.append(Node("root", outer, ""))
    for row in rows:
        item = root.append(Node("item", root, ""))
        for name, text in zip(("name", "region", "letter"), row, strict=True):
            item.append(Node(name, item, "", text=text))
    return outer


def context(rows: list[tuple[str, str, str]], region: str = "nord", letter: str = "a") -> Context:
    root = Node("data", None, "/data")
    for name, kind, text in (("region", "string", region), ("letter", "string", letter), ("number", "int", "2")):
        root.append(Node(name, root, f"/data/{name}", kind, text))
    for text in ("1", "4"):
        root.append(Node("list", root, "/data/list", "string", text))
    return Context(root.children["letter"][0], root, NOW, {"towns": instance(rows)})


@given(_filters, _second, st.sampled_from(["nord", "sud", "", "2"]), st.sampled_from(["a", "b", "z"]))
def test_what_is_looked_up_is_what_looking_at_each_would_find(first: str, more: str, region: str, letter: str) -> None:
    tree = parse(f"instance('towns')/root/item[{first}]{more}/name")
    here = context(ROWS, region, letter)
    assert compile(tree)(here) == interpret(tree, here)


def test_a_filter_on_answers_sees_them_change() -> None:
    here = context(ROWS)
    group = here.root.append(Node("group", here.root, "/data/group"))
    letter = group.append(Node("letter", group, "/data/group/letter", "string", "a"))
    formula = compile(parse("count(/data/group[letter = 'a'])"))
    assert formula(here) == 1
    letter.text = "b"
    assert formula(here) == 0


@pytest.mark.parametrize(
    "text",
    [
        "count(instance('towns')/root/item[region = /data/region]/name)",
        "pulldata('towns', 'letter', 'name', '29999')",
    ],
)
def test_thirty_thousand_items_are_searched_in_a_moment(text: str) -> None:
    rows = [(str(number), f"r{number % 1000}", "a") for number in range(30_000)]
    here = context(rows, "r7")
    formula = compile(parse(text))
    assert formula(here) in (30.0, "a")
    began = time.perf_counter()
    for _ in range(100):
        formula(here)
    assert (time.perf_counter() - began) / 100 < 0.002
