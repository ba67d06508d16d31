"""Why something could not be done: who was faster, when, what changed since; what was typed is given back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from workflow.approvals.rules import all_of_one
from workflow.db import begin_reading, db
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.wording import full_day, moment
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
    mine = _mine(page, stop)
    return (
        render_template(
            "dossiers/stopped.html",
            **page.frame(),
            title=_title(stop, mine),
            sentence=mine or sentence(page, stop),
            since=page.history.acts(getattr(stop, "since", ())),
            next_sentence=page.course.next_sentence(),
            typed=typed,
            other=_in_the_way(stop),
        ),
        409,
    )


def _title(stop: Moved | Refused, mine: str) -> str:
    if mine:
        return _("You have already acted on this file")
    return _("Somebody was faster") if isinstance(stop, Moved) else _("This is not possible any more")


def _mine(page: Page, stop: Moved | Refused) -> str:
    """Nobody but this very person was faster: in another window, or by a second click."""
    since = getattr(stop, "since", ())
    if not all_of_one(page.identity.person, (fact.actor for fact in since)):
        return ""
    at = max(fact.at for fact in since if fact.actor)
    return _("You did so on %(when)s, in another window or on another device.", when=moment(at, page.zone))


def sentence(page: Page, stop: Moved | Refused) -> str:
    """The refusal in words."""
    told, at = dict(stop.params), stop.params.get("at")
    if "day" in told:
        told["day"] = full_day(date.fromisoformat(told["day"]))
    return page.choices.refusal(stop.message, told, moment(datetime.fromisoformat(at), page.zone) if at else "")


def _in_the_way(stop: Moved | Refused) -> dict[str, str] | None:
    """The other dossier that must be dealt with first: its reference and its page."""
    if not isinstance(stop, Refused) or stop.code not in IN_THE_WAY:
        return None
    reference = str(stop.params["reference"])
    return {"reference": reference, "url": url_for("dossiers.dossier", reference=reference)}
