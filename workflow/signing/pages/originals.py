"""Doors: the originals on paper: how many, who has each now, sent on and received back."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from workflow.db import db
from workflow.errors import Invalid
from workflow.people import queries as people
from workflow.signing.actions import originals as actions
from workflow.signing.actions.originals import OFFICE, Move
from workflow.signing.models import Original
from workflow.signing.pages.blueprint import signing
from workflow.signing.queries.entitled import prepare_in
from workflow.signing.queries.rooms import Open
from workflow.signing.queries.standing import originals as found
from workflow.web import fields
from workflow.web.dates import format_date


class CountForm(fields.Sheet):
    count = fields.count(later("How many originals on paper"))


class MoveForm(fields.Sheet):
    number = fields.choice(later("Which original"), later("Choose one of the originals."))
    to = fields.choice(later("Who has it now"), later("Say who has it now."))
    on = fields.day(later("Since which day"), later("Say on which day: today or before."))


@signing.route("/rooms/<reference>/originals", methods=["GET", "POST"])
def originals(reference: str) -> Any:
    """Where each original is; sent, one of them changes hands."""
    known = prepare_in(g.identity, reference)
    form = _move_form(known)
    if not form.is_submitted():
        return _page(known, form)
    try:
        if not form.validate():
            return _page(known, form), 422
        told = Move(int(form.number.data), form.to.data, form.on.data)
        actions.move(g.identity, reference, told)
    except Invalid as problem:
        db.session.rollback()
        for error in problem.errors:
            form.refuse(error.field, error.message, error.params)
        return _page(prepare_in(g.identity, reference), form), 422
    flash(_("Noted: this original is there now."), "done")
    return redirect(url_for("signing.originals", reference=reference), code=303)


@signing.post("/rooms/<reference>/originals/new")
def put_on_paper(reference: str) -> Any:
    """One click: so many originals go round."""
    known, form = prepare_in(g.identity, reference), CountForm()
    try:
        if not form.validate():
            return _page(known, _move_form(known), form), 422
        actions.put_on_paper(g.identity, reference, form.count.data or 0)
    except Invalid as problem:
        db.session.rollback()
        for error in problem.errors:
            form.refuse(error.field, error.message, error.params)
        known = prepare_in(g.identity, reference)
        return _page(known, _move_form(known), form), 422
    flash(_("The originals are counted: note where each one goes."), "done")
    return redirect(url_for("signing.originals", reference=reference), code=303)


def _move_form(known: Open) -> MoveForm:
    form = MoveForm()
    form.choose(
        number=[(str(one.number), _name(one)) for one in found(known.row.id)],
        to=[(OFFICE, _office(known)), *((one.id, one.acting.name) for one in known.parties)],
    )
    return form


def _page(known: Open, form: MoveForm, count: CountForm | None = None) -> str:
    count = count or CountForm(formdata=None, data={"count": len(known.parties) or 1})
    told = [_told(known, one) for one in found(known.row.id)]
    back = url_for("signing.room", reference=known.row.reference)
    return render_template(
        "signing/originals.html",
        row=known.row,
        title=known.title,
        paper=known.paper,
        form=form,
        count=count,
        originals=told,
        back=back,
    )


def _told(known: Open, one: Original) -> dict[str, Any]:
    moves = [
        _("%(day)s: %(who)s", day=format_date(_day(each["on"]), "long"), who=_who(known, each["to"]))
        for each in one.moves
    ]
    return {"name": _name(one), "holder": _who(known, one.holder or OFFICE), "moves": moves}


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _name(one: Original) -> str:
    return _("Original %(number)s", number=one.number)


def _who(known: Open, ident: str) -> str:
    party = next((one for one in known.parties if one.id == ident), None)
    return party.acting.name if party else _office(known)


def _office(known: Open) -> str:
    """Whoever sends them round."""
    who = known.row.opened_by or known.row.made_by
    return people.names([who]).get(who, "")
