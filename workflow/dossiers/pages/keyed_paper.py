"""What is said of a paper that was typed in, and what the keying screen asks of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Request, url_for
from flask_babel import gettext as _

from forms import readings
from workflow.access import may_come
from workflow.dossiers.actions.keying import FILLED_BY, Paper
from workflow.dossiers.models import Submission
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.wording import ago, full_day, stamp
from workflow.dossiers.queries.arrived import of_dossier
from workflow.dossiers.queries.keying import may_key


@dataclass(frozen=True)
class PaperTold:
    """What stands in the first boxes of the screen: stored, or as it was typed and not saved."""

    known: Mapping[str, Any]
    typed: Mapping[str, str] | None
    own: str

    @property
    def checked(self) -> bool:
        """Whether somebody has made sure that the paper is this household's."""
        return bool(self.known.get("checked"))

    @property
    def reference(self) -> str:
        return (self.typed or {}).get("paper_reference", self.own if self.checked else "")

    @property
    def on(self) -> str:
        typed = (self.typed or {}).get("on")
        return typed if typed is not None else _written(self.known.get("on", ""))

    @property
    def by(self) -> str:
        return (self.typed or {}).get("by") or self.known.get("by", "")

    @property
    def scans(self) -> int:
        return len(self.known.get("scans", ()))


def _written(day: str) -> str:
    found = readings.as_day(day)
    return f"{found:%d/%m/%Y}" if found else ""


def read_paper(request: Request) -> tuple[Paper, dict[str, str]]:
    """What was typed of the paper and the scans that came, and what cannot be read: {field: what to do}."""
    typed, wrong = request.form.get("on", "").strip(), {}
    day = _day(typed)
    if typed and day is None:
        wrong["on"] = _("Write a day, for example 23112026 or 23/11/2026.")
    sent = [] if request.headers.get("X-Relais") == "autosave" else request.files.getlist("scan")
    scans = tuple((one.read(), one.mimetype) for one in sent if one.filename)
    caption = _("Scan of the paper form of %(day)s", day=full_day(day)) if day else _("Scan of the paper form")
    return Paper(day, request.form.get("by", ""), scans, caption), wrong


def _day(typed: str) -> date | None:
    digits = typed if len(typed) == 8 and typed.isascii() and typed.isdigit() else ""
    told = f"{digits[:2]}/{digits[2:4]}/{digits[4:]}" if digits else typed
    return readings.as_day(readings.day(told) or "")


def sentence_of(page: Page, row: Submission) -> str:
    """Keyed by Claire Maurin from the paper of Monday 23 November 2026, filled in by the household alone."""
    day = readings.as_day(row.told.get("on", ""))
    by = FILLED_BY.get(row.told.get("by", ""))
    told = {"who": page.people.name(row.person), "day": full_day(day) if day else "", "by": _(by) if by else ""}
    if not by:
        return _("Keyed by %(who)s from the paper of %(day)s.", **told)
    return _("Keyed by %(who)s from the paper of %(day)s, filled in %(by)s.", **told)


def paper_traces(page: Page) -> dict[str, Any]:
    """For the pages of a dossier: the papers that were typed in, and where one types another in."""
    begin = url_for("dossiers.key", reference=page.reference) if may_key(page.file) else ""
    rows = of_dossier(page.file.row) if page.file.names else []
    return {
        "sentences": [sentence_of(page, row) for row in rows if row.source == "paper" and row.state in TAKEN],
        "key_url": begin,
        "waiting": [
            url_for("dossiers.submission", submission_id=row.id)
            for row in rows
            if row.state == "conflict" and not row.settled_at and may_come("dossiers.submission", page.identity)
        ],
    }


TAKEN = ("accepted", "flagged")


def arrivals(page: Page) -> list[dict[str, Any]]:
    """Lines for the course of a dossier: what reached it from elsewhere than its pages."""
    rows = of_dossier(page.file.row) if page.file.names else []
    return [_line(page, row) for row in rows]


def _line(page: Page, row: Submission) -> dict[str, Any]:
    if row.source == "paper":
        what = sentence_of(page, row)
    elif row.state in TAKEN:
        what = _("Answers received from a telephone or a tablet")
    else:
        what = _("Answers received from a telephone or a tablet, kept apart")
    return {
        "what": what,
        "state": "done" if row.state in TAKEN else "waiting",
        "who": page.people.name(row.person),
        "when": stamp(row.received_at, page.zone),
        "ago": ago(row.received_at),
        "iso": row.received_at.isoformat(timespec="minutes"),
        "note": "",
    }


def course(page: Page, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The course of a dossier with these lines in their places, the newest first."""
    return sorted([*events, *arrivals(page)], key=lambda line: line["iso"], reverse=True)
