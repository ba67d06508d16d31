"""The personal links of a room: for whom, who looks after them, which of their papers are still to be printed."""

from __future__ import annotations

from datetime import date

from workflow.access import Identity
from workflow.approvals.models import PersonalLink
from workflow.approvals.queries import personal_links as links
from workflow.approvals.queries import standing
from workflow.approvals.queries.personal_links import ALIVE, LETTER, MAIL, fate
from workflow.circuit.deadlines import last_day
from workflow.circuit.standing import State
from workflow.signing.models import OPEN
from workflow.signing.queries.entitled import coordinates, may_have, runs
from workflow.signing.queries.rooms import OUTSIDER, Open, Party, delegate_voice
from workflow.signing.rules.channels import PAPER

SESSION = "session"
"""How somebody came who needs no link: they are signed in, and need a code only."""


def outsider_of(party: Party) -> str:
    """Under which id somebody without account acts for a signatory."""
    return delegate_voice(party.row) if party.row.delegate else f"{OUTSIDER}{party.id}"


def may_print(identity: Identity, known: Open) -> bool:
    """Whoever runs the room, and a colleague who has papers signed here: each prints one of the two papers."""
    if runs(identity, known.row):
        return True
    return coordinates(identity, known.row.operation_id) and may_have(identity, known.paper)


def links_of(known: Open) -> list[PersonalLink]:
    """Links and codes on paper, the newest first; codes that went by mail to a session are nobody's business."""
    found = links.links_on(known.row.subject)
    return [one for one in found if one.link_by != SESSION or one.code_by == LETTER]


def link_in(known: Open, link_id: str) -> PersonalLink | None:
    """A link of this very room."""
    return next((one for one in links_of(known) if one.id == link_id), None)


def party_of(known: Open, row: PersonalLink) -> Party | None:
    """For whom a link was made; None for somebody who does not sign here any more."""
    mine = (one for one in known.parties if row.person in (outsider_of(one), one.person))
    earlier = (one for one in known.parties if row.person.startswith(f"{OUTSIDER}{one.id}"))
    return next(mine, None) or next(earlier, None)


def last_of(known: Open, party: Party) -> PersonalLink | None:
    """The link they were given last for the step at which they sign."""
    mine = links.links_on(known.row.subject, outsider_of(party))
    return next((one for one in mine if one.step == known.steps[party.id]), None)


def may_be_given(known: Open) -> list[Party]:
    """Those who are asked now, and sign otherwise than on paper."""
    if known.row.state != OPEN:
        return []
    state = standing(known.row.subject).state
    asked = [one for one in known.parties if known.steps[one.id] in state.open and one.row.channel != PAPER]
    return [one for one in asked if not _spoke(known, one, state)]


def _spoke(known: Open, party: Party, state: State) -> bool:
    spoken = {vote.voice.person for vote in state.votes_at(known.steps[party.id])}
    return bool({party.voice.person, delegate_voice(party.row)} & spoken)


def ends_on(known: Open, row: PersonalLink) -> date:
    """The last day of the link, or of the room where that comes first."""
    ends = last_day(row.expires_at, known.zone)
    return min(ends, known.row.until) if known.row.until else ends


def to_print(row: PersonalLink, printer: str) -> tuple[bool, bool]:
    """Whether this person prints its letter, its paper with the code: whoever printed one never prints the other, and
    nobody prints the code they type themselves.
    """
    if fate(row) != ALIVE or row.person == printer:
        return False, False
    mine = {one.kind for one in links.prints(row) if one.by == printer}
    letter = row.link_by == LETTER and links.CODE_PRINTED not in mine
    first = row.link_by in (MAIL, SESSION) or row.left_at is not None
    return letter, row.code_by == LETTER and first and links.LETTER_PRINTED not in mine
