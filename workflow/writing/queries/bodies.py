"""What the papers of a body say: its members, and one of its sittings; references, never the name of a household."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from workflow.approvals.models import Item, Sitting
from workflow.approvals.queries import attending, courses
from workflow.approvals.rules import CARRIED, DROPPED
from workflow.catalogue.queries import version
from workflow.dossiers.models import Dossier
from workflow.dossiers.queries import by_subject
from workflow.errors import NotFound
from workflow.people import queries as people
from workflow.people.models import Body
from workflow.web.spoken import label

Data = dict[str, Any]


def sittings_of(body: Body) -> list[Sitting]:
    """Of a body, the latest first; those that were dropped left out."""
    return [row for row in attending.sittings(body.operation_id, body.slug) if row.state != DROPPED]


def sitting_of(body: Body, sitting_id: str) -> Sitting:
    """One of them. Raises NotFound."""
    row = attending.sitting(sitting_id)
    if (row.operation_id, row.body) != (body.operation_id, body.slug) or row.state == DROPPED:
        raise NotFound()
    return row


def told(body: Body, sitting: Sitting | None) -> Data:
    """{body, sitting}: sitting only where one is told of."""
    there = {one.seat: one for one in attending.seated(sitting)} if sitting else {}
    seats = [one for one in people.seats_of(body) if not one.guest]
    persons = {one.person for one in there.values()}
    names = people.names({*persons, *(id_ for seat in seats for id_ in (seat.person_id, seat.substitute_id) if id_)})
    organisations = people.organisation_names()
    members = []
    for seat in seats:
        who = there.get(seat.id)
        by = names.get(who.person, "") if who and who.substitute else ""
        members.append(
            {
                "organisation": organisations.get(seat.organisation, seat.organisation),
                "name": names.get(seat.person_id or "", ""),
                "substitute": names.get(seat.substitute_id or "", ""),
                "present": who is not None and not who.withdrawn,
                "present_by": by,
            }
        )
    chair = organisations.get(body.chair, "")
    return {"body": {"name": label(body.label), "chair": chair, "quorum": body.quorum, "members": members}} | (
        {"sitting": _sitting(sitting)} if sitting else {}
    )


def _sitting(row: Sitting) -> Data:
    agenda = attending.items(row)
    known = courses([one.subject for one in agenda])
    lines = [_line(one, known) for one in agenda if one.subject in known]
    return {"date": row.held_on.isoformat(), "place": row.place, "lines": lines}


def _line(one: Item, known: Mapping[str, Any]) -> Data:
    published, dossier = version(known[one.subject].procedure), by_subject(one.subject)
    step = published.circuit.step(one.step)
    carried = CARRIED.get(one.carried or "", ("", ""))[0]
    return {
        "reference": dossier.reference,
        "object": label(published.label),
        "asked": label(step.label),
        "time": "",
        "decision": _(carried).capitalize() if carried else "—",
        "who": _whoever(dossier),
        "due": "",
        "reason": "",  # the committee's words stand on the list of the sitting, which knows who may look at each file
    }


def _whoever(row: Dossier) -> str:
    """Who goes on with it after the sitting."""
    who = people.person(row.about.referent) or people.person(row.officer or row.author)
    return who.name if who else ""
