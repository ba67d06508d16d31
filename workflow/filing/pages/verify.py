"""Doors: anybody may check a paper, by its file or by the reference printed on it. The file is never kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, render_template, request
from flask_babel import format_time
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired

from documents import detached
from documents.verification import MESSAGES, Verdict
from documents.verification import verify as judge
from workflow import clock
from workflow.config import Config
from workflow.db import begin_reading, db
from workflow.filing import queries
from workflow.filing.models import Paper
from workflow.filing.pages.blueprint import filing
from workflow.filing.queries import Recognised
from workflow.filing.rules.beside import ALONE, is_word, pair_in
from workflow.filing.rules.references import read_reference
from workflow.filing.rules.told import Told, told
from workflow.filing.rules.verdicts import (
    BAD,
    GOOD,
    NEWER,
    STANDS,
    UNKNOWN,
    VOID,
    VOIDED,
    WAITING,
    WHOLE,
    kind_label,
    said,
    stand_of,
)
from workflow.operations.queries import operation
from workflow.web import journals
from workflow.web.dates import format_date

CHECKS, LOOKUPS, WITHIN = 30, 120, timedelta(minutes=15)
_UNFINISHED = frozenset((WAITING, NEWER))
ZONE = "Europe/Paris"  # of signatures on files whose operation is not known


class VerifyForm(FlaskForm):
    file = FileField("PDF file", [FileRequired("Choose the PDF file to check.")])
    seal = FileField("The seal beside it")


@dataclass(frozen=True)
class Judged:
    """A verdict in words: family (good, bad, unknown), sentence, what to do now, and what is known of the file.

    signatures: [(signature, when in words)]; missing: places where nobody has signed; changes: what differs since the
    file was authentic. They hold names, and are only for whoever handed in the file.
    """

    family: str
    sentence: str
    advice: str
    rows: list[dict[str, str]] = field(default_factory=list)
    signatures: list[tuple[Told, str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)


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
    form.seal.label.text = _("The seal beside it (.p7s), for a Word file")
    judged = None if busy or not form.validate_on_submit() else _looked_at(form, typed)
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


def _looked_at(form: VerifyForm, typed: str | None) -> Judged:
    """A PDF, or a Word file with its seal beside it."""
    data, seal = form.file.data.read(), form.seal.data.read() if form.seal.data else b""
    pair = pair_in(data, seal)
    if pair is not None:
        return _beside(*pair)
    if is_word(data):
        return Judged(UNKNOWN, _(ALONE), _("The PDF file is the original: check that one if you have it."))
    return _judged(data, typed)


def _beside(data: bytes, seal: bytes) -> Judged:
    roots = queries.trust_roots(current_app.config["RELAIS"])
    found = detached.checked(data, seal, roots, clock.now())
    family = GOOD if found.ok else BAD if found.reason == "changed" else UNKNOWN
    rows = [{"label": _("Sealed by"), "value": found.name}] if found.name else []
    rows += [{"label": _("Sealed on"), "value": _instant(found.time, ZONE)}] if found.time else []
    advice = _("It is a working copy: the PDF file is the original.") if found.ok else _(said(found.reason).advice)
    return Judged(family, _(found.message), advice, rows)


def _judged(data: bytes, typed: str | None) -> Judged:
    """Judge a file, kept nowhere but in memory."""
    config: Config = current_app.config["RELAIS"]
    held: list[Recognised] = []

    def known(sha256: str) -> bool:
        held.extend(filter(None, [queries.recognised(sha256)]))
        return bool(held)

    verdict = judge(data, trust_roots=queries.trust_roots(config), known=known, at=clock.now())
    ours = held[0] if verdict.ok and held else None
    if ours and typed and queries.printed_reference(ours.paper) != read_reference(typed):
        return _another(ours.paper)
    return _in_words(verdict, ours)


def _in_words(verdict: Verdict, ours: Recognised | None) -> Judged:
    paper = ours.paper if ours else None
    reason = VOID if paper and paper.void_at else stand_of(verdict.reason, ours.stand if ours else "")
    words = said(reason)
    return Judged(
        family=words.family,
        sentence=_sentence(reason, verdict, paper),
        advice=_(words.advice),
        rows=_rows_of_paper(paper) if paper else [],
        signatures=_signatures(verdict, ours),
        missing=queries.place_names(verdict.waiting) if reason in _UNFINISHED else [],
        changes=[_(one.msgid, **one.params) for one in verdict.changes],
    )


def _sentence(reason: str, verdict: Verdict, paper: Paper | None) -> str:
    if reason == VOID and paper:
        return str(_(VOIDED, day=_day(paper)))
    if reason in STANDS or reason in (WHOLE, WAITING):
        return str(_(STANDS.get(reason) or MESSAGES[reason]))
    return str(_(verdict.message, **verdict.params))


def _signatures(verdict: Verdict, ours: Recognised | None) -> list[tuple[Told, str]]:
    zone = _zone(ours.paper) if ours else ZONE
    several = told(verdict, ours.signers if ours else {}, ours.by_hand if ours else ())
    return [(one, format_date(one.on, "full") if one.on else _instant(one.at, zone)) for one in several]


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


def _instant(at: datetime | None, zone: str) -> str:
    """ "lundi 23 novembre 2026 à 14:32", where the operation takes place."""
    if at is None:
        return ""
    local = at.astimezone(ZoneInfo(zone))
    time = format_time(local, "short", rebase=False)
    return _("%(date)s at %(time)s", date=format_date(local, "full", rebase=False), time=time)
