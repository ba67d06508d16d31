"""Read circuits under way: state, tasks, what waits for whom. The subjects register how they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any, Protocol

from sqlalchemy import Select, bindparam, select

from workflow import access, clock
from workflow.access import Identity
from workflow.approvals.models import Course
from workflow.approvals.queries import attending
from workflow.approvals.queries.kept import continued, keep
from workflow.catalogue.queries import Published, version
from workflow.circuit import events as e
from workflow.circuit.commands import Command, Sign
from workflow.circuit.deadlines import Calendar
from workflow.circuit.decide import Actor, Context, Possible, Voice, available, refusal_of, voices
from workflow.circuit.model import Circuit, Step, Who
from workflow.circuit.standing import State
from workflow.circuit.state import fold
from workflow.circuit.voting import unit
from workflow.db import db, prepared
from workflow.errors import NotFound
from workflow.operations.models import Operation
from workflow.operations.queries import operation as find_operation
from workflow.operations.rules import calendar_of
from workflow.people import queries as people
from workflow.record.queries import Fact, facts

_COURSE = select(Course).where(Course.subject == bindparam("subject"))
_READ = prepared(_COURSE)
_LOCKED = prepared(_COURSE.with_for_update()).execution_options(populate_existing=True)


class Answers(Protocol):
    """The answers of a subject as they stand; each looked up only when a judgement asks."""

    @property
    def shown(self) -> str:
        """Their fingerprint."""

    @property
    def section_hashes(self) -> Mapping[str, str]: ...

    def holds(self, condition: str) -> bool:
        """Whether a condition over them is met."""

    def said(self, path: str) -> str:
        """The answer to a question; empty where there is none."""

    def stale(self) -> Iterable[str]:
        """Sections that hold answers which are too old."""


@dataclass(frozen=True)
class Excerpt:
    """What may be read of a subject through one lens. sections: ({name, label, rows: [{label, value}]}…)."""

    sections: tuple[dict[str, Any], ...]
    levels: frozenset[str]  # of the answers that are really there


@dataclass(frozen=True)
class Subject:
    """What a journey tells approvals about one of its subjects. Each takes the subject's id ("dossier:…")."""

    published: Callable[[str], Published]
    answers: Callable[[str], Answers]
    relations: Callable[[str], Mapping[str, str]]  # landlord, controller, author → organisation
    recipients: Callable[[str], frozenset[str] | None]  # organisations that may receive; None: every one
    outsider: Callable[[str], str]  # the id under which a person without account acts (household)
    stops: Callable[[str, str], bool]  # whether a person, beside those who run its circuit, may annul it
    linked: Callable[[str, str], str | None]  # whose voice a personal link ("link:…") carries, while it is valid
    outside: Callable[[str, str], set[str]]  # persons without account who may be asked for an opinion at a step
    decided: Callable[[str, list[e.Event]], None]  # what to do once it is decided, in the same transaction
    sentences: Callable[[Iterable[str], Identity], dict[str, dict[str, Any]]]
    # by subject, how to speak of it to this reader: {page: endpoint, reference, household, who, where: {lang: label}}
    openable: Callable[[Iterable[str], Identity], set[str]]  # those of them that this reader may open
    sought: Callable[[str, Identity], Select[Any]]
    # a question whose one column are the subjects of which this reader may know that these words speak of them
    excerpt: Callable[[str, str, str], Excerpt]  # the subject through a lens, in a language
    named: Named | None = None  # None: a step asks whoever holds its role


@dataclass(frozen=True)
class Named:
    """Of a subject whose steps ask persons by name (signatories): nobody stands in for them."""

    voices: Callable[[str, str], set[Voice]]  # (subject, step) → whom it asks
    capacities: Callable[[str, Identity], list[Actor]]  # (subject, reader) → those of them that the reader is
    managers: Callable[[str], frozenset[str]]  # persons who run it, beside those its circuit names


