"""Doors: one version of a form: who put it into use, what depends on it, its files; put into use again, or retired."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow.catalogue import actions, queries
from workflow.catalogue.pages.blueprint import catalogue
from workflow.catalogue.pages.places import EVERYWHERE, closed_here, place_named
from workflow.catalogue.pages.proposing import taken_into_use, try_with_example
from workflow.catalogue.pages.versions import seen_version, used
from workflow.catalogue.queries.downloading import download as bytes_of
from workflow.catalogue.queries.downloading import downloads
from workflow.db import db
from workflow.errors import Moved, NotFound, Refused
from workflow.people import queries as people
from workflow.web import fields, spoken
from workflow.web.dates import stamp
from workflow.web.editing import Step, confirm

KINDS = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xml": "application/xml"}


@catalogue.get("/forms/<slug>/versions/<version>")
def version(slug: str, version: str) -> Any:
    return _page(slug, version)


def _page(slug: str, version: str, refusal: str = "") -> str:
    known, row = seen_version(slug, version), queries.row_of(version)
    open_now = queries.under_way(slug).get(version, 0)
    return render_template(
        "catalogue/version.html",
        slug=slug,
        label=spoken.label(row.label),
        version=version,
        when=stamp(row.published_at),
        who=people.names([row.published_by]).get(row.published_by, "") if row.published_by else "",
        note=row.note,
        used=used(known),
        closed=closed_here(slug),
        open_now=ngettext("%(num)s open file", "%(num)s open files", open_now) if open_now else _("none"),
        retired=_retired(row),
        may_retire=not queries.in_use(slug, version) and _mine(slug, row.operation),
        files=[
            {"name": name, "url": url_for("catalogue.download", slug=slug, version=version, name=name)}
            for name in downloads(version)
        ],
        places=_places(slug, row) if row.retired_at is None else [],
        refusal=refusal,
    )


def _retired(row: Any) -> str:
    return stamp(row.retired_at) if row.retired_at else ""


def _mine(slug: str, operation: str) -> bool:
    return operation in queries.places(g.identity, slug)


def _places(slug: str, row: Any) -> list[dict[str, str]]:
    """Where this person may put this version into use: not one that was fitted to an operation."""
    if not queries.whole(row.hash):
        return []
    mine = [one for one in queries.places(g.identity, slug) if row.operation in ("", one)]
    behind = [one for one in mine if queries.seen(slug, one) != row.hash and (one or not row.operation)]
    return [{"value": one or EVERYWHERE, "label": place_named(one), "seen": queries.seen(slug, one)} for one in behind]


@catalogue.get("/forms/<slug>/versions/<version>/example")
def try_example(slug: str, version: str) -> Any:
    """Filled for a try, beginning with example answers."""
    return try_with_example(version, spoken.label(seen_version(slug, version).label))


@catalogue.get("/forms/<slug>/versions/<version>/files/<path:name>")
def download(slug: str, version: str, name: str) -> Response:
    seen_version(slug, version)
    kind = KINDS.get(name.rpartition(".")[2], "application/octet-stream")
    sent = f"{slug}.{name.partition('.')[2]}" if name in ("form.xlsx", "form.xml") else name
    answer = Response(bytes_of(version, name), mimetype=kind)
    answer.headers.set("Content-Disposition", "attachment", filename=sent)
    return answer


@catalogue.post("/forms/<slug>/versions/<version>/use")
def use_version(slug: str, version: str) -> Any:
    """Put an earlier version into use again, or take the common one in place of one's own."""
    seen_version(slug, version)
    where, _sep, seen = request.form.get("where", "").partition(":")
    operation = "" if where == EVERYWHERE else where
    try:
        actions.release(g.identity, slug, version, seen, operation=operation)
    except (Moved, Refused) as problem:
        db.session.rollback()
        return _page(slug, version, _(problem.message, **problem.params)), 409
    done = _("This version is in use: files that are opened from now on begin on it.")
    flash(taken_into_use(slug, operation, done), "done")
    return redirect(url_for("catalogue.version", slug=slug, version=version), code=303)


# -- retiring -----------------------------------------------------------------------------------------------------


@catalogue.route("/forms/<slug>/retire", methods=["GET", "POST"])
def retire(slug: str) -> Any:
    """A version (?version=…), the form in one operation (?operation=…), or everywhere."""
    told, back = _what(slug)
    step = Step(
        title=_("Retire %(what)s", what=told["what"]),
        consequence=_("Nobody can open a new file on it any more. Files that are open go on. It can be brought back."),
        verb=_("Retire"),
        back=back,
        crumbs=_crumbs(slug),
    )
    return confirm(
        step,
        fields.Sheet(),
        lambda: actions.retire(g.identity, slug, version=told["version"], operation=told["operation"]),
        _("It is retired: no new file begins on it."),
    )


@catalogue.route("/forms/<slug>/bring-back", methods=["GET", "POST"])
def bring_back(slug: str) -> Any:
    told, back = _what(slug)
    step = Step(
        title=_("Bring back %(what)s", what=told["what"]),
        consequence=_("New files may begin on it again."),
        verb=_("Bring back"),
        back=back,
        crumbs=_crumbs(slug),
        danger=False,
    )
    return confirm(
        step,
        fields.Sheet(),
        lambda: actions.bring_back(g.identity, slug, version=told["version"], operation=told["operation"]),
        _("It may be used again."),
    )


def _what(slug: str) -> tuple[dict[str, str], str]:
    """What the address speaks of, and the page to go back to. NotFound to who may not retire it."""
    version, operation = request.args.get("version", ""), request.args.get("operation", "")
    if version:
        known = seen_version(slug, version)
        if not _mine(slug, known.own):
            raise NotFound()
        day = stamp(known.published_at)
        what = _("the version of %(day)s", day=day)
        back = url_for("catalogue.version", slug=slug, version=version)
        return {"version": version, "operation": "", "what": what}, back
    if not _mine(slug, operation):
        raise NotFound()
    found = queries.current(slug)
    label = spoken.label(found.label) if found else slug
    what = _("“%(form)s” in %(place)s", form=label, place=place_named(operation)) if operation else f"« {label} »"
    return {"version": "", "operation": operation, "what": what}, url_for("catalogue.versions", slug=slug)


def _crumbs(slug: str) -> list[tuple[str, str]]:
    found = queries.current(slug)
    label = spoken.label(found.label) if found else slug
    return [(url_for("catalogue.procedures"), _("Forms")), (url_for("catalogue.versions", slug=slug), label)]
