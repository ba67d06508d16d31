"""A scenario being played: people, answers and instants from a file, the verdicts from the engine."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from workflow.circuit import commands as c
from workflow.circuit.absences import substitutes
from workflow.circuit.context import Actor, Context
from workflow.circuit.deadlines import Calendar, local_day
from workflow.circuit.events import Event, Voice
from workflow.circuit.judging import judge
from workflow.circuit.model import Circuit, Who
from workflow.circuit.refusals import Refusal
from workflow.circuit.scenario import Move, Person, Scenario, ScenarioRefused
from workflow.circuit.standing import State
from workflow.circuit.state import fold
from workflow.circuit.ticking import tick

Holds = Callable[[str, Mapping[str, object]], bool]
VERBS: Mapping[str, type[c.Command]] = {
    "submit": c.Submit,
    "approve": c.Approve,
    "approve_with_reservation": c.ApproveWithReservation,
    "give_opinion": c.GiveOpinion,
    "send_back": c.SendBack,
    "refuse": c.Refuse,
    "sign": c.Sign,
    "withdraw": c.Withdraw,
    "take_back": c.TakeBack,
    "refresh": c.Refresh,
    "cancel": c.Cancel,
    "reassign": c.Reassign,
    "extend_deadline": c.ExtendDeadline,
    "remind": c.Remind,
    "comment": c.Comment,
    "ask_advice": c.AskAdvice,
    "advise": c.Advise,
    "reopen": c.Reopen,
}
"""What a scenario calls each command."""
_RENAMED = {"reason": "reason_ref", "remarks": "remarks_ref", "text": "text_ref"}
_ASIDE = {"answers", "on_behalf_of", "recorded_by", "through", "shown", "scan", "confirmed"}

FIRST_YEAR, LAST_YEAR = 1950, 2150
"""Between them public holidays and deadlines can be reckoned."""


class Game:
    """One scenario being played: its world (people, answers, time) beside the state of the dossier."""

    def __init__(self, circuit: Circuit, scenario: Scenario, holds: Holds, zone: str, calendar: Calendar):
        self.circuit, self.scenario, self.holds, self.zone, self.calendar = circuit, scenario, holds, zone, calendar
        self.answers = deepcopy(dict(scenario.answers))
        self.editions: dict[str, int] = {}
        self.stale: frozenset[str] = frozenset()
        self.now: datetime | None = None
        self.state, self.events = State(), []
        self.differs: list[dict[str, object]] = []
        self.course: list[dict[str, object]] = []

    def play(self, move: Move) -> None:
        self.now, before = self._instant(move.at, move.where), len(self.events)
        refused = self._play(move)
        self.course.append(self._told(move, refused, self.events[before:]))

    def _play(self, move: Move) -> str | None:
        if self.state.phase == "new":
            opener = self._actor(move.by or self.scenario.author, move)
            self._append(judge(self.circuit, self.state, c.Open(), opener, self.context()))
        if move.do == "tick":
            self._append(tick(self.circuit, self.state, self.context()))
        elif move.do == "age":
            self.stale |= frozenset(move.sections)
        elif move.do != "open":  # which it is by now
            self._change(move)
            refused = self._act(move)
            self._compare_refusal(move, refused)
            return refused
        return None

    def _told(self, move: Move, refused: str | None, events: list[Event]) -> dict[str, object]:
        """One line of the course, as plain data."""
        return {
            "at": self.now.astimezone(ZoneInfo(self.zone)).isoformat(timespec="minutes"),
            "by": move.by,
            "do": move.do,
            "step": next((event.step for event in events if event.actor and event.step), move.details.get("step")),
            "refused": refused,
            "events": [type(event).__name__ for event in events],
            "phase": self.state.phase,
            "open": sorted(self.state.open),
        }

    def compare(self) -> None:
        expected = self.scenario
        if expected.expect_phase is not None:
            self._compare("expect.phase", expected.expect_phase, self.state.phase)
        if expected.expect_open is not None:
            self._compare("expect.open", sorted(expected.expect_open), sorted(self.state.open))

    def context(self) -> Context:
        return Context(
            now=self.now,
            zone=self.zone,
            calendar=self.calendar,
            holders=lambda step: [_voice(person) for person in self._asked(self.circuit.step(step).who)],
            recorders=lambda step: [person.name for person in self._asked(self.circuit.step(step).record_by)],
            holds=lambda condition: self.holds(condition, self.answers),
            shown_now=self._shown(),
            section_hashes=self._section_hashes(),
            author=self.scenario.author,
            substitutes=substitutes(self.scenario.absences, local_day(self.now, self.zone), self.circuit.name),
            managers=frozenset(person.name for person in self._asked(self.circuit.managed_by)),
            refreshers=lambda: [_voice(person) for person in self._asked(self._refreshers())],
            stale=lambda: self.stale,
            advisable=lambda step: self.scenario.people,
            secretaries=lambda step: {one.secretary for one in self.scenario.sittings.values()},
            present=self._present,
            linked=lambda through: self.scenario.links.get(through.removeprefix("link:")),
        )

    def _present(self, through: str, step: str) -> tuple[str, ...]:
        sitting = self.scenario.sittings.get(through.removeprefix("sitting:"))
        return sitting.present if sitting else ()

    def _refreshers(self) -> Who | None:
        return self.circuit.refresh.who if self.circuit.refresh else None

    def _act(self, move: Move) -> str | None:
        """The refusal code, or None when it was done."""
        actor = self._actor(move.by, move)
        result = judge(self.circuit, self.state, self._command(actor, move), actor, self.context())
        if isinstance(result, Refusal):
            return result.code
        self._append(result)
        return None

    def _command(self, actor: Actor, move: Move) -> c.Command:
        kind = VERBS.get(move.do)
        if kind is None:
            raise ScenarioRefused(f"{move.where}.do: unknown verb {move.do!r}")
        facts = {_RENAMED.get(name, name): value for name, value in move.details.items() if name not in _ASIDE}
        facts |= {"sections": move.sections} if move.sections else {}
        facts |= {"scan_hash": _digest(move.details["scan"])} if "scan" in move.details else {}
        facts |= {"due": self._instant(facts["due"], move.where)} if "due" in facts else {}
        if kind in c.ON_STEP:
            facts.setdefault("step", self._only_step(actor))
        for name, value in facts.items():
            if not isinstance(value, str | bool | tuple | datetime | None):
                raise ScenarioRefused(f"{move.where}.with.{name}: a word is expected")
        try:
            return kind(shown=move.details.get("shown", self._shown()), **facts)
        except TypeError as error:
            raise ScenarioRefused(f"{move.where}.with: {error}") from error

    def _only_step(self, actor: Actor) -> str | None:
        """The open step this person has a seat at; when there is none, any open one, so that the refusal is told."""
        context, waiting = self.context(), sorted(self.state.open)
        mine = [step for step in waiting if actor.voice in context.seats(step, self.state)]
        mine = mine or [step for step in waiting if self.state.awaited_advice(step, actor.person)]
        return next(iter(mine or waiting), None)

    def _actor(self, name: str | None, move: Move) -> Actor:
        absent = move.details.get("on_behalf_of")
        person = self._person(name, move)
        seat = self._person(absent, move) if absent else person
        recorder, through = (_word_of(move, key) for key in ("recorded_by", "through"))
        who = (person.name, seat.role, seat.organisation, person.employer)
        return Actor(*who, absent, seat.bodies, recorder, through)

    def _person(self, name: object, move: Move) -> Person:
        person = self.scenario.people.get(name) if isinstance(name, str) else None
        if person is None:
            raise ScenarioRefused(f"{move.where}: nobody called {name!r} stands under people")
        return person

    def _asked(self, who: Who | None) -> list[Person]:
        return [person for person in self.scenario.people.values() if who and self._asks(who, person)]

    def _asks(self, who: Who, person: Person) -> bool:
        if who.person_from:
            return _value(self.answers, who.person_from) == person.name
        return who.accepts(person.role, person.organisation, person.bodies, self.scenario.relations)

    def _change(self, move: Move) -> None:
        new = move.details.get("answers") or {}
        if not isinstance(new, Mapping):
            raise ScenarioRefused(f"{move.where}.with.answers: a set of keys is expected")
        _merge(self.answers, new)
        for section in {*move.changed, *new}:
            self.editions[section] = self.editions.get(section, 0) + 1
        self.stale -= {*move.changed, *new, *(move.details.get("confirmed") or ())}

    def _section_hashes(self) -> dict[str, str]:
        """Sections are whatever the circuit, the answers or the scenario call so."""
        named = {section for step in self.circuit.steps() for section in step.sections}
        named |= {key for key, value in self.answers.items() if isinstance(value, Mapping)}
        named |= {section for move in self.scenario.moves for section in (*move.sections, *move.changed)}
        return {section: _digest([section, self.editions.get(section, 0)]) for section in sorted(named)}

    def _shown(self) -> str:
        return _digest(self._section_hashes())

    def _instant(self, at: object, where: str) -> datetime:
        if at is None and self.now is not None:
            return self.now
        try:
            instant = at if isinstance(at, datetime) else datetime.fromisoformat(str(at))
        except ValueError as error:
            raise ScenarioRefused(f"{where}.at: {at!r} is not an instant") from error
        if not FIRST_YEAR <= instant.year <= LAST_YEAR:
            raise ScenarioRefused(f"{where}.at: {instant.year} lies too far away")
        return (instant if instant.tzinfo else instant.replace(tzinfo=ZoneInfo(self.zone))).astimezone(UTC)

    def _append(self, events: Iterable[Event]) -> None:
        self.events += events
        self.state = fold(self.circuit, events, self.state)

    def _compare_refusal(self, move: Move, found: str | None) -> None:
        # `refused: true` asks for a refusal without saying which
        if move.refused is not True or found is None:
            self._compare(f"{move.where}.refused", move.refused or None, found)

    def _compare(self, where: str, expected: object, found: object) -> None:
        if expected != found:
            self.differs.append({"where": where, "expected": expected, "found": found})


def _voice(person: Person) -> Voice:
    return Voice(person.name, person.role, person.organisation)


def _word_of(move: Move, key: str) -> str | None:
    value = move.details.get(key)
    if value is not None and not isinstance(value, str):
        raise ScenarioRefused(f"{move.where}.with.{key}: a word is expected")
    return value


def _value(answers: Mapping, path: str) -> object:
    """The answer at /data/a/b in answers nested by name."""
    value: object = answers
    for name in path.strip("/").split("/")[1:]:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _merge(answers: dict, new: Mapping) -> None:
    for name, value in new.items():
        if isinstance(value, Mapping) and isinstance(answers.get(name), dict):
            _merge(answers[name], value)
        else:
            answers[name] = deepcopy(value)


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()
