"""Doors: something done for several files at once: the preview, the button, how far it is, the report that stays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from workflow import clock
from workflow.approvals import queries
from workflow.approvals.actions import several as actions
from workflow.approvals.models import Batch, BatchLine, Course
from workflow.approvals.pages.blueprint import approvals
from workflow.approvals.pages.choosing import LABELS
from workflow.approvals.pages.words import Foretold, Words
from workflow.approvals.queries import batches
from workflow.circuit.deadlines import local_day
from workflow.errors import Refused
from workflow.web import listed, sheets
from workflow.web.dates import format_date, stamp

BADGES: Mapping[str, tuple[str, str]] = {
    batches.DONE: ("done", "done"),
    batches.FASTER: ("waiting", "somebody was faster"),
    batches.CHANGED: ("waiting", "changed meanwhile"),
    batches.REFUSED: ("refused", "not done"),
    batches.RIGHT_ENDED: ("refused", "not done: the right has ended"),
    batches.FAILED: ("late", "failed"),
}
"""What became of a file → (shape of the badge, its words)."""


@dataclass(frozen=True)
class Line:
    """One file of a batch, in words. able: it can be done; badge: (shape, words) once it was tried."""

    rank: int
    reference: str
    url: str
    who: str
    step: str
    what: str
    able: bool
    chosen: bool
    badge: tuple[str, str] | None


@approvals.get("/several")
def several() -> Any:
    """What this person did for several files at once: the latest reports."""
    words, rows = Words(), batches.batches(g.identity, 200)
    return listed.show(
        listed.Listed(
            title=_("Done for several files"),
            lead=_("What you did for several files at once, newest first. Only you see this page."),
            columns=[
                listed.Column(
                    _("When"),
                    lambda row: stamp(row.made_at),
                    lambda row: {"text": stamp(row.made_at), "url": url_for("approvals.batch", batch_id=row.id)},
                    width=34,
                ),
                listed.Column(_("What was done"), lambda row: _title(row, words), width=40),
                listed.Column(_("State"), lambda row: _("finished") if row.ended_at else _("in progress"), width=14),
            ],
            rows=rows,
            known=len(rows),
            empty=listed.Empty(
                _("Nothing yet"),
                _("Tick several files in “What waits for me”: the report of what was done appears here."),
                url_for("approvals.waiting"),
                _("What waits for me"),
            ),
            file_name="plusieurs-a-la-fois",
            private=False,
        )
    )


@approvals.get("/several/<batch_id>")
def batch(batch_id: str) -> Any:
    """What will happen to each file; then how far it is; then what became of each."""
    row = batches.batch(g.identity, batch_id)
    if request.args.get("format") == "xlsx":
        return _workbook(row)
    return render_template("approvals/batch.html", **_state(row))


@approvals.get("/several/<batch_id>/progress")
def batch_progress(batch_id: str) -> Any:
    """The fragment the page asks for again and again."""
    return render_template("approvals/_batch.html", **_state(batches.batch(g.identity, batch_id)))


@approvals.post("/several/<batch_id>")
def confirm_batch(batch_id: str) -> Any:
    """Do it for those that are still ticked. Sent twice, it is done once."""
    chosen = {int(one) for one in request.form.getlist("line") if one.isascii() and one.isdigit() and len(one) < 4}
    try:
        actions.confirm(g.identity, batch_id, chosen)
    except Refused as stop:
        row = batches.batch(g.identity, batch_id)
        return render_template("approvals/batch.html", **_state(row), problem=_(stop.message)), 422
    return redirect(url_for("approvals.batch", batch_id=batch_id), code=303)


# -- in words -----------------------------------------------------------------------------------------------------


def _state(row: Batch) -> dict[str, Any]:
    words, known = Words(), batches.lines(row)
    lines = _lines(row, known, words) if row.state != batches.LOOKING else []
    choosing = row.state == batches.LOOKED
    done = [line for line in lines if line.badge]
    shown = done if row.state == batches.RUNNING else lines
    counts = Counter(line.badge for line in done)
    return {
        "batch": row,
        "title": _title(row, words),
        "reason": actions.reason_of(row),
        "columns": _columns(choosing),
        "rows": [_cells(line, choosing) for line in shown],
        "able": sum(line.able for line in lines),
        "unable": sum(not line.able for line in lines),
        "again": sum(line.able and not line.chosen for line in lines) if choosing else 0,
        "total": len(known) if row.state == batches.LOOKING else sum(line.chosen for line in lines),
        "finished": len(done),
        "counts": [(*badge, counts[badge]) for badge in _badges() if counts[badge]],
        "gave_up": batches.gave_up(row),
        "progress_url": url_for("approvals.batch_progress", batch_id=row.id),
        "xlsx_url": url_for("approvals.batch", batch_id=row.id, format="xlsx"),
        "back_url": _back(row),
        "back_label": _("Under way") if row.place else _("What waits for me"),
        "when": stamp(row.made_at),
        "printed_by": g.identity.name,
        "printed_at": stamp(clock.now()),
    }


def _back(row: Batch) -> str:
    return url_for("approvals.under_way", operation=row.place) if row.place else url_for("approvals.waiting")


def _title(row: Batch, words: Words) -> str:
    """What is done, in words: "Pass on to somebody else: Karim Haddad"."""
    label = str(LABELS["-".join(filter(None, (row.command, row.opinion)))])
    return _("%(what)s: %(whom)s", what=label, whom=words.name(row.to_person)) if row.to_person else label


def _badges() -> list[tuple[str, str]]:
    return [(shape, _(told)) for shape, told in BADGES.values()]


def _lines(row: Batch, known: list[BatchLine], words: Words) -> list[Line]:
    subjects = {line.subject for line in known}
    told, courses = queries.sentences(subjects, g.identity), queries.courses(subjects)
    words.know(_persons(known) | {course.author or "" for course in courses.values()})
    return [
        _line(row, line, told[line.subject], courses[line.subject], words) for line in known if line.subject in told
    ]


def _persons(known: list[BatchLine]) -> set[str]:
    told = [params for line in known for _code, _message, params in line.told["consequence"]]
    told += [line.told["params"] for line in known] + [(line.after or {}).get("params", {}) for line in known]
    named = {params["person"] for params in told if isinstance(params.get("person"), str)}
    return named | {line.told["absent"] for line in known}


def _line(row: Batch, line: BatchLine, told: dict[str, Any], course: Course, words: Words) -> Line:
    foretold = Foretold(course, words, row.person)
    badge = BADGES.get(line.outcome or "")
    return Line(
        rank=line.rank,
        reference=told["reference"],
        url=url_for(told["page"], reference=told["reference"]),
        who=told["who"] or told["household"],
        step=foretold.steps.get(line.step, ""),
        what=_after(line, foretold) if line.outcome else _before(row, line, foretold, words),
        able=not line.code,
        chosen=line.chosen,
        badge=(badge[0], _(badge[1])) if badge else None,
    )


def _after(line: BatchLine, foretold: Foretold) -> str:
    after = line.after or {}
    if line.outcome != batches.DONE:
        return foretold.refusal(after.get("message", ""), after.get("params", {}))
    return foretold.consequence(line.told["consequence"])


def _before(row: Batch, line: BatchLine, foretold: Foretold, words: Words) -> str:
    """What will happen, or why it cannot."""
    told = line.told
    if line.code:
        return foretold.refusal(told["message"], told["params"])
    parts = [_("On behalf of %(name)s, who is away.", name=words.name(told["absent"]))] if told["absent"] else []
    if row.command == "Remind":
        parts.append(_reminded(told["reminded"], words.zone(line.operation_id)))
    if row.command == "Reassign":
        parts.append(_passed(row, words))
    return " ".join([*parts, foretold.consequence(told["consequence"])]).strip()


def _passed(row: Batch, words: Words) -> str:
    before, after = words.name(row.from_person), words.name(row.to_person)
    return _("It will wait for %(after)s, no longer for %(before)s.", after=after, before=before)


def _reminded(at: str, zone: str) -> str:
    if not at:
        return _("A first reminder leaves by mail.")
    day = local_day(datetime.fromisoformat(at), zone)
    if day == clock.today(zone):
        return _("Reminded today already: tick it to remind once more.")
    return _("A reminder leaves by mail; the last one left on %(day)s.", day=format_date(day, "full"))


def _columns(choosing: bool) -> list[dict[str, str]]:
    labels = [_("Reference"), *([_("Tick")] if choosing else []), _("Step")]
    return [{"label": label} for label in [*labels, _("What will happen") if choosing else _("What was done")]]


def _cells(line: Line, choosing: bool) -> list[dict[str, Any]]:
    label = _("Tick %(reference)s, %(step)s", reference=line.reference, step=line.step)
    check = {"form": "batch", "name": "line", "value": line.rank, "label": label, "checked": line.chosen}
    return [
        {"text": line.reference, "url": line.url, "sub": line.who},
        *([{"check": check} if line.able else {"text": "—"}] if choosing else []),
        {"text": line.step},
        _what(line, choosing),
    ]


def _what(line: Line, choosing: bool) -> dict[str, Any]:
    if line.badge:
        return {"text": line.badge[1], "state": line.badge[0], "sub": line.what}
    if choosing and line.able:
        return {"text": line.what or _("It is done.")}
    return {"text": _("left as it is"), "state": "closed", "sub": "" if line.able else line.what}


def _workbook(row: Batch) -> Response:
    """The preview or the report, to be kept elsewhere."""
    words = Words()
    lines = _lines(row, batches.lines(row), words)
    titles = [(_("Reference"), 16), (_("Household"), 30), (_("Step"), 34), (_("State"), 20), (_("What was done"), 70)]
    rows = ([line.reference, line.who, line.step, _state_of(line, row), line.what] for line in lines)
    name = _title(row, words)
    taken = sheets.taken_by(g.identity.name, stamp(clock.now()))
    return sheets.download(sheets.workbook(name, titles, rows, place=name, taken=taken), "rapport.xlsx")


def _state_of(line: Line, row: Batch) -> str:
    if line.badge:
        return line.badge[1]
    return _("left as it is") if not line.able or row.state == batches.ENDED else ""
