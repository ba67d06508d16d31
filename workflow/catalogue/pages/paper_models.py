"""Doors: the models of papers, and one of them: its versions, what it calls for, what may be done with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow.catalogue.actions import paper_drafts as actions
from workflow.catalogue.models import PaperDraft, PaperModel, PaperVersion
from workflow.catalogue.pages.blueprint import catalogue
from workflow.catalogue.pages.paper_lines import OF_A_FORM, Line, lines
from workflow.catalogue.pages.paper_places import ABOUT, KINDS, Place, administers, door, mine, named, own_places, place
from workflow.catalogue.queries import paper_drafts as known
from workflow.catalogue.queries.paper_content import called_by
from workflow.catalogue.queries.paper_models import PaperModelInUse, frozen, row_in_use
from workflow.db import db
from workflow.errors import Moved, NotFound, Refused
from workflow.people import queries as people
from workflow.people.rules import folded
from workflow.web import listed
from workflow.web.dates import stamp
from workflow.web.editing import Step, confirm
from workflow.web.fields import Sheet


@catalogue.get("/models")
def paper_models() -> Any:
    rows = lines()
    filters = _filters(rows)
    return listed.show(
        listed.Listed(
            title=_("Models of papers"),
            lead=_("What letters, agreements and sheets are written from. A change holds for new papers only."),
            columns=[
                listed.Column(
                    _("Model"), lambda row: row.title, lambda row: {"text": row.title, "url": row.url}, width=45
                ),
                listed.Column(_("About"), lambda row: row.about_words),
                listed.Column(_("Kind"), lambda row: row.kind_words),
                listed.Column(_("Where"), lambda row: row.where, width=35),
                listed.Column(_("Version"), lambda row: row.number, number=True),
                listed.Column(
                    _("State"),
                    lambda row: row.state[0],
                    lambda row: {"text": row.state[0], "state": row.state[1]},
                    width=30,
                ),
                listed.Column(_("Remarks"), lambda row: row.remarks or "", number=True),
            ],
            rows=_kept(rows, filters),
            known=len(rows),
            filters=filters,
            counted=lambda count: ngettext("%(num)s model", "%(num)s models", count),
            empty=listed.Empty(
                _("No model yet"), _("Models come with the program: start it once with its library, and they are here.")
            ),
            file_name="modeles",
            private=False,
            primary=(url_for("catalogue.paper_begin", operation=_place()), _("Begin a new model")),
            more={"clauses_url": url_for("catalogue.paper_clauses", operation=_place()), "begin": _begin_urls()},
        ),
        "catalogue/models/list.html",
    )


def _place() -> str:
    """Where this person changes words first: in the common models, or in the first of their operations."""
    return "" if administers() else next((one for one, _name in own_places()), "")


def _begin_urls() -> list[tuple[str, str]]:
    """[(address, name)] of the operations for which a model of their own may be begun."""
    return [(url_for("catalogue.paper_begin", operation=one), name) for one, name in own_places()]


def _filters(rows: Sequence[Line]) -> list[listed.Filter]:
    places = dict.fromkeys(row.place for row in rows if not row.form)
    kinds = [*((one, str(KINDS[one])) for one in KINDS), (OF_A_FORM, _("Sheet of a form"))]
    return [
        listed.Filter("q", _("Words of a title")),
        listed.Filter("about", _("About"), [("", _("All")), *((one, str(ABOUT[one])) for one in ABOUT)]),
        listed.Filter("kind", _("Kind"), [("", _("All")), *kinds]),
        listed.Filter("where", _("Where"), [("", _("All")), *((one or "common", named(one)) for one in places)]),
        listed.Filter("draft", _("Only those being written"), tick=True),
    ]


def _kept(rows: list[Line], filters: list[listed.Filter]) -> list[Line]:
    words, about, kind, where, draft = (one.asked for one in filters)
    terms = folded(words).split()
    return [
        row
        for row in rows
        if all(term in folded(row.title) for term in terms)
        and about in ("", row.about)
        and kind in ("", row.kind)
        and where in ("", "" if row.form else row.place or "common")
        and (not draft or row.draft)
    ]


# -- one model ------------------------------------------------------------------------------------------------------


@door("")
def paper_model(slug: str, operation: str) -> Any:
    """One that was only begun is written first: there is nothing else to say about it."""
    if known.begun_row(slug, operation) is not None:
        return redirect(mine(operation).url("paper_studio", slug=slug), code=303)
    return model_page(place(operation), slug)


def model_page(here: Place, slug: str, refusal: str = "", status: int = 200) -> Any:
    row = _row(slug, here.operation)
    now = frozen(row.current)
    versions = [one for one in known.versions_of(slug, here.operation) if one.operation == row.operation]
    names = people.names([one.made_by for one in versions if one.made_by])
    draft = known.draft_of(slug, here.operation)
    page = render_template(
        "catalogue/models/model.html",
        here=here,
        now=now,
        row=row,
        own=bool(here.operation) and row.operation == here.operation,
        about=ABOUT.get(now.about, ""),
        kind=KINDS.get(now.kind, ""),
        audiences=[one.label or one.name for one in now.audiences],
        asks=now.asks,
        made=told_version(next(one for one in versions if one.hash == now.hash), names),
        versions=[told_version(one, names) for one in versions],
        clauses=_clauses(here, now),
        annexing=[one.title for one in known.annexing(slug, here.operation)],
        draft=_told_draft(draft),
        behind=_behind(here, row),
        elsewhere=_elsewhere(here, slug),
        falls_back=falls_back(slug, here.operation),
        refusal=refusal,
    )
    return page, status


def _row(slug: str, operation: str) -> PaperModel:
    """The row in use there, else the retired one of the place itself, which may be brought back. Raises NotFound."""
    row = row_in_use(operation, slug) or db.session.get(PaperModel, (slug, operation))
    row = row or db.session.get(PaperModel, (slug, ""))
    if row is None or row.begun:
        raise NotFound()
    return row


def told_version(one: PaperVersion, names: dict[str, str]) -> dict[str, Any]:
    """{hash, number, label, when, who, note}"""
    return {
        "hash": one.hash,
        "number": one.number,
        "label": _("Version %(number)s", number=one.number),
        "when": stamp(one.made_at),
        "who": names.get(one.made_by, "") or _("came with the program"),
        "note": one.note,
    }


def _clauses(here: Place, now: PaperModelInUse) -> list[dict[str, Any]]:
    """The clauses it calls for: {name, title, variants, pending, url}; variants: how many landlords have others."""
    found: dict[str, dict[str, Any]] = {}
    for name in called_by(now.text, now.library):
        one = known.clause(name, here.operation) if known.has_clause(name, here.operation) else None
        if one is None or one.landlord:
            found.get(name.partition(".")[0], {"variants": 0})["variants"] += 1
            continue
        found[name] = {
            "name": name,
            "title": clause_title(name, one.words),
            "variants": 0,
            "pending": one.pending is not None,
            "own": one.own,
            "url": here.url("paper_clause", name=name, model=now.slug),
        }
    return sorted(found.values(), key=lambda one: one["title"])


_NAMED = re.compile(
    r"""^#+\s+(?P<heading>.+)$|\{%-?\s*annex\s+"(?P<annex>[^"]+)"|\btitle:\s*"(?P<title>[^"]+)\"""", re.M
)


