"""Doors: the list of persons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow import access, clock
from workflow.people import queries
from workflow.people.models import Absence, Assignment, Person
from workflow.people.pages import reach, wording
from workflow.people.pages.blueprint import people
from workflow.people.queries import Invitation
from workflow.people.rules import ROLES, folded
from workflow.web import listed


@dataclass(frozen=True)
class Line:
    """One person as the list tells them. substitute: who stands in today, when they are away."""

    person: Person
    held: list[Assignment]
    invitation: Invitation
    away: bool
    substitute: str
    organisation: str
    roles: str
    expert: bool = False  # only ever asked for an opinion from outside


@people.get("/people")
def persons() -> Any:
    everybody = _lines()
    asked = _filters(experts=any(line.expert for line in everybody))
    told = {one.name: one.asked for one in asked}
    known = [line for line in everybody if line.expert == bool(told.get("experts"))]
    rows = [line for line in known if _fits(line, told)]
    add = (url_for("people.new_person"), _("Add a person"))
    return listed.show(
        listed.Listed(
            title=_("People"),
            lead=_("Everybody who works in your operations or for one of their partners, with what they hold today."),
            columns=_columns(),
            rows=rows,
            known=len(known),
            filters=asked,
            counted=lambda count: ngettext("%(num)s person", "%(num)s persons", count),
            empty=listed.Empty(_("Nobody yet"), _("Begin with the person who will meet the households."), *add),
            primary=add,
            file_name="personnes",
            more={"organisations_url": url_for("people.organisations"), "code_url": url_for("people.code")},
        ),
        "people/persons.html",
    )


def _filters(*, experts: bool) -> list[listed.Filter]:
    """Experts asked from outside are no colleagues: a box shows them, where there are some, and nobody else."""
    organisations = [(row.slug, row.name) for row in queries.organisations()]
    places = [(code, name) for code, name in reach.places() if code != reach.WHOLE]
    roles = [(code, wording.role(code)) for code in ROLES]
    every = ("", _("All"))
    found = [
        listed.Filter("q", _("Name, e-mail address or telephone")),
        listed.Filter("organisation", _("Organisation"), [every, *organisations]),
        listed.Filter("role", _("Role"), [every, *roles]),
    ]
    if len(places) > 1:
        found.append(listed.Filter("operation", _("Operation"), [every, *places]))
    box = lambda name, label: listed.Filter(name, label, [("1", label)], tick=True)  # noqa: E731
    found += [box("outside", _("Without an account in use")), box("away", _("Away today"))]
    return [*found, box("experts", _("Experts asked from outside"))] if experts else found


def _fits(line: Line, asked: dict[str, str]) -> bool:
    row = line.person
    words = folded(asked["q"])
    digits = "".join(sign for sign in words if sign.isdigit())
    phone = "".join(sign for sign in row.phone or "" if sign.isdigit())
    return (
        (not words or words in folded(f"{row.name} {row.email or ''}") or bool(digits and digits in phone))
        and asked["organisation"]
        in ("", row.organisation, *(one.organisation for one in line.held), *(one.employer for one in line.held))
        and asked["role"] in ("", *(one.role for one in line.held))
        and asked.get("operation", "") in ("", *(one.operation_id for one in line.held))
        and (not asked["outside"] or line.invitation.state != "accepted")
        and (not asked["away"] or line.away)
    )


def _lines() -> list[Line]:
    rows = queries.persons_seen_by(g.identity)
    ids = [row.id for row in rows]
    held, invitations = queries.held_now(ids), queries.invitations(ids)
    absences = {row.person_id: row for row in queries.absences_on(clock.today(), ids)}
    names, organisations = {row.id: row.name for row in rows}, queries.organisation_names()
    experts = queries.outsiders(rows)
    missing = queries.names({row.substitute_id for row in absences.values()} - names.keys())
    return [
        Line(
            row,
            mine := [one for one in held.get(row.id, ()) if _shown(one)],
            invitations[row.id],
            row.id in absences,
            _substitute(absences.get(row.id), names | missing),
            _organisation(row, mine, organisations),
            _roles(mine, expert=row.id in experts),
            row.id in experts,
        )
        for row in rows
    ]


def _roles(held: list[Assignment], *, expert: bool) -> str:
    return (
        _("Expert asked from outside") if expert else ", ".join(dict.fromkeys(wording.role(one.role) for one in held))
    )


def _substitute(away: Absence | None, names: dict[str, str]) -> str:
    """Who stands in today; nobody when the rule is no longer met."""
    return names.get(away.substitute_id, "") if away and not queries.lends_nothing(away) else ""


def _shown(row: Assignment) -> bool:
    return access.administers(g.identity) or row.operation_id in g.identity.operations


def _organisation(row: Person, held: list[Assignment], names: dict[str, str]) -> str:
    """For whom they act; who employs them when they hold nothing."""
    slugs = dict.fromkeys(one.organisation for one in held if one.organisation) or {row.organisation: None}
    return ", ".join(names[slug] for slug in slugs if slug in names)


def _columns() -> list[listed.Column]:
    return [
        listed.Column(
            _("Name"),
            lambda line: line.person.name,
            lambda line: {
                "text": line.person.name,
                "url": url_for("people.person", person_id=line.person.id),
                "sub": line.person.email or line.person.phone or "",
            },
            width=28,
        ),
        listed.Column(_("Role"), lambda line: line.roles, width=34),
        listed.Column(_("Organisation"), lambda line: line.organisation, width=28),
        listed.Column(_("Account"), lambda line: wording.invited(line.invitation)[1], _account, width=34),
        listed.Column(_("Today"), _today, _today_cell, width=24),
        listed.Column(_("E-mail address"), lambda line: line.person.email, width=30, on_page=False),
        listed.Column(_("Telephone"), lambda line: line.person.phone, on_page=False),
    ]


def _account(line: Line) -> listed.Cell:
    if line.person.bounced_at:
        return {"state": "late", "text": _("mails to this address come back")}
    state, words = wording.invited(line.invitation)
    return {"state": state, "text": words}


def _today(line: Line) -> str:
    if not line.away:
        return ""
    return _("away, %(name)s stands in", name=line.substitute) if line.substitute else _("away, nobody stands in")


def _today_cell(line: Line) -> listed.Cell:
    if line.away:
        who = _("%(name)s stands in", name=line.substitute) if line.substitute else _("Nobody stands in.")
        return {"state": "waiting", "text": _("away"), "sub": who}
    return {"text": "—"}
