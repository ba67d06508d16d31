"""The first answers of fresh rows that have to be worked out: dynamic defaults.

Source: ODK XForms specification, events `odk-instance-first-load` (a new set of answers) and `odk-new-repeat` (a row
added later). A default that is worked out sees the calculations of its own row.
"""

from __future__ import annotations

from collections.abc import Iterable

from forms.expressions import Context
from forms.growing import below
from forms.recomputing import Engine, answer_text
from forms.structure import Formula, Question
from forms.tree import Node


def put_worked_out(engine: Engine, fresh: Iterable[Node]) -> None:
    """The defaults of fresh rows, in the order of the form; calculations that read them follow at once."""
    rows = list(fresh)
    for path in engine.form.worked_out:
        question = engine.form.questions[path]
        if any([_put(engine.context, row, question) for row in rows]):
            engine.run_readers([path])


def _put(context: Context, row: Node, question: Question) -> bool:
    formula = _formula(row, question)
    if formula is None or not question.path.startswith(f"{row.path}/"):
        return False
    nodes = below(row, question.path)
    for node in nodes:
        context.node = node
        node.text = answer_text(formula(context))
    return bool(nodes)


def _formula(row: Node, question: Question) -> Formula | None:
    return question.first_load if row.parent is None else question.new_row
