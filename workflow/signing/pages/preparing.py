"""Doors: a paper is to be signed: who, in what order, how, under which mandate; then the signatures are opened."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, url_for
from flask_babel import gettext as _

from workflow.db import db
from workflow.errors import Invalid, NotFound, Refused
from workflow.filing import queries as filing
from workflow.signing.actions import opening, preparing
from workflow.signing.models import COMPLETE, OPEN, PREPARING
from workflow.signing.pages.blueprint import signing
from workflow.signing.pages.forms import MannerForm, PlaceForm, SignatoryForm, stored
from workflow.signing.pages.room import prepared_page
from workflow.signing.queries import rooms
from workflow.signing.queries.entitled import may_ask_to_sign, prepare_in
from workflow.signing.queries.proposing import places_in
from workflow.signing.queries.rooms import Open
from workflow.web.editing import Desk, Step, confirm, edit, page
from workflow.web.fields import Sheet


@signing.route("/papers/<reference>/sign", methods=["GET", "POST"])
def prepare(reference: str) -> Any:
    """Have this paper signed: where there is a room already, it leads there."""
    paper = filing.by_reference(reference)
    if paper is None or not may_ask_to_sign(g.identity, paper):
        raise NotFound()
    known = rooms.rooms_of(paper.id)
    if known and known[0].state in (PREPARING, OPEN, COMPLETE):
        return redirect(url_for("signing.room", reference=known[0].reference), code=303)
    form = PlaceForm().fill(paper)
    if form.is_submitted() and form.validate():
        made = preparing.prepare(g.identity, paper, **form.place())
        return redirect(url_for("signing.room", reference=made.reference), code=303)
    back = url_for("filing.papers", operation=paper.operation_id)
    desk = Desk(
        title=_("Have “%(title)s” signed", title=paper.title or paper.reference),
        lead=_(
            "You first say who signs, in what order and how. Nobody is asked anything before you open the signatures."
        ),
        back=back,
        crumbs=[(back, _("Papers")), (url_for("signing.rooms", operation=paper.operation_id), _("Signatures"))],
        verb=_("Say who signs"),
    )
    return page(desk, form), 422 if form.is_submitted() else 200


def _prepared(reference: str) -> Open:
    known = prepare_in(g.identity, reference)
    if known.row.state != PREPARING:
        raise Refused("room_open", "The signatures are open already: what was agreed is not changed any more.")
    return known


@signing.route("/rooms/<reference>/signatories/new", methods=["GET", "POST"])
def new_signatory(reference: str) -> Any:
    known = _prepared(reference)
    rank = max((one.row.rank for one in known.parties), default=1)
    form = SignatoryForm(data={"rank": rank, "needed": 1, "channel": "screen", "version": str(known.row.version)})
    return _edit(known, form.fill(known, places_in(known.paper)), "", _("Add a signatory"), _("Add"))


@signing.route("/rooms/<reference>/signatories/<signatory_id>", methods=["GET", "POST"])
def signatory(reference: str, signatory_id: str) -> Any:
    known = _prepared(reference)
    party = known.party(signatory_id)
    form = SignatoryForm(data=stored(party) | {"version": str(known.row.version)}).fill(known, places_in(known.paper))
    title = party.words.name or _("Somebody who signs")
    return _edit(known, form, signatory_id, title, _("Save"))


def _edit(known: Open, form: SignatoryForm, signatory_id: str, title: str, verb: str) -> Any:
    reference = known.row.reference
    back = url_for("signing.room", reference=reference)
    remove = url_for("signing.remove_signatory", reference=reference, signatory_id=signatory_id) if signatory_id else ""
    desk = Desk(
        title=title,
        lead=_("“%(title)s”, %(reference)s", title=known.title, reference=known.paper.reference),
        back=back,
        crumbs=[(back, _("Signatures"))],
        verb=verb,
        remove=(remove, _("Ask this person no more…")) if remove else None,
        template="signing/signatory.html",
    )

    def save() -> None:
        preparing.put_signatory(g.identity, reference, form.draft(), form.shown_version, signatory_id)

    return edit(desk, form, save, _("Saved."), lambda: _fresh(reference, signatory_id))


def _fresh(reference: str, signatory_id: str) -> tuple[SignatoryForm, int]:
    known = Open(rooms.room(reference))
    held = next((stored(one) for one in known.parties if one.id == signatory_id), {})
    return SignatoryForm(formdata=None, data=held).fill(known, places_in(known.paper)), known.row.version


@signing.route("/rooms/<reference>/signatories/<signatory_id>/remove", methods=["GET", "POST"])
def remove_signatory(reference: str, signatory_id: str) -> Any:
    known = _prepared(reference)
    party, version = known.party(signatory_id), known.row.version
    step = Step(
        title=_("Ask %(name)s no more", name=party.words.name),
        consequence=_("This person is not asked to sign. What you typed about them is forgotten."),
        verb=_("Ask this person no more"),
        back=url_for("signing.room", reference=reference),
    )
    form = Sheet()
    return confirm(
        step, form, lambda: preparing.remove_signatory(g.identity, reference, signatory_id, version), _("Saved.")
    )


@signing.route("/rooms/<reference>/manner", methods=["GET", "POST"])
def manner(reference: str) -> Any:
    """Deadlines, last day, which original counts, how the file is closed."""
    known = _prepared(reference)
    form = _manner_form(known)
    back = url_for("signing.room", reference=reference)
    desk = Desk(
        title=_("Deadlines and originals"),
        lead=_("“%(title)s”, %(reference)s", title=known.title, reference=known.paper.reference),
        back=back,
        crumbs=[(back, _("Signatures"))],
        verb=_("Save"),
    )

    def save() -> None:
        preparing.set_manner(g.identity, reference, form.manner(), form.shown_version)

    def fresh() -> tuple[MannerForm, int]:
        held = Open(rooms.room(reference))
        return _manner_form(held, fresh=True), held.row.version

    return edit(desk, form, save, _("Saved."), fresh)


def _manner_form(known: Open, *, fresh: bool = False) -> MannerForm:
    row = known.row
    held = {"delay": row.delay, "until": row.until, "original": row.original, "archive": row.archive}
    held |= {"seal_last": row.seal == "last", "version": str(row.version)}
    return (MannerForm(formdata=None, data=held) if fresh else MannerForm(data=held)).fill()


@signing.post("/rooms/<reference>/open")
def open_signatures(reference: str) -> Any:
    """From then on nothing of what was prepared changes."""
    known = prepare_in(g.identity, reference)
    form = Sheet()
    try:
        opening.open_room(g.identity, reference, form.shown_version)
    except Invalid:
        db.session.rollback()
        return prepared_page(Open(rooms.room(reference)), tried=True), 422
    flash(_("The signatures are open: those of the first rank are asked now."), "done")
    return redirect(url_for("signing.room", reference=known.row.reference), code=303)


@signing.route("/rooms/<reference>/drop", methods=["GET", "POST"])
def drop(reference: str) -> Any:
    known = _prepared(reference)
    step = Step(
        title=_("Give up having “%(title)s” signed", title=known.title),
        consequence=_("Nobody was asked anything yet. What you typed about the signatories is forgotten."),
        verb=_("Give up"),
        back=url_for("filing.papers", operation=known.row.operation_id),
        crumbs=[(url_for("signing.room", reference=reference), _("Signatures"))],
    )
    return confirm(step, Sheet(), lambda: preparing.drop(g.identity, reference), _("Nothing is to be signed any more."))
