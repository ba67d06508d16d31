"""The list of decisions of a sitting as a paper: references, positions by organisation, who signs. No name of a
household, no answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from workflow.approvals.models import Attendance, Item, Sitting
from workflow.approvals.queries.attending import all_say, attendance, body_of, items
from workflow.approvals.queries.sitting_before import Told, closed_for, desk_reasons, desk_words, given_before, gone
from workflow.approvals.queries.standing import sentences
from workflow.approvals.queries.waiting import courses
from workflow.approvals.rules import ADJOURN, CARRIED, POSITION, SEND_BACK
from workflow.catalogue.queries import version
from workflow.db import db
from workflow.filing.queries import letterhead_of
from workflow.filing.rules.papers import Order
from workflow.operations.queries import operation as find_operation
from workflow.people import queries as people
from workflow.people.models import Person
from workflow.record.queries import texts

MODEL = Path(__file__).resolve().parents[3] / "templates" / "papers" / "sitting.md"
LANG = "fr"  # the language in which the partners of an operation work
COLUMNS = {"No.": 6, "Dossier": 19, "Decision": 16, "Positions": 30, "Reservations, reasons, withdrawals": 29}
"""{msgid of a column: its share of the width}."""


def order(row: Sitting, reference: str, issuer: str, verify_url: str) -> Order:
    """What the paper is made from. Whoever calls set the language of the paper."""
    place, body = find_operation(row.operation_id), body_of(row)
    organisations = people.organisation_names()
    whose = body.chair if organisations.get(body.chair) else place.owner if place else ""
    data = _data(row, organisations)
    return Order(
        text=MODEL.read_text(),
        data=data | {"body": body.label.get(LANG, ""), "operation": {"name": place.name if place else ""}},
        lang=LANG,
        day=row.held_on,
        organisation=organisations.get(whose) or issuer,
        source={"reference": reference, "dossiers": [cells[1] for cells in data["table"]["rows"]]},
        address=(body.label.get(LANG, ""), place.city if place else ""),
        issuer=issuer,
        verify_url=verify_url,
        reason=_("Document issued"),
        place=place.city if place else "",
        letterhead=letterhead_of(whose),
    )


def _data(row: Sitting, organisations: Mapping[str, str]) -> dict[str, Any]:
    vacant, agenda = gone(row), items(row)
    there = [one for one in attendance(row) if one.seat not in vacant]
    secretary, absent = row.closed_by or row.opened_by, closed_for(row) or ""
    names = people.names({*(one.person for one in there), secretary, absent})
    asked = _asked(agenda)
    one_thing = len(set(asked.values())) == 1
    return {
        "asked": next(iter(asked.values())) if one_thing else _("see each dossier") if asked else "",
        "number": row.number,
        "title": row.title,
        "held_on": row.held_on,
        "begins": row.begins.replace(":", " h "),
        "place": row.place,
        "secretary": _in_place_of(names.get(secretary, ""), names.get(absent, "")),
        "quorum": body_of(row).quorum or 0,
        "voices": len({one.organisation for one in there if not one.withdrawn}),
        "guests": list(row.guests),
        "table": {
            "header": [_(title) for title in COLUMNS],
            "widths": list(COLUMNS.values()),
            "rows": _rows(row, agenda, there, organisations, {} if one_thing else asked),
        },
        "seats": [_seat(one, names, organisations) for one in there],
    }


def _in_place_of(who: str, absent: str) -> str:
    return _("%(who)s, on behalf of %(absent)s, who was away", who=who, absent=absent) if absent else who


def _asked(agenda: list[Item]) -> dict[str, str]:
    """{subject: the form and the step that it was decided at}."""
    known = courses([one.subject for one in agenda])
    found = {}
    for one in agenda:
        published = version(known[one.subject].procedure)
        form, step = published.label.get(LANG, ""), published.circuit.step(one.step).label.get(LANG, "")
        found[one.subject] = _("%(form)s: %(step)s", form=form, step=step)
    return found


def _seat(one: Attendance, names: Mapping[str, str], organisations: Mapping[str, str]) -> dict[str, str]:
    capacity = _("substitute") if one.substitute else ""
    return {
        "name": names.get(one.person, ""),
        "organisation": organisations.get(one.organisation, one.organisation),
        "capacity": _("withdrew for the whole sitting") if one.withdrawn else capacity,
    }


def _rows(
    row: Sitting,
    agenda: list[Item],
    there: list[Attendance],
    organisations: Mapping[str, str],
    asked: Mapping[str, str],
) -> list[list[str]]:
    """asked: what a dossier was decided at, where not all were at the same step."""
    by = people.identity_of_person(db.session.get_one(Person, row.closed_by or row.opened_by))
    told = sentences([one.subject for one in agenda], by)
    words = texts({ref for one in agenda for ref in _refs(one)})
    seats = {one.seat: organisations.get(one.organisation, one.organisation) for one in there}
    before, place = given_before(row, agenda), find_operation(row.operation_id)
    zone = place.zone if place else "Europe/Paris"
    return [
        [
            str(one.rank),
            "\n".join(_dossier(told[one.subject], asked.get(one.subject, ""))),
            _(CARRIED[one.carried or ADJOURN][0]),
            "\n".join(_positions(one, seats, all_say(one, there), _desk(before, one, organisations, zone))) or "—",
            "\n".join(_remarks(one, seats, words, desk_reasons(before.get(one.subject, ()), organisations))) or "—",
        ]
        for one in agenda
    ]


def _refs(one: Item) -> set[str]:
    return {ref for ref in (one.reason, *(ref for _p, ref in one.positions.values()), *one.withdrawn.values()) if ref}


def _dossier(told: Mapping[str, Any], asked: str) -> list[str]:
    return [line for line in (told["reference"], told["who"] if told["whole"] else told["household"], asked) if line]


def _desk(before: Mapping[str, list[Told]], one: Item, organisations: Mapping[str, str], zone: str) -> list[str]:
    return [desk_words(vote, organisations, zone) for vote in before.get(one.subject, ())]


def _positions(one: Item, seats: Mapping[str, str], common: str, desk: list[str]) -> list[str]:
    """Each in a line; those given in the sitting first. common: what everybody who was there said in it."""
    if one.said in (ADJOURN, SEND_BACK) or not one.positions:
        return desk
    given = [(seats.get(seat, ""), _(POSITION[position])) for seat, (position, _ref) in one.positions.items()]
    if common:
        return [_("All who are there: %(position)s", position=_(POSITION[common])), *desk]
    return [*(_("%(who)s: %(words)s", who=who, words=position) for who, position in given), *desk]


def _remarks(one: Item, seats: Mapping[str, str], words: Mapping[str, str], desk: list[str]) -> list[str]:
    """Each in a line; one that all gave stands once. desk: those given at a desk."""
    told = [(seats.get(seat, ""), words.get(ref, "")) for seat, (_position, ref) in one.positions.items()]
    given = [(who, said) for who, said in told if said]
    common = {said for _who, said in given}
    lines = [words[one.reason]] if one.reason in words else []
    if len(common) == 1 and len(given) > 1 and len(given) == len(told):
        lines += common
    else:
        lines += [_("%(who)s: %(words)s", who=who, words=said) for who, said in given]
    return [*lines, *desk, *(_("Withdrew: %(who)s", who=seats.get(seat, "")) for seat in one.withdrawn)]
