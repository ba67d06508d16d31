"""Door: the papers of one dossier as one PDF to be printed, with what was attached to it. It is stored nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response, current_app, make_response, request
from flask_babel import gettext as _

from workflow import clock
from workflow.db import db
from workflow.dossiers.pages.attachments import caption_of
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.papers import standing
from workflow.dossiers.pages.wording import day
from workflow.dossiers.queries import attachments as found
from workflow.dossiers.queries.shelves.written import entitled
from workflow.errors import NotFound, Refused
from workflow.filing import queries as filing
from workflow.filing.models import KeptFile
from workflow.operations.queries import operation
from workflow.people.queries import organisation_names
from workflow.web.journals import note_sensitive_read
from workflow.web.press import NotPrinted, bound

MOST_BYTES = 80_000_000
WITH = "attachments"


@dossiers.get("/dossiers/<reference>/bundle")
def bundle(reference: str) -> Response:
    """What this reader may have: a cover, the papers in order, and where they ask for them the attached files."""
    page = Page(reference)
    attached = _attached(page) if request.args.get(WITH) == "1" else []
    files = [*_papers(page), *_copies(page, attached)]
    if not files:
        raise NotFound("There is no paper to print here yet.")
    if sum(len(one["data"]) for one in files) > MOST_BYTES:
        raise Refused("too_large", "These files are too large to be printed together: print the attachments apart.")
    told = _told(page)
    for row in attached:
        note_sensitive_read(row.subject, page.identity.person, found.levels_of(row))
    db.session.rollback()  # nothing waits for this request while the pages are set
    try:
        made = bound(files, **told, duplex=request.args.get("duplex") == "1")
    except NotPrinted as fault:
        current_app.logger.error("bundle_not_printed %s", type(fault).__name__)
        if attached:
            raise Refused(
                "not_printed", "These files could not be printed together. Print the papers without the attachments."
            ) from fault
        raise Refused("not_printed", "These papers could not be printed together. Try again in a moment.") from fault
    answer = make_response(made)
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="dossier-{reference}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _papers(page: Page) -> Iterator[dict[str, Any]]:
    for row, held, state in standing(page):
        yield {
            "name": row.title or entitled(page.file.row, row.kind, row.audience),
            "reference": row.reference,
            "note": ", ".join(filter(None, (state, day(row.made_at or row.asked_at, page.zone)))),
            "data": filing.bytes_of(held, "pdf"),
        }


def _attached(page: Page) -> list[KeptFile]:
    return list(reversed(found.attachments_of_dossier(page.identity, page.file.row)))


def _copies(page: Page, rows: list[KeptFile]) -> Iterator[dict[str, Any]]:
    for row in rows:
        told = _("signed copy") if row.part == found.SCAN else _("attachment")
        note = ", ".join((told, day(row.kept_at, page.zone)))
        yield {"name": caption_of(row) or told, "reference": "", "note": note, "data": filing.bytes_of_file(row)}


def _told(page: Page) -> dict[str, Any]:
    place = operation(page.file.row.operation_id)
    owner = organisation_names().get(place.owner, place.owner) if place else ""
    original = _("The originals are the sealed PDF files: each can be checked with its reference.")
    return {
        "organisation": owner or current_app.config["RELAIS"].issuer,
        "address": [place.city] if place and place.city else [],
        "lang": "fr" if page.lang == "fr" else "en",
        "day": clock.today(page.zone).isoformat(),
        "title": _("Dossier %(reference)s", reference=page.reference),
        "subtitle": page.operation,
        "lead": [_("The papers of this dossier, gathered to be printed."), original],
        "columns": [_("Paper"), _("Reference"), _("State"), _("Page")],
        "unprintable": _("not printed"),
        "foot": _("Printed copy, the original is the sealed PDF – page %(page)s of %(pages)s"),
    }
