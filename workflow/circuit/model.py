"""What a circuit is: ordered stages of parallel steps, as frozen data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

AUTHOR = "author"
"""The destination of a return that means "back to who filled the form", whatever the stage is called."""


class Kind(StrEnum):
    """What a step asks of people."""

    FILL = "fill"
    VISA = "visa"
    OPINION = "opinion"
    APPROVAL = "approval"
    SIGNATURE = "signature"
    INFORMATION = "information"


JUDGING = frozenset({Kind.VISA, Kind.OPINION, Kind.APPROVAL})
"""Kinds that judge somebody's work: its author may not do it."""

RETURNING = frozenset({Kind.VISA, Kind.APPROVAL, Kind.SIGNATURE})
"""Kinds from which a dossier may be refused or sent back."""


@dataclass(frozen=True)
class Who:
    """Whom a step asks: exactly one of role, body, person_from; narrowed by organisation slugs or by a relation.

    A relation names an organisation through the dossier (landlord, controller, what an answer says); the caller
    resolves it.
    """

    role: tuple[str, ...] = ()
    body: str | None = None
    person_from: str | None = None
    organisation: tuple[str, ...] = ()
    relation: str | None = None

    def accepts(
        self,
        role: str,
        organisation: str | None,
        bodies: frozenset[str] = frozenset(),
        relations: Mapping[str, str | None] = MappingProxyType({}),
    ) -> bool:
        """Whether this capacity is asked. `person_from` accepts nobody here: a person is compared by the caller."""
        if self.organisation and organisation not in self.organisation:
            return False
        if self.relation and (organisation is None or relations.get(self.relation) != organisation):
            return False
        return role in self.role or (self.body is not None and self.body in bodies)


@dataclass(frozen=True)
class Rule:
    """How many voices decide. kind: any | all | count | percent | per_organisation.

    needed: k for count, the percentage for percent, the quorum for per_organisation (None: every organisation).
    veto: organisations whose refusal refuses at once, while the step is open; as long as one of them may still speak
    nothing is agreed.
    """

    kind: str = "any"
    needed: int | None = None
    veto: tuple[str, ...] = ()

    @property
    def quorum(self) -> int | None:
        """How many organisations must have spoken before their majority decides; None: no majority is asked."""
        return self.needed if self.kind == "per_organisation" else None


@dataclass(frozen=True)
class OnRefusal:
    """Where a refusal leads: the end (stage None), the author, or an earlier stage; or it is not possible at all."""

    stage: str | None = None
    possible: bool = True

    @property
    def ends(self) -> bool:
        return self.stage is None


@dataclass(frozen=True)
class Escalation:
    """Who is told when a step stays late, and how many working days after its deadline."""

    after: int
    to: Who


@dataclass(frozen=True)
class Step:
    """One thing asked of somebody. delay and reminders count working days; reminders are relative to the deadline.

    send_back: destinations allowed (AUTHOR or stage ids), None meaning the author and every earlier stage.
    sections: what it fills or looks at; empty means the whole form.
    fresh: sections that must not hold answers that are too old; True: all it looks at.
    """

    id: str
    label: Mapping[str, str]
    kind: Kind
    who: Who
    rule: Rule = Rule()
    condition: str | None = None
    sees: str | None = None
    sections: tuple[str, ...] = ()
    delay: int | None = None
    reminders: tuple[int, ...] = ()
    escalation: Escalation | None = None
    tacit: str | None = None
    send_back: tuple[str, ...] | None = None
    on_refusal: OnRefusal = OnRefusal()
    survives: str = "none"
    separate_from: tuple[str, ...] = ()
    record_by: Who | None = None
    fresh: tuple[str, ...] | bool = False

    def looks_at(self, section: str) -> bool:
        return not self.sections or section in self.sections

    def needs_fresh(self, section: str) -> bool:
        """Whether nobody may decide here while that section holds answers that are too old."""
        return section in self.fresh if isinstance(self.fresh, tuple) else self.fresh and self.looks_at(section)


@dataclass(frozen=True)
class Stage:
    """Steps that run in parallel; the stage is passed when each opened step ended well."""

    id: str
    label: Mapping[str, str]
    steps: tuple[Step, ...]
    condition: str | None = None


@dataclass(frozen=True)
class Refreshing:
    """Who may take up again a form that has aged, once it was handed on; after which ends of the course."""

    who: Who
    after: tuple[str, ...] = ("approved",)


@dataclass(frozen=True)
class Circuit:
    """A whole circuit. hash: SHA-256 of its canonical JSON; places: dotted path → (line, column) in its file.

    refresh: None when a form of this kind is never taken up again.
    """

    name: str
    label: Mapping[str, str]
    stages: tuple[Stage, ...]
    hash: str
    managed_by: Who | None = None
    refresh: Refreshing | None = None
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict, compare=False, repr=False)

    def steps(self) -> Iterator[Step]:
        return (step for stage in self.stages for step in stage.steps)

    def step(self, step_id: str) -> Step:
        """The step of that id; KeyError when there is none."""
        return self._by_id[step_id][1]

    def stage_index(self, stage_id: str) -> int:
        """The rank of a stage; KeyError when there is none."""
        return self._ranks[stage_id]

    def index_of_step(self, step_id: str) -> int:
        """The rank of the stage that holds a step; KeyError when there is none."""
        return self._by_id[step_id][0]

    @cached_property
    def _ranks(self) -> Mapping[str, int]:
        return {stage.id: rank for rank, stage in reversed([*enumerate(self.stages)])}

    @cached_property
    def _by_id(self) -> Mapping[str, tuple[int, Step]]:
        ranked = [(rank, step) for rank, stage in enumerate(self.stages) for step in stage.steps]
        return {step.id: (rank, step) for rank, step in reversed(ranked)}

    @property
    def author_stage(self) -> int | None:
        """The rank of the first stage that fills; None when nothing is filled (a signature room)."""
        for index, stage in enumerate(self.stages):
            if any(step.kind is Kind.FILL for step in stage.steps):
                return index
        return None

    def filling_steps(self) -> tuple[Step, ...]:
        """The steps of the author's stage that fill the form."""
        stage = self.author_stage
        return () if stage is None else tuple(s for s in self.stages[stage].steps if s.kind is Kind.FILL)

    def destinations(self, step_id: str) -> tuple[str, ...]:
        """Where a step may send back to, by the circuit alone: AUTHOR and earlier stages, as far as it allows."""
        step, here = self.step(step_id), self.index_of_step(step_id)
        if step.kind not in RETURNING:
            return ()
        author = self.author_stage
        known = [AUTHOR] if author is not None and author < here else []
        known += [stage.id for index, stage in enumerate(self.stages[:here]) if index != author]
        return tuple(known) if step.send_back is None else tuple(to for to in known if to in step.send_back)


@dataclass(frozen=True)
class Finding:
    """One remark on a circuit. level: error | warning; where: dotted path; message: msgid for params."""

    level: str
    code: str
    where: str
    message: str
    params: Mapping[str, object] = field(default_factory=dict)
    line: int | None = None
    column: int | None = None


class CircuitRefused(ValueError):
    """The file is not a circuit; `findings` says why."""

    def __init__(self, findings: tuple[Finding, ...]):
        super().__init__("; ".join(f"{f.where}: {f.message % dict(f.params)}" for f in findings))
        self.findings = findings
