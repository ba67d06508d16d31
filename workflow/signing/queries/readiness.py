"""Whether a room can open: what is recorded of it, looked over by the rules."""

from __future__ import annotations

from workflow import clock
from workflow.people import queries as people
from workflow.signing.queries.proposing import places_in
from workflow.signing.queries.rooms import Open, Party
from workflow.signing.rules.readiness import Lack, Seat, lacks


def lacking(known: Open) -> list[Lack]:
    """What must be mended first; nothing: it may open."""
    kinds = {row.slug: row.kind for row in people.organisations()}
    found = lacks([_seat(one, kinds) for one in known.parties], places_in(known.paper))
    until = known.row.until
    if until is not None and until < clock.today(known.zone):
        found.append(Lack("", "The last day to sign has passed already: choose a later one."))
    return found


def _seat(one: Party, kinds: dict[str, str]) -> Seat:
    row, words = one.row, one.words
    account = bool(row.person_id and people.can_sign_in(row.person_id))
    return Seat(
        row.id,
        words.name,
        row.rank,
        row.channel,
        place=row.field,
        group=row.group,
        needed=row.needed,
        kind=kinds.get(row.organisation, ""),
        reached=account or bool(words.mail or words.postal),
        mandate=row.mandate,
        number=row.mandate_number,
        dated=row.mandate_day is not None,
        attached=row.mandate_file is not None,
        why=words.why,
        office=words.organisation,
    )