def clause_title(name: str, text: str) -> str:
    """What a clause is called: its first heading or title, else its name."""
    found = _NAMED.search(text)
    said = next(filter(None, found.groups()), "") if found else ""
    bare = said.partition("{#")[0].strip().removeprefix("Article").lstrip(" –-")
    return bare or name.partition(".")[0].replace("-", " ").capitalize()


def _told_draft(draft: PaperDraft | None) -> dict[str, Any] | None:
    if draft is None:
        return None
    who = people.names([draft.changed_by]).get(draft.changed_by, "")
    return {"who": who, "when": stamp(draft.changed_at), "remarks": len(draft.findings), "note": draft.note}


def _behind(here: Place, row: PaperModel) -> PaperModelInUse | None:
    """The common version in use, where the operation's own does not know of it."""
    if not here.operation or row.operation != here.operation:
        return None
    common = row_in_use("", row.slug)
    return frozen(common.current) if common and common.current != row.base else None


def _elsewhere(here: Place, slug: str) -> list[dict[str, str]]:
    """The same model in other places of this person: {name, url, own}."""
    own = {row.operation for row in known.own_rows(slug) if row.retired_at is None}
    places = [("", named("")), *own_places()]
    return [
        {"name": name, "url": url_for("catalogue.paper_model", slug=slug, operation=one), "own": one in own}
        for one, name in places
        if one != here.operation and row_in_use(one, slug) is not None
    ]


def falls_back(slug: str, operation: str) -> bool:
    """Whether a common model stands behind the operation's own."""
    return bool(operation) and row_in_use("", slug) is not None


# -- use again, retire ------------------------------------------------------------------------------------------------


@door("/use", "POST")
def paper_use(slug: str, operation: str) -> Any:
    """Put an earlier version into use again."""
    here = mine(operation)
    wanted, seen = request.form.get("version", ""), request.form.get("seen", "")
    try:
        actions.use_version(g.identity, slug, operation, wanted, seen)
    except (Moved, Refused) as problem:
        db.session.rollback()
        return model_page(here, slug, _(problem.message, **problem.params), 409)
    flash(_("This version is in use: new papers are written from it."), "done")
    return redirect(here.url("paper_model", slug=slug), code=303)


@door("/retire", "GET", "POST")
def paper_retire(slug: str, operation: str) -> Any:
    here, behind = mine(operation), falls_back(slug, operation)
    now = frozen(_row(slug, operation).current)
    common_again = _(
        "New papers of “%(model)s” are written from the common model again. Your versions are kept.", model=now.title
    )
    no_more = _(
        "Nobody writes a new “%(model)s” any more. Papers already written stay. It may come back.", model=now.title
    )
    step = Step(
        title=_("Go back to the common model") if behind else _("Retire this model"),
        consequence=common_again if behind else no_more,
        verb=_("Use the common model") if behind else _("Retire it"),
        back=here.url("paper_model", slug=slug),
        crumbs=[*here.crumbs, (here.url("paper_model", slug=slug), now.title)],
    )
    done = _("The common model is used again.") if behind else _("The model is retired.")
    return confirm(step, Sheet(), lambda: actions.retire_model(g.identity, slug, operation), done)


@door("/bring-back", "POST")
def paper_bring_back(slug: str, operation: str) -> Any:
    here = mine(operation)
    actions.bring_back_model(g.identity, slug, operation)
    flash(_("The model is used again."), "done")
    return redirect(here.url("paper_model", slug=slug), code=303)
