"""Door: two versions of a form side by side, in words."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from forms.comparing import compare as differences
from forms.structure import Form
from workflow.catalogue import queries
from workflow.catalogue.pages import words
from workflow.catalogue.pages.blueprint import catalogue
from workflow.catalogue.pages.versions import visible
from workflow.errors import NotFound
from workflow.web import spoken
from workflow.web.dates import stamp


@catalogue.get("/forms/<slug>/compare")
def compare(slug: str) -> Any:
    """What changed between the versions `older` and `newer`; without them, between the last two."""
    rows = visible(slug)
    known = {row.hash: row for row in rows}
    newer = known.get(request.args.get("newer", rows[0].hash))
    older = known.get(request.args.get("older", rows[min(1, len(rows) - 1)].hash))
    if newer is None or older is None:
        raise NotFound()
    old, new = queries.version(older.hash).form, queries.version(newer.hash).form
    return render_template(
        "catalogue/compare.html",
        slug=slug,
        label=spoken.label(newer.label),
        sections=by_section(old, new),
        choices=[(row.hash, stamp(row.published_at)) for row in rows],
        older=older.hash,
        newer=newer.hash,
    )


def by_section(old: Form, new: Form) -> list[dict[str, Any]]:
    """What differs, section by section: [{label, changes}]."""
    lang = spoken.lang() if spoken.lang() in new.languages else new.default_language
    found = differences(old, new, lang)
    labels = {section.path: section.label[lang] or section.name for form in (old, new) for section in form.sections}
    paths = dict.fromkeys([*(section.path for section in new.sections), *(change.section for change in found)])
    sections = [
        {
            "label": labels.get(path) or _("The whole form"),
            "changes": [words.changed(change) for change in found if change.section == path],
        }
        for path in paths
    ]
    return [section for section in sections if section["changes"]]
