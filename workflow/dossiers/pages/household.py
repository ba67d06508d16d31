"""Doors: one household: its card, its contact log, the beginning of a diagnosis."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import format_decimal, lazy_gettext
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from workflow import access, clock
from workflow.access import Identity
from workflow.approvals import queries as approvals
from workflow.catalogue.queries import version
from workflow.circuit.deadlines import local_day
from workflow.dossiers import actions, queries
from workflow.dossiers.models import Contact, Dossier, Household
from workflow.dossiers.pages.ageing import of_household as aged_of
from workflow.dossiers.pages.ageing import triggers_of
from workflow.dossiers.pages.beginning import asked_for, begun, word
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.pages.choices import first_section
from workflow.dossiers.pages.households import waits
from workflow.dossiers.pages.listing import Line, bodies_of, line_of
from workflow.dossiers.pages.mended import of_household
from workflow.dossiers.pages.wording import ago, full_day, stamp
from workflow.dossiers.queries.mending import leads_to
from workflow.dossiers.queries.referents import GAPS, followers
from workflow.dossiers.rules import CONTACTS, STATES, UNFOLLOWED
from workflow.errors import Forbidden, Refused
from workflow.operations.models import Operation
from workflow.operations.queries import operation as find_operation
from workflow.people import queries as people
from workflow.record.queries import texts
from workflow.web.spoken import label

GONE = frozenset(("purged", "closed"))
"""States in which nothing new begins."""


class ContactForm(FlaskForm):
    kind = SelectField(lazy_gettext("Kind of contact"), [InputRequired(lazy_gettext("Choose a kind of contact."))])
    note = TextAreaField(
        lazy_gettext("What should be remembered"),
        [Length(max=1000, message=lazy_gettext("Write at most %(count)s characters.", count=1000))],
    )

    def __init__(self) -> None:
        super().__init__()
        self.kind.choices = [("", _("Choose in the list"))] + [(kind, _(label)) for kind, label in CONTACTS.items()]


@dossiers.get("/households/<household_id>")
def household(household_id: str) -> Any:
    """The card. One that was entered twice leads to the one that stays."""
    stays = leads_to(household_id)
    if stays:
        return redirect(url_for("dossiers.household", household_id=stays), code=302)
    return _page(queries.household(g.identity, household_id), ContactForm())


@dossiers.post("/households/<household_id>/contacts")
def contact(household_id: str) -> Any:
    """Add a line to the contact log; what was typed stays when something is missing."""
    row = _mine_to_follow(g.identity, household_id)
    form = ContactForm()
    if not form.validate():
        return _page(row, form), 422
    actions.note_contact(row, form.kind.data, form.note.data or "", g.identity.person)
    flash(_("The contact is noted."), "done")
    return redirect(url_for("dossiers.household", household_id=row.id, _anchor="contacts"), code=303)


@dossiers.post("/households/<household_id>/dossiers")
def open_dossier(household_id: str) -> Any:
    """Begin the procedure the button names; when one is under way, that one is offered."""
    row = _mine_to_follow(g.identity, household_id)
    published = asked_for(row, request.form.get("procedure", ""))
    if published is None:
        raise Refused("not_published", "This form is not available yet on this installation.")
    found, new = actions.open_dossier(g.identity, row, published)
    if not new:
        flash(word(published, "under_way"), "info")
    file = queries.file(g.identity, found.reference)
    if not file.fills:
        return redirect(url_for("dossiers.dossier", reference=found.reference), code=303)
    return redirect(url_for("dossiers.fill", reference=found.reference, section=first_section(file)), code=303)


def _mine_to_follow(identity: Identity, household_id: str) -> Household:
    """A household on which this person works, and whose file is still alive."""
    row = queries.household(identity, household_id)
    if not access.may_fill(identity, row.operation_id):
        raise Forbidden()
    if row.state in GONE:
        raise Refused("household_closed", "The file of this household is closed: nothing can be added to it.")
    return row


# -- the card -----------------------------------------------------------------------------------------------------


def _page(row: Household, form: ContactForm) -> str:
    identity = g.identity
    place = find_operation(row.operation_id)
    names, fills = (may(identity, row.operation_id) for may in (access.may_read_names, access.may_fill))
    known = queries.dossiers_of(identity, row)
    lines = _dossiers(known, place)
    alive = fills and row.state not in GONE
    waiting, aged = next((line for line in lines if line.next), None), aged_of(identity, row)
    return render_template(
        "dossiers/household.html",
        row=row,
        names=names,
        enters=access.may_enter_households(identity, row.operation_id),
        follows=alive,
        state=STATES[row.state],
        place=label(queries.place(row, named=names)),
        dwelling=_dwelling(row, names),
        referent=people.person(row.referent) if names else None,
        gap=_gap(row, place) if names else "",
        kinds=_by_procedure(lines),
        mend=of_household(row),
        aged=aged,
        triggers=triggers_of(identity, row) if alive else [],
        under_way=waiting,
        go_on=word(version(_named(known, waiting).procedure), "go_on" if alive else "open") if waiting else "",
        begun=begun(identity, row, known, (one["reference"] for one in aged))
        if alive
        else {"first": None, "others": []},
        waits=waits,
        log=_log(row, place.zone, words=fills) if names else [],
        form=form,
        problems=[
            {"id": field.id, "label": field.label.text, "message": field.errors[0]} for field in form if field.errors
        ],
        printed_by=identity.name,
        printed_at=stamp(clock.now(), place.zone),
        since=full_day(local_day(row.state_since, place.zone)),
    )


def _gap(row: Household, place: Operation) -> str:
    """Why nobody follows this household at the moment, in words."""
    if row.state in UNFOLLOWED:
        return ""
    gap = followers(place.id, place.zone).gap(row)
    return _(GAPS[gap]) if gap else ""


def _named(known: list[Dossier], line: Line) -> Dossier:
    return next(found for found in known if found.reference == line.dossier)


def _by_procedure(lines: list[Line]) -> list[tuple[str, list[Line]]]:
    """The dossiers under the name of their procedure, in the order of the newest of each."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.procedure, []).append(line)
    return list(found.items())


