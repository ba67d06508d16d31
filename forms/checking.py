"""What is wrong with an answer: its type, its choice, its constraint, its absence. In that order, one error each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from forms.consequences import NEEDED, called_for
from forms.expressions.values import number_to_text
from forms.fields import field_for
from forms.growing import address
from forms.structure import NOTHING, Choice, ChoiceList, Question, Wording
from forms.tree import Node

if TYPE_CHECKING:
    from forms.instance import Instance

REQUIRED = "This answer is needed."
CONSTRAINT = "This answer is not possible here."
CHOICE = "%(value)s is not among the choices offered."


@dataclass(frozen=True, slots=True)
class AnswerError:
    """`message` is an English msgid filled from `params`; `custom` is the author's own sentence and goes first."""

    path: str
    kind: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)
    custom: Wording = NOTHING


def errors(instance: Instance, page: str | None) -> list[AnswerError]:
    found = []
    for _path, node, question in instance.leaves():
        if node.relevant and (page is None or question.page == page):
            error = check(instance, node, question)
            if error is not None:
                found.append(error)
    return found


def check(instance: Instance, node: Node, question: Question) -> AnswerError | None:
    """The first thing wrong with one relevant answer."""
    if question.kind == "note":
        return None
    if node.text == "":
        return _missing(instance, node, question)
    if question.computed and question.constraint is None and question.choice_filter is None:
        return None
    return next(_wrong(instance, node, question), None)


def _missing(instance: Instance, node: Node, question: Question) -> AnswerError | None:
    if question.computed:
        return None
    asked = instance.holds(question.required, node)
    if not asked and not called_for(question, node):
        return None
    path = address(node, instance.form)
    return AnswerError(path, "required", REQUIRED if asked else NEEDED, {}, question.required_message)


def _wrong(instance: Instance, node: Node, question: Question) -> Iterator[AnswerError]:
    refusal = None if question.computed else field_for(question).refusal(node.text)
    if refusal is not None:
        path = address(node, instance.form)
        yield AnswerError(path, "type", refusal, {"value": node.text, **_limits(question)})
    foreign = _foreign_choice(instance, node, question)
    if foreign is not None:
        yield AnswerError(address(node, instance.form), "choice", CHOICE, {"value": foreign})
    if question.constraint is not None and not instance.holds(question.constraint, node):
        yield AnswerError(address(node, instance.form), "constraint", CONSTRAINT, {}, question.constraint_message)


def _limits(question: Question) -> dict[str, str]:
    return {name: number_to_text(limit) for name, limit in question.limits.items()}


def _foreign_choice(instance: Instance, node: Node, question: Question) -> str | None:
    """A chosen value that is not offered (any more)."""
    if question.choice_filter is None:
        return None
    offered = {choice.value for choice in instance.choices_at(node, question)}
    chosen = [node.text] if question.kind == "select_one" else node.text.split()
    return next((value for value in chosen if value not in offered), None)


def column(item: Node, name: str) -> str:
    """A column of a choice, or an answer in the row that serves as a choice."""
    for step in name.split("/"):
        below = item.children.get(step, [])
        if not below:
            return ""
        item = below[0]
    return item.text


def choice_from_answers(item: Node, source: ChoiceList, lang: str) -> Choice:
    return Choice(column(item, source.value), Wording({lang: (column(item, source.label),)}, lang))
