"""Read a form as a critic: refuse what cannot work, warn of what may surprise. Knows paths, not rows of a sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from forms.criticism.beside import list_problems
from forms.criticism.columns import Columns
from forms.criticism.filters import filter_problems
from forms.criticism.levels import level_problems
from forms.criticism.offers import offer_problems
from forms.criticism.texts import text_problems
from forms.criticism.written import Written
from forms.expressions.graph import references
from forms.expressions.lint import remarks
from forms.problems import Problem
from forms.reading import Fault
from forms.structure import Form, Formula, Group, Question, Repeat
from forms.vocabulary import FRENCH_FUNCTIONS
from forms.wordings import instance_name

__all__ = ["Problem", "lint"]

_DECIMAL_COMMA = re.compile(r"\d,\d")
_SPACED_COMMA = re.compile(r", ")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_POINT = "A decimal number is written with a point in a formula: 0.5, not 0,5."
_NOTHING: Mapping[str, bytes] = {}
_AS_COMPILED = Written()


def lint(
    form: Form,
    faults: tuple[Fault, ...] = (),
    media: Mapping[str, bytes] = _NOTHING,
    written: Written = _AS_COMPILED,
) -> list[Problem]:
    """All problems: faults of expressions first, then formulas question by question in the order of the form, then
    levels, texts, choices and files. written: what the workbook says besides.
    """
    found = [_fault(fault) for fault in faults]
    critic = _FormulaCritic(form, written)
    for group in form.groups.values():
        found.extend(critic.group(group))
    for question in form.questions.values():
        found.extend(critic.question(question))
    for triggers in form.triggers.values():
        for trigger in triggers:
            found.extend(critic.formula(trigger.target, "calculation", trigger.value))
    found.extend(level_problems(form))
    found.extend(text_problems(form))
    found.extend(offer_problems(form, media))
    found.extend(list_problems(form, media, written))
    return found


def _fault(fault: Fault) -> Problem:
    error = fault.error
    hint = _POINT if error.code in {"arguments", "syntax"} and _DECIMAL_COMMA.search(fault.text) else ""
    hint = hint or error.hint
    meant = (
        FRENCH_FUNCTIONS.get(str(error.params.get("name", "")).lower()) if error.code == "unknown_function" else None
    )
    if meant is not None:
        params = {**error.params, "meant": meant}
        hint = "Functions have English names: write %(meant)s."
        return Problem("refused", error.code, fault.path, fault.aspect, error.message, params, hint)
    return Problem("refused", error.code, fault.path, fault.aspect, error.message, error.params, hint)


class _FormulaCritic:
    """Reads every formula of a form: what it names, and what ours and other engines make of it."""

    def __init__(self, form: Form, written: Written) -> None:
        self.form = form
        self.columns = Columns(form, written)
        self.members = {path: [part.path for part in group.children] for path, group in form.groups.items()}
        self.known = frozenset((*form.questions, *form.groups))
        self.lists = frozenset(form.instances)
        self.repeats = frozenset(path for path, group in form.groups.items() if isinstance(group, Repeat))

    def group(self, group: Group) -> Iterator[Problem]:
        if group.path != self.form.root.path:
            yield from self.formula(group.path, "relevant", group.relevant)
            if isinstance(group, Repeat):
                yield from self.formula(group.path, "repeat_count", group.count)

    def question(self, question: Question) -> Iterator[Problem]:
        path = question.path
        for aspect in ("relevant", "required", "constraint", "readonly", "calculation"):
            yield from self.formula(path, aspect, getattr(question, aspect))
        yield from self.formula(path, "default", question.first_load)
        for aspect in ("label", "hint"):
            for formula in getattr(question, aspect).formulas():
                yield from self.formula(path, aspect, formula)
        source = question.choice_filter
        if source is not None:
            yield from self.formula(path, "choice_filter", source.formula)
            name = instance_name(source.formula.tree)
            if name and name in self.lists and not question.choices:
                message = "The list %(name)s has no choices."
                yield Problem("warning", "empty_list", path, "type", message, {"name": name}, "Fill it.")

    def formula(self, path: str, aspect: str, formula: Formula | None) -> Iterator[Problem]:
        if formula is None:
            return
        for reference in references(formula.tree, path, lambda parent: self.members.get(parent, ())):
            if reference.path not in self.known and not reference.path.startswith(f"{self.form.root.path}/meta/"):
                message = "The formula reads %(target)s, which does not exist."
                yield Problem("refused", "unknown_path", path, aspect, message, {"target": reference.path})
        for remark in remarks(formula.tree, path, self.is_date, self.lists, self.repeats):
            yield Problem(remark.level, remark.code, path, aspect, remark.message, remark.params, remark.hint)
        yield from self.columns.problems(path, aspect, formula.tree)
        yield from filter_problems(path, aspect, formula.tree, self.repeats)
        bare = _QUOTED.sub("''", formula.text)
        if _DECIMAL_COMMA.search(bare) and _SPACED_COMMA.search(bare):
            message = "A comma between two digits separates two values here; it is not a decimal comma."
            yield Problem("warning", "comma", path, aspect, message, {}, _POINT)

    def is_date(self, path: str) -> bool:
        question = self.form.questions.get(path)
        return question is not None and question.kind in {"date", "datetime"}
