"""Who reads what in a form: the rules that lean on an answer, and the texts that quote it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from forms.expressions.graph import references
from forms.structure import Form, Formula, Group, Question, Repeat


@dataclass(frozen=True, slots=True)
class Reading:
    """A rule that reads an answer: `by` is the path of the question or group whose rule it is."""

    by: str
    aspect: str
    text: str


class Readers:
    """A form asked who reads what. Built once for a list of changes."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.root = form.root.path
        self.of: dict[str, list[Reading]] = {}
        members = {path: [part.path for part in group.children] for path, group in form.groups.items()}
        for by, aspect, formula in _formulas(form):
            for one in references(formula.tree, by, lambda parent: members.get(parent, ())):
                self.of.setdefault(one.path, []).append(Reading(by, aspect, formula.text))

    def part(self, at: str) -> Question | Group | None:
        """What the common form has at a place; when it went elsewhere, the only one of that name. None for what was
        added to it.
        """
        path = f"{self.root}/{at}"
        here = self.form.questions.get(path) or self.form.groups.get(path)
        name = at.rpartition("/")[2]
        named = [one for one in (*self.form.questions.values(), *self.form.groups.values()) if one.name == name]
        return here or (named[0] if len(named) == 1 else None)

    def within(self, part: Question | Group) -> list[str]:
        """Paths of a question, or of a group and all that stands in it, in the order of the form."""
        if isinstance(part, Question):
            return [part.path]
        return [*(one.path for one in part.groups()), *(one.path for one in part.questions())]

    def label(self, path: str) -> str:
        part = self.form.questions.get(path) or self.form.groups.get(path)
        return (part.label[self.form.default_language] or part.name) if part else path.rpartition("/")[2]


def _formulas(form: Form) -> Iterator[tuple[str, str, Formula]]:
    """(path, aspect, formula) of every rule and every text that quotes an answer."""
    for path, group in form.groups.items():
        if group.relevant is not None:
            yield path, "relevant", group.relevant
        if isinstance(group, Repeat) and group.count is not None:
            yield path, "calculation", group.count
        yield from ((path, "text", formula) for formula in group.label.formulas())
    for path, question in form.questions.items():
        yield from _of_question(path, question)
    for triggers in form.triggers.values():
        yield from ((trigger.target, "calculation", trigger.value) for trigger in triggers)


def _of_question(path: str, question: Question) -> Iterator[tuple[str, str, Formula]]:
    for aspect in ("relevant", "required", "constraint", "calculation", "readonly"):
        formula = getattr(question, aspect)
        if formula is not None:
            yield path, aspect, formula
    for formula in (question.first_load, question.new_row):
        if formula is not None:
            yield path, "default", formula
    if question.choice_filter is not None and question.choice_filter.filtered:
        yield path, "choice_filter", question.choice_filter.formula
    for wording in (question.label, question.hint, question.constraint_message, question.required_message):
        yield from ((path, "text", formula) for formula in wording.formulas())
