"""Doors: who follows which household in an operation; many change hands at once; the history of one household."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField
from wtforms.validators import InputRequired

from workflow import access
from workflow.db import db
from workflow.dossiers import actions, queries
from workflow.dossiers.models import Household
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.pages.wording import moment
from workflow.dossiers.queries import referents as found
from workflow.dossiers.rules import STATES, search_text, terms
from workflow.errors import Forbidden, NotFound
from workflow.operations.models import Operation
from workflow.operations.queries import operation as find_operation
from workflow.people import queries as people
from workflow.web import listed
from workflow.web.spoken import label

TICKED, FOUND = "ticked", "found"
PAGE = 100


class MovingForm(FlaskForm):
    shown = HiddenField()  # who followed the household when the page was shown
    to = SelectField(lazy_gettext("Followed from now on by"), [InputRequired(lazy_gettext("Choose who follows them."))])

    def __init__(self, operation: str) -> None:
        super().__init__()
        able = [(row.id, row.name) for row in found.able_to_follow(operation)]
        self.to.choices = [("", _("Choose in the list")), *able]


def _place(operation: str) -> Operation:
    """An operation of this reader, in which they follow households, coordinate or set up. NotFound for others."""
    place = find_operation(operation) if operation in g.identity.operations else None
    reads = access.may_read_names(g.identity, operation) or access.may_set_up(g.identity, operation)
    if place is None or not reads:
        raise NotFound()
    return place


def _may_name(operation: str) -> bool:
    return access.may_fill(g.identity, operation) or access.may_set_up(g.identity, operation)


@dossiers.get("/operations/<operation>/referents")
def referents(operation: str) -> Any:
    return _page(_place(operation))


@dossiers.post("/operations/<operation>/referents")
def move_referents(operation: str) -> Any:
    """Give the ticked households, those the filters of the address find, all that one person follows, or all that
    nobody follows, to somebody.
    """
    place = _place(operation)
    if not _may_name(operation):
        raise Forbidden()
    form = MovingForm(operation)
    rows = _chosen(place)
    moved = _moved_meanwhile(rows)
    if moved:
        return _page(place, form, moved), 409
    if not form.validate() or not rows:
        problem = "" if rows else _("Tick at least one household, or choose all those found or of one person.")
        return _page(place, form, problem), 422
    count = actions.set_referents(rows, form.to.data, g.identity.person)
    name = people.names([form.to.data]).get(form.to.data, "")
    flash(
        ngettext(
            "%(num)s household is now followed by %(name)s.",
            "%(num)s households are now followed by %(name)s.",
            count,
            name=name,
        ),
        "done",
    )
    return redirect(url_for("dossiers.referents", operation=operation), code=303)


def _chosen(place: Operation) -> list[Household]:
    known = found.followed_by_reader(g.identity, place.id)
    which = request.form.get("which", TICKED)
    if which == TICKED:
        ticked = {told.partition(":")[0] for told in request.form.getlist("household")}
        return [row for row in known if row.id in ticked]
    if which == FOUND:
        return _found(place, known)
    if which == "none":
        followers = found.followers(place.id, place.zone)
        return [row for row in known if followers.gap(row)]
    return [row for row in known if row.referent and row.referent == which]


def _moved_meanwhile(rows: list[Household]) -> str:
    """What is said when somebody else gave one of the ticked households away after the page was shown."""
    told = (one.partition(":") for one in request.form.getlist("household"))
    shown = {household: referent for household, colon, referent in told if colon}
    moved = [row.reference for row in rows if shown.get(row.id, row.referent or "") != (row.referent or "")]
    if not moved:
        return ""
    return _(
        "Somebody named another person meanwhile for: %(references)s. Nothing was changed: look at the list, then tick "
        "again.",
        references=", ".join(moved),
    )


# -- the list -----------------------------------------------------------------------------------------------------


def _page(place: Operation, form: MovingForm | None = None, problem: str = "") -> Any:
    names, may_name = access.may_read_names(g.identity, place.id), _may_name(place.id)
    known, followers = found.followed_by_reader(g.identity, place.id), found.followers(place.id, place.zone)
    called = people.names(row.referent for row in known if row.referent)
    rows = sorted(_found(place, known), key=lambda row: (not followers.gap(row), row.reference))
    gaps = sum(bool(followers.gap(row)) for row in known)
    homes = {row.id: row.name for row in queries.buildings_by_id(place.id).values()}
    return listed.show(
        listed.Listed(
            title=_("Who follows whom"),
            lead=_("Every household has one named person to call, at every moment."),
            columns=_columns(followers, called, homes, names=names, ticks=may_name),
            rows=rows,
            known=len(known),
            empty=listed.Empty(
                _("No household yet"), _("Once households are entered, this page says who follows each of them.")
            ),
            filters=_filters(known, called),
            page=PAGE,
            counted=lambda count: ngettext("%(num)s household", "%(num)s households", count),
            place=place.name,
            file_name="referents",
            more={
                "operation": place.id,
                "gaps": gaps,
                "found": len(rows) if len(rows) < len(known) else 0,
                "counts": [(called.get(person, _("somebody")), person, count) for person, count in _counts(known)],
                "form": (form or MovingForm(place.id)) if may_name else None,
                "problem": problem,
            },
        ),
        "dossiers/referents.html",
    )


def _counts(rows: list[Household]) -> list[tuple[str, int]]:
    return list(found.counts(rows).items())


def _filters(known: list[Household], called: dict[str, str]) -> list[listed.Filter]:
    persons = sorted({row.referent for row in known if row.referent}, key=lambda one: called.get(one, ""))
    choices = [("", _("Everybody")), *((one, called.get(one, one)) for one in persons)]
    return [
        listed.Filter("q", _("Reference, name, building")),
        listed.Filter("person", _("Followed by"), choices),
        listed.Filter("gap", _("Only those whom nobody follows"), tick=True),
    ]


def _found(place: Operation, rows: list[Household]) -> list[Household]:
    """Those that the filters of the address leave. Names are looked through only for who may read them."""
    words, person, gap = (request.args.get(name, "").strip()[:200] for name in ("q", "person", "gap"))
    followers, wanted = found.followers(place.id, place.zone), terms(words)
    homes = {row.id: search_text(row.name) for row in queries.buildings_by_id(place.id).values()} if wanted else {}
    names = access.may_read_names(g.identity, place.id)

    def says(row: Household) -> bool:
        told = row.search if names else search_text(row.reference, row.dwelling)
        told += homes.get(row.building_id or "", "")
        return all(term in told for term in wanted)

    return [
        row
        for row in rows
        if (not wanted or says(row)) and (not person or row.referent == person) and (not gap or followers.gap(row))
    ]


def _columns(
    followers: found.Followers, called: dict[str, str], homes: dict[str, str], *, names: bool, ticks: bool
) -> list[listed.Column]:
    def household(row: Household) -> listed.Cell:
        cell: listed.Cell = {"text": row.reference, "sub": row.name if names else ""}
        if names:
            cell["url"] = url_for("dossiers.household", household_id=row.id)
        return cell

    def who(row: Household) -> listed.Cell:
        gap, name = followers.gap(row), called.get(row.referent or "", "")
        if gap:
            return {"text": _(found.GAPS[gap]), "state": "late", "sub": name}
        return {"text": name}

    def missing(row: Household) -> str:
        gap = followers.gap(row)
        return _(found.GAPS[gap]) if gap else ""

    def changing(row: Household) -> listed.Cell:
        return {"text": _("History, or change"), "url": url_for("dossiers.referent", household_id=row.id)}

    columns = [
        listed.Column(_("Household"), lambda row: row.reference, cell=household),
        listed.Column(_("Building"), lambda row: homes.get(row.building_id or "", "")),
        listed.Column(_("Status"), lambda row: _(STATES[row.state][0])),
        listed.Column(_("Followed by"), lambda row: called.get(row.referent or "", ""), cell=who),
        listed.Column(_("Why nobody follows it"), missing, on_page=False),
    ]
    columns.append(listed.Column(_("More"), lambda row: "", cell=changing))
    if ticks:
        columns.append(listed.Column(_("To give"), lambda row: "", cell=_tick))
    return columns


def _tick(row: Household) -> listed.Cell:
    label_ = _("Give household %(reference)s to somebody else", reference=row.reference)
    return {
        "check": {"form": "moving", "name": "household", "value": f"{row.id}:{row.referent or ''}", "label": label_}
    }


# -- one household ------------------------------------------------------------------------------------------------


@dossiers.route("/households/<household_id>/referent", methods=["GET", "POST"])
def referent(household_id: str) -> Any:
    """Who follows this household, who did before; somebody else from now on."""
    row = _household(household_id)
    place = _place(row.operation_id)
    may_name = _may_name(place.id)
    form, conflict = MovingForm(place.id), {}
    if request.method == "POST":
        if not may_name:
            raise Forbidden()
        if form.validate():
            db.session.refresh(row, with_for_update=True)
            if (form.shown.data or "") == (row.referent or ""):
                return _named(row, form.to.data)
            conflict = people.names({row.referent, form.to.data} - {None})
    followers = found.followers(place.id, place.zone)
    lines = found.history(row)
    called = people.names({one.person for one in lines if one.person} | {one.by for one in lines if one.by})
    page = render_template(
        "dossiers/referent.html",
        row=row,
        names=access.may_read_names(g.identity, place.id),
        gap=_(found.GAPS[followers.gap(row)]) if followers.gap(row) else "",
        where=label(queries.place(row, named=True)),
        form=form if may_name else None,
        lines=[
            {
                "who": called.get(one.person or "", _("somebody")),
                "since": moment(one.since, place.zone) if one.since else "",
                "until": moment(one.until, place.zone) if one.until else "",
                "by": called.get(one.by, ""),
            }
            for one in lines
        ],
        back_url=_back(row, place),
        theirs=conflict and conflict.get(row.referent or "", _("nobody")),
        mine=conflict.get(form.to.data or "", ""),
    )
    if conflict:
        return page, 409
    return (page, 422) if request.method == "POST" else page


def _household(household_id: str) -> Household:
    """One this reader may know of, or that lies in an operation they set up. NotFound for others."""
    for operation in sorted(people.operations_set_up_by(g.identity)):
        for row in found.followed_by_reader(g.identity, operation):
            if row.id == household_id:
                return row
    return queries.household(g.identity, household_id)


def _named(row: Household, person: str) -> Any:
    actions.name_referent(row, person, g.identity.person)
    name = people.names([person]).get(person, "")
    flash(_("This household is now followed by %(name)s.", name=name), "done")
    return redirect(url_for("dossiers.referent", household_id=row.id), code=303)


def _back(row: Household, place: Operation) -> str:
    if access.may_read_names(g.identity, place.id):
        return url_for("dossiers.household", household_id=row.id)
    return url_for("dossiers.referents", operation=place.id)
