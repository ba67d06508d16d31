"""Doors: the seats of a body."""

from __future__ import annotations

from typing import Any

from flask import flash, g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from wtforms import BooleanField

from workflow.errors import NotFound
from workflow.people import actions, queries
from workflow.people.actions import SeatDraft
from workflow.people.models import Body, Seat
from workflow.people.pages import reach, wording
from workflow.people.pages.blueprint import people
from workflow.people.pages.bodies import crumbs
from workflow.people.pages.roles import partner_or_refused
from workflow.web import fields
from workflow.web.editing import Crumb, Desk, Step, confirm, edit


class SeatForm(fields.Sheet):
    organisation = fields.choice(later("Whose seat it is"), later("Choose an organisation."))
    person = fields.choice(later("Who sits"), description=later("Leave it empty when nobody is named yet."))
    substitute = fields.choice(later("Who may sit instead"))
    guest = BooleanField(later("Guest: attends, without a voice"))

    def drafted(self) -> SeatDraft:
        return SeatDraft(
            self.organisation.data, self.person.data or None, self.substitute.data or None, bool(self.guest.data)
        )


@people.route("/operations/<operation>/bodies/<slug>/seats/new", methods=["GET", "POST"])
def new_seat(operation: str, slug: str) -> Any:
    row = reach.body(operation, slug)
    form, body_id = SeatForm(data={"version": str(row.version)}), row.id
    _lists(form, operation)
    desk = _desk(row, _("Add a seat"), _("Add this seat"))

    def save() -> None:
        partner_or_refused(operation, form.organisation.data, "organisation")
        before = _mine(row)
        actions.put_seat(body_id, form.drafted(), g.identity.person)
        _say_if_taken(operation, slug, before)

    return edit(desk, form, save, _("The seat is added."))


@people.route("/operations/<operation>/bodies/<slug>/seats/<seat_id>", methods=["GET", "POST"])
def change_seat(operation: str, slug: str, seat_id: str) -> Any:
    row = reach.body(operation, slug)
    known = _seat(row, seat_id)
    form, body_id = _filled(row, known), row.id
    remove = url_for("people.remove_seat", operation=operation, slug=slug, seat_id=seat_id)
    desk = _desk(row, _("Change a seat"), _("Keep these changes"), (remove, _("Remove this seat")))

    def save() -> None:
        before = _mine(row)
        actions.change_seat(body_id, seat_id, form.drafted(), form.shown_version, g.identity.person)
        _say_if_taken(operation, slug, before)

    return edit(desk, form, save, _("The seat is changed."), lambda: _fresh(operation, slug, seat_id))


def _mine(row: Body) -> bool:
    """Whether whoever asks has a voice in this body today."""
    return any(
        (grant.operation, grant.body) == (row.operation_id, row.slug) for grant in queries.grants_of(g.identity.person)
    )


def _say_if_taken(operation: str, slug: str, before: bool) -> None:
    row = queries.body(operation, slug)
    if row and not before and _mine(row):
        flash(_("You gave this seat to yourself: the journal of the installation says so."), "waiting")


@people.route("/operations/<operation>/bodies/<slug>/seats/<seat_id>/remove", methods=["GET", "POST"])
def remove_seat(operation: str, slug: str, seat_id: str) -> Any:
    row = reach.body(operation, slug)
    known, body_id = _seat(row, seat_id), row.id
    names = queries.names({one for one in (known.person_id, known.substitute_id) if one})
    organisation = queries.organisation_names().get(known.organisation, "")
    who = ", ".join(names.values())
    back = url_for("people.body", operation=operation, slug=slug)
    step = Step(
        title=_("Remove the seat of %(name)s", name=organisation),
        consequence=_("%(names)s no longer decides in this body from now on.", names=who)
        if who and row.decides
        else _("Nobody was named for this seat.")
        if not who
        else _("%(names)s no longer sits in this body from now on.", names=who),
        verb=_("Remove this seat"),
        back=back,
        crumbs=crumbs(operation, (back, wording.body_name(row))),
    )
    form = fields.Sheet(data={"version": str(row.version)})
    return confirm(
        step,
        form,
        lambda: actions.remove_seat(body_id, seat_id, form.shown_version, g.identity.person),
        _("The seat is removed."),
    )


def _desk(row: Body, title: str, verb: str, remove: Crumb | None = None) -> Desk:
    back = url_for("people.body", operation=row.operation_id, slug=row.slug)
    lead = (
        _("Whoever sits here reads needs and gives a voice at once; whoever leaves the seat does no more.")
        if row.decides
        else _("This body takes no decision on dossiers: a seat opens nothing.")
    )
    trail = crumbs(row.operation_id, (back, wording.body_name(row)))
    return Desk(title, lead, back, trail, verb, remove)


def _lists(form: SeatForm, operation: str, kept: frozenset[str | None] = frozenset()) -> None:
    """`kept`: who sits already stays in the list, even after leaving."""
    seen = queries.persons_seen_by(g.identity)
    gone = queries.having_left(one.id for one in seen) - kept
    persons = [(one.id, one.name) for one in seen if one.id not in gone]
    partners, names = queries.partners_of([operation]), queries.organisation_names()
    chosen = sorted(((slug, names[slug]) for slug in partners if slug in names), key=lambda pair: pair[1].casefold())
    form.choose(organisation=chosen, person=persons, substitute=persons)


def _seat(row: Body, seat_id: str) -> Seat:
    known = queries.seat(row.operation_id, seat_id)
    if known is None or known.body_id != row.id:
        raise NotFound()
    return known


def _filled(body: Body, row: Seat, **how: Any) -> SeatForm:
    told = {
        "organisation": row.organisation,
        "person": row.person_id,
        "substitute": row.substitute_id,
        "guest": row.guest,
        "version": str(body.version),
    }
    form = SeatForm(data=told, **how)
    _lists(form, body.operation_id, frozenset((row.person_id, row.substitute_id)))
    return form


def _fresh(operation: str, slug: str, seat_id: str) -> tuple[SeatForm, int]:
    row = queries.body(operation, slug)
    if row is None:
        raise NotFound()
    return _filled(row, _seat(row, seat_id), formdata=None), row.version
