"""Doors: a sitting on one page: who is there, the dossiers, what is said of each; looked at again before it is kept."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from workflow.approvals import actions
from workflow.approvals.pages.blueprint import approvals
from workflow.approvals.pages.sitting_entries import Told, sent, tried, wrong
from workflow.approvals.pages.sitting_groups import groups
from workflow.approvals.pages.sitting_room import Line, Room, choices
from workflow.approvals.queries import courses
from workflow.approvals.queries.sittings import prints, steps_of
from workflow.approvals.rules import ADJOURN, CARRIED
from workflow.db import begin_reading, db
from workflow.web import door


@approvals.get("/sittings/<sitting_id>")
def sitting(sitting_id: str) -> Any:
    """Everything of a sitting; `tick=all` in the address ticks what is still to be decided, `q` finds dossiers."""
    return _page(Room(sitting_id))


def _page(room: Room, errors: list[dict[str, str]] | None = None) -> str:
    lines, words = room.lines(), request.args.get("q", "").strip().casefold()
    shown = [line for line in lines if not words or words in f"{line.reference} {line.household}".casefold()]
    undecided = [line.item for line in shown if not line.item.said and not line.item.carried]
    return render_template(
        "approvals/sitting.html",
        **room.frame(),
        lines=shown,
        groups=groups(shown),
        q=words,
        known=len(lines),
        left=sum(not line.item.said and not line.item.carried for line in lines),
        entered=sum(bool(line.item.said) and not line.item.carried for line in lines),
        problems=[line for line in lines if line.problem],
        fingerprints=prints(undecided) if room.works else {},
        everything=_every_choice(lines, room) if room.quorate else [(ADJOURN, _("Adjourn to the next sitting"))],
        ticked=request.args.get("tick", ""),
        errors=errors or [],
        typed=request.form or MultiDict(),
    )


def _every_choice(lines: list[Line], room: Room) -> list[tuple[str, str]]:
    """What may be said of several at once: whatever one of them accepts; each is judged by itself."""
    found: dict[str, str] = {}
    for step in steps_of(room.agenda, courses([one.item.subject for one in lines])).values():
        found |= dict(choices(step))
    return list(found.items())


# -- entering -----------------------------------------------------------------------------------------------------


@approvals.post("/sittings/<sitting_id>/preview")
def preview_sitting(sitting_id: str) -> Any:
    """What would be entered, dossier by dossier, and what it would come to; nothing is kept."""
    room, told = Room(sitting_id, keeper=True), sent()
    if errors := wrong(told, room):
        return _page(room, errors), 422
    looked = [(one, *_dry(room.row.id, one)) for one in told]
    begin_again()
    room = Room(sitting_id, keeper=True)
    lines = {line.item.subject: line for line in room.lines()}
    return render_template(
        "approvals/sitting_preview.html",
        **room.frame() | {"crumbs": room.crumbs(inside=True)},
        good=[(one, lines[one.entry.subject], _comes_to(outcome)) for one, outcome, why in looked if not why],
        bad=[(one, lines.get(one.entry.subject), why) for one, _outcome, why in looked if why],
        labels=dict(_every_choice(list(lines.values()), room)),
    )


def _dry(sitting_id: str, told: Told) -> tuple[str, str]:
    """Enter it in a transaction that is given up: the page before and what is done cannot disagree."""
    nested = db.session.begin_nested()
    try:
        return tried(told, lambda entry: actions.enter(g.identity, sitting_id, entry))
    finally:
        nested.rollback()


def begin_again() -> None:
    """Give up whatever was written, and go on reading."""
    db.session.rollback()
    begin_reading()


def _comes_to(outcome: str) -> tuple[str, str]:
    words, family = CARRIED[outcome or "waiting"]
    return _(words), family


@approvals.post("/sittings/<sitting_id>/enter")
def enter_sitting(sitting_id: str) -> Any:
    """Keep it, each dossier in a transaction of its own; those that could not be kept are told, the others stand."""
    room, asked = Room(sitting_id, keeper=True), sent()
    if errors := wrong(asked, room):
        return _page(room, errors), 422
    done, bad = 0, []
    for one in asked:
        _outcome, why = tried(one, lambda entry: actions.enter(g.identity, sitting_id, entry))
        if why:
            db.session.rollback()
            bad.append((one, why))
        else:
            door.commit()
            done += 1
    if done:
        flash(ngettext("%(num)s dossier is entered.", "%(num)s dossiers are entered.", done), "done")
    if not bad:
        return redirect(url_for("approvals.sitting", sitting_id=sitting_id), code=303)
    begin_again()
    room = Room(sitting_id, keeper=True)
    lines = {line.item.subject: line for line in room.lines()}
    told = [(one, lines.get(one.entry.subject), why) for one, why in bad]
    return render_template(
        "approvals/sitting_report.html", **room.frame() | {"crumbs": room.crumbs(inside=True)}, bad=told
    ), 409


@approvals.post("/sittings/<sitting_id>/take-back")
def take_back_in_sitting(sitting_id: str) -> Any:
    """An entry was wrong: nothing is entered for that dossier any more."""
    told = request.form
    seen = told.get("seen", "")
    actions.take_back(g.identity, sitting_id, told.get("subject", ""), int(seen) if seen.isdigit() else -1)
    flash(_("The entry is taken back. Enter what was really decided."), "done")
    return redirect(url_for("approvals.sitting", sitting_id=sitting_id), code=303)
