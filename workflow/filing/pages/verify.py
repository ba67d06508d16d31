"""Doors: anybody may check a paper, by its file or by the reference printed on it. The file is never kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, render_template, request
from flask_babel import format_time
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired

from documents.verification import Verdict
from documents.verification import verify as judge
from workflow import clock
from workflow.config import Config
from workflow.db import begin_reading, db
from workflow.filing import queries
from workflow.filing.models import Paper
from workflow.filing.pages.blueprint import filing
from workflow.filing.rules.references import read_reference
from workflow.filing.rules.verdicts import BAD, VOID, VOIDED, kind_label, said
from workflow.operations.queries import operation
from workflow.web import journals
from workflow.web.dates import format_date

CHECKS, LOOKUPS, WITHIN = 30, 120, timedelta(minutes=15)
ZONE = "Europe/Paris"  # of signatures on files whose operation is not known


class VerifyForm(FlaskForm):
    file = FileField("PDF file", [FileRequired("Choose the PDF file to check.")])


@dataclass(frozen=True)
class Judged:
    """A verdict in words: family (good, bad, unknown), sentence, what to do now, and what is known of the file."""

    family: str
    sentence: str
    advice: str
    rows: list[dict[str, str]]


VOID_TITLE = "A document with this reference was issued here, and annulled on %(day)s"


@filing.route("/verify", methods=["GET", "POST"])
def verify() -> Any:
    return _page(None)


@filing.route("/verify/<reference>", methods=["GET", "POST"])
def verify_reference(reference: str) -> Any:
    """Reached from the QR code of a paper: what the installation says of it, and a place to compare the file."""
    return _page(reference, busy=_too_many("verify-reference", LOOKUPS))


def _page(typed: str | None, *, busy: bool = False) -> Any:
    form = VerifyForm()
    form.file.label.text = _("PDF file")
    if request.method == "POST" and not busy:
        busy = _too_many("verify", CHECKS)
    judged = None if busy or not form.validate_on_submit() else _judged(form.file.data.read(), typed)
    form.file.errors = [_(error) for error in form.file.errors]
    found = _found(typed) if typed and not busy else None
    nothing = typed is not None and found is None and judged is None
    status = 429 if busy else 422 if form.errors else 404 if nothing else 200
    known = _rows_of_paper(found) if found else []
    void = _(VOID_TITLE, day=_day(found)) if found and found.void_at else ""
    shown = {"asked": typed is not None, "busy": busy, "form": form, "judged": judged, "known": known, "void": void}
    return render_template("filing/verify.html", **shown), status


def _too_many(what: str, limit: int) -> bool:
    """Count one attempt of this visitor in a transaction of its own; the request itself only reads, also on POST."""
    db.session.rollback()
    over = journals.too_many(what, request.remote_addr or "", limit, WITHIN)
    begin_reading()
    return over


def _found(typed: str) -> Paper | None:
    reference = read_reference(typed)
    return queries.issued(reference) if reference else None


def _judged(data: bytes, typed: str | None) -> Judged:
    """Judge a file, kept nowhere but in memory."""
    config: Config = current_app.config["RELAIS"]
    held: list[Paper] = []

    def known(sha256: str) -> bool:
        held.extend(filter(None, [queries.with_hash(sha256)]))
        return bool(held)

    verdict = judge(data, trust_roots=queries.trust_roots(config), known=known, at=clock.now())
    ours = held[0] if verdict.ok and held else None
    if ours and typed and queries.printed_reference(ours) != read_reference(typed):
        return _another(ours)
    if ours and ours.void_at:
        return Judged(BAD, _(VOIDED, day=_day(ours)), _(said(VOID).advice), _rows_of_paper(ours))
    words = said(verdict.reason)
    rows = _rows_of_paper(ours) if ours else _rows_of_seals(verdict)
    return Judged(words.family, _(verdict.message, **verdict.params), _(words.advice), rows)


def _another(ours: Paper) -> Judged:
    """Authentic, but not the paper whose reference was scanned: a swapped file must not pass."""
    return Judged(
        BAD,
        _("This file is authentic, but it is another document."),
        _("Its reference is not the one you scanned or typed. Compare it with the foot of each page."),
        _rows_of_paper(ours),
    )


def _rows_of_paper(paper: Paper) -> list[dict[str, str]]:
    """What anybody may read of a paper: never whose it is."""
    place, zone = operation(paper.operation_id), _zone(paper)
    annulled = [{"label": _("Annulled on"), "value": _instant(paper.void_at, zone)}] if paper.void_at else []
    newer = queries.replacing(paper)
    newest = [{"label": _("Replaced by a newer version on"), "value": _instant(newer.made_at, zone)}] if newer else []
    return [
        {"label": _("Reference"), "value": queries.printed_reference(paper)},
        {"label": _("Document"), "value": _(kind_label(paper.kind))},
        {"label": _("Operation"), "value": f"{place.name}, {place.city}" if place else ""},
        {"label": _("Issued on"), "value": _instant(paper.made_at, zone)},
        *annulled,
        *newest,
        {"label": _("Sealed by"), "value": current_app.config["RELAIS"].issuer},
    ]


def _zone(paper: Paper) -> str:
    place = operation(paper.operation_id)
    return place.zone if place else ZONE


def _day(paper: Paper) -> str:
    """The day on which it was annulled, in full."""
    return format_date(paper.void_at.astimezone(ZoneInfo(_zone(paper))), "full", rebase=False) if paper.void_at else ""


def _rows_of_seals(verdict: Verdict) -> list[dict[str, str]]:
    """Who sealed a file that is not held here, and when. Of any other file the name is a mere claim: not repeated."""
    if verdict.reason != "not_ours":
        return []
    return [
        {"label": _("Seal found in the file"), "value": f"{fact.name}, {_instant(fact.time, ZONE)}".rstrip(", ")}
        for fact in verdict.signatures
    ]


def _instant(at: datetime | None, zone: str) -> str:
    """ "lundi 23 novembre 2026 à 14:32", where the operation takes place."""
    if at is None:
        return ""
    local = at.astimezone(ZoneInfo(zone))
    time = format_time(local, "short", rebase=False)
    return _("%(date)s at %(time)s", date=format_date(local, "full", rebase=False), time=time)
