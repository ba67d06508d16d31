"""The answers of a dossier as a body reads them: cut by the lens of its step, whoever holds the page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from forms.visibility import ViewSection, view
from workflow import access
from workflow.approvals.queries import Excerpt
from workflow.dossiers.queries.answers import form_lang, handed_on_set, opened
from workflow.dossiers.queries.dossiers import by_subject

Row = dict[str, Any]


def excerpt(subject: str, lens: str, lang: str) -> Excerpt:
    """What was handed on last, section by section: [{name, label, rows: [{label, value}]}], nothing left empty."""
    row = by_subject(subject)
    stored = handed_on_set(row)
    if stored is None:
        return Excerpt((), frozenset())
    instance, _lines = opened(row, stored)
    seen = view(instance, access.LENSES[lens], form_lang(instance.form, lang))
    told = tuple(
        {"name": one.path.rpartition("/")[2], "label": one.label, "rows": list(_rows(one))} for one in seen.sections
    )
    return Excerpt(told, frozenset(found.level for found in seen.rows() if found.raw))


def _rows(section: ViewSection) -> Iterator[Row]:
    yield from ({"label": row.label, "value": row.value} for row in section.rows if row.value)
    for table in section.tables:
        for number, member in enumerate(table.members, start=1):
            yield from ({"label": f"{table.label} {number} – {row.label}", "value": row.value} for row in member)
    for group in section.groups:
        yield from _rows(group)
