"""Labels, hints and messages: missing, empty, repeated."""

from __future__ import annotations

from collections.abc import Iterator

from forms.problems import Problem
from forms.structure import Form, Question, Repeat, Wording
from forms.wordings import instance_name

_ASPECTS = ("label", "hint", "guidance", "constraint_message", "required_message")
_UNSEEN = frozenset({"calculate", "hidden"})


def text_problems(form: Form) -> Iterator[Problem]:
    for group in form.groups.values():
        if group.path != form.root.path:
            yield from _translations(form, group.path, "label", group.label)
            if isinstance(group, Repeat) and not group.label:
                yield _no_label(group.path, "This repeat has no label.")
    for question in form.questions.values():
        for aspect in _ASPECTS:
            yield from _translations(form, question.path, aspect, getattr(question, aspect))
        yield from _question(question)
    yield from _choices(form)


def _question(question: Question) -> Iterator[Problem]:
    if not question.label and not question.media and question.asked and question.appearance != "label":
        yield _no_label(question.path, "This question has no label: nobody knows what is asked.")
    repeated = [lang for lang in question.hint if question.label and question.hint[lang] == question.label[lang]]
    if repeated:
        message = "This hint repeats the label."
        yield Problem("warning", "hint_repeats", question.path, "hint", message, {}, "Empty it.", repeated[0])


def _no_label(path: str, message: str) -> Problem:
    return Problem("warning", "no_label", path, "label", message, {}, "Fill the label column.")


def _translations(form: Form, path: str, aspect: str, wording: Wording) -> Iterator[Problem]:
    if not wording:
        return
    for lang in form.languages:
        if not wording.has(lang):
            message = "This text is missing in the language %(lang)s."
            yield Problem("warning", "missing_translation", path, aspect, message, {"lang": lang}, lang=lang)


def _choices(form: Form) -> Iterator[Problem]:
    """Each list once, whatever the number of questions that offer it."""
    done: set[str] = set()
    for question in form.questions.values():
        name = list_of(question)
        if not name or name in done:
            continue
        done.add(name)
        for choice in question.choices:
            path = f"choices/{name}/{choice.value}"
            yield from _translations(form, path, "label", choice.label)


def list_of(question: Question) -> str:
    """The list of the choices sheet that a question offers; empty when it offers none."""
    source = question.choice_filter
    return (instance_name(source.formula.tree) or "") if source is not None else ""
