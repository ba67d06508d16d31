"""A state as plain data and back: what is kept of a long course, so that nobody folds it from its beginning.

What recurs in a state (seats, persons, section hashes, why votes fell) is written once, and named by its rank. Of the
state that taking back restores, only what differs from the present one is written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from workflow.circuit.events import By, Voice
from workflow.circuit.standing import Advice, Correction, Fallen, Look, OpenStep, State, Vote

_SOURCES = ("events", "model", "snapshot", "standing", "state")
MARK = hashlib.sha256(b"".join(Path(__file__).with_name(f"{name}.py").read_bytes() for name in _SOURCES)).hexdigest()
"""Of the code that folds and writes states: what other code made is folded again rather than read."""

Plain = dict[str, Any]
Votes = Mapping[str, tuple[Vote, ...]]
Looked = Mapping[str, Mapping[Voice, Look]]
Made = TypeVar("Made")


def plain(state: State) -> Plain:
    """JSON-ready: {state, voices, people, hashes, falls}; `state_of` reads it, in this release only (see MARK)."""
    writer = _Writer()
    facts = writer.state(state, _NEW)
    books = {"voices": writer.voices, "people": writer.people, "hashes": writer.hashes, "falls": writer.falls}
    return {"state": facts, **{name: list(book) for name, book in books.items()}}


def state_of(kept: Plain) -> State:
    """The state that `plain` wrote."""
    return _Reader(kept).state(kept["state"], _NEW)


def _instant(value: datetime | None) -> str | None:
    return None if value is None else (value if value.tzinfo is UTC else value.astimezone(UTC)).isoformat()


def _moment(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


class _Book(dict[Hashable, int]):
    """Values that recur → their rank."""

    def rank(self, value: Hashable) -> int:
        return self.setdefault(value, len(self))


class _Writer:
    """Writes one state, and what recurs in it into its books."""

    def __init__(self) -> None:
        self.voices, self.people, self.hashes, self.falls = _Book(), _Book(), _Book(), _Book()

    def state(self, state: State, base: State) -> Plain:
        """What differs from `base`."""
        known, other = vars(state), vars(base)
        told: Plain = {name: known[name] for name in _PLAIN if known[name] != other[name]}
        for name, write in _WRITE.items():
            if known[name] != other[name]:
                told[name] = write(self, known[name])
        for name, write in _WRITE_BESIDE.items():
            if known[name] != other[name]:
                told[name] = write(self, known[name], other[name])
        if state.before is not None:
            told["before"] = self.state(state.before, state)
        return told

    def by(self, by: By | None) -> int | None:
        return None if by is None else self.people.rank(tuple(vars(by).values()))

    def seen(self, hashes: Mapping[str, str]) -> int:
        return self.hashes.rank(tuple(hashes.items()))

    def open(self, open_: Mapping[str, OpenStep]) -> Plain:
        return {name: self._open(step) for name, step in open_.items()}

    def _open(self, one: OpenStep) -> list[Any]:
        times = [_instant(one.since), _instant(one.due), [_instant(at) for at in one.reminders]]
        return [*times, _instant(one.escalate_at), one.reminded, one.overdue, one.escalated, one.stuck]

    def votes(self, votes: Votes, base: Votes) -> Plain:
        """0 where the votes at a step are those of `base`."""
        return {
            step: 0 if base.get(step) == cast else [self._vote(vote) for vote in cast] for step, cast in votes.items()
        }

    def _vote(self, vote: Vote) -> list[Any]:
        who = [self.voices.rank(vote.voice), vote.position, self.by(vote.by)]
        seen = [_instant(vote.at), vote.round, vote.shown_hash, self.seen(vote.section_hashes)]
        return [*who, *seen, vote.reason_ref]

    def looked(self, looked: Looked, base: Looked) -> Plain:
        """0 where what was looked at is the same as in `base`."""
        return {
            step: 0 if base.get(step) == looks else [self._look(*one) for one in looks.items()]
            for step, looks in looked.items()
        }

    def _look(self, voice: Voice, look: Look) -> list[Any]:
        seen = self.seen(look.section_hashes)
        return [self.voices.rank(voice), _instant(look.at), look.round, look.shown_hash, seen]

    def seats(self, seats: Mapping[str, tuple[tuple[Voice, str], ...]]) -> Plain:
        return {step: [[self.voices.rank(voice), to] for voice, to in given] for step, given in seats.items()}

    def spoken(self, voices: Mapping[str, Iterable[Voice]]) -> Plain:
        return {step: [self.voices.rank(voice) for voice in sorted(some, key=str)] for step, some in voices.items()}

    def correction(self, one: Correction | None) -> list[Any] | None:
        if one is None:
            return None
        return [one.step, self.by(one.by), _instant(one.at), one.to, one.round, one.sections, one.reason_ref]

    def fallen(self, fallen: tuple[Fallen, ...], base: tuple[Fallen, ...]) -> list[Any]:
        """[how many are those of `base`, (how, round) of the others]: votes only ever come to it."""
        shorter = min(len(fallen), len(base))
        same = shorter if fallen[:shorter] == base[:shorter] else 0
        rank = self.falls.rank
        return [same, [(rank((step, by, why, parts)), round_) for step, by, round_, why, parts in fallen[same:]]]

    def advice(self, advice: tuple[Advice, ...]) -> list[list[Any]]:
        return [self._advice(one) for one in advice]

    def _advice(self, one: Advice) -> list[Any]:
        asked = [one.step, one.person, self.by(one.by), _instant(one.at), one.round, one.text_ref]
        return [*asked, one.opinion, one.reason_ref, self.by(one.given_by), _instant(one.given_at)]


class _Reader:
    """Reads states that were written with the same books."""

    def __init__(self, kept: Plain) -> None:
        self.voices = [Voice(*row) for row in kept["voices"]]
        self.people = [_made(By, row) for row in kept["people"]]
        self.hashes = [dict(pairs) for pairs in kept["hashes"]]
        self.falls = [(step, Voice(*by), why, tuple(parts)) for step, by, why, parts in kept["falls"]]

    def state(self, told: Plain, base: State) -> State:
        """`base` with what is told of the other, without a passage through `__init__`."""
        read, other = object.__new__(State), vars(base)
        facts = vars(read)
        facts.update(other)
        for name, value in told.items():
            if name in _READ:
                facts[name] = _READ[name](self, value)
            elif name in _READ_BESIDE:
                facts[name] = _READ_BESIDE[name](self, value, other[name])
            else:
                facts[name] = value
        facts["before"] = self.state(told["before"], read) if "before" in told else None
        return read

    def by(self, rank: int | None) -> By | None:
        return None if rank is None else self.people[rank]

    def open(self, told: Plain) -> Mapping[str, OpenStep]:
        return {step: self._open(step, *facts) for step, facts in told.items()}

    def _open(self, step: str, since: str, due: str | None, reminders: list[str], *rest: Any) -> OpenStep:
        escalate_at, *told = rest
        times = (datetime.fromisoformat(since), _moment(due), tuple(map(datetime.fromisoformat, reminders)))
        return _made(OpenStep, (step, *times, _moment(escalate_at), *told))

    def votes(self, told: Plain, base: Votes) -> Votes:
        return {step: tuple(map(self._vote, cast)) if cast != 0 else base[step] for step, cast in told.items()}

    def _vote(self, told: list[Any]) -> Vote:
        voice, position, by, at, round_, shown, seen, reason = told
        facts = (datetime.fromisoformat(at), round_, shown, self.hashes[seen], reason)
        return _made(Vote, (self.voices[voice], position, self.people[by], *facts))

    def looked(self, told: Plain, base: Looked) -> Looked:
        return {step: dict(map(self._look, looks)) if looks != 0 else base[step] for step, looks in told.items()}

    def _look(self, told: list[Any]) -> tuple[Voice, Look]:
        voice, at, round_, shown, seen = told
        return self.voices[voice], _made(Look, (datetime.fromisoformat(at), round_, shown, self.hashes[seen]))

    def seats(self, told: Plain) -> Mapping[str, tuple[tuple[Voice, str], ...]]:
        return {step: tuple((self.voices[voice], to) for voice, to in given) for step, given in told.items()}

    def spoken(self, told: Plain) -> Mapping[str, frozenset[Voice]]:
        return {step: frozenset([self.voices[rank] for rank in ranks]) for step, ranks in told.items()}

    def correction(self, told: list[Any] | None) -> Correction | None:
        if told is None:
            return None
        step, by, at, to, round_, sections, reason = told
        return Correction(step, self.by(by), datetime.fromisoformat(at), to, round_, tuple(sections), reason)

    def fallen(self, told: list[Any], base: tuple[Fallen, ...]) -> tuple[Fallen, ...]:
        same, rest = told
        falls = ((self.falls[how], round_) for how, round_ in rest)
        return (*base[:same], *[_fallen((step, by, round_, why, parts)) for (step, by, why, parts), round_ in falls])

    def advice(self, told: list[list[Any]]) -> tuple[Advice, ...]:
        return tuple(
            Advice(step, person, self.people[by], datetime.fromisoformat(at), *more, self.by(giver), _moment(given))
            for step, person, by, at, *more, giver, given in told
        )


def _made(kind: type[Made], facts: Iterable[Any]) -> Made:
    """`kind(*facts)` without its passage through `__init__`: a state is read several times faster."""
    one = object.__new__(kind)
    vars(one).update(zip(_NAMES[kind], facts, strict=True))
    return one


def _persons(told: Plain) -> Mapping[str, frozenset[str]]:
    return {step: frozenset(persons) for step, persons in told.items()}


_WRITE: Mapping[str, Callable[[_Writer, Any], Any]] = {
    "open": _Writer.open,
    "outcomes": lambda _, outcomes: dict(outcomes),
    "acted": lambda _, acted: {step: sorted(persons) for step, persons in acted.items()},
    "seats": _Writer.seats,
    "correction": _Writer.correction,
    "last_act": _Writer.by,
    **dict.fromkeys(("changed_at", "decided_at", "refreshed_at"), lambda _, at: _instant(at)),
    **dict.fromkeys(("refilling", "carried"), _Writer.spoken),
    "advice": _Writer.advice,
}
_READ: Mapping[str, Callable[[_Reader, Any], Any]] = {
    "open": _Reader.open,
    "acted": lambda _, told: _persons(told),
    "seats": _Reader.seats,
    "correction": _Reader.correction,
    "last_act": _Reader.by,
    **dict.fromkeys(("changed_at", "decided_at", "refreshed_at"), lambda _, at: _moment(at)),
    **dict.fromkeys(("refilling", "carried"), _Reader.spoken),
    "advice": _Reader.advice,
}
_WRITE_BESIDE: Mapping[str, Callable[[_Writer, Any, Any], Any]] = {
    "votes": _Writer.votes,
    "looked": _Writer.looked,
    "fallen": _Writer.fallen,
}
_READ_BESIDE: Mapping[str, Callable[[_Reader, Any, Any], Any]] = {
    "votes": _Reader.votes,
    "looked": _Reader.looked,
    "fallen": _Reader.fallen,
}
_NEW = State()
_PLAIN = vars(_NEW).keys() - _WRITE.keys() - _WRITE_BESIDE.keys() - {"before"}
_fallen = partial(tuple.__new__, Fallen)
_NAMES = {kind: tuple(item.name for item in fields(kind)) for kind in (By, Look, OpenStep, Vote)}
