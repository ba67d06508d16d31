"""Doors: a dossier or an attachment goes to the right household; the last action is undone."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from workflow.dossiers import queries
from workflow.dossiers.actions import moving, undoing
from workflow.dossiers.models import Household
from workflow.dossiers.pages.attachments import caption_of, to_mend, where
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.pages.stopped import stopped
from workflow.dossiers.queries import Search
from workflow.dossiers.queries.attachments import household_of
from workflow.dossiers.queries.mending import may_mend
from workflow.dossiers.queries.undoable import undo_of, undone_where
from workflow.errors import NotFound, Refused

MOST = 20  # households offered at once


@dossiers.route("/dossiers/<reference>/move", methods=["GET", "POST"])
def move(reference: str) -> Any:
    """Give a dossier to another household of the operation."""
    row = queries.dossier(g.identity, reference)
    if not may_mend(g.identity, row) or row.household is None:
        raise NotFound()
    back = url_for("dossiers.dossier", reference=reference)
    asked = {"kind": "dossier", "what": reference, "home": row.household, "back": back}
    if request.method == "GET":
        return _ask(**asked)
    try:
        moving.move_dossier(g.identity, reference, _target())
    except Refused as refused:
        return _ask(**asked, problem=_(refused.message, **refused.params)), 422
    flash(_("The dossier is with its household now."), "done")
    return redirect(back, code=303)


@dossiers.route("/attachments/<file_id>/move", methods=["GET", "POST"])
def move_attachment(file_id: str) -> Any:
    """Give one attachment to another household of the operation."""
    row = to_mend(file_id)
    asked = {"kind": "file", "what": caption_of(row), "home": household_of(row), "back": where(row)}
    if request.method == "GET":
        return _ask(**asked)
    try:
        moving.move_file(g.identity, row, _target())
    except Refused as refused:
        return _ask(**asked, problem=_(refused.message, **refused.params)), 422
    flash(_("The attachment is with its household now."), "done")
    return redirect(where(row), code=303)


def _target() -> str:
    told = request.form.get("target", "")
    if not told:
        raise Refused("no_target", "Choose the household it belongs to.")
    return told


def _ask(kind: str, what: str, home: Household, back: str, problem: str = "") -> str:
    words = request.values.get("q", "").strip()[:200]
    offered, total = others(home, words) if words else ([], 0)
    return render_template(
        "dossiers/mistake_move.html",
        kind=kind,
        what=what,
        household=home,
        words=words,
        offered=offered,
        chosen=request.form.get("target", ""),
        more=max(0, total - MOST),
        back_url=back,
        problems=[{"id": "target", "message": problem}] if problem else [],
    )


def others(home: Household, words: str) -> tuple[list[Household], int]:
    """Households of the same operation that these words find, without this one; how many in all."""
    found = queries.households(g.identity, home.operation_id, Search(words=words))
    rows = [row for row in found.rows if row.id != home.id]
    return rows[:MOST], found.total - (len(found.rows) - len(rows))


@dossiers.post("/undo/<undo_id>")
def undo(undo_id: str) -> Any:
    """Take one's last action back; what stands in the way of a dossier is said with a link to it."""
    told = undone_where(undo_of(g.identity, undo_id))
    try:
        row = undoing.undo(g.identity, undo_id)
    except Refused as refused:
        if "dossier" not in told:
            raise
        return stopped(queries.by_subject(f"dossier:{told['dossier']}").reference, refused)
    flash(_("It is undone: everything is as it was."), "done")
    told = undone_where(row)
    if told.get("dossier"):
        reference = queries.by_subject(f"dossier:{told['dossier']}").reference
        return redirect(url_for("dossiers.dossier", reference=reference), code=303)
    return redirect(url_for("dossiers.household", household_id=told["household"]), code=303)
