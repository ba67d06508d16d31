"""Read a form as a critic: refuse what cannot work, warn of what may surprise. Knows paths, not rows of a sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from forms.expressions.graph import references
from forms.expressions.lint import Remark, remarks
from forms.findings import Level
from forms.reading import Fault
from forms.structure import LEVELS, Form, Formula, Group, Question, Repeat
from forms.wordings import instance_name

_NOT_HERE = frozenset({"image", "audio", "video", "file", "geotrace", "geoshape"})
_DECIMAL_COMMA = re.compile(r"\d,\d")


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding that still wears the path of the form; `aspect` names the part of the question, `lang` the language."""

    level: Level
    code: str
    path: str
    aspect: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)
    hint: str = ""
    lang: str = ""


def lint(form: Form, faults: tuple[Fault, ...] = ()) -> list[Problem]:
    """All problems: faults of expressions first, then question by question in the order of the form."""
    found = [_fault(fault) for fault in faults]
    for group in form.groups.values():
        found.extend(_group(form, group))
    for question in form.questions.values():
        found.extend(_question(form, question))
    return found


def _fault(fault: Fault) -> Problem:
    error = fault.error
    hint = "A decimal number is written with a point in a formula: 0.5, not 0,5." if _comma(fault) else ""
    return Problem("refused", error.code, fault.path, fault.aspect, error.message, error.params, hint)


def _comma(fault: Fault) -> bool:
    return fault.error.code == "arguments" and bool(_DECIMAL_COMMA.search(fault.text))


def _group(form: Form, group: Group) -> Iterator[Problem]:
    if group.path == form.root.path:
        return
    yield from _formula(form, group.path, "relevant", group.relevant)
    if isinstance(group, Repeat):
        yield from _formula(form, group.path, "repeat_count", group.count)
    yield from _translations(form, group.path, "label", group.label)


def _question(form: Form, question: Question) -> Iterator[Problem]:
    path = question.path
    for aspect in ("relevant", "required", "constraint", "readonly"):
        yield from _formula(form, path, aspect, getattr(question, aspect))
    yield from _formula(form, path, "calculation", question.calculation)
    yield from _formula(form, path, "default", question.first_load)
    for formula in question.label.formulas():
        yield from _formula(form, path, "label", formula)
    yield from _kind(form, question)
    yield from _attributes(form, question)
    for aspect in ("label", "hint", "constraint_message", "required_message"):
        yield from _translations(form, path, aspect, getattr(question, aspect))


def _formula(form: Form, path: str, aspect: str, formula: Formula | None) -> Iterator[Problem]:
    if formula is None:
        return
    for reference in references(formula.tree, path, lambda parent: _members(form, parent)):
        if not _exists(form, reference.path):
            message = "The formula reads %(target)s, which does not exist."
            yield Problem("refused", "unknown_path", path, aspect, message, {"target": reference.path})
    for remark in remarks(formula.tree, path, lambda read: _is_date(form, read), frozenset(form.instances)):
        yield _remark(path, aspect, remark)


def _members(form: Form, path: str) -> list[str]:
    group = form.groups.get(path)
    return [part.path for part in group.children] if group else []


def _exists(form: Form, path: str) -> bool:
    return path in form.questions or path in form.groups or path.startswith(f"{form.root.path}/meta/")


def _is_date(form: Form, path: str) -> bool:
    question = form.questions.get(path)
    return question is not None and question.kind in {"date", "datetime"}


def _remark(path: str, aspect: str, remark: Remark) -> Problem:
    return Problem(remark.level, remark.code, path, aspect, remark.message, remark.params, remark.hint)


def _kind(form: Form, question: Question) -> Iterator[Problem]:
    if question.kind in _NOT_HERE:
        message = "Questions of type %(kind)s cannot be asked here."
        hint = "Ask for a text, or attach the document to the file of the household."
        yield Problem("refused", "unsupported_type", question.path, "type", message, {"kind": question.kind}, hint)
    source = question.choice_filter
    if source is None:
        return
    yield from _formula(form, question.path, "choice_filter", source.formula)
    name = instance_name(source.formula.tree)
    if name and not question.choices:
        message = "The list %(name)s has no choices in this workbook."
        hint = "Put the choices into the choices sheet: lists in other files are not read."
        yield Problem("refused", "empty_list", question.path, "type", message, {"name": name}, hint)


def _attributes(form: Form, question: Question) -> Iterator[Problem]:
    if question.kind not in {"note", "hidden"} and not question.level_declared:
        message = "This question does not say who may read it: it is treated as V2."
        hint = "Fill the column bind::relais:level with one of V0 to V4."
        yield Problem("warning", "missing_level", question.path, "level", message, {}, hint)
    written = form.declared_levels.get(question.path, "")
    if written and written not in LEVELS:
        message = "%(value)s is not a level of confidentiality."
        hint = "Write one of V0, V1, V2, V3, V4."
        yield Problem("refused", "unknown_level", question.path, "level", message, {"value": written}, hint)
    if question.computed and question.required is not None and question.required.text != "false()":
        message = "A calculated question cannot be required: nobody can answer it."
        yield Problem("warning", "required_calculation", question.path, "required", message)


def _translations(form: Form, path: str, aspect: str, wording: Any) -> Iterator[Problem]:
    if not wording:
        return
    for lang in form.languages:
        if not wording.has(lang):
            message = "This text is missing in the language %(lang)s."
            yield Problem("warning", "missing_translation", path, aspect, message, {"lang": lang}, lang=lang)
