"""What reads a form and would find nothing any more in a newer one: steps, documents, prefilled answers, agreements."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import select

from forms.definition import Form
from forms.findings import Finding
from workflow.catalogue.models import Procedure, ProcedureVersion
from workflow.catalogue.queries.versions import Published, circuits_of
from workflow.circuit.definition import Circuit, check
from workflow.db import db
from workflow.web import spoken

READ = re.compile(r"\banswers((?:\.[A-Za-z_][\w-]*)+)")
"""Answers that a document writes: answers.A.A_entretien.A5"""
PATH = re.compile(r"/data(?:/[A-Za-z_][\w.-]*)+")
"""Questions that a condition reads."""


def breaks(now: Published, newer: Form) -> list[Finding]:
    """Findings on what the rest of the procedure needs: refused where a step, a document or an agreement would fail."""
    found = (_circuit, _settings, _lists, _models, _others, _taken_over)
    return [one for look in found for one in look(now, newer)]


def _finding(level: Any, code: str, message: str, **params: str) -> Finding:
    return Finding(level, code, "", None, "", message, params)


def _circuit(now: Published, newer: Form) -> Iterator[Finding]:
    """What the steps of any of its courses read and the newer form has no more, each thing once."""
    sections = [section.name for section in newer.sections]
    courses = (check(one, form_paths=newer.questions, sections=sections) for one in circuits_of(now))
    lost = {(found.code, *map(str, found.params.values())) for findings in courses for found in findings}
    for code, *named in sorted(lost):
        if code == "unknown_path":
            message = "The steps of this form read the question %(name)s, which it has no more."
            yield _finding("refused", "step_reads", message, name=_name(named[0]))
        elif code == "unknown_section":
            message = "A step is about the section %(name)s, which the form has no more."
            yield _finding("refused", "step_section", message, name=named[0])


def read_in_steps(circuit: Circuit) -> list[tuple[Mapping[str, str], set[str]]]:
    """Label of each stage and step with a condition, and the questions it reads."""
    parts = [part for stage in circuit.stages for part in (stage, *stage.steps)]
    return [(part.label, set(PATH.findall(part.condition))) for part in parts if part.condition]


def _settings(now: Published, newer: Form) -> Iterator[Finding]:
    path = now.settings.get("agreements")
    if path and (path not in newer.questions or newer.questions[path].kind != "select_multiple"):
        message = "The question %(name)s says who may receive the file: it must stay, with several choices."
        yield _finding("refused", "agreements", message, name=_name(path))
    section = now.settings.get("section_of_remarks")
    if section and section not in {one.name for one in newer.sections}:
        message = "The section %(name)s takes the remarks of the household: it must stay."
        yield _finding("refused", "remarks", message, name=section)
    if (path := now.settings.get("remarks")) and path not in newer.questions:
        message = "The question %(name)s keeps the words of the household: without it, its copy will not hold them."
        yield _finding("warning", "remarks", message, name=_name(path))
    for path in now.settings.get("prefill", {}):
        if path in now.form.questions and path not in newer.questions:
            message = "The answer %(name)s was filled from the file of the household: it will not be any more."
            yield _finding("warning", "prefill", message, name=_name(path))


def _lists(now: Published, newer: Form) -> Iterator[Finding]:
    for name in now.settings.get("lists", {}):
        if name in now.form.instances and name not in newer.instances:
            message = "The list %(name)s was that of each operation: the form has it no more."
            yield _finding("warning", "list", message, name=name)


def _models(now: Published, newer: Form) -> Iterator[Finding]:
    labels = {one["name"]: one.get("label", {}) for one in now.settings.get("documents", ())}
    for model, texts in now.models.items():
        for path in sorted(read_by(texts.values(), now.form)):
            if not _there(newer, path):
                title = spoken.label(labels.get(model, {})) or model
                message = "The document “%(title)s” writes the answer %(name)s, which the form has no more."
                yield _finding("refused", "document", message, title=title, name=_name(path))


def read_by(texts: Iterable[str], form: Form) -> set[str]:
    """Paths of the questions and groups of the form that the texts of a document read."""
    named = {found.replace(".", "/") for text in texts for found in READ.findall(text)}
    return {path for path in (_place(form, f"{form.root.path}{name}") for name in named) if path}


def _place(form: Form, path: str) -> str:
    """The longest beginning of what a document reads that is a part of the form: .A5_shown and .size are of A5."""
    while path and path != form.root.path:
        for one in (path, path.removesuffix("_shown")):
            if _there(form, one):
                return one
        path = path.rpartition("/")[0]
    return ""


def _there(form: Form, path: str) -> bool:
    return path in form.questions or path in form.groups


def _others(now: Published, newer: Form) -> Iterator[Finding]:
    sections = {section.name for section in newer.sections}
    for row, asked in asking(now.slug):
        for name in _fresh(asked):
            if name in {section.name for section in now.form.sections} - sections:
                message = "The form “%(title)s” asks that the section %(name)s be recent: this form has it no more."
                yield _finding("refused", "required_by", message, title=spoken.label(row.label), name=name)


def _taken_over(now: Published, newer: Form) -> Iterator[Finding]:
    for row in others(now.slug):
        for source in row.settings.get("prefill", {}).values():
            if not isinstance(source, dict) or source.get("procedure") != now.slug:
                continue
            path = source.get("path", "")
            if path in now.form.questions and path not in newer.questions:
                message = "The form “%(title)s” takes over the answer %(name)s: it will be asked there again."
                yield _finding("warning", "taken_over", message, title=spoken.label(row.label), name=_name(path))


def asking(slug: str) -> list[tuple[ProcedureVersion, Mapping[str, Any]]]:
    """Other procedures in use that ask for a dossier of this one, with what they ask."""
    found = [(row, asked) for row in others(slug) for asked in row.settings.get("requires") or ()]
    return [(row, asked) for row, asked in found if asked.get("procedure") == slug]


def others(slug: str) -> list[ProcedureVersion]:
    """The versions in use of the other procedures."""
    asked = select(ProcedureVersion).join(Procedure, Procedure.current == ProcedureVersion.hash)
    return list(db.session.scalars(asked.where(Procedure.slug != slug).order_by(Procedure.slug)))


def _fresh(asked: Mapping[str, Any]) -> Iterable[str]:
    fresh = asked.get("fresh")
    return fresh if isinstance(fresh, dict | list) else ()


def _name(path: object) -> str:
    return str(path).rpartition("/")[2]
