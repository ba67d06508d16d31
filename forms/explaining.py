"""Say where a calculated value comes from, and put answers into the wordings that mention them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from forms.expressions.graph import references
from forms.expressions.values import to_text
from forms.fields import field_for
from forms.growing import address
from forms.spelling import Speller
from forms.structure import Formula, Question, Wording
from forms.tree import Node

if TYPE_CHECKING:
    from forms.instance import Instance


Allowed = Callable[[Question], bool]


def anything(_question: Question) -> bool:
    """No answer is withheld."""
    return True


@dataclass(frozen=True, slots=True)
class Input:
    """One answer that a calculation reads: where it stands, what it is called, what it says now."""

    path: str
    label: str
    shown: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """`expression` is the formula of the sheet, `formula` the same with today's numbers: `(520,50 + 0) ÷ 1 400`."""

    expression: str
    formula: str
    inputs: tuple[Input, ...]


def explain(instance: Instance, node: Node, question: Question, lang: str) -> Explanation | None:
    calculation = question.calculation
    if calculation is None:
        return None
    formula = spelled(instance, node, calculation, lang)
    return Explanation(calculation.text, formula, tuple(_inputs(instance, node, calculation, lang)))


def spelled(instance: Instance, node: Node, calculation: Formula, lang: str) -> str:
    """A formula with today's numbers."""
    return Speller(instance.at(node), lang, lambda found: shown(instance, found, lang)).spell(calculation.tree)


def _inputs(instance: Instance, node: Node, calculation: Formula, lang: str) -> list[Input]:
    """The questions that the calculation reads, in the order of the form; in a row, those of that row."""
    read = references(calculation.tree, node.path, lambda path: _members(instance, path))
    paths = {reference.path for reference in read}
    found = []
    for path in instance.form.questions:
        if path in paths:
            found.extend(_input(instance, leaf, lang) for leaf in _near(instance.engine.nodes(path), node))
    return found


def _members(instance: Instance, path: str) -> list[str]:
    group = instance.form.groups.get(path)
    return [part.path for part in group.children] if group else []


def _near(leaves: list[Node], node: Node) -> list[Node]:
    relevant = [leaf for leaf in leaves if leaf.relevant]
    own = [leaf for leaf in relevant if leaf.parent is node.parent]
    return own or relevant


def _input(instance: Instance, leaf: Node, lang: str) -> Input:
    question = instance.form.questions[leaf.path]
    label = resolved(instance, question.label, lang, leaf) or question.name
    return Input(address(leaf, instance.form), label, shown(instance, leaf, lang))


def shown(instance: Instance, node: Node, lang: str) -> str:
    """An answer as a person reads it: labels of choices, numbers and days in the manner of the language."""
    question = instance.form.questions.get(node.path)
    if question is None:
        return node.string()
    if question.choice_filter is not None:
        return ", ".join(choice_text(instance, node, question, value, lang) for value in _chosen(node, question))
    return field_for(question).show(node.text, lang) if node.text else ""


def _chosen(node: Node, question: Question) -> list[str]:
    if question.kind == "select_one":
        return [node.text] if node.text else []
    return node.text.split()


def choice_text(instance: Instance, node: Node, question: Question, value: str, lang: str) -> str:
    """The label of a chosen value; the value itself when no choice has it."""
    offered = question.choices or instance.choices_at(node, question)
    found = next((choice for choice in offered if choice.value == value), None)
    return found.label[lang] if found and found.label else value


def resolved(instance: Instance, wording: Wording, lang: str, node: Node, allowed: Allowed = anything) -> str:
    """A wording with the answers it mentions; those of questions that are not `allowed` stay a sign of omission."""
    parts = wording.parts(lang)
    if len(parts) < 2 and not any(isinstance(part, Formula) for part in parts):
        return wording[lang]
    written = []
    for part in parts:
        if isinstance(part, str):
            written.append(part)
        else:
            written.append(_output(instance, part, lang, node) if reads_only(instance, part, node, allowed) else "…")
    return "".join(written).strip()


def reads_only(instance: Instance, formula: Formula, node: Node, allowed: Allowed) -> bool:
    """Whether a formula reads nothing but answers that are allowed."""
    if allowed is anything:
        return True
    return all(map(allowed, _read(instance, formula, node)))


def _read(instance: Instance, formula: Formula, node: Node) -> tuple[Question, ...]:
    """The questions that a formula standing at a node reads; the form remembers what was found once."""
    form, key = instance.form, (formula, node.path)
    found = form.read.get(key)
    if found is None:
        paths = {one.path for one in references(formula.tree, node.path, lambda path: _members(instance, path))}
        found = form.read[key] = tuple(form.questions[path] for path in sorted(paths & form.questions.keys()))
    return found


def _output(instance: Instance, formula: Formula, lang: str, node: Node) -> str:
    value = formula(instance.at(node))
    if isinstance(value, list):
        return shown(instance, value[0], lang) if value else ""
    return to_text(value)
