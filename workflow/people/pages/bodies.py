"""Doors: the bodies of an operation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_babel import ngettext
from wtforms import BooleanField

from workflow.errors import NotFound
from workflow.people import actions, queries
from workflow.people.actions import BodyDraft
from workflow.people.models import Body, Seat
from workflow.people.pages import reach, wording
from workflow.people.pages.blueprint import people
from workflow.people.rules import RHYTHMS
from workflow.web import fields, listed
from workflow.web.editing import Crumb, Desk, Step, confirm, edit


class BodyForm(fields.Sheet):
    label = fields.name_field(later("Name"), later("Write the name of the body."), 120)
    chair = fields.choice(later("Chaired by"))
    rhythm = fields.choice(later("How often it meets"))
    secretary = fields.choice(
        later("Secretary"),
        description=later("Opens its sittings, says who is there and enters what is decided. Gives no voice by that."),
    )
    other_secretary = fields.choice(later("Second secretary"))
    decides = BooleanField(
        later("It decides on dossiers"),
        description=later("Its members read needs without names or amounts, and give the voice of their organisation."),
    )


class NewBodyForm(BodyForm):
    asked = fields.choice(
        later("In the procedures"), description=later("Which decision of a procedure this body takes, if any.")
    )
    groups = (("", ("asked", "label", "chair", "rhythm", "decides", "secretary", "other_secretary")),)


class KnownBodyForm(BodyForm):
    quorum = fields.count(
        later("Quorum"), description=later("How many seats with a voice must have spoken. Empty: no quorum.")
    )


@people.get("/operations/<operation>/bodies")
def bodies(operation: str) -> Any:
    reach.set_up(operation)
    rows = queries.bodies(operation)
    add = (url_for("people.new_body", operation=operation), _("Add a body"))
    return listed.show(
        listed.Listed(
            title=_("Bodies"),
            lead=_("Committees and groups of the operation: who sits in them, and who decides."),
            columns=_columns(operation),
            rows=rows,
            known=len(rows),
            counted=lambda count: ngettext("%(num)s body", "%(num)s bodies", count),
            empty=listed.Empty(
                _("No body yet"), _("Begin with the committee that decides on households’ needs."), *add
            ),
            primary=add,
            place=_name_of(operation),
            file_name=f"commissions-{operation}",
            private=False,
        )
    )


def _columns(operation: str) -> list[listed.Column]:
    names = queries.organisation_names()
    seats = {row.id: queries.seats_of(row) for row in queries.bodies(operation)}

    def name(row: Body) -> listed.Cell:
        return {"text": wording.body_name(row), "url": url_for("people.body", operation=operation, slug=row.slug)}

    return [
        listed.Column(_("Name"), wording.body_name, name, width=34),
        listed.Column(_("Chaired by"), lambda row: names.get(row.chair, ""), width=28),
        listed.Column(_("Seats with a voice"), lambda row: _voices(seats[row.id]), number=True),
        listed.Column(_("Quorum"), lambda row: row.quorum, number=True),
        listed.Column(_("How often it meets"), _rhythm, width=24),
        listed.Column(_("Decides on dossiers"), lambda row: _("yes") if row.decides else _("no")),
    ]


def _voices(seats: list[Any]) -> int:
    return sum(not one.guest for one in seats)


def _rhythm(row: Body) -> str:
    told = row.rhythm or {}
    if told.get("fr"):
        return wording.label({code: told[code] for code in ("fr", "en") if told.get(code)})
    weeks = told.get("every_weeks")
    return _(RHYTHMS[weeks]) if weeks in RHYTHMS else ""


def _name_of(operation: str) -> str:
    return queries.operation_names([operation]).get(operation, "")


def crumbs(operation: str, *more: Crumb) -> list[Crumb]:
    """The way down: the operation, its bodies, then what is handed."""
    above = (url_for("exchange.overview", operation=operation), _name_of(operation))
    return [above, (url_for("people.bodies", operation=operation), _("Bodies")), *more]


# -- one body -----------------------------------------------------------------------------------------------------


@people.get("/operations/<operation>/bodies/<slug>")
def body(operation: str, slug: str) -> Any:
    """What it is, and its seats as a list like any other."""
    row = reach.body(operation, slug)
    seats, organisations = queries.seats_of(row), queries.organisation_names()
    add = (url_for("people.new_seat", operation=operation, slug=slug), _("Add a seat"))
    return listed.show(
        listed.Listed(
            title=wording.body_name(row),
            lead=_("Its members read needs without names or amounts, and give the voice of their organisation.")
            if row.decides
            else _("This body meets; it takes no decision on dossiers."),
            columns=_seat_columns(row, seats, organisations),
            rows=seats,
            known=len(seats),
            counted=lambda count: ngettext("%(num)s seat", "%(num)s seats", count),
            empty=listed.Empty(
                _("No seat yet"), _("Add a seat for each organisation that takes part, then say who sits in it."), *add
            ),
            primary=add,
            place=_name_of(operation),
            file_name=f"sieges-{slug}",
            private=False,
            more={
                "crumbs": crumbs(operation),
                "change_url": url_for("people.change_body", operation=operation, slug=slug),
                "sittings_url": url_for("approvals.sittings", operation=operation, body=slug)
                if g.identity.person in row.secretaries
                else "",
                "facts": _facts(row, organisations),
            },
        ),
        "people/body.html",
    )


def _facts(row: Body, organisations: dict[str, str]) -> list[dict[str, str]]:
    return [
        {"label": _("Chaired by"), "value": organisations.get(row.chair, "")},
        {"label": _("Secretary"), "value": ", ".join(queries.names(row.secretaries).values())},
        {"label": _("How often it meets"), "value": _rhythm(row)},
        {"label": _("Quorum"), "value": _quorum(row.quorum)},
        {"label": _("Decides on dossiers"), "value": _("yes") if row.decides else _("no")},
    ]


def _seat_columns(body: Body, seats: list[Seat], organisations: dict[str, str]) -> list[listed.Column]:
    names = queries.names({one for seat in seats for one in (seat.person_id, seat.substitute_id) if one})
    at = {"operation": body.operation_id, "slug": body.slug}

    def whose(seat: Seat) -> str:
        return organisations.get(seat.organisation, "")

    def link(seat: Seat) -> listed.Cell:
        return {"text": whose(seat), "url": url_for("people.change_seat", seat_id=seat.id, **at)}

    def sits(seat: Seat) -> str:
        return names.get(seat.person_id or "", "") or _("nobody yet")

    def sits_cell(seat: Seat) -> listed.Cell:
        return {"text": sits(seat)} if seat.person_id else {"text": sits(seat), "state": "late"}

    return [
        listed.Column(_("Organisation"), whose, link, width=30),
        listed.Column(_("Who sits"), sits, sits_cell, width=28),
        listed.Column(_("Who may sit instead"), lambda seat: names.get(seat.substitute_id or "", ""), width=28),
        listed.Column(_("Voice"), lambda seat: _("guest, without a voice") if seat.guest else _("yes"), width=24),
    ]


def _quorum(count: int | None) -> str:
    return ngettext("%(num)s voice", "%(num)s voices", count) if count else _("none")


@people.route("/operations/<operation>/bodies/new", methods=["GET", "POST"])
def new_body(operation: str) -> Any:
    """The address may tell which body of the procedures it is: ?asked=…"""
    reach.set_up(operation)
    there = {row.slug for row in queries.bodies(operation)}
    asked = {slug: told for slug, told in queries.surroundings().bodies(operation).items() if slug not in there}
    chosen = request.args.get("asked", "")
    proposed = {"asked": chosen, "label": wording.label(asked[chosen]), "decides": True} if chosen in asked else {}
    form = NewBodyForm(data=proposed)
    _lists(form, operation)
    form.asked.choices = [
        ("", _("None: it only meets")),
        *((slug, wording.label(told)) for slug, told in asked.items()),
    ]
    desk = Desk(
        title=_("Add a body"),
        lead=_("Its seats and its quorum come on the next page."),
        back=url_for("people.bodies", operation=operation),
        crumbs=crumbs(operation),
        verb=_("Add this body"),
    )

    def save() -> str:
        wanted = form.asked.data or ""
        told = _drafted(form, None, decides=form.decides.data or bool(wanted))
        row = actions.add_body(operation, told, g.identity.person, slug=wanted)
        return url_for("people.body", operation=operation, slug=row.slug)

    return edit(desk, form, save, _("The body is added. Say now who sits in it."))


@people.route("/operations/<operation>/bodies/<slug>/change", methods=["GET", "POST"])
def change_body(operation: str, slug: str) -> Any:
    row = reach.body(operation, slug)
    form, body_id = _filled(row), row.id
    back = url_for("people.body", operation=operation, slug=slug)
    desk = Desk(
        title=_("Change %(name)s", name=wording.body_name(row)),
        lead="",
        back=back,
        crumbs=crumbs(operation, (back, wording.body_name(row))),
        verb=_("Keep these changes"),
        remove=(url_for("people.remove_body", operation=operation, slug=slug), _("Remove this body")),
    )

    def save() -> None:
        told = _drafted(form, row, decides=bool(form.decides.data), quorum=form.quorum.data)
        actions.change_body(body_id, told, form.shown_version, g.identity.person)

    return edit(desk, form, save, _("The body is changed."), lambda: _fresh(operation, slug))


@people.route("/operations/<operation>/bodies/<slug>/remove", methods=["GET", "POST"])
def remove_body(operation: str, slug: str) -> Any:
    row = reach.body(operation, slug)
    form = fields.Sheet(data={"version": str(row.version)})
    step = Step(
        title=_("Remove %(name)s", name=wording.body_name(row)),
        consequence=_("It disappears from the lists. What it decided stays in the history of the dossiers."),
        verb=_("Remove this body"),
        back=url_for("people.bodies", operation=operation),
        crumbs=crumbs(operation),
    )
    body_id = row.id
    return confirm(
        step,
        form,
        lambda: actions.remove_body(body_id, form.shown_version, g.identity.person),
        _("The body is removed."),
    )


def _lists(form: BodyForm, operation: str, kept: Sequence[str] = ()) -> None:
    """`kept`: who is secretary already stays in the list, even after leaving."""
    there = {one.id for one in queries.persons_of_operation(operation)} | set(kept)
    here = sorted(queries.names(there).items(), key=lambda one: one[1])
    form.choose(
        secretary=here,
        other_secretary=here,
        chair=[(row.slug, row.name) for row in queries.organisations()],
        rhythm=[(str(weeks), _(name)) for weeks, name in RHYTHMS.items()],
    )


def _drafted(form: BodyForm, row: Body | None, *, decides: bool, quorum: int | None = None) -> BodyDraft:
    """What the form says; the other languages of the name, and a rhythm it does not know, stay as they are."""
    before, weeks = (row.label if row else {}), int(form.rhythm.data) if form.rhythm.data else None
    known = (row.rhythm or {}) if row else {}
    rhythm = known if known.get("every_weeks") == weeks else ({"every_weeks": weeks} if weeks else {})
    named = dict.fromkeys(filter(None, (form.secretary.data, form.other_secretary.data)))
    return BodyDraft({**before, "fr": form.label.data}, form.chair.data or "", decides, quorum, rhythm, tuple(named))


def _filled(row: Body, **how: Any) -> KnownBodyForm:
    weeks = (row.rhythm or {}).get("every_weeks")
    secretary, other = [*row.secretaries, "", ""][:2]
    told = {
        "secretary": secretary,
        "other_secretary": other,
        "label": row.label.get("fr", ""),
        "chair": row.chair,
        "rhythm": str(weeks) if weeks in RHYTHMS else "",
        "decides": row.decides,
        "quorum": row.quorum,
        "version": str(row.version),
    }
    form = KnownBodyForm(data=told, **how)
    _lists(form, row.operation_id, row.secretaries)
    return form


def _fresh(operation: str, slug: str) -> tuple[KnownBodyForm, int]:
    row = queries.body(operation, slug)
    if row is None:
        raise NotFound()
    return _filled(row, formdata=None), row.version
