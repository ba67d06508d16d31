"""How far the invented diagnoses have come: sixty courses in every state, dated back from today.

The mix gives each person of the cast three to ten things to do at the first sign-in.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import cycle, islice
from random import Random
from typing import Any

Course = dict[str, Any]
Step = dict[str, Any]
SEED = 2006
PAGES = ("A", "B", "C", "D", "D_etat", "E", "F", "G", "G_reserve", "H", "I", "I_projet", "J")

# State, how many, days since the interview of the first and of the last of them.
MIX = (
    ("draft", 3, 1, 6),
    ("checking", 7, 1, 3),
    ("checking_late", 2, 12, 16),
    ("sent_back", 2, 6, 9),
    ("reading", 3, 8, 12),
    ("reading_late", 1, 32, 32),
    ("committee", 8, 15, 24),
    ("committee_sent_back", 1, 24, 24),
    ("corrected_and_approved", 3, 40, 60),
    ("approved", 28, 28, 120),
    ("refused", 1, 50, 50),
    ("withdrawn", 1, 35, 35),
)


def courses(operation: dict[str, Any], people: list[dict[str, Any]], today: date) -> list[Course]:
    """Sixty courses of a diagnosis, for households spread over the whole operation.

    Each is {household: its number, state: as in MIX, interviewed: date, pages: the pages filled, steps}; a step is
    {at: local datetime without zone, by: slug of a person or "household", do, with}, `do` and `with` as in a scenario
    file; `with.answers` are merged into the answers before the act, `with.reason` is the sentence itself.
    """
    rng = Random(SEED)  # noqa: S311  invented people, not a secret
    plan = list(_days(today))
    homes = rng.sample(people, len(plan))
    return [_course(state, home, day, operation, rng) for (state, day), home in zip(plan, homes, strict=True)]


def _days(today: date) -> Iterator[tuple[str, date]]:
    for state, number, nearest, farthest in MIX:
        for rank in range(number):
            back = nearest + (farthest - nearest) * rank // max(1, number - 1)
            yield state, _on_a_working_day(today - timedelta(days=back))


def _on_a_working_day(day: date) -> date:
    """The same day, or the Friday before a Saturday or a Sunday."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def _course(state: str, home: dict[str, Any], day: date, operation: dict[str, Any], rng: Random) -> Course:
    cast = _Cast(operation, home)
    pages = PAGES if state != "draft" else PAGES[: rng.randint(2, 6)]
    steps = [] if state == "draft" else list(_STEPS[state.removesuffix("_late")](cast, _Days(day), rng))
    return {"household": home["number"], "state": state, "interviewed": day, "pages": pages, "steps": steps}


class _Days:
    """Instants counted from the interview; nothing happens on a Saturday or a Sunday."""

    def __init__(self, start: date) -> None:
        self.start = start

    def at(self, days: int, hour: int = 10, minute: int = 0) -> datetime:
        return datetime.combine(_on_a_working_day(self.start + timedelta(days=days)), time(hour, minute))


class _Cast:
    """Who acts for a household."""

    def __init__(self, operation: dict[str, Any], home: dict[str, Any]) -> None:
        self.officer, self.recorder = (self._of(operation, role) for role in ("cesf", "agent_relogement"))
        self.referent = next(
            p["slug"]
            for p in operation["people"]
            if home["building"] in p.get("referent_for", ()) and p["role"] == "referent_bailleur"
        )
        committee = next(body for body in operation["bodies"] if body["slug"] == "commission-relogement")
        self.seats = [seat["titular"] for seat in committee["seats"]]
        # From there on those who are silent can change nothing: more for than against; half against is a no.
        self.approving, self.refusing = len(self.seats) // 2 + 1, -(-len(self.seats) // 2)
        self.reasons = operation["demonstration"]["reasons"]
        self.charges = home["charges"]

    @staticmethod
    def _of(operation: dict[str, Any], role: str) -> str:
        return next(person["slug"] for person in operation["people"] if person["role"] == role)


