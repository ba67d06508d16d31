"""What must be mended before a room opens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from workflow.signing.rules.channels import DELIBERATION, IN_THE_FILE, ORDER, PAPER, PARAPHEUR, lacks_mandate
from workflow.signing.rules.course import MOST_PLACES, MOST_RANKS


@dataclass(frozen=True)
class Seat:
    """One signatory as it is looked over. kind: of the organisation they sign for; reached: whether there is an account
    or an address; mandate: what is recorded of it; office: the name of their organisation.
    """

    id: str
    name: str
    rank: int
    channel: str
    place: str = ""
    group: str = ""
    needed: int = 1
    kind: str = ""
    reached: bool = False
    mandate: str = ""
    number: str = ""
    dated: bool = False
    attached: bool = False
    why: str = ""
    office: str = ""


@dataclass(frozen=True)
class Lack:
    """Something to mend. seat: whose; "" for the whole room. message: an English msgid."""

    seat: str
    message: str
    params: dict[str, Any] = field(default_factory=dict)


def lacks(seats: Collection[Seat], places: Collection[str]) -> list[Lack]:
    """In the order of the seats; places: those prepared in the file and still free."""
    if not seats:
        return [Lack("", "Nobody is asked to sign yet.")]
    found = [lack for seat in seats for lack in _of(seat, places)]
    return found + list(_of_all(seats))


def _of(seat: Seat, places: Collection[str]) -> Iterator[Lack]:
    if not seat.name:
        words = "Say who signs for %(office)s." if seat.office else "Say who signs."
        yield Lack(seat.id, words, {"office": seat.office})
    if seat.channel in IN_THE_FILE and not seat.place:
        yield Lack(seat.id, "Choose the place in the document where %(name)s signs, or paper.", {"name": seat.name})
    if seat.place and seat.place not in places:
        yield Lack(seat.id, "The document has no such place any more: choose another one for %(name)s.", _who(seat))
    if seat.channel != PAPER and not seat.reached:
        yield Lack(seat.id, "%(name)s has neither an access nor an address: give one, or choose paper.", _who(seat))
    yield from _mandate(seat)


def _mandate(seat: Seat) -> Iterator[Lack]:
    if lacks_mandate(seat.kind, seat.mandate):
        yield Lack(
            seat.id,
            "%(name)s signs for a public body: record the deliberation or the order first, or take responsibility.",
            _who(seat),
        )
    elif seat.mandate in (DELIBERATION, ORDER) and not (seat.number and seat.dated and seat.attached):
        yield Lack(seat.id, "Give the number, the day and the file of the mandate of %(name)s.", _who(seat))


def _of_all(seats: Iterable[Seat]) -> Iterator[Lack]:
    several = list(seats)
    taken = Counter(one.place for one in several if one.place)
    for place, count in taken.items():
        if count > 1:
            yield Lack("", "Two signatories have the same place in the document: %(place)s.", {"place": place})
    ranks = {one.rank for one in several}
    if len(ranks) > MOST_RANKS or any(sum(one.rank == rank for one in several) > MOST_PLACES for rank in ranks):
        yield Lack("", "There are too many signatories.")
    yield from _apart(several)
    for rank, group in sorted({(one.rank, one.group) for one in several if one.group}):
        members = [one for one in several if (one.rank, one.group) == (rank, group)]
        if len({one.needed for one in members}) > 1 or members[0].needed > len(members):
            yield Lack("", "Say the same number of signatures for everybody of the group %(group)s.", {"group": group})


def _apart(several: Collection[Seat]) -> Iterator[Lack]:
    """While the file is away in another tool nobody signs here: what comes back would lack their signature."""
    for one in several:
        if one.channel == PARAPHEUR and sum(other.rank == one.rank for other in several) > 1:
            yield Lack(
                one.id,
                "%(name)s signs in another tool, where the file stays for some days: give them a rank of their own.",
                _who(one),
            )


def _who(seat: Seat) -> dict[str, Any]:
    return {"name": seat.name}
