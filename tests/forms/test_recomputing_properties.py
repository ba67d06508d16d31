"""However the answers came about, the rules say the same: step by step, or all at once from what was stored."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from forms.definition import load
from forms.expressions import compile, parse
from forms.expressions.values import Value
from forms.growing import address, leaves
from forms.instance import Instance, Now, RowLimit
from forms.structure import Repeat
from tests.forms.plain_interpreter import interpret
from tests.forms.random_forms import expression_places, forms

NOW = Now(date(2026, 3, 15), datetime(2026, 3, 15, tzinfo=UTC), lambda: 0.5, lambda: "a-b-c")
ROWS = 6
Step = tuple[str, int, str]

_texts = st.sampled_from(["", "1", "2", "3", "2.5", "x", "1 2", "2026-03-01"])
_steps = st.tuples(st.sampled_from(["set", "set", "set", "add", "remove", "read"]), st.integers(0, 60), _texts)


def state(instance: Instance) -> dict[str, Any]:
    """All that the rules have to say."""
    instance.recompute()
    asked = list(leaves(instance.root, instance.form))
    return {
        "nodes": [(address(node, instance.form), node.text, node.relevant) for node in instance.root.descendants()],
        "required": [instance.required(address(node, instance.form)) for node, _ in asked],
        "errors": instance.errors(),
        "values": instance.values(),
    }


def repeats(instance: Instance) -> list[str]:
    """Every repeat that has a place in the tree, whether it has rows or not."""
    found = []
    for node in instance.root.descendants():
        group = instance.form.groups.get(node.path)
        for child in group.children if group else ():
            if isinstance(child, Repeat):
                found.append(f"{address(node, instance.form)}/{child.name}")
    return found


def take(instance: Instance, step: Step) -> None:
    """One thing a person does; the number chooses among what there is."""
    verb, number, text = step
    if verb == "read":
        instance.recompute()
    elif verb == "set":
        asked = [node for node, question in leaves(instance.root, instance.form) if not question.computed]
        if asked:
            instance.set(address(asked[number % len(asked)], instance.form), text)
    elif places := repeats(instance):
        change_rows(instance, verb, places[number % len(places)], number)


def change_rows(instance: Instance, verb: str, path: str, number: int) -> None:
    rows = instance.raw_rows(path)
    if verb == "remove" and rows:
        instance.remove_row(path, number % rows + 1)
    elif verb == "add":
        try:
            instance.add_row(path)
        except RowLimit:
            assert rows >= ROWS


@settings(deadline=None)
@given(forms(), st.lists(_steps, max_size=14))
def test_any_chain_of_changes_ends_where_a_fresh_evaluation_ends(xml: str, steps: list[Step]) -> None:
    form = load(xml)
    instance = Instance.new(form, NOW, ROWS)
    for step in steps:
        take(instance, step)
    found = state(instance)
    fresh = Instance.from_xml(form, instance.to_xml(), NOW, ROWS)
    assert state(fresh) == found


@settings(deadline=None)
@given(expression_places(), st.lists(_steps, max_size=10))
def test_what_is_worked_out_beforehand_changes_no_value(asked: tuple[str, str, str], steps: list[Step]) -> None:
    xml, path, text = asked
    instance = Instance.new(load(xml), NOW, ROWS)
    for step in steps:
        take(instance, step)
    instance.recompute()
    tree = parse(text)
    formula = compile(tree)
    for node in instance.engine.nodes(path):
        assert same(formula(instance.at(node)), interpret(tree, instance.at(node)))


def same(left: Value, right: Value) -> bool:
    """Equal and of one kind; two numbers that are not numbers are the same."""
    both_nan = isinstance(left, float) and isinstance(right, float) and math.isnan(left) and math.isnan(right)
    return both_nan or (type(left) is type(right) and left == right)
