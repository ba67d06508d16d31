"""Answers that one procedure takes over from another: `prefill: {path: {procedure: SLUG, path: PATH}}`.

They come from the household's latest dossier of that procedure that counts, as it was last handed on, and only where
the person who opens the new one may read them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forms.instance import Instance
from forms.visibility import Lens, may_see_at
from workflow.dossiers.models import Household
from workflow.dossiers.queries.answers import handed_on_set, opened
from workflow.dossiers.queries.requirements import counting

Prefill = Mapping[str, str | Mapping[str, str]]


def taken_over(row: Household, prefill: Prefill, lens: Lens) -> tuple[dict[str, str], dict[str, str]]:
    """(prefill by names alone, what the new names stand for)."""
    names: dict[str, str] = {}
    told: dict[str, str] = {}
    read: dict[str, Instance | None] = {}
    for path, source in prefill.items():
        if isinstance(source, str):
            names[path] = source
            continue
        slug, other = source["procedure"], source["path"]
        if slug not in read:
            read[slug] = _latest(row, slug)
        names[path] = f"{slug}:{other}"
        told[names[path]] = _answer(read[slug], other, lens)
    return names, told


def _latest(row: Household, slug: str) -> Instance | None:
    dossier = counting(row, slug)
    stored = handed_on_set(dossier) if dossier else None
    if dossier is None or stored is None:
        return None
    instance = opened(dossier, stored)[0]
    instance.recompute()
    return instance


def _answer(instance: Instance | None, path: str, lens: Lens) -> Any:
    """ "" where there is none, or where this reader may not see it. Answers in rows are never taken over."""
    if instance is None or path not in instance.form.questions:
        return ""
    node, question = instance.node(path), instance.form.questions[path]
    return instance.get(path) if node.relevant and may_see_at(instance.form, question, node, lens) else ""
