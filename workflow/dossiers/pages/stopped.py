"""Why something could not be done: who was faster, when, what changed since; what was typed is given back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import render_template, url_for

from workflow.db import begin_reading, db
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.wording import moment
from workflow.errors import Moved, Refused

IN_THE_WAY = frozenset(("newer_one", "another_open", "open_there"))


def looked_at_again(reference: str) -> Page:
    """The dossier as it is, after what was tried came to nothing."""
    db.session.rollback()
    begin_reading()
    return Page(reference)


def stopped(reference: str, stop: Moved | Refused, typed: str = "") -> Any:
    return stop_page(looked_at_again(reference), stop, typed)


def stop_page(page: Page, stop: Moved | Refused, typed: str) -> Any:
    return (
        render_template(
            "dossiers/stopped.html",
            **page.frame(),
            faster=isinstance(stop, Moved),
            sentence=sentence(page, stop),
            since=page.history.acts(getattr(stop, "since", ())),
            next_sentence=page.course.next_sentence(),
            typed=typed,
            other=_in_the_way(stop),
        ),
        409,
    )


def sentence(page: Page, stop: Moved | Refused) -> str:
    """The refusal in words."""
    at = stop.params.get("at")
    spoken = moment(datetime.fromisoformat(at), page.zone) if at else ""
    return page.choices.refusal(stop.message, stop.params, spoken)


def _in_the_way(stop: Moved | Refused) -> dict[str, str] | None:
    """The other dossier that must be dealt with first: its reference and its page."""
    if not isinstance(stop, Refused) or stop.code not in IN_THE_WAY:
        return None
    reference = str(stop.params["reference"])
    return {"reference": reference, "url": url_for("dossiers.dossier", reference=reference)}
