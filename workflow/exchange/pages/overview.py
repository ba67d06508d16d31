"""Doors: one operation looked over: what is described, what is missing, what to do next."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow import access, clock
from workflow.catalogue import actions as catalogue_actions
from workflow.catalogue import queries as catalogue
from workflow.dossiers.queries.counted import households_of
from workflow.dossiers.queries.of_operation import count
from workflow.dossiers.queries.remarked import remarked_in
from workflow.errors import NotFound
from workflow.exchange.pages.blueprint import exchange
from workflow.exchange.pages.idle import idle, page_url, vacant
from workflow.exchange.rules.overview import Known, Point, following, points
from workflow.operations import queries as operations
from workflow.operations.models import Operation
from workflow.operations.rules import in_force
from workflow.people import queries as people
from workflow.web import spoken
from workflow.web.dates import format_date, period
from workflow.web.places import here


@exchange.get("/operations/<operation>")
def overview(operation: str) -> Any:
    row = _set_up(operation)
    nobody = idle(operation)
    found = points(_known(operation, len(nobody)))
    upcoming = following(found)
    return render_template(
        "exchange/overview.html",
        row=row,
        owner=people.organisation_names().get(row.owner, ""),
        period=period(row.starts, row.ends),
        lines=[_line(row, point, upcoming) for point in found],
        upcoming=upcoming and _line(row, upcoming, upcoming),
        idle=nobody,
        vacant=vacant(operation),
        details=_details(row),
        forms=_forms(operation),
        files=count(operation),
        files_url=page_url("dossiers.of_operation", operation),
        papers_url=page_url("filing.papers", operation),
        remarked=remarked_in(operation),
        printed_by=g.identity.name,
        printed_at=format_date(clock.today(row.zone), "full"),
    )


def _set_up(operation: str) -> Operation:
    if not access.may_set_up(g.identity, operation):
        raise NotFound()
    row = operations.operation(here(g.identity))
    if row is None:
        raise NotFound()
    return row


def _known(operation: str, nobody: int) -> Known:
    households, alone = households_of(operation)
    deciding = [body.slug for body in people.bodies(operation) if body.decides]
    seats = [seat for slug in deciding for seat in people.seats(operation, slug)]
    acting = {one.person_id for one in people.holders(operation, set(access.ROLES) - {"administrator"})}
    return Known(
        partners=len(operations.partners(operation)),
        landlords=len(operations.landlords(operation)),
        acting=len(acting),
        bodies=len(people.bodies(operation)),
        empty=sum(1 for seat in seats if not seat.person_id and not seat.guest),
        buildings=len(operations.buildings(operation)),
        households=households,
        alone=alone,
        procedures=len(catalogue.adopted(operation)),
        idle=nobody,
    )


# -- lines --------------------------------------------------------------------------------------------------------


def _line(row: Operation, point: Point, upcoming: Point | None) -> dict[str, Any]:
    title, sentence, endpoint = _WORDS[point.code]()
    return {
        "title": title,
        "sentence": sentence,
        "url": page_url(endpoint, row.id),
        "state": point.state,
        "label": {"done": _("done"), "todo": _("to do"), "waiting": _("to be completed")}[point.state],
        "count": _count(point),
        "missing": _lacks(point),
        "next": point == upcoming,
        "more": _further(row, point),
    }


_WORDS = {
    "partners": lambda: (
        _("Partners"),
        _("Landlords, town, state services: who takes part, and in what."),
        "operations.partners",
    ),
    "people": lambda: (_("People"), _("Who works in the operation, for which organisation."), "people.persons"),
    "bodies": lambda: (_("Bodies"), _("The committee and the groups: who sits, who stands in."), "people.bodies"),
    "buildings": lambda: (_("Buildings"), _("Where the households live today."), "operations.buildings"),
    "households": lambda: (
        _("Households"),
        _("Typed one by one, or loaded from a spreadsheet; each with a named referent."),
        "exchange.import_file",
    ),
    "who_acts": lambda: (_("Who acts at each step"), _("Nobody should be missing on the way."), "approvals.who_acts"),
}


def _further(row: Operation, point: Point) -> list[tuple[str, str]]:
    told = _MORE.get(point.code, lambda: [])()
    return [(label, url) for label, name in told if (url := page_url(name, row.id))]


_MORE = {
    "households": lambda: [
        (_("Enter a household"), "dossiers.new_household"),
        (_("Who follows which household"), "dossiers.referents"),
    ],
    "people": lambda: [
        (_("Add a person"), "people.new_person"),
        (_("Somebody leaves, or a mission ends"), "dossiers.handovers"),
    ],
}
"""Further pages of a line, for those who do not want its first one."""


def _count(point: Point) -> str:
    match point.code:
        case "partners":
            return ngettext("%(num)s partner", "%(num)s partners", point.count)
        case "people":
            return ngettext("%(num)s person", "%(num)s persons", point.count)
        case "bodies":
            return ngettext("%(num)s body", "%(num)s bodies", point.count)
        case "buildings":
            return ngettext("%(num)s building", "%(num)s buildings", point.count)
        case "households":
            return ngettext("%(num)s household", "%(num)s households", point.count)
    return ngettext("%(num)s form used", "%(num)s forms used", point.count)


def _lacks(point: Point) -> str:
    """What a line that was begun still lacks."""
    if not point.missing:
        return ""
    match point.code:
        case "partners":
            return _("no landlord among them")
        case "bodies":
            return ngettext("%(num)s seat without anybody", "%(num)s seats without anybody", point.missing)
        case "households":
            return ngettext("%(num)s without a referent", "%(num)s without a referent", point.missing)
    return ngettext("%(num)s step nobody can do", "%(num)s steps nobody can do", point.missing)


def _details(row: Operation) -> list[dict[str, str]]:
    """What else describes the operation, with how much of it there is."""
    rules = len(in_force(operations.parameters(row.id), clock.today(row.zone)))
    zones, places = len(operations.zones(row.id)), len(operations.places(row.id))
    stages = len(operations.tranches(row.id))
    at = {"operation": row.id}
    return [
        {
            "label": _("Tranches"),
            "value": ngettext("%(num)s tranche", "%(num)s tranches", stages),
            "url": url_for("operations.tranches", **at),
        },
        {
            "label": _("Zones"),
            "value": ngettext("%(num)s zone", "%(num)s zones", zones),
            "url": url_for("operations.names", what="zones", **at),
        },
        {
            "label": _("Places to live"),
            "value": ngettext("%(num)s place", "%(num)s places", places),
            "url": url_for("operations.names", what="places", **at),
        },
        {
            "label": _("Rules of the operation"),
            "value": ngettext("%(num)s rule", "%(num)s rules", rules),
            "url": url_for("operations.parameters", **at),
        },
    ]


# -- forms used ---------------------------------------------------------------------------------------------------


def _forms(operation: str) -> list[dict[str, Any]]:
    """Every published form, and whether the operation uses it."""
    used = set(catalogue.adopted(operation))
    labels = {slug: spoken.label(catalogue.current(slug).label) for slug in catalogue.in_service()}
    newer = {offer.slug: offer for offer in catalogue.offers(operation)}
    declined = {offer.slug: offer for offer in catalogue.declined(operation)}
    return [
        {
            "slug": slug,
            "label": name,
            "used": slug in used,
            "courses": catalogue.with_courses(slug),
            "retired": catalogue.retired(slug, operation),
            "newer": _offered(operation, newer.get(slug) or declined.get(slug), name, slug in declined),
        }
        for slug, name in labels.items()
    ]


def _offered(operation: str, offer: catalogue.Offer | None, name: str, declined: bool) -> dict[str, Any] | None:
    """Another common form, to be compared and taken."""
    if offer is None:
        return None
    return {
        "name": name,
        "offer": offer,
        "declined": declined,
        "stay_url": url_for("catalogue.stay", slug=offer.slug, operation=operation),
        "look_url": url_for("catalogue.look_again", slug=offer.slug, operation=operation),
        "where": f"{operation}:{offer.base}",
        "compare_url": url_for("catalogue.compare", slug=offer.slug, older=offer.base, newer=offer.common),
        "take_url": url_for("catalogue.use_version", slug=offer.slug, version=offer.common),
    }


@exchange.post("/operations/<operation>/forms")
def adopt(operation: str) -> Any:
    """Use one more published form in this operation."""
    row = _set_up(operation)
    slug = request.form.get("procedure", "")
    if slug not in catalogue.in_service():
        raise NotFound()
    catalogue_actions.adopt(row.id, slug)
    flash(_("The form is now used in this operation."), "done")
    return redirect(url_for("exchange.overview", operation=row.id, _anchor="forms"), code=303)
