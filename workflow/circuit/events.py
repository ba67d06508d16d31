"""What happened to a dossier: frozen facts made of ids, codes, times and hashes, never of free text.

Texts (reasons, remarks, comments) are kept elsewhere and named by a `*_ref`. Every fact that depended on the world when
it happened (conditions, deadlines, surviving votes) is written out, so that folding needs nothing but the circuit.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import UTC, datetime
from functools import lru_cache
from typing import ClassVar, NamedTuple


class Voice(NamedTuple):
    """A seat at a step: whose decision it is, and for whom it speaks."""

    person: str
    role: str
    organisation: str | None = None


@dataclass(frozen=True)
class By:
    """Who acted: person speaks as role for organisation, paid by employer, perhaps for an absent colleague.

    recorded_by: who entered it for somebody without account, or for a sitting. through: the way it came when it was
    not the person's own account: "sitting:<id>" or "link:<id>" (a personal link).
    """

    person: str
    role: str
    organisation: str | None = None
    employer: str | None = None
    on_behalf_of: str | None = None
    recorded_by: str | None = None
    through: str | None = None

    @property
    def voice(self) -> Voice:
        return Voice(self.on_behalf_of or self.person, self.role, self.organisation)


@dataclass(frozen=True)
class Opening:
    """A step that opens: its deadline, and the instants at which people are reminded or their chief is told."""

    step: str
    due: datetime | None = None
    reminders: tuple[datetime, ...] = ()
    escalate_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Event:
    """Common to all: instant (UTC), round (1, then one more at each return), step, who, hash of what was shown."""

    at: datetime
    round: int = 1
    step: str | None = None
    actor: By | None = None
    shown_hash: str | None = None

    version: ClassVar[int] = 1

    def to_dict(self) -> dict[str, object]:
        """JSON-ready; `type` and `schema` say how to read it back."""
        facts = {item.name: _plain(getattr(self, item.name)) for item in fields(self)}
        return {"type": type(self).__name__, "schema": self.version, **facts}


@dataclass(frozen=True, kw_only=True)
class Opened(Event):
    """The dossier starts on this circuit; `author` is who may not approve it."""

    circuit_hash: str
    author: str | None = None


@dataclass(frozen=True, kw_only=True)
class StageEntered(Event):
    """opened: steps that wait for people; not_needed: their condition is false; kept: ended well before."""

    stage: str
    opened: tuple[Opening, ...] = ()
    not_needed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StageSkipped(Event):
    """Its condition is false, or that of each of its steps."""

    stage: str


@dataclass(frozen=True, kw_only=True)
class Act(Event):
    """A decision of a person at a step. section_hashes: what the sections this step looks at were worth."""

    section_hashes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Submitted(Act):
    """The filled form was handed on."""


@dataclass(frozen=True, kw_only=True)
class Approved(Act):
    """A favourable voice."""


@dataclass(frozen=True, kw_only=True)
class ApprovedWithReservation(Act):
    """A favourable voice with a remark that does not block."""

    reason_ref: str


@dataclass(frozen=True, kw_only=True)
class OpinionGiven(Act):
    """opinion: favourable | reserved | unfavourable | none. It never blocks."""

    opinion: str
    reason_ref: str | None = None


@dataclass(frozen=True, kw_only=True)
class Signed(Act):
    """channel: as in Sign; scan_hash names the scan of one on paper. A disagreement is kept and does not block."""

    channel: str
    scan_hash: str | None = None
    disagreement: bool = False
    remarks_ref: str | None = None


@dataclass(frozen=True, kw_only=True)
class Refused(Act):
    """An unfavourable voice; whether the step is refused is for its rule to say."""

    reason_ref: str


@dataclass(frozen=True, kw_only=True)
class SentBack(Act):
    """Correction asked. to: id of the stage that reopens; sections: chosen ones, empty meaning the whole form."""

    to: str
    reason_ref: str
    sections: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AdviceAsked(Event):
    """Whoever may decide at a step asks somebody for a second opinion. It neither counts nor blocks."""

    of_person: str
    text_ref: str


@dataclass(frozen=True, kw_only=True)
class Advised(Event):
    """The second opinion that was asked for. opinion: favourable | reserved | unfavourable | none."""

    opinion: str
    reason_ref: str | None = None


@dataclass(frozen=True, kw_only=True)
class Reopened(Event):
    """A closed dossier goes on, from the stage `to`: a new round, of which votes survive as after a correction."""

    to: str
    reason_ref: str


@dataclass(frozen=True, kw_only=True)
class TakenBack(Event):
    """Somebody took the last decision back, before anybody else acted: all it led to is undone."""


@dataclass(frozen=True, kw_only=True)
class Refreshed(Event):
    """The form is taken up again: whoever does it becomes one of its authors. A new round of filling follows."""


@dataclass(frozen=True, kw_only=True)
class VersionChanged(Event):
    """The dossier goes on with a newer version. before, after: hashes of the procedure; circuit_hash: of its circuit.

    What happened earlier is folded with the circuit of `before`. stage: where the dossier stands, now as then.
    """

    circuit_hash: str
    before: str
    after: str
    stage: str


@dataclass(frozen=True, kw_only=True)
class VoteFell(Event):
    """A vote no longer counts. because: correction | sections_changed | asked_again | refusal | own_work |
    other_version.
    """

    person: str
    role: str
    organisation: str | None
    because: str
    sections: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StepClosed(Event):
    """outcome: approved | refused | given | signed | informed | sent_back | set_aside (a sibling ended the stage)."""

    outcome: str


@dataclass(frozen=True, kw_only=True)
class StepOverdue(Event):
    """The deadline passed."""


@dataclass(frozen=True, kw_only=True)
class Reminded(Event):
    """sent: how many planned reminders are behind us; an actor is there when somebody asked for it."""

    sent: int = 0


@dataclass(frozen=True, kw_only=True)
class Escalated(Event):
    """Those named by the escalation are told. because: "" (still late), "nobody" (whoever it waits for may not decide
    there) or "too_few": needed voices are asked for, and those left are not enough.
    """

    because: str = ""
    needed: int = 0
    left: int = 0


@dataclass(frozen=True, kw_only=True)
class TacitlyDecided(Event):
    """Silence until the deadline decided. decision: approve | refuse | no_opinion."""

    decision: str


@dataclass(frozen=True, kw_only=True)
class DeadlineExtended(Event):
    """A later deadline, with the reminders that go with it."""

    due: datetime
    reminders: tuple[datetime, ...] = ()
    escalate_at: datetime | None = None
    reason_ref: str | None = None


@dataclass(frozen=True, kw_only=True)
class Reassigned(Event):
    """The seat of one person at a step passes to another, in the same role and organisation."""

    from_person: str
    to_person: str
    role: str
    organisation: str | None = None
    reason_ref: str | None = None


@dataclass(frozen=True, kw_only=True)
class Commented(Event):
    """A remark beside the course of things; internal ones are for those who decide."""

    text_ref: str
    public: bool = False


@dataclass(frozen=True, kw_only=True)
class Withdrawn(Event):
    """The author gave it up."""

    reason_ref: str | None = None


@dataclass(frozen=True, kw_only=True)
class Cancelled(Event):
    """Whoever runs the circuit stopped it."""

    reason_ref: str


@dataclass(frozen=True, kw_only=True)
class Completed(Event):
    """The circuit has come to its end. outcome: approved | refused."""

    outcome: str


_ABSTRACT = (Event, Act)
_CONCRETE = (*Event.__subclasses__(), *Act.__subclasses__())
TYPES: Mapping[str, type[Event]] = {kind.__name__: kind for kind in _CONCRETE if kind not in _ABSTRACT}
"""Every kind of event by its stored name."""

UPCASTERS: dict[tuple[str, int], Callable[[dict[str, object]], dict[str, object]]] = {}
"""(type, schema) → function giving the facts as the next schema has them, `type` included should the name change."""


def from_dict(stored: Mapping[str, object]) -> Event:
    """The event that `to_dict` wrote, by this or an earlier release. ValueError when it cannot be read."""
    facts = _current(dict(stored)) if UPCASTERS else dict(stored)
    kind = TYPES.get(str(facts.pop("type", "")))
    if kind is None:
        raise ValueError(f"unknown event {stored.get('type')!r}")
    if facts.pop("schema", 1) != kind.version:
        raise ValueError(f"{kind.__name__} has an unknown schema {stored.get('schema')!r}")
    try:
        return _read(kind, facts)
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"unreadable {kind.__name__}: {error}") from error


def _current(facts: dict[str, object]) -> dict[str, object]:
    while upcast := UPCASTERS.get((str(facts.get("type")), int(str(facts.get("schema", 1))))):
        facts = upcast(facts)
    return facts


def _read(kind: type[Event], facts: dict[str, object]) -> Event:
    """`kind(**facts)` without its passage through `__init__`: a long history is read several times faster."""
    shape = _SHAPES[kind]
    if facts.keys() != shape.known:
        if not (facts.keys() <= shape.known and shape.needed <= facts.keys()):
            raise TypeError(f"other facts than {sorted(shape.known)}")
        facts = {**shape.given(), **facts}
    for name, reader in shape.readers:
        facts[name] = reader(facts[name])
    event = object.__new__(kind)
    vars(event).update(facts)
    return event


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, By | Opening):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return dict(value) if isinstance(value, Mapping) else value


def _instant(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


def _instants(values: list[str]) -> tuple[datetime, ...]:
    return tuple(datetime.fromisoformat(value) for value in values)


def _opening(value: Mapping[str, object]) -> Opening:
    return Opening(**{name: _READERS[name](fact) if name in _READERS else fact for name, fact in value.items()})


@lru_cache(maxsize=4096)
def _by(*told: tuple[str, str | None]) -> By:
    """The same few people act all the time."""
    return By(**dict(told))


_READERS: Mapping[str, Callable] = {
    "at": _instant,
    "due": _instant,
    "escalate_at": _instant,
    "reminders": _instants,
    "actor": lambda value: None if value is None else _by(*value.items()),
    "opened": lambda values: tuple(_opening(value) for value in values),
    "section_hashes": dict,
    **dict.fromkeys(("sections", "kept", "not_needed"), tuple),
}


class _Shape:
    """How a kind of event is read: the facts it knows, those it needs, those that are more than plain."""

    def __init__(self, kind: type[Event]) -> None:
        self.known = {item.name for item in fields(kind)}
        self.plain = {item.name: item.default for item in fields(kind) if item.default is not MISSING}
        self.made = {item.name: item.default_factory for item in fields(kind) if item.default_factory is not MISSING}
        self.needed = self.known - self.plain.keys() - self.made.keys()
        self.readers = [(name, _READERS[name]) for name in sorted(self.known & _READERS.keys())]

    def given(self) -> dict[str, object]:
        """What holds where nothing is told."""
        return {**self.plain, **{name: make() for name, make in self.made.items()}} if self.made else self.plain


_SHAPES: Mapping[type[Event], _Shape] = {kind: _Shape(kind) for kind in TYPES.values()}
