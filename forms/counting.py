"""A counted repeat may ask for more rows than there is room for: that is told where the number was answered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from forms.checking import AnswerError
from forms.expressions.graph import references
from forms.expressions.values import number_to_text, to_number
from forms.growing import address, below, nodes_at, standing
from forms.structure import Form, Formula, Question, Repeat
from forms.tree import Node

if TYPE_CHECKING:
    from forms.instance import Instance

TOO_MANY = "This number asks for %(rows)s lines; at most %(limit)s are possible."


def too_many(instance: Instance, page: str | None) -> Iterator[AnswerError]:
    """One error per counted repeat whose number goes beyond the limit, on the question that says the number."""
    for repeat in instance.form.groups.values():
        if isinstance(repeat, Repeat) and repeat.count is not None:
            yield from _of_repeat(instance, repeat, repeat.count, page)


def _of_repeat(instance: Instance, repeat: Repeat, count: Formula, page: str | None) -> Iterator[AnswerError]:
    for parent in nodes_at(instance.root, repeat.path.rpartition("/")[0]):
        wanted = to_number(count(instance.at(standing(repeat, parent)))) if parent.relevant else 0.0
        made = len(parent.children.get(repeat.name, ()))
        if wanted >= made + 1:
            found = _where(instance.form, repeat, count, parent)
            if found is not None and page in (None, found[1].page):
                params = {"rows": number_to_text(float(int(min(wanted, 1e15)))), "limit": made}
                yield AnswerError(address(found[0], instance.form), "constraint", TOO_MANY, params)


def _where(form: Form, repeat: Repeat, count: Formula, parent: Node) -> tuple[Node, Question] | None:
    """The answered question that the number comes from; the first one of the repeat when nobody answers it."""
    asked = _asked(form, count, repeat.path, frozenset())
    for question in (*asked, *repeat.questions()):
        base = parent
        while base.parent is not None and not question.path.startswith(f"{base.path}/"):
            base = base.parent
        found = below(base, question.path)
        if found:
            return found[0], question
    return None


def _asked(form: Form, formula: Formula, at: str, seen: frozenset[str]) -> Iterator[Question]:
    """What people answer behind a formula, through calculations."""
    for path in sorted({found.path for found in references(formula.tree, at, lambda _: ())} - seen):
        question = form.questions.get(path)
        if question is None:
            continue
        if question.calculation is None:
            yield question
        else:
            yield from _asked(form, question.calculation, path, seen | {path})
