"""Doors: a newer version of a form is sent, looked at, tried, compared, then put into use or thrown away."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_wtf.file import FileField, FileRequired, MultipleFileField

from forms.findings import Finding, FormRefused
from workflow.catalogue import actions, queries
from workflow.catalogue.models import Proposal
from workflow.catalogue.pages.blueprint import catalogue
from workflow.catalogue.pages.comparing import by_section
from workflow.catalogue.pages.places import EVERYWHERE, closed, place_named
from workflow.catalogue.pages.trying import LISTS, begun, in_order, page_of
from workflow.catalogue.rules import LARGEST_FILE
from workflow.db import db
from workflow.errors import Moved, NotFound, Refused
from workflow.people import queries as people
from workflow.web import fields, spoken
from workflow.web.dates import stamp


class ProposeForm(fields.Sheet):
    where = fields.choice(later("Where it will be used"), later("Choose where this form will be used."))
    file = FileField(later("Your form (.xlsx, .xls or .md)"), [FileRequired(later("Choose the form to send."))])
    beside = MultipleFileField(
        later("Files it names, if any"), description=later("Those that have not changed need not be sent again.")
    )
    note = fields.paragraph(later("What changes, and why"), 2000)


@catalogue.route("/forms/<slug>/propose", methods=["GET", "POST"])
def propose(slug: str) -> Any:
    """Send a newer version. One that cannot be used is refused with what is to be corrected; nothing is kept of it."""
    places = queries.places(g.identity, slug)
    if not places:
        raise NotFound()
    form = ProposeForm()
    form.where.choices = [(one or EVERYWHERE, place_named(one)) for one in places]
    if not form.is_submitted():
        form.where.data = request.args.get("where") or form.where.choices[0][0]
        return _asked(slug, form)
    if not form.validate():
        return _asked(slug, form), 422
    return _sent(slug, form)


def _sent(slug: str, form: ProposeForm) -> Any:
    sent = form.file.data
    beside = {one.filename: one.read(LARGEST_FILE + 1) for one in form.beside.data or () if one and one.filename}
    heavy = next((name for name, content in beside.items() if len(content) > LARGEST_FILE), None)
    if heavy:
        form.refuse("beside", "The file %(name)s is larger than 20 MB.", {"name": heavy})
        return _asked(slug, form), 422
    where = "" if form.where.data == EVERYWHERE else form.where.data
    try:
        row = actions.propose(
            g.identity,
            slug,
            sent.read(),
            sent.filename or "",
            operation=where,
            files=beside,
            note=form.note.data or "",
        )
    except FormRefused as refused:
        db.session.rollback()
        return _asked(slug, form, refused.findings, sent.filename or ""), 422
    except Refused as refused:
        db.session.rollback()
        form.refuse("file", refused.message, refused.params)
        return _asked(slug, form), 409
    return redirect(url_for("catalogue.proposal", slug=slug, proposal=row.id), code=303)


def _asked(slug: str, form: ProposeForm, findings: tuple[Finding, ...] = (), name: str = "") -> str:
    return render_template(
        "catalogue/propose.html", slug=slug, label=_label(slug), form=form, findings=in_order(findings), name=name
    )


def _label(slug: str) -> str:
    found = queries.current(slug)
    if found is None:
        raise NotFound()
    return spoken.label(found.label)


@catalogue.get("/forms/<slug>/proposals/<proposal>")
def proposal(slug: str, proposal: str) -> Any:
    """What the check says, what changes, and the two ways on."""
    return _proposal(queries.proposal(g.identity, slug, proposal))


def _proposal(row: Proposal, refusal: str = "", note: str | None = None) -> str:
    seen = queries.seen(row.slug, row.operation)
    now, newer = queries.version(seen), queries.version(row.version)
    return render_template(
        "catalogue/proposal.html",
        slug=row.slug,
        label=_label(row.slug),
        row=row,
        seen=seen,
        where=place_named(row.operation),
        who=people.names([row.made_by]).get(row.made_by, ""),
        when=stamp(row.made_at),
        note=row.note if note is None else note,
        findings=in_order([Finding(**told) for told in row.findings]),
        sections=by_section(now.form, newer.form),
        only_words=queries.only_words(now, newer),
        others=len(queries.places(g.identity, row.slug)) if not row.operation else 0,
        closed=[one for one in (closed(row.slug, row.operation),) if one],
        refusal=refusal,
    )


@catalogue.get("/forms/<slug>/proposals/<proposal>/try")
def try_proposal(slug: str, proposal: str) -> Any:
    """Filled for a try, beginning with example answers."""
    row = queries.proposal(g.identity, slug, proposal)
    return try_with_example(row.version, _label(slug))


def try_with_example(version: str, name: str) -> Any:
    lists = {name: content for name, content in queries.files(version).items() if name.endswith(LISTS)}
    answers = queries.example_of(version).to_xml()
    return page_of(begun(queries.version(version).form.xml, lists, name, (), answers))


@catalogue.post("/forms/<slug>/proposals/<proposal>/release")
def release(slug: str, proposal: str) -> Any:
    """Put it into use. Whoever was faster is told of, and nothing is done."""
    row = queries.proposal(g.identity, slug, proposal)
    note, where = fields.readable(request.form.get("note", "")), row.operation
    try:
        actions.release(g.identity, slug, row.version, request.form.get("seen", ""), operation=where, note=note)
    except (Moved, Refused) as problem:
        db.session.rollback()
        row = queries.proposal(g.identity, slug, proposal)
        return _proposal(row, _(problem.message, **problem.params), note), 409
    flash(
        taken_into_use(slug, where, _("The new version is in use: files that are opened from now on begin on it.")),
        "done",
    )
    return redirect(url_for("catalogue.versions", slug=slug), code=303)


def taken_into_use(slug: str, operation: str, told: str) -> str:
    """What follows: nothing begins on any version of a form that is retired there."""
    if queries.retired(slug, operation):
        return _(
            "The version is kept for later: this form is retired here. Nobody opens a file before it is brought back."
        )
    return told


@catalogue.post("/forms/<slug>/proposals/<proposal>/withdraw")
def withdraw(slug: str, proposal: str) -> Any:
    actions.withdraw(g.identity, queries.proposal(g.identity, slug, proposal).id)
    flash(_("The proposed version is thrown away. Nothing has changed."), "done")
    return redirect(url_for("catalogue.versions", slug=slug), code=303)