def _step(at: datetime, by: str, do: str, **how: Any) -> Step:
    return {"at": at, "by": by, "do": do, "with": how}


def _checking(cast: _Cast, days: _Days, _: Random) -> Iterator[Step]:
    yield _step(days.at(0, 17), cast.officer, "submit")


def _sent_back(cast: _Cast, days: _Days, rng: Random) -> Iterator[Step]:
    yield from _checking(cast, days, rng)
    reason = rng.choice(cast.reasons["landlord"])
    yield _step(days.at(4, 11), cast.referent, "send_back", reason=reason, to="author", sections=["D"])


def _reading(cast: _Cast, days: _Days, rng: Random) -> Iterator[Step]:
    yield from _checking(cast, days, rng)
    yield _step(days.at(4, 11), cast.referent, "approve")


def _read(cast: _Cast, days: _Days, rng: Random) -> Iterator[Step]:
    yield from _reading(cast, days, rng)
    disagrees = rng.random() < 0.1
    yield _step(
        days.at(9, 15), "household", "sign", channel="screen", recorded_by=cast.recorder, disagreement=disagrees
    )


def _committee(cast: _Cast, days: _Days, rng: Random) -> Iterator[Step]:
    yield from _read(cast, days, rng)
    yield from _voices(cast, days, 14, rng.choice((0, 1, 1, 2)), rng)


def _approved(cast: _Cast, days: _Days, rng: Random) -> Iterator[Step]:
    yield from _read(cast, days, rng)
    yield from _voices(cast, days, 21, cast.approving, rng)


def _voices(cast: _Cast, days: _Days, day: int, number: int, rng: Random) -> Iterator[Step]:
    first = rng.randrange(len(cast.seats))
    for rank, seat in enumerate(islice(cycle(cast.seats), first, first + number)):
        if rank == cast.approving - 1 and rng.random() < 0.2:
            reason = cast.reasons["reservation"][0]
            yield _step(days.at(day, 14, 5 * rank), seat, "approve_with_reservation", reason=reason)
        else:
            yield _step(days.at(day, 14, 5 * rank), seat, "approve")


def _committee_sent_back(cast: _Cast, days: _Days, rng: Random) -> Iterator[Step]:
    yield from _read(cast, days, rng)
    reason = rng.choice(cast.reasons["committee"])
    yield _step(days.at(21, 14), cast.seats[0], "send_back", reason=reason, to="author", sections=["I", "J"])


def _corrected_and_approved(cast: _Cast, days: _Days, rng: Random) -> Iterator[Step]:
    yield from _sent_back(cast, days, rng)
    right = {"D": {"D_loyer": {"D2_charges": round(cast.charges + 6.4, 2)}}}
    yield _step(days.at(7, 16), cast.officer, "submit", changed=["D"], answers=right)
    yield _step(days.at(11, 9), cast.referent, "approve")
    yield _step(days.at(16, 10), "household", "sign", channel="screen", recorded_by=cast.officer, disagreement=False)
    yield from _voices(cast, days, 28, cast.approving, rng)


def _refused(cast: _Cast, days: _Days, rng: Random) -> Iterator[Step]:
    yield from _read(cast, days, rng)
    for rank, seat in enumerate(cast.seats[: cast.refusing]):
        yield _step(days.at(21, 14, 5 * rank), seat, "refuse", reason=cast.reasons["refusal"][0])


def _withdrawn(cast: _Cast, days: _Days, rng: Random) -> Iterator[Step]:
    yield from _checking(cast, days, rng)
    yield _step(days.at(3, 9), cast.officer, "withdraw", reason=cast.reasons["refusal"][0])


_STEPS: dict[str, Callable[[_Cast, _Days, Random], Iterator[Step]]] = {
    "checking": _checking,
    "sent_back": _sent_back,
    "reading": _reading,
    "committee": _committee,
    "committee_sent_back": _committee_sent_back,
    "corrected_and_approved": _corrected_and_approved,
    "approved": _approved,
    "refused": _refused,
    "withdrawn": _withdrawn,
}
