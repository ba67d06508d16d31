"""A scenario file as data: who there is, what is answered, what is done when, and what should come of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from workflow.circuit.absences import Absence


class ScenarioRefused(ValueError):
    """The scenario cannot be played; the message names the place and what is wrong there, for its author."""

    @property
    def where(self) -> str:
        """The dotted path of what is wrong; of no use where the whole file is."""
        return str(self).partition(": ")[0]


@dataclass(frozen=True)
class Person:
    """Somebody of the scenario, in one capacity."""

    name: str
    role: str
    organisation: str | None
    employer: str | None
    bodies: frozenset[str]


@dataclass(frozen=True)
class Sitting:
    """A meeting of a body: who keeps its minutes, whose voice is there."""

    secretary: str
    present: tuple[str, ...]


@dataclass(frozen=True)
class Move:
    """One thing done. at: as written, None meaning the instant of the move before; refused: the code expected, if any.

    sections and changed are taken out of `details`, which keeps the rest of `with`.
    """

    where: str
    do: str
    at: object
    by: str | None
    details: Mapping[str, object]
    sections: tuple[str, ...]
    changed: tuple[str, ...]
    refused: str | bool | None


@dataclass(frozen=True)
class Scenario:
    """author: the one named, else who submits first. expect_phase and expect_open: None when nothing is expected.

    sittings and links: by the name that follows "sitting:" or "link:" in `through`; a link is made for one person.
    """

    answers: Mapping[str, object]
    author: str | None
    people: Mapping[str, Person]
    absences: tuple[Absence, ...]
    relations: Mapping[str, str]
    moves: tuple[Move, ...]
    expect_phase: str | None
    expect_open: tuple[str, ...] | None
    sittings: Mapping[str, Sitting] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)


def read_scenario(data: object) -> Scenario:
    """The scenario written as plain data (parsed YAML or JSON); ScenarioRefused says where it makes no sense."""
    if not isinstance(data, Mapping):
        raise ScenarioRefused("file: a scenario is a set of keys: answers, people, steps, expect")
    moves = tuple(_move(item, f"steps[{rank}]") for rank, item in enumerate(_list(data, "steps")))
    if not moves:
        raise ScenarioRefused("steps: at least one is needed")
    expect = _mapping(data, "expect")
    first = next((move.by for move in moves if move.do == "submit"), None)
    return Scenario(
        answers=_mapping(data, "answers"),
        author=_word(data, "author") or first,
        people={str(name): _person(str(name), item) for name, item in _mapping(data, "people").items()},
        absences=tuple(_absence(item, f"absences[{rank}]") for rank, item in enumerate(_list(data, "absences"))),
        relations={str(name): str(value) for name, value in _mapping(data, "relations").items()},
        moves=moves,
        expect_phase=_word(expect, "phase", "expect"),
        expect_open=_words(expect, "open", "expect") if "open" in expect else None,
        sittings={str(name): _sitting(str(name), item) for name, item in _mapping(data, "sittings").items()},
        links={str(name): str(person) for name, person in _mapping(data, "links").items()},
    )


def _move(item: object, where: str) -> Move:
    if not isinstance(item, Mapping) or not isinstance(item.get("do"), str):
        raise ScenarioRefused(f"{where}: a step has at, by, do, and perhaps with and refused")
    details = _mapping(item, "with", where)
    refused = item.get("refused")
    if refused is not None and not isinstance(refused, str | bool):
        raise ScenarioRefused(f"{where}.refused: a code or true is expected")
    return Move(
        where=where,
        do=item["do"],
        at=item.get("at"),
        by=_word(item, "by", where),
        details={str(name): value for name, value in details.items() if name not in ("sections", "changed")}
        | {"confirmed": _words(details, "confirmed", where)},
        sections=_words(details, "sections", where),
        changed=_words(details, "changed", where),
        refused=refused,
    )


def _person(name: str, item: object) -> Person:
    where = f"people.{name}"
    if not isinstance(item, Mapping) or not _word(item, "role", where):
        raise ScenarioRefused(f"{where}: a role is needed")
    organisation, employer = _word(item, "organisation", where), _word(item, "employer", where)
    return Person(name, item["role"], organisation, employer, frozenset(_words(item, "bodies", where)))


def _sitting(name: str, item: object) -> Sitting:
    where = f"sittings.{name}"
    if not isinstance(item, Mapping) or not _word(item, "secretary", where):
        raise ScenarioRefused(f"{where}: a secretary is needed")
    return Sitting(item["secretary"], _words(item, "present", where))


def _absence(item: object, where: str) -> Absence:
    if not isinstance(item, Mapping) or not {"person", "substitute", "from", "to"} <= set(item):
        raise ScenarioRefused(f"{where}: person, substitute, from and to are needed")
    procedures = frozenset(_words(item, "procedures", where))
    first, last = _day(item, "from", where), _day(item, "to", where)
    return Absence(str(item["person"]), str(item["substitute"]), first, last, procedures)


def _day(item: Mapping, key: str, where: str) -> date:
    value = item[key]
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError as error:
        raise ScenarioRefused(f"{where}.{key}: {value!r} is not a day") from error


def _mapping(source: Mapping, key: str, where: str = "") -> Mapping:
    value = source.get(key)
    if value is not None and not isinstance(value, Mapping):
        raise ScenarioRefused(f"{where}.{key}: a set of keys is expected".lstrip("."))
    return value or {}


def _list(source: Mapping, key: str) -> list:
    value = source.get(key)
    if value is not None and not isinstance(value, list):
        raise ScenarioRefused(f"{key}: a list is expected")
    return value or []


def _word(source: Mapping, key: str, where: str = "") -> str | None:
    value = source.get(key)
    if value is not None and not isinstance(value, str):
        raise ScenarioRefused(f"{where}.{key}: a word is expected".lstrip("."))
    return value


def _words(source: Mapping, key: str, where: str) -> tuple[str, ...]:
    value = source.get(key)
    if value is not None and not (isinstance(value, list) and all(isinstance(word, str) for word in value)):
        raise ScenarioRefused(f"{where}.{key}: a list of words is expected")
    return tuple(value or ())
