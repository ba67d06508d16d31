"""Play a scenario file against a circuit: people, answers and instants from a file, the verdicts from the engine."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from workflow.circuit import commands as c
from workflow.circuit.absences import Absence, substitutes
from workflow.circuit.context import Actor, Context
from workflow.circuit.deadlines import Calendar, local_day
from workflow.circuit.events import Event
from workflow.circuit.judging import judge
from workflow.circuit.model import Circuit, Who
from workflow.circuit.refusals import Refusal
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
    "cancel": c.Cancel,
    "reassign": c.Reassign,
    "extend_deadline": c.ExtendDeadline,
    "remind": c.Remind,
    "comment": c.Comment,
}
_RENAMED = {"reason": "reason_ref", "remarks": "remarks_ref", "text": "text_ref"}
_ASIDE = {"changed", "answers", "on_behalf_of", "recorded_by", "shown", "scan"}


class ScenarioRefused(ValueError):
    """The scenario cannot be played; the message names the place and what is wrong there, for its author."""


def play(
    circuit: Circuit,
    scenario: Mapping[str, object],
    holds: Holds,
    *,
    zone: str = "Europe/Paris",
    calendar: Calendar | None = None,
) -> dict[str, object]:
    """{"phase", "open", "events": [as stored], "differs": [{"where", "expected", "found"}]}; no difference: empty list.

    holds(condition, answers) judges a condition. ScenarioRefused when the file itself makes no sense.
    """
    game = _Game(circuit, scenario, holds, zone, calendar or Calendar())
    steps = _list(scenario, "steps")
    for rank, step in enumerate(steps):
        game.play(step, f"steps[{rank}]")
    game.compare()
    return {
        "phase": game.state.phase,
        "open": sorted(game.state.open),
        "events": [event.to_dict() for event in game.events],
        "differs": game.differs,
    }


class _Game:
    """One scenario being played: its world (people, answers, time) beside the state of the dossier."""

    def __init__(self, circuit: Circuit, scenario: Mapping, holds: Holds, zone: str, calendar: Calendar):
        self.circuit, self.scenario, self.holds, self.zone, self.calendar = circuit, scenario, holds, zone, calendar
        self.people = _mapping(scenario, "people")
        self.answers = dict(_mapping(scenario, "answers"))
        self.relations = _mapping(scenario, "relations")
        self.author = scenario.get("author") or _first_submitter(scenario)
        self.absences = tuple(_absence(item) for item in _list(scenario, "absences", empty=True))
        self.editions: dict[str, int] = {}
        self.state, self.events, self.now = State(), [], None
        self.differs: list[dict[str, object]] = []

    def play(self, step: object, where: str) -> None:
        if not isinstance(step, Mapping) or "do" not in step:
            raise ScenarioRefused(f"{where}: a step has at, by, do, and perhaps with and refused")
        self.now = self._instant(step.get("at"), where)
        details = _mapping(step, "with")
        self._open(step.get("by"), where)
        if step["do"] == "tick":
            self._append(tick(self.circuit, self.state, self.context()))
            return
        self._change(details)
        self._compare_refusal(step.get("refused"), self._do(step, details, where), where)

    def context(self) -> Context:
        managers = [name for name in self.people if self._asks(self.circuit.managed_by, name)]
        return Context(
            now=self.now,
            zone=self.zone,
            calendar=self.calendar,
            holders=lambda step: self._seats(self.circuit.step(step).who),
            recorders=lambda step: self._named(self.circuit.step(step).record_by),
            holds=lambda condition: self.holds(condition, self.answers),
            shown_now=self._shown(),
            section_hashes=self._section_hashes(),
            author=self.author,
            substitutes=substitutes(self.absences, local_day(self.now, self.zone), self.circuit.name),
            managers=frozenset(managers),
        )

    def compare(self) -> None:
        expected = _mapping(self.scenario, "expect")
        if "phase" in expected:
            self._compare("expect.phase", expected["phase"], self.state.phase)
        if "open" in expected:
            self._compare("expect.open", sorted(expected["open"]), sorted(self.state.open))

    def _open(self, by: object, where: str) -> None:
        if self.state.phase == "new":
            opener = self._actor(by if by is not None else self.author, {}, where)
            self._append(judge(self.circuit, self.state, c.Open(), opener, self.context()))

    def _do(self, step: Mapping, details: Mapping, where: str) -> str | None:
        """The refusal code, or None when it was done."""
        kind = VERBS.get(str(step["do"]))
        if kind is None:
            raise ScenarioRefused(f"{where}.do: unknown verb {step['do']!r}")
        actor = self._actor(step.get("by"), details, where)
        result = judge(self.circuit, self.state, self._command(kind, actor, details, where), actor, self.context())
        if isinstance(result, Refusal):
            return result.code
        self._append(result)
        return None

    def _command(self, kind: type[c.Command], actor: Actor, details: Mapping, where: str) -> c.Command:
        facts = {_RENAMED.get(name, name): value for name, value in details.items() if name not in _ASIDE}
        if kind in c.ON_STEP and "step" not in facts:
            facts["step"] = self._only_step(actor)
        if "scan" in details:
            facts["scan_hash"] = _digest(details["scan"])
        if "sections" in facts:
            facts["sections"] = tuple(facts["sections"])
        if "due" in facts:
            facts["due"] = self._instant(facts["due"], where)
        try:
            return kind(shown=details.get("shown", self._shown()), **facts)
        except TypeError as error:
            raise ScenarioRefused(f"{where}.with: {error}") from error

    def _only_step(self, actor: Actor) -> str | None:
        """The open step this person has a seat at; when there is none, any open one, so that the refusal is told."""
        context, waiting = self.context(), sorted(self.state.open)
        mine = [step for step in waiting if actor.voice in context.seats(step, self.state)]
        return next(iter(mine or waiting), None)

    def _actor(self, name: object, details: Mapping, where: str) -> Actor:
        absent = details.get("on_behalf_of")
        seat, person = self._person(absent or name, where), self._person(name, where)
        return Actor(
            person=str(name),
            role=seat["role"],
            organisation=seat.get("organisation"),
            employer=person.get("employer"),
            on_behalf_of=absent,
            bodies=frozenset(seat.get("bodies", ())),
            recorded_by=details.get("recorded_by"),
        )

    def _person(self, name: object, where: str) -> Mapping[str, object]:
        person = self.people.get(name)
        if not isinstance(person, Mapping) or "role" not in person:
            raise ScenarioRefused(f"{where}: nobody called {name!r} with a role stands under people")
        return person

    def _seats(self, who: Who) -> list[tuple]:
        return [(n, self.people[n]["role"], self.people[n].get("organisation")) for n in self._named(who)]

    def _named(self, who: Who | None) -> list[str]:
        return [name for name in self.people if self._asks(who, name)]

    def _asks(self, who: Who | None, name: str) -> bool:
        if who is None:
            return False
        if who.person_from:
            return _value(self.answers, who.person_from) == name
        person = self._person(name, "people")
        bodies = frozenset(person.get("bodies", ()))
        return who.accepts(person["role"], person.get("organisation"), bodies, self.relations)

    def _change(self, details: Mapping) -> None:
        new = _mapping(details, "answers")
        _merge(self.answers, new)
        for section in {*details.get("changed", ()), *new}:
            self.editions[section] = self.editions.get(section, 0) + 1

    def _section_hashes(self) -> dict[str, str]:
        named = {section for step in self.circuit.steps() for section in step.sections}
        named |= {key for key, value in self.answers.items() if isinstance(value, Mapping)}
        named |= self.editions.keys() | _spoken(self.scenario)
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
        return (instant if instant.tzinfo else instant.replace(tzinfo=ZoneInfo(self.zone))).astimezone(UTC)

    def _append(self, events: Iterable[Event]) -> None:
        self.events += events
        self.state = fold(self.circuit, events, self.state)

    def _compare_refusal(self, expected: object, found: str | None, where: str) -> None:
        # `refused: true` asks for a refusal without saying which
        if expected is True and found is not None:
            return
        self._compare(f"{where}.refused", expected or None, found)

    def _compare(self, where: str, expected: object, found: object) -> None:
        if expected != found:
            self.differs.append({"where": where, "expected": expected, "found": found})


def _spoken(scenario: Mapping) -> set[str]:
    """Sections named only in a `sections:` or `changed:` of the scenario exist as well."""
    spoken: set[str] = set()
    for step in _list(scenario, "steps"):
        details = step.get("with") if isinstance(step, Mapping) else None
        if isinstance(details, Mapping):
            spoken |= {*details.get("sections", ()), *details.get("changed", ())}
    return spoken


def _first_submitter(scenario: Mapping) -> str | None:
    doers = (step.get("by") for step in _list(scenario, "steps") if isinstance(step, Mapping))
    verbs = (step.get("do") for step in _list(scenario, "steps") if isinstance(step, Mapping))
    return next((by for by, verb in zip(doers, verbs, strict=True) if verb == "submit"), None)


def _absence(item: Mapping) -> Absence:
    try:
        first, last = _day(item["from"]), _day(item["to"])
        return Absence(item["person"], item["substitute"], first, last, frozenset(item.get("procedures", ())))
    except (KeyError, TypeError, ValueError) as error:
        raise ScenarioRefused(f"absences: person, substitute, from and to are needed ({error})") from error


def _day(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _value(answers: Mapping, path: str) -> object:
    """The answer at /data/a/b in answers nested by name."""
    value: object = answers
    for name in path.strip("/").split("/")[1:]:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _merge(answers: dict, new: Mapping) -> None:
    for name, value in new.items():
        if isinstance(value, Mapping) and isinstance(answers.get(name), Mapping):
            answers[name] = dict(answers[name])
            _merge(answers[name], value)
        else:
            answers[name] = value


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


def _mapping(source: Mapping, key: str) -> Mapping:
    value = source.get(key) or {}
    if not isinstance(value, Mapping):
        raise ScenarioRefused(f"{key}: a set of keys is expected")
    return value


def _list(source: Mapping, key: str, *, empty: bool = False) -> list:
    value = source.get(key) or []
    if not isinstance(value, list) or not (value or empty):
        raise ScenarioRefused(f"{key}: a list is expected")
    return value
