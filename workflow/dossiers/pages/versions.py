"""The versions of one dossier, each compared with the one before, as its reader sees them."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from forms.instance import Instance
from forms.versions import Change, diff
from forms.visibility import view
from workflow.dossiers import queries
from workflow.dossiers.models import DRAFT, SET_ASIDE, AnswerSet
from workflow.dossiers.pages.ageing import gatherer
from workflow.dossiers.pages.answers import sensitive_levels
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.wording import ago, stamp
from workflow.dossiers.queries.freshness import CONFIRMED

SOURCES = {"paper": "keyed from paper", "import": "taken over from a file", "phone": "sent from a telephone"}


def versions_of(page: Page) -> tuple[list[dict[str, Any]], set[str]]:
    """(versions, newest first; sensitive levels read). The one being filled in is only for who fills it in."""
    rows = [row for row in queries.sets(page.file.row) if _shown(page, row)]
    told, levels = [], set()
    before: Instance | None = None
    earlier: dict[str, Any] = {}
    for rank, row in enumerate(rows, 1):
        instance, provenance = queries.opened(page.file.row, row)
        answers = view(instance, page.file.lens, page.form_lang)
        new = {answer.path for answer in answers.rows() if _is_confirmed(answer.path, earlier, provenance)}
        told.append(_told(page, rank, row) | _changed(page, before, instance) | _confirmed(page, new))
        levels |= sensitive_levels(answers)
        before, earlier = instance, provenance
    return told[::-1], levels


def _shown(page: Page, row: AnswerSet) -> bool:
    """What an earlier version of the form left beside is read on a page of its own."""
    return row.state != SET_ASIDE and (row.state != DRAFT or page.file.fills)


def _told(page: Page, rank: int, row: AnswerSet) -> dict[str, Any]:
    return {
        "title": _("Version %(number)s", number=rank),
        "draft": row.state == DRAFT,
        "who": gatherer(row.saved_by, row.saved_at.date(), page.file, page.people),
        "when": stamp(row.saved_at, page.zone),
        "ago": ago(row.saved_at),
        "source": _(SOURCES[row.source]) if row.source in SOURCES else "",
    }


def _changed(page: Page, before: Instance | None, after: Instance) -> dict[str, Any]:
    """{first, sections: [{label, changes}]}; the first version has nothing to be compared with."""
    found: list[Change] = diff(before, after, page.form_lang, page.file.lens) if before else []
    pages = {group.path: group.label[page.form_lang] for group in page.file.published.form.sections}
    sections = [
        {"label": text, "changes": [change for change in found if change.section == path]}
        for path, text in pages.items()
        if any(change.section == path for change in found)
    ]
    return {"first": before is None, "sections": sections}


def _is_confirmed(path: str, earlier: dict[str, Any], provenance: dict[str, Any]) -> bool:
    line = provenance.get(path)
    return line is not None and line[2] == CONFIRMED and line != earlier.get(path)


def _confirmed(page: Page, paths: set[str]) -> dict[str, str]:
    """Pages on which answers that this reader sees were confirmed in this version."""
    names = {path.split("/")[2].partition("[")[0] for path in paths}
    return {"confirmed": page.history.sections(g.name for g in page.file.published.form.sections if g.name in names)}
