"""What the engine is told about the world at the moment of judging: it never looks anything up."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from workflow.circuit.deadlines import Calendar
from workflow.circuit.events import By, Voice
from workflow.circuit.model import Step
from workflow.circuit.standing import State

Holders = Mapping[str, Iterable[tuple]] | Callable[[str], Iterable[tuple]]


@dataclass(frozen=True)
class Actor:
    """Who asks, in one capacity. on_behalf_of: the absent person; recorded_by: who enters it for `person`; through:
    see By.
    """

    person: str
    role: str
    organisation: str | None = None
    employer: str | None = None
    on_behalf_of: str | None = None
    bodies: frozenset[str] = frozenset()
    recorded_by: str | None = None
    through: str | None = None

    @property
    def voice(self) -> Voice:
        return Voice(self.on_behalf_of or self.person, self.role, self.organisation)

    @property
    def by(self) -> By:
        who = (self.person, self.role, self.organisation, self.employer)
        return By(*who, self.on_behalf_of, self.recorded_by, self.through)


@dataclass(frozen=True)
class Context:
    """now: aware instant. holders: step id → seats (person, role, organisation) that may act, as mapping or function.

    holds: evaluates a condition over the answers. shown_now: what `shown` must be, for all steps (or a function that
    looks it up) or by step.
    section_hashes: section → hash of its answers. author: person. substitutes: absent person → persons standing in.
    recorders: step id → persons who may enter acts for others. managers: persons who run this circuit.
    stops: whether a person, beside them, may annul the dossier. refreshers: seats that may take up a form that aged.
    stale: sections that hold answers which are too old now. advisable: step id → persons who may be asked for a second
    opinion there. secretaries: step id → persons who enter what its body decides in a sitting. present: (through, step
    id) → persons whose voice is there in that sitting, none who withdrew. withdrew: step id → persons who withdrew, in
    the last sitting in which they had the dossier before them. linked: through → whom a personal link was made for,
    None once it is no longer valid.
    """

    now: datetime
    zone: str = "Europe/Paris"
    holders: Holders = field(default_factory=dict)
    holds: Callable[[str], bool] = lambda condition: True
    shown_now: Mapping[str, str] | Callable[[], str] | str = ""
    section_hashes: Mapping[str, str] = field(default_factory=dict)
    author: str | None = None
    calendar: Calendar = field(default_factory=Calendar)
    substitutes: Mapping[str, Iterable[str]] = field(default_factory=dict)
    recorders: Mapping[str, Iterable[str]] | Callable[[str], Iterable[str]] = field(default_factory=dict)
    managers: frozenset[str] = frozenset()
    stops: Callable[[str], bool] = lambda person: False
    refreshers: Callable[[], Iterable[tuple]] = tuple
    stale: Callable[[], Iterable[str]] = tuple
    advisable: Mapping[str, Iterable[str]] | Callable[[str], Iterable[str]] = field(default_factory=dict)
    secretaries: Mapping[str, Iterable[str]] | Callable[[str], Iterable[str]] = field(default_factory=dict)
    present: Callable[[str, str], Iterable[str]] = lambda through, step: ()
    withdrew: Callable[[str], Iterable[str]] = lambda step: ()
    linked: Callable[[str], str | None] = lambda through: None

    def seats(self, step: str, state: State) -> frozenset[Voice]:
        """Who may act at a step, after the seats that were passed on; whoever refreshes the form fills it in too."""
        seats = {Voice(*seat) for seat in _ask(self.holders, step)}
        seats |= {voice for voice in state.refilling.get(step, ()) if self.may_refresh(voice)}
        for voice, to_person in state.seats.get(step, ()):
            if voice in seats:
                seats = (seats - {voice}) | {voice._replace(person=to_person)}
        return frozenset(seats)

    def shown(self, step: str) -> str:
        if isinstance(self.shown_now, Mapping):
            return self.shown_now.get(step, "")
        return self.shown_now() if callable(self.shown_now) else self.shown_now

    def may_refresh(self, voice: Voice) -> bool:
        return voice in {Voice(*seat) for seat in self.refreshers()}

    def stale_for(self, step: Step) -> tuple[str, ...]:
        """Sections a step needs fresh that hold answers which are too old."""
        return tuple(sorted(name for name in self.stale() if step.needs_fresh(name))) if step.fresh else ()

    def may_record(self, step: str, person: str) -> bool:
        return person in frozenset(_ask(self.recorders, step))

    def advisers(self, step: str) -> frozenset[str]:
        return frozenset(_ask(self.advisable, step))

    def is_secretary(self, step: str, person: str) -> bool:
        return person in frozenset(_ask(self.secretaries, step))

    def is_present(self, through: str, step: str, person: str) -> bool:
        return person in frozenset(self.present(through, step))

    def stands_in(self, person: str, absent: str) -> bool:
        return person in frozenset(self.substitutes.get(absent, ()))

    def met(self, condition: str | None) -> bool:
        return condition is None or bool(self.holds(condition))


def _ask(source: Mapping | Callable, step: str) -> Iterable:
    return source(step) if callable(source) else source.get(step, ())
