"""Who was told what of a dossier, when, how, and what became of it: for the dossier's page."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from workflow import access
from workflow.dossiers.models import Notice
from workflow.dossiers.pages.noticed import means, news, state
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.wording import day, stamp
from workflow.dossiers.queries.addressees import last_reminder
from workflow.dossiers.queries.notices import may_look_after, notices_of
from workflow.dossiers.rules import HANDED_OVER, TO_HAND_OVER
from workflow.record.queries import facts


def told_of(page: Page) -> dict[str, Any]:
    """{rows, reminded, waiting}: rows of the macro `table`, newest first; the last reminder; how many are to be handed
    over.
    """
    rows = notices_of(page.file.row.subject)
    reminded = last_reminder(facts(page.file.row.subject))
    return {
        "rows": [_row(page, row) for row in rows],
        "reminded": day(reminded, page.zone) if reminded else "",
        "waiting": sum(row.state == TO_HAND_OVER for row in rows),
    }


def _row(page: Page, row: Notice) -> list[dict[str, Any]]:
    family, words = state(row)
    return [
        {"text": page.people.name(row.person) if row.person else page.people.household, "url": _url(page, row)},
        {"text": news(row)},
        {"text": stamp(row.made_at, page.zone)},
        {"text": means(row)},
        {"text": words, "state": family, "sub": _done(page, row)},
    ]


def _url(page: Page, row: Notice) -> str:
    """For who looks after notices."""
    operation = row.operation_id
    if not may_look_after(page.identity, operation) or not access.may_come("dossiers.notice", page.identity):
        return ""
    return url_for("dossiers.notice", operation=operation, notice_id=row.id)


def _done(page: Page, row: Notice) -> str:
    if row.done_at is None:
        return ""
    when = day(row.done_at, page.zone)
    if row.state == HANDED_OVER and row.done_by:
        return _("%(day)s, by %(name)s", day=when, name=page.people.name(row.done_by))
    return when
