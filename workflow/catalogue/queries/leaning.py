"""What leans on the questions of a form from outside: steps, documents, agreements, answers filled from the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from forms.adapting import Needs
from workflow.catalogue.queries.breaking import read_by
from workflow.catalogue.queries.versions import Published, circuits_of
from workflow.circuit.model import Circuit
from workflow.web import spoken

Why = tuple[str, Mapping[str, Any]]

STEP = "It serves for the step “%(step)s”."
PAPER = "The document “%(title)s” writes it."
PREFILLED = "It is filled from the file of the household."
AGREEMENTS = "It says who may receive the file."
REMARKS = "It keeps the words of the household."
_LITERAL = re.compile(r"'[^']*'|\"[^\"]*\"")
_PATH = re.compile(r"(?<![\w/.])/[A-Za-z_][\w.-]*(?:/[A-Za-z_][\w.-]*)+")


def needs(now: Published) -> Needs:
    """Reasons by path, each in the reader's language; the lists that each operation fills."""
    found: dict[str, list[Why]] = {}
    for path, why in (*_steps(now), *_settings(now), *_papers(now)):
        found.setdefault(path, []).append(why)
    reasons = {path: tuple(whys) for path, whys in found.items()}
    return Needs(reasons, frozenset(now.settings.get("lists", {})))


def _steps(now: Published) -> Iterator[tuple[str, Why]]:
    read = ((spoken.label(label), text) for circuit in circuits_of(now) for label, text in _read(circuit))
    for label, text in dict.fromkeys(read):
        for path in _PATH.findall(_LITERAL.sub("''", text)):
            yield path, (STEP, {"step": label})


def _read(circuit: Circuit) -> Iterator[tuple[Mapping[str, str], str]]:
    """What is called how, and the text in which it names answers."""
    for stage in circuit.stages:
        yield stage.label, stage.condition or ""
        for step in stage.steps:
            yield step.label, step.condition or ""
            yield step.label, step.who.person_from or ""


def _settings(now: Published) -> Iterator[tuple[str, Why]]:
    for path in now.settings.get("prefill", {}):
        yield path, (PREFILLED, {})
    for key, why in (("agreements", AGREEMENTS), ("remarks", REMARKS)):
        if now.settings.get(key):
            yield now.settings[key], (why, {})
    section = now.settings.get("section_of_remarks")
    if section:
        yield f"{now.form.root.path}/{section}", (REMARKS, {})


def _papers(now: Published) -> Iterator[tuple[str, Why]]:
    labels = {one["name"]: one.get("label", {}) for one in now.settings.get("documents", ())}
    for model, texts in now.models.items():
        title = spoken.label(labels.get(model, {})) or model
        for path in sorted(read_by(texts.values(), now.form)):
            if path in now.form.questions:
                yield path, (PAPER, {"title": title})
