"""What reads differently since this person last decided, or since the version handed on before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from forms.versions import Change, diff
from workflow.dossiers import queries
from workflow.dossiers.models import HANDED_ON, AnswerSet
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.wording import day
from workflow.dossiers.queries import File


@dataclass(frozen=True)
class Earlier:
    """A version to compare with. mine: the reader decided on that one."""

    stored: AnswerSet
    mine: bool


def changes(page: Page) -> dict[str, Any] | None:
    """{title, when, sections: [{label, changes}]} through the reader's lens; None when there is nothing to say."""
    earlier = earlier_version(page.file)
    if earlier is None:
        return None
    found = since(page, earlier.stored)
    if not found and (page.file.fills or not page.choices.main()):
        return None  # "nothing has changed" only helps who is about to decide
    return {
        "title": _title(page.file, earlier),
        "when": day(earlier.stored.saved_at, page.zone),
        "sections": by_section(page, found),
    }


def by_section(page: Page, found: list[Change]) -> list[dict[str, Any]]:
    """[{label, changes}] in the order of the form."""
    labels = {group.path: group.label[page.form_lang] for group in page.file.published.form.sections}
    return [
        {"label": text, "changes": [change for change in found if change.section == path]}
        for path, text in labels.items()
        if any(change.section == path for change in found)
    ]


def _title(file: File, earlier: Earlier) -> str:
    if file.fills:
        return _("What has been corrected so far")
    if earlier.mine:
        return _("What changed since your decision")
    return _("What changed since the version before")


def since(page: Page, stored: AnswerSet) -> list[Change]:
    """Visible answers that differ from an earlier version."""
    before, _provenance = queries.opened(page.file.row, stored)
    return diff(before, page.file.instance, page.form_lang, page.file.lens)


def earlier_version(file: File) -> Earlier | None:
    """What this person decided on last; without any decision of theirs, the version handed on before this one."""
    if file.stored is None:
        return None
    known = queries.sets(file.row)
    looks = [
        look
        for seen in file.known.state.looked.values()
        for voice, look in seen.items()
        if voice.person == file.identity.person
    ]
    if looks:
        mark = max(looks, key=lambda look: look.at).shown_hash
        found = next((row for row in known if row.fingerprint == mark), None)
        if found:
            return Earlier(found, mine=True)
    before = [row for row in known if row.state == HANDED_ON and row.revision < file.stored.revision]
    return Earlier(before[-1], mine=False) if before else None
