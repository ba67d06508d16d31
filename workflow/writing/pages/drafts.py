"""A draft of a paper, set in a process of its own, "draft" on every page; nothing of it is kept."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, make_response
from flask_babel import gettext as _

from workflow.db import db
from workflow.errors import Refused
from workflow.filing.rules.papers import Order
from workflow.web.press import NotPrinted, proved
from workflow.writing.pages.words import said

DRAFT = "PROJET"  # in the place of a reference, in the language of the papers
MARK = "draft"


@dataclass(frozen=True)
class Draft:
    """pages: pictures as addresses of a page; count: how many the paper has; findings, lacking: what is to be said.

    pdf: empty when the model refuses.
    """

    pdf: bytes
    pages: list[str]
    count: int
    findings: list[str]
    lacking: list[str]


def drafted(order: Order, *, pictures: bool = False) -> Draft:
    """Whoever calls writes nothing in this request. Raises Refused when it cannot be set."""
    db.session.rollback()  # nothing waits for this request while the paper is set
    try:
        made = proved(
            order.text,
            order.data,
            lang=order.lang,
            reference=DRAFT,
            day=order.day.isoformat(),
            issuer=order.issuer,
            organisation=order.organisation,
            address=list(order.address),
            clauses=dict(order.library.clauses),
            files=dict(order.library.files),
            models=dict(order.library.models),
            large=order.large_print,
            pages=pictures,
            mark=MARK,
            annexes=[_annex(one) for one in order.annexes],
        )
    except NotPrinted as fault:
        current_app.logger.error("draft_not_printed %s", type(fault).__name__)
        raise Refused("not_printed", "The draft could not be set. Try again in a moment.") from fault
    return _told(made)


def _annex(one: Any) -> dict[str, Any]:
    told = {"name": one.name, "media_type": one.media_type, "data": one.data, "title": one.title}
    return told | {"audiences": list(one.audiences)}


def _told(made: dict[str, Any]) -> Draft:
    pages = [f"data:image/png;base64,{one}" for one in made.get("pages", ())]
    return Draft(
        base64.b64decode(made.get("pdf", "")),
        pages,
        int(made.get("count", len(pages))),
        said(made["findings"]),
        list(made.get("missing", ())),
    )


def as_file(draft: Draft, name: str) -> Response:
    """The PDF, kept by nobody but who asked. Raises Refused with what the model says."""
    if not draft.pdf:
        why = " ".join(draft.findings)
        raise Refused("model_refused", "The model cannot be written: %(why)s", why=why)
    answer = make_response(draft.pdf)
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="projet-{name}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def lacking_words(draft: Draft) -> str:
    """What is said of characters that no font draws."""
    signs = " ".join(draft.lacking)
    return _("These characters cannot be printed: %(signs)s", signs=signs) if signs else ""