_subjects: dict[str, Subject] = {}


def register_subject(kind: str, subject: Subject) -> None:
    _subjects[kind] = subject


def journey(subject: str) -> Subject:
    return _subjects[subject.split(":", 1)[0]]


@dataclass(frozen=True)
class Standing:
    """A subject as it stands: its row, its circuit, its folded state."""

    course: Course
    published: Published
    state: State

    @property
    def subject(self) -> str:
        return self.course.subject

    @cached_property
    def place(self) -> Operation | None:
        """The operation; kept here, the session need not ask for it again as long as this lives."""
        return find_operation(self.course.operation_id)

    @cached_property
    def context(self) -> Context:
        """The world as the engine needs it told, at the moment of the first question; looked up once."""
        return _context(self)


def course(subject: str, *, lock: bool = False) -> Course:
    """The projection of a subject within the scope; NotFound when it is absent or hidden."""
    row = db.session.scalar(_LOCKED if lock else _READ, {"subject": subject})
    if row is None:
        raise NotFound()
    return row


def standing(subject: str, *, lock: bool = False, afresh: bool = False) -> Standing:
    """`afresh`: folded from its first event, whatever is kept of it."""
    row = course(subject, lock=lock)
    published = journey(subject).published(subject)
    known = None if afresh else continued(subject, published, row.version)
    state = known or keep(subject, published, folded(published, facts(subject)))
    return Standing(row, published, state)


def folded(published: Published, known: Iterable[Fact]) -> State:
    """The state these facts lead to; `published` is the version the subject is on now, each earlier part of its course
    is folded with the circuit it ran on.
    """
    state, part = State(), []
    for event in (e.from_dict(fact.data) for fact in known):
        if isinstance(event, e.VersionChanged):
            state, part = fold(version(event.before).circuit, part, state), []
        part.append(event)
    return fold(published.circuit, part, state)


# -- who may act --------------------------------------------------------------------------------------------------


class _Seats:
    """Everybody who may give a voice: assignments in force, cut to whom the household agreed. Looked up once."""

    def __init__(self, subject: str, operation: str, circuit: Circuit) -> None:
        self.subject, self.operation, self.circuit = subject, operation, circuit

    @cached_property
    def relations(self) -> Mapping[str, str]:
        return journey(self.subject).relations(self.subject)

    @cached_property
    def allowed(self) -> frozenset[str] | None:
        return journey(self.subject).recipients(self.subject)

    def at(self, step: Step) -> set[Voice]:
        if named := journey(self.subject).named:
            return named.voices(self.subject, step.id)
        if "household" in step.who.role:
            return {Voice(journey(self.subject).outsider(self.subject), "household", None)}
        return self.named(step.who) if step.who.person_from else self.accepted(step.who)

    def named(self, who: Who) -> set[Voice]:
        """The person an answer names, in what they hold in the operation and may read by; nobody else."""
        person = journey(self.subject).answers(self.subject).said(who.person_from or "")
        held = [row for row in people.holders(self.operation, access.READING) if person and row.person_id == person]
        return {
            Voice(row.person_id, row.role, row.organisation)
            for row in held
            if replace(who, role=(row.role,)).accepts(row.role, row.organisation, relations=self.relations)
            and (self.allowed is None or row.organisation in self.allowed)
        }

    def refreshing(self) -> set[Voice]:
        """Who may take up again a form that has aged."""
        return self.accepted(self.circuit.refresh.who) if self.circuit.refresh else set()

    def accepted(self, who: Who) -> set[Voice]:
        return {
            voice
            for voice, bodies in self.asked(who)
            if who.accepts(voice.role, voice.organisation, bodies, self.relations)
            and (self.allowed is None or voice.organisation in self.allowed)
        }

    def advisable(self, step: Step) -> set[str]:
        """Who may be asked for a second opinion: whoever may read the subject anyway, being asked opens nothing. Of
        those who only read in the turn of a body, the members of the body that is asked.
        """
        rows = people.holders(self.operation, access.READING, {step.who.body} if step.who.body else ())
        allowed = self.allowed
        return {
            row.person_id
            for row in rows
            if row.role in access.READING
            and (allowed is None or row.organisation in allowed or access.ROLES[row.role].controller)
            and (access.ROLES[row.role].names or row.body == step.who.body)
        }

    def persons(self, who: Who | None) -> set[str]:
        return {voice.person for voice, _ in self.asked(who)} if who else set()

    def recorders(self, step: Step) -> set[str]:
        named = journey(self.subject).named
        return set(named.managers(self.subject)) if named else self.persons(step.record_by)

    def asked(self, who: Who) -> list[tuple[Voice, frozenset[str]]]:
        """Voices of that body or of those roles, each with the bodies it sits in."""
        return [
            (Voice(row.person_id, row.role, row.organisation), frozenset((row.body,) if row.body else ()))
            for row in self.assigned
            if (row.body == who.body if who.body else row.role in who.role)
        ]

    @cached_property
    def assigned(self) -> Sequence[people.Holder]:
        """Whoever holds a role or a seat this circuit speaks of: one question for all its steps."""
        asked = [who for step in self.circuit.steps() for who in (step.who, step.record_by) if who]
        asked += [self.circuit.managed_by] if self.circuit.managed_by else []
        asked += [self.circuit.refresh.who] if self.circuit.refresh else []
        roles = {role for who in asked for role in who.role}
        return people.holders(self.operation, roles, {who.body for who in asked if who.body})


