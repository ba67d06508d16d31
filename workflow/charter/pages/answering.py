"""Doors: one contribution: read, published, grouped with those alike, answered with a reason."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow.charter.actions import answering as actions
from workflow.charter.actions.answering import Answer
from workflow.charter.models import KEPT, NEW, NOT, RUNNING, UNREAD, WORDING, Consultation, Contribution
from workflow.charter.pages.blueprint import charter
from workflow.charter.pages.desk import state_of
from workflow.charter.pages.forms import AnswerForm, GroupForm, ReadForm, listed
from workflow.charter.pages.words import CONSENTS, KINDS, blocks, card, crumbs, headings, link_to
from workflow.charter.queries import drafts, said
from workflow.charter.queries.entitled import Reader, come_in, draft_in
from workflow.charter.rules.alike import similar
from workflow.charter.rules.differing import between
from workflow.db import db
from workflow.errors import Invalid, Moved, NotFound, Refused
from workflow.people import queries as people
from workflow.web.dates import stamp
from workflow.web.editing import Step, confirm
from workflow.web.fields import Sheet

MOST_COMPARED = 400  # contributions among which those alike are looked for


@charter.route("/drafts/<reference>/contributions/<int:number>", methods=["GET", "POST"])
def contribution(reference: str, number: int) -> Any:
    """What was said, by whom, and what came of it. Who holds the pen answers here."""
    row, reader = come_in(g.identity, reference)
    held = said.one_of(row, reader, number)
    form = _answer_form(row, held)
    if request.method == "GET":
        return _page(row, reader, held, form)
    if not reader.drafts:
        raise NotFound()
    if not form.validate():
        return _page(row, reader, held, form), 422
    told = Answer(form.outcome.data, form.reason.data or "", form.article.data or "", form.put.data, form.whole.data)
    try:
        count = actions.answer(g.identity, row, number, form.shown_version, told)
    except Invalid as problem:
        db.session.rollback()
        for error in problem.errors:
            form.refuse(error.field, error.message, error.params)
        return _again(reference, number, form), 422
    except (Moved, Refused) as problem:
        db.session.rollback()
        return _again(reference, number, form, _(problem.message, **problem.params)), 409
    flash(ngettext("The answer is recorded.", "%(num)s contributions are answered.", count), "done")
    return redirect(_next(row), code=303)


def _again(reference: str, number: int, form: Sheet, refusal: str = "") -> str:
    row, reader = come_in(g.identity, reference)
    held = said.one_of(row, reader, number)
    form.version.data = str(held.version)
    return _page(row, reader, held, form, refusal)


def _next(row: Consultation) -> str:
    """The list of those that still wait."""
    return url_for("charter.desk", reference=row.reference, state="left")


def _answer_form(row: Consultation, held: Contribution, **more: Any) -> AnswerForm:
    told = {"outcome": held.outcome or None, "article": held.led_to or held.article, "version": str(held.version)}
    form = AnswerForm(data=told, **more)
    begun = drafts.written_now(row)
    parts = drafts.parts_of(begun) if begun is not None else drafts.current_parts(row)
    form.article.choices = listed(list(headings(parts).items()), _("No article in particular"))
    return form


def _page(row: Consultation, reader: Reader, held: Contribution, form: AnswerForm, refusal: str = "") -> str:
    one = said.opened([held], reader)[0]
    parts = drafts.parts_of(drafts.edition(row, held.edition))
    part = next((each for each in parts if each.key == held.article), None)
    named = headings(parts)
    names = people.names([held.recorder, held.answered_by])
    groups = said.themes(row)
    others = _others(held)
    if form.reason.data is None and one.reason:
        form.reason.data = one.reason
    if not (held.theme_id and others):
        del form.whole
    if held.kind not in (WORDING, NEW) or held.outcome:
        del form.put
    may_answer = reader.drafts and row.state == RUNNING and held.state == KEPT and not one.erased
    return render_template(
        "charter/contribution.html",
        row=row,
        held=held,
        card=card(one, whole=True, heading_of=named.get(held.article, "")),
        kind=str(KINDS[held.kind]),
        state=state_of(one),
        article_url=url_for("charter.article", reference=row.reference, key=held.article) if part else "",
        now=blocks(part.words) if part else [],
        lines=between(part.words, one.words) if part and held.kind == WORDING and one.words else [],
        recorder=names.get(held.recorder, "") if held.recorder and held.recorder != held.person else "",
        recorded_at=stamp(held.at, drafts.zone_of(row)),
        answered_by=names.get(held.answered_by, ""),
        answered_at=stamp(held.answered_at, drafts.zone_of(row)) if held.answered_at else "",
        consent=str(CONSENTS[held.consent]),
        may_publish=held.consent != NOT,
        group=groups.get(held.theme_id or "", ""),
        others=[{"number": each.number, "url": link_to(row, each)} for each in others],
        alike=_alike(row, reader, held, one.words) if reader.drafts and row.state == RUNNING else [],
        groups=list(groups.values()),
        drafts_it=reader.drafts,
        running=row.state == RUNNING,
        to_read=reader.drafts and held.state == UNREAD and row.state == RUNNING,
        may_answer=may_answer,
        form=form,
        read_form=ReadForm(formdata=None),
        refusal=refusal,
        crumbs=crumbs(row, (url_for("charter.desk", reference=row.reference), _("Contributions")))
        if reader.drafts
        else crumbs(row),
    )


def _others(held: Contribution) -> list[Contribution]:
    return [one for one in said.of_theme(held.theme_id) if one.id != held.id] if held.theme_id else []


def _alike(row: Consultation, reader: Reader, held: Contribution, words: str) -> list[dict[str, Any]]:
    """Contributions that seem to ask for the same; whoever holds the pen says whether they do."""
    near = [one for one in said.about(row, reader, held.article) if one.id != held.id][:MOST_COMPARED]
    free = [one for one in near if one.theme_id is None or one.theme_id != held.theme_id]
    told = {one.row.id: one for one in said.opened(free, reader)}
    found = similar(words, {key: one.words for key, one in told.items()})
    return [card(told[key], link_to(row, told[key].row)) for key in found]


@charter.post("/drafts/<reference>/contributions/<int:number>/read")
def read(reference: str, number: int) -> Any:
    """It was read: published, kept without being published, or set aside with a reason."""
    row, form = draft_in(g.identity, reference), ReadForm()
    do = request.form.get("do", "")
    back = url_for("charter.contribution", reference=reference, number=number)
    try:
        if do == "aside":
            actions.set_aside(g.identity, row, number, form.shown_version, form.reason.data or "")
            flash(_("It is set aside. Its author is told why, when they left an address."), "done")
            return redirect(_next(row), code=303)
        actions.keep_read(g.identity, row, number, form.shown_version, show=do == "publish")
    except Invalid as problem:
        db.session.rollback()
        return _reading_again(reference, number, _(problem.errors[0].message)), 422
    except (Moved, Refused) as problem:
        db.session.rollback()
        return _reading_again(reference, number, _(problem.message, **problem.params)), 409
    flash(
        _("Published: everybody who reads the text sees it.") if do == "publish" else _("Kept, and not published."),
        "done",
    )
    return redirect(back, code=303)


def _reading_again(reference: str, number: int, refusal: str) -> str:
    row, reader = come_in(g.identity, reference)
    held = said.one_of(row, reader, number)
    return _page(row, reader, held, _answer_form(row, held, formdata=None), refusal)


@charter.post("/drafts/<reference>/contributions/<int:number>/group")
def group(reference: str, number: int) -> Any:
    """This one and those ticked ask for the same; or it leaves its group."""
    row, form = draft_in(g.identity, reference), GroupForm()
    back = url_for("charter.contribution", reference=reference, number=number)
    if request.form.get("do") == "leave":
        actions.ungroup(g.identity, row, number)
        flash(_("It stands alone again."), "done")
        return redirect(back, code=303)
    ticked = [int(one) for one in request.form.getlist("with") if one.isascii() and one.isdigit() and len(one) < 8]
    try:
        actions.group(g.identity, row, [number, *ticked], form.title.data or "")
    except Invalid as problem:
        db.session.rollback()
        return _reading_again(reference, number, _(problem.errors[0].message)), 422
    flash(_("They are grouped: one answer may do for all."), "done")
    return redirect(back, code=303)


@charter.route("/drafts/<reference>/contributions/<int:number>/erase", methods=["GET", "POST"])
def erase(reference: str, number: int) -> Any:
    """On the wish of its author."""
    row = draft_in(g.identity, reference)
    _row, reader = come_in(g.identity, reference)
    held = said.one_of(row, reader, number)
    back = url_for("charter.contribution", reference=reference, number=number)
    step = Step(
        title=_("Erase contribution no. %(number)s", number=held.number),
        consequence=_(
            "Its words, the name and the address of its author and the answer are gone for good. That there was a "
            "contribution, and what came of it, stays."
        ),
        verb=_("Erase it for good"),
        back=back,
        crumbs=crumbs(row),
    )
    return confirm(step, Sheet(), lambda: actions.erase(g.identity, row, number), _("It is erased."))
