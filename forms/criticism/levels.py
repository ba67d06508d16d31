"""Who may read what: a level that is missing, unknown, or too low for what a question is made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from forms.consequences import HOUSING_NEED, without_consequence
from forms.expressions.graph import references
from forms.expressions.nodes import Call, Expression, Text
from forms.problems import Problem
from forms.structure import LEVELS, Form, Formula, Question

_BANDED = "V2"
"""Amounts may be shared as bands; what stands above never without the author saying so."""
_SHARED = frozenset({"V0", "V1"})
_FREE = frozenset({"text", "multiline"})
_SILENT = frozenset({"note", "hidden"})


def level_problems(form: Form) -> Iterator[Problem]:
    set_off: dict[str, list[Formula]] = {}
    for trigger in (trigger for triggers in form.triggers.values() for trigger in triggers):
        set_off.setdefault(trigger.target, []).append(trigger.value)
    members = {path: [child.path for child in group.children] for path, group in form.groups.items()}
    for question in form.questions.values():
        yield from _declared(form, question)
        made = (question.calculation, question.first_load, *set_off.get(question.path, ()))
        yield from _laundered(form, question, [formula for formula in made if formula is not None], members)
        yield from _free(question)
    yield from map(_without_consequence, without_consequence(form))


def _declared(form: Form, question: Question) -> Iterator[Problem]:
    if question.kind not in _SILENT and not question.level_declared:
        message = "This question does not say who may read it: it is treated as V2."
        hint = "Fill the column bind::relais:level with one of V0 to V4."
        yield Problem("warning", "missing_level", question.path, "level", message, {}, hint)
    written = form.declared_levels.get(question.path, "")
    if written and written not in LEVELS:
        message = "%(value)s is not a level of confidentiality."
        hint = "Write one of V0, V1, V2, V3, V4."
        yield Problem("refused", "unknown_level", question.path, "level", message, {"value": written}, hint)


def _laundered(
    form: Form, question: Question, made: list[Formula], members: Mapping[str, list[str]]
) -> Iterator[Problem]:
    """A calculation carries what it reads into its own level: whoever reads the result learns of the source."""
    for formula in made:
        higher = _higher(form, question, formula, members)
        if higher and not (higher.level == _BANDED and _is_band(formula.tree)):
            message = "Who may read %(level)s reads here what is made from %(source)s (%(higher)s)."
            hint = "Raise the level; or, when the result gives nothing away, write yes into bind::relais:derived."
            params = {"level": question.level, "source": higher.name, "higher": higher.level}
            yield Problem("warning", "laundered_level", question.path, "level", message, params, hint)
            return


def _is_band(tree: Expression) -> bool:
    """Whether a formula only chooses among words written in it: "under 800", "800 to 1200"…"""
    if isinstance(tree, Call) and tree.name == "if":
        return all(_is_band(branch) for branch in tree.arguments[1:])
    return isinstance(tree, Text)


def _higher(form: Form, question: Question, formula: Formula, members: Mapping[str, list[str]]) -> Question | None:
    """The most confidential answer that a formula reads, when it is above the level of its question."""
    read = references(formula.tree, question.path, lambda parent: members.get(parent, ()))
    sources = [form.questions[found.path] for found in read if found.path in form.questions]
    highest = max(sources, key=lambda source: (source.level, source.path), default=None)
    return highest if highest is not None and highest.level > question.level else None


def _free(question: Question) -> Iterator[Problem]:
    """Those who look for a dwelling read what is typed, whatever it says; a consequence was worded for them."""
    typed = question.kind in _FREE and question.asked and not question.causes
    if typed and question.level in _SHARED and not HOUSING_NEED.isdisjoint(question.purpose):
        message = "What is typed here is read by those who look for a dwelling, whatever it says."
        hint = "Offer a list; or name the confidential question it stands for in bind::relais:consequence."
        yield Problem("warning", "free_text_shared", question.path, "level", message, {}, hint)


def _without_consequence(question: Question) -> Problem:
    message = "This confidential answer serves to find a dwelling, but those who look for one read nothing of it."
    hint = "Add a V1 question that says what the dwelling needs; name this one in its column bind::relais:consequence."
    return Problem("warning", "no_consequence", question.path, "level", message, {}, hint)