def context_of(known: Standing) -> Context:
    """The world as the engine needs it told, for one subject, now."""
    return known.context


def _context(known: Standing) -> Context:
    subject, row, circuit = known.subject, known.course, known.published.circuit
    told = journey(subject)
    zone = known.place.zone if known.place else "Europe/Paris"
    seats, answers = _Seats(subject, row.operation_id, circuit), told.answers(subject)
    standing_in = {} if told.named else people.StandingIn(clock.today(zone), known.published.slug)
    return Context(
        now=max(clock.now(), known.state.changed_at or row.opened_at),  # another machine's clock may be faster
        zone=zone,
        holders=cache(lambda step: seats.at(circuit.step(step))),
        holds=answers.holds,
        shown_now=lambda: answers.shown,
        section_hashes=answers.section_hashes,
        author=row.author,
        calendar=calendar_of(known.place.figures) if known.place else Calendar(),
        substitutes=standing_in,
        recorders=cache(lambda step: _with_substitutes(seats.recorders(circuit.step(step)), standing_in)),
        managers=frozenset(seats.persons(circuit.managed_by)) | (told.named.managers(subject) if told.named else set()),
        stops=lambda person: told.stops(subject, person),
        linked=lambda through: told.linked(subject, through),
        advisable=cache(lambda step: seats.advisable(circuit.step(step)) | told.outside(subject, step)),
        refreshers=cache(seats.refreshing),
        stale=cache(answers.stale),
        secretaries=cache(lambda step: _with_substitutes(_secretaries(row, circuit.step(step)), standing_in)),
        present=cache(lambda through, step: attending.present(through, subject, circuit.step(step).who.body)),
        withdrew=cache(lambda step: attending.withdrew(subject, step) if circuit.step(step).who.body else ()),
    )


def _secretaries(row: Course, step: Step) -> set[str]:
    return set(attending.secretaries(row.operation_id, step.who.body))


def _with_substitutes(persons: set[str], standing_in: Mapping[str, frozenset[str]]) -> set[str]:
    return persons.union(*(standing_in.get(person, frozenset()) for person in persons))


