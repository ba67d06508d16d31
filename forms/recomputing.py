"""Run the rules of a form over a tree of answers: relevance, calculations, counted rows.

Rules run in the order found when the form was read. After a change only the rules run that read what has changed, and
what they change in turn. Rules tied in a knot (a sum that reads the row before) begin blank and run until nothing
changes any more: what comes out depends on the answers alone, never on what was calculated before.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from heapq import heapify, heappop, heappush

from forms.expressions import Context
from forms.expressions.graph import Knot, Rule
from forms.expressions.values import Value, to_boolean, to_number, to_text
from forms.growing import addressed, new_row, put_defaults, room, standing
from forms.structure import Form, Question, Repeat
from forms.tree import Node

# How often the rules of one knot may run before they are taken for restless.
_MOST_SWEEPS = 50


Leaves = tuple[tuple[str, Node, Question], ...]
"""(path with row numbers, node, question)"""


class Engine:
    """The rules of one form bound to one tree. `row_limit` is the most rows that a count may create; `fresh` are the
    rows so created, until their defaults are worked out.
    """

    def __init__(self, form: Form, context: Context, row_limit: int) -> None:
        self.form = form
        self.context = context
        self.row_limit = row_limit
        self.fresh: list[Node] = []
        self._leaves: Leaves | None = None

    def forget_places(self) -> None:
        """Rows came or went: where the nodes of a path are must be found again."""
        self.context.places.clear()
        self._leaves = None

    def leaves(self) -> Leaves:
        """Every question of the tree with its path, in the order of the form, whether relevant or not. Found once as
        long as no row comes or goes: a page walks through all answers many times.
        """
        if self._leaves is None:
            self._leaves = tuple(addressed(self.context.root, self.form))
        return self._leaves

    def nodes(self, path: str) -> list[Node]:
        """Every node of a form path, in all rows."""
        return self.context.nodes(path)

    def run_all(self) -> None:
        for knot in self.form.rules.knots:
            if knot.tied:
                self._untie(knot)
            else:
                self._run(knot.rules[0])

    def run_readers(self, changed: Iterable[str]) -> None:
        """Run what reads the changed paths, then what reads the results, in the order of the rules."""
        order = self.form.rules
        waiting = list({place for path in changed for place in order.readers.get(path, ())})
        heapify(waiting)
        queued = set(waiting)
        while waiting:
            place = heappop(waiting)
            for path in self.run(order.knots[place]):
                for reader in order.readers.get(path, ()):
                    if reader not in queued:
                        queued.add(reader)
                        heappush(waiting, reader)

    def run(self, knot: Knot) -> Iterable[str]:
        """Run the rules of a knot everywhere they apply; the paths they have changed."""
        if knot.tied:
            return knot.writes if self._untie(knot) else ()
        rule = knot.rules[0]
        return rule.writes if self._run(rule) else ()

    def _run(self, rule: Rule, backwards: bool = False) -> bool:
        if rule.aspect == "count":
            return self._count(rule)
        nodes = self.nodes(rule.path)
        work = self._calculate if rule.aspect == "calculate" else self._relevance
        return work(rule, nodes[::-1] if backwards else nodes)

    def _calculate(self, rule: Rule, nodes: list[Node]) -> bool:
        changed, context, evaluate = False, self.context, rule.evaluate
        for node in nodes:
            context.node = node
            text = answer_text(evaluate(context))  # type: ignore[arg-type]
            if text != node.text:
                node.text, changed = text, True
        return changed

    def _relevance(self, rule: Rule, nodes: list[Node]) -> bool:
        changed, context, evaluate = False, self.context, rule.evaluate
        for node in nodes:
            context.node = node
            node.wanted = to_boolean(evaluate(context))  # type: ignore[arg-type]
            changed = node.refresh() or changed
        return changed

    def _untie(self, knot: Knot) -> bool:
        """Sweep over the rows, forwards and backwards, so that readings of either neighbour settle soon.

        Rows that a count adds change the beginning: begin again. Whether something differs from before.
        """
        before = self._said(knot)
        self._blank(knot)
        rows = self._rows(knot)
        for sweep in range(_MOST_SWEEPS):
            changed = [self._run(rule, sweep % 2 == 1) for rule in knot.rules]
            if self._rows(knot) != rows:
                rows = self._rows(knot)
                self._blank(knot)
            elif not any(changed):
                break
        return self._said(knot) != before

    def _said(self, knot: Knot) -> list[tuple[str, bool]]:
        return [(node.text, node.relevant) for path in sorted(knot.writes) for node in self.nodes(path)]

    def _rows(self, knot: Knot) -> int:
        return sum(len(self.nodes(rule.path)) for rule in knot.rules if rule.aspect == "count")

    def _blank(self, knot: Knot) -> None:
        for rule in knot.rules:
            for node in self.nodes(rule.path):
                if rule.aspect == "calculate":
                    node.text = node.text if rule.keeps else ""
                else:
                    node.wanted, node.surplus = node.wanted or rule.aspect == "relevant", False
                    node.refresh()

    def _count(self, rule: Rule) -> bool:
        repeat: Repeat = self.form.groups[rule.path]  # type: ignore[assignment]
        left, changed = room(self.context.root, repeat.path, self.row_limit), False
        for parent in list(self.nodes(rule.path.rpartition("/")[0])):
            rows = parent.children.setdefault(repeat.name, [])
            count = self._wanted(rule, repeat, parent, max(self.row_limit, len(rows)))
            made = self._make_rows(repeat, parent, min(count - len(rows), left))
            left -= made
            changed = any([_surplus(row, place > count) for place, row in enumerate(rows, 1)]) or made > 0 or changed
        return changed

    def _wanted(self, rule: Rule, repeat: Repeat, parent: Node, most: int) -> int:
        self.context.node = standing(repeat, parent)
        wanted = to_number(rule.evaluate(self.context))  # type: ignore[arg-type]
        return 0 if math.isnan(wanted) else int(max(0, min(wanted, most)))

    def _make_rows(self, repeat: Repeat, parent: Node, missing: int) -> int:
        """Create the rows that are missing; rows beyond the count stay, as if they were not there."""
        for _ in range(missing):
            row = new_row(repeat, parent)
            put_defaults(row, self.form)
            self.fresh.append(row)
        if missing > 0:
            self.forget_places()
        return max(0, missing)


def _surplus(row: Node, surplus: bool) -> bool:
    row.surplus = surplus
    return row.refresh()


def answer_text(value: Value) -> str:
    """What is stored for a calculated value; "not a number" is stored as no answer."""
    if isinstance(value, str):
        return value
    return "" if isinstance(value, float) and math.isnan(value) else to_text(value)
