"""Doors without an access: the public page of a draft. Nothing is shown there before somebody read it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from workflow.charter.actions import contributing as actions
from workflow.charter.actions.contributing import Draft
from workflow.charter.models import INHABITANT, NEW, PUBLIC, Consultation
from workflow.charter.pages.blueprint import charter
from workflow.charter.pages.forms import PublicForm, listed
from workflow.charter.pages.papers import download, files_of, published_on
from workflow.charter.pages.words import blocks, card, dates, headings, phase_badge, version_name
from workflow.charter.queries import drafts, said
from workflow.charter.queries.said import ANYBODY
from workflow.charter.queries.tracing import trace
from workflow.charter.rules import phases
from workflow.db import Scope, db, scoped
from workflow.errors import Invalid, NotFound, Refused
from workflow.operations.queries import operation as find_operation
from workflow.people import queries as people
from workflow.web import journals, kept

Page = Callable[..., Any]
SENT, WITHIN = 12, timedelta(hours=1)
BESIDE, AT_ONCE = 3, 200
TOO_MANY = later("Many contributions came from here within an hour. Yours is still below: send it a little later.")
kept.WORDY |= {"charter.public_contribute": 4_000_000}


def _opened(page: Page) -> Page:
    """The draft of a public address, seen within its own operation."""

    @wraps(page)
    def come(reference: str, **more: Any) -> Any:
        row = drafts.of_everybody(reference)
        with scoped(Scope(frozenset((row.operation_id,)))):
            return page(row, **more)

    return come


def _around(row: Consultation) -> dict[str, Any]:
    """Whose page it is, and whom one may call."""
    place = find_operation(row.operation_id)
    office = people.organisation(place.owner) if place else None
    contact = {"name": office.name, "capacity": "", "phone": office.phone} if office else None
    return {"row": row, "place": place, "contact": contact, "asking": office.name if office else ""}


@charter.get("/consultations/<reference>")
@_opened
def public(row: Consultation) -> Any:
    """What is discussed and what is not, what will not be published; then the text, with what was published of it."""
    phase, parts = drafts.phase_of(row), drafts.current_parts(row)
    named, said_on = headings(parts), said.on_each(row, ANYBODY, BESIDE)
    shown = said.opened([one for _count, some in said_on.values() for one in some], ANYBODY)
    cards = {one.row.id: card(one) for one in shown}

    def beside(key: str) -> dict[str, Any]:
        count, some = said_on.get(key, (0, []))
        return {"count": count, "cards": [cards[one.id] for one in some]}

    thanks = request.args.get("thanks", "")
    return render_template(
        "charter/public.html",
        phase=phase,
        badge=phase_badge(phase),
        dates=dates(row),
        version=version_name(row.current),
        articles=[
            {"key": one.key, "heading": named[one.key], "blocks": blocks(one.words), **beside(one.key)} for one in parts
        ],
        whole=beside(""),
        may_contribute=row.public and phase == phases.OPEN,
        thanks=thanks if thanks.isascii() and thanks.isdigit() and len(thanks) < 7 else "",
        published=published_on(row),
        files=[one for one in files_of(row) if one["ready"]] if row.published_at else [],
        **_around(row),
    )


@charter.get("/consultations/<reference>/articles/<key>")
@_opened
def public_article(row: Consultation, key: str) -> Any:
    """Everything that was published of one article; "-": of the whole text."""
    found = trace(row, ANYBODY, key) if key != "-" else None
    if found is None and key != "-":
        raise NotFound()
    some = list(found.contributions) if found else list(reversed(said.about(row, ANYBODY, "")))
    title = headings(drafts.current_parts(row)).get(key) or (
        found.title if found else _("On the whole text, and new articles")
    )
    changed = [
        {"name": version_name(one.edition.number), "lines": one.change.lines}
        for one in (found.steps if found else ())
        if one.change is not None and one.change.state == "changed"
    ]
    return render_template(
        "charter/public_article.html",
        title=title,
        cards=[card(one, whole=True) for one in said.opened(some[:AT_ONCE], ANYBODY)],
        count=len(some),
        changed=changed,
        **_around(row),
    )


@charter.route("/consultations/<reference>/contribute", methods=["GET", "POST"])
@_opened
def public_contribute(row: Consultation) -> Any:
    """Anybody says something. What was typed is given back whenever it cannot be taken."""
    if not row.public:
        raise NotFound()
    form = PublicForm(data={"article": request.args.get("article", ""), "kind": request.args.get("kind", "comment")})
    form.article.choices = listed(list(headings(drafts.current_parts(row)).items()), _("The whole text"))
    if not form.is_submitted():
        return _form(row, form)
    if not form.validate():
        return _form(row, form), 422
    address, row_id = request.remote_addr or "", row.reference
    db.session.rollback()  # the count is written in a transaction of its own
    if journals.too_many("charter", address, SENT, WITHIN):
        row = drafts.of_everybody(row_id)
        return _form(row, form, str(TOO_MANY)), 429
    row = drafts.of_everybody(row_id)
    try:
        made = actions.contribute_publicly(row, _told(form))
    except Invalid as problem:
        db.session.rollback()
        for error in problem.errors:
            form.refuse(error.field, error.message, error.params)
        return _form(drafts.of_everybody(row_id), form), 422
    except Refused as problem:
        db.session.rollback()
        return _form(drafts.of_everybody(row_id), form, _(problem.message, **problem.params)), 409
    return redirect(url_for("charter.public", reference=row_id, thanks=made.number), code=303)


def _told(form: PublicForm) -> Draft:
    kind = form.kind.data
    return Draft(
        article="" if kind == NEW else form.article.data or "",
        kind=kind,
        words=form.words.data or "",
        title=(form.title.data or "") if kind == NEW else "",
        said_by=INHABITANT,
        author=form.author.data or "",
        address=form.address.data or "",
        source=PUBLIC,
        consent=form.consent.data,
    )


def _form(row: Consultation, form: PublicForm, refusal: str = "") -> str:
    chosen = next((one for one in drafts.current_parts(row) if one.key == form.article.data), None)
    return render_template(
        "charter/public_contribute.html",
        form=form,
        refusal=refusal,
        open=drafts.phase_of(row) == phases.OPEN,
        now=blocks(chosen.words) if chosen else [],
        **_around(row),
    )


@charter.get("/consultations/<reference>/papers/<paper>.<form>")
@_opened
def public_paper(row: Consultation, paper: str, form: str) -> Response:
    """The published text, and the table of contributions and answers."""
    latest = [one["reference"] for one in files_of(row) if one["ready"]]
    if row.published_at is None or paper not in latest:
        raise NotFound()
    return download(row, paper, form)