def _dossiers(rows: list[Dossier], place: Operation) -> list[Line]:
    latest = {found.slug: found for found in reversed(rows) if found.void_at is None}
    subjects = [found.subject for found in rows]
    courses, tasks, bodies = approvals.courses(subjects), approvals.tasks(subjects), bodies_of(place)
    return [
        line_of(
            found,
            courses[found.subject],
            tasks.get(found.subject, []),
            place,
            bodies,
            newer=found is not latest.get(found.slug),
        )
        for found in rows
        if found.subject in courses
    ]


def _dwelling(row: Household, names: bool) -> list[tuple[str, str]]:
    """What is said of the dwelling; where it is, only to those who may know who lives there."""
    surface = _("%(surface)s m²", surface=format_decimal(row.surface)) if row.surface else ""
    landlord = people.organisation_names().get(row.landlord, "")
    door = [row.dwelling, _("entrance %(name)s", name=row.entrance) if row.entrance else ""]
    door += [_("floor %(number)s", number=row.floor)] if row.floor else []
    where = [(_("Address"), row.address), (_("Dwelling"), ", ".join(filter(None, door)))]
    size = [(_("Size"), ", ".join(filter(None, (row.dwelling_type, surface)))), (_("Persons"), str(row.persons or ""))]
    known = [(_("Landlord"), landlord), (_("Tenant reference"), (row.tenant_reference or "") if names else "")]
    return [*(where if names else []), *size, *known]


def _log(row: Household, zone: str, *, words: bool) -> list[dict[str, str | None]]:
    """The contact log, newest first. Its words are for those who follow the household: they may say anything."""
    rows: list[Contact] = queries.contacts(row.id)
    notes = texts(line.note for line in rows) if words else {}
    names = people.names(line.person for line in rows)
    return [
        {
            "what": _(CONTACTS[line.kind]).capitalize(),
            "who": names.get(line.person, ""),
            "when": stamp(line.at, zone),
            "ago": ago(line.at),
            "iso": line.at.isoformat(),
            "note": notes.get(line.note),
        }
        for line in rows
    ]