def actors(identity: Identity, known: Standing) -> list[Actor]:
    """Every capacity in which this person could act here: their own assignments, those of whom they stand in for, and
    for the household's step.
    """
    operation = known.course.operation_id
    if named := journey(known.subject).named:
        return named.capacities(known.subject, identity)
    mine = [
        Actor(
            identity.person,
            grant.role,
            grant.organisation,
            grant.employer,
            on_behalf_of=grant.on_behalf_of,
            bodies=frozenset((grant.body,) if grant.body else ()),
        )
        for grant in identity.at(known.published.slug).grants_in(operation)
    ]
    if any("household" in step.who.role for step in _recorded_by(identity, known)):
        outsider = journey(known.subject).outsider(known.subject)
        mine.append(Actor(outsider, "household", None, recorded_by=identity.person))
    return mine


def _recorded_by(identity: Identity, known: Standing) -> list[Step]:
    """The open steps at which this person enters what others said or signed."""
    steps = (known.published.circuit.step(step) for step in known.state.open)
    return [step for step in steps if known.context.may_record(step.id, identity.person)]


def signers(identity: Identity, known: Standing) -> list[Actor]:
    """Who signs a paper copy that this person attaches: one for each party whose signature is awaited, with an account
    or not. Nothing else is entered for them.
    """
    context, state = known.context, known.state
    return [
        Actor(one.person, one.role, one.organisation, bodies=_sitting(step), recorded_by=identity.person)
        for step in _recorded_by(identity, known)
        if "household" not in step.who.role
        for one in sorted(voices(known.published.circuit, state, step, context), key=str)
        if unit(step, one) not in {unit(step, vote.voice) for vote in state.votes_at(step.id)}
    ]


def _sitting(step: Step) -> frozenset[str]:
    return frozenset((step.who.body,) if step.who.body else ())


@dataclass(frozen=True)
class Offer:
    """Something this person may do now, and in which capacity."""

    possible: Possible
    actor: Actor
    step: Step | None


def offers(identity: Identity, known: Standing) -> list[Offer]:
    """What this person may do: the same judgement as when they do it."""
    context, found, seen = known.context, [], set()
    for_others = signers(identity, known)
    for actor in (*actors(identity, known), *for_others):
        for possible in available(known.published.circuit, known.state, actor, context):
            if (possible.command, possible.step) in seen or (actor in for_others and possible.command is not Sign):
                continue
            seen.add((possible.command, possible.step))
            found.append(Offer(possible, actor, known.published.circuit.step(possible.step) if possible.step else None))
    return found


def possible_at(identity: Identity, known: Standing, kind: type[Command]) -> str | None:
    """The open step at which this person may do `kind` now: a decision that needs nothing more than a step."""
    for actor in actors(identity, known):
        for step in known.state.open:
            command, circuit = kind(step=step, shown=""), known.published.circuit
            if refusal_of(circuit, known.state, command, actor, known.context, unseen=True) is None:
                return step
    return None


def sentences(subjects: Iterable[str], identity: Identity) -> dict[str, dict[str, Any]]:
    """How each subject is spoken of to this reader; one question to each journey, however many there are."""
    found: dict[str, dict[str, Any]] = {}
    for told, several in _by_kind(subjects):
        found |= told.sentences(several, identity)
    return found


def openable(subjects: Iterable[str], identity: Identity) -> set[str]:
    """Those of them that this reader may open; the others are to them like those that are not there."""
    return {one for told, several in _by_kind(subjects) for one in told.openable(several, identity)}


def _by_kind(subjects: Iterable[str]) -> list[tuple[Subject, list[str]]]:
    found: dict[str, list[str]] = {}
    for subject in subjects:
        found.setdefault(subject.split(":", 1)[0], []).append(subject)
    return [(_subjects[kind], several) for kind, several in found.items()]


def sought(words: str, identity: Identity) -> list[Select[Any]]:
    """Of each kind of subject, the question that finds those which some words speak of, for this reader."""
    return [told.sought(words, identity) for told in _subjects.values()]
