"""Run the rules of a form over a tree of answers: relevance, calculations, counted rows.

Rules run in the order found when the form was read. After a change only the rules run that read what has changed, and
what they change in turn.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from heapq import heapify, heappop, heappush

from forms.expressions import Context
from forms.expressions.graph import Rule, readers
from forms.expressions.values import Value, to_boolean, to_number, to_text
from forms.growing import new_row, nodes_at
from forms.structure import Form, Repeat
from forms.tree import Node

# A rule that reads other rows of its own repeat may have to run again: never more often than this in one go.
_MOST_RUNS = 50


class Engine:
    """The rules of one form bound to one tree. `row_limit` is the most rows that a count may create."""

    def __init__(self, form: Form, context: Context, row_limit: int) -> None:
        self.form = form
        self.context = context
        self.row_limit = row_limit
        self.readers = readers(form.rules)
        self._places: dict[str, list[Node]] = {}

    def forget_places(self) -> None:
        """Rows came or went: where the nodes of a path are must be found again."""
        self._places.clear()

    def nodes(self, path: str) -> list[Node]:
        if path not in self._places:
            self._places[path] = nodes_at(self.context.root, path)
        return self._places[path]

    def run_all(self) -> None:
        for rule in self.form.rules:
            self.run(rule)
        self.run_readers({path for rule in self.form.rules for path in rule.loose})

    def run_readers(self, changed: Iterable[str]) -> None:
        """Run what reads the changed paths, then what reads the results, in the order of the rules."""
        waiting = list({place for path in changed for place in self.readers.get(path, ())})
        heapify(waiting)
        queued, runs = set(waiting), dict.fromkeys(waiting, 0)
        while waiting:
            place = heappop(waiting)
            queued.discard(place)
            runs[place] = runs.get(place, 0) + 1
            for path in self.run(self.form.rules[place]):
                for reader in self.readers.get(path, ()):
                    if reader not in queued and runs.get(reader, 0) < _MOST_RUNS:
                        queued.add(reader)
                        heappush(waiting, reader)

    def run(self, rule: Rule) -> Iterable[str]:
        """Run one rule everywhere it applies; the paths it has changed."""
        if rule.aspect == "count":
            return rule.writes if self._count(rule) else ()
        work = self._calculate if rule.aspect == "calculate" else self._relevance
        changed = [work(node, self._value(rule, node)) for node in self.nodes(rule.path)]
        return rule.writes if any(changed) else ()

    def _value(self, rule: Rule, node: Node) -> Value:
        self.context.node = node
        return rule.evaluate(self.context)  # type: ignore[return-value]

    def _calculate(self, node: Node, value: Value) -> bool:
        text = answer_text(value)
        if text == node.text:
            return False
        node.text = text
        return True

    def _relevance(self, node: Node, value: Value) -> bool:
        node.wanted = to_boolean(value)
        return node.refresh()

    def _count(self, rule: Rule) -> bool:
        repeat = self.form.groups[rule.path]
        above = rule.path.rpartition("/")[0]
        changed = [self._count_rows(rule, repeat, parent) for parent in list(self.nodes(above))]  # type: ignore[arg-type]
        return any(changed)

    def _count_rows(self, rule: Rule, repeat: Repeat, parent: Node) -> bool:
        """Create the rows that are missing; rows beyond the count stay, as if they were not there."""
        wanted = to_number(self._value(rule, parent))
        count = 0 if math.isnan(wanted) else int(max(0, min(wanted, self.row_limit)))
        rows = parent.children.setdefault(repeat.name, [])
        missing = count - len(rows)
        for _ in range(missing):
            start_row(new_row(repeat, parent), self.form, self.context)
        if missing > 0:
            self.forget_places()
        return any([_surplus(row, place > count) for place, row in enumerate(rows, 1)]) or missing > 0


def _surplus(row: Node, surplus: bool) -> bool:
    row.surplus = surplus
    return row.refresh()


def answer_text(value: Value) -> str:
    """What is stored for a calculated value; "not a number" is stored as no answer."""
    if isinstance(value, float) and math.isnan(value):
        return ""
    return to_text(value)


def start_row(row: Node, form: Form, context: Context) -> None:
    """Put the defaults into a fresh row."""
    for node in row.descendants():
        question = form.questions.get(node.path)
        if question is None:
            continue
        node.text = question.default
        formula = question.new_row or question.first_load
        if formula is not None:
            context.node = node
            node.text = answer_text(formula(context))
