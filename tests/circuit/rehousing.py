"""The reference circuit of a social diagnosis and its people, as the tests of this folder play it."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from workflow.circuit import commands as c
from workflow.circuit.decide import Actor, Context, Refusal, decide, tick
from workflow.circuit.definition import Circuit, load
from workflow.circuit.events import Event
from workflow.circuit.state import State, fold

DIAGNOSIS = """
circuit: diagnostic-social
label: {fr: "Diagnostic social", en: "Social diagnosis"}
managed_by: {role: [chef_de_projet]}
stages:
  - id: remplir
    label: {fr: "Remplir", en: "Fill in"}
    steps:
      - {id: saisie, label: {fr: "Remplir", en: "Fill in"}, kind: fill, who: {role: cesf}, delay: 30, reminders: [-5]}
  - id: covalider
    label: {fr: "Visa du bailleur", en: "Landlord's visa"}
    condition: "selected(/data/A/A14, 'actis')"
    steps:
      - id: visa
        label: {fr: "Co-valider", en: "Co-validate"}
        kind: visa
        who: {role: referent_bailleur, relation: landlord}
        sections: [A, B, C, E, F]
        delay: 5
        reminders: [-2, 1]
        escalation: {after: 3, to: {role: chef_de_projet}}
        on_refusal: back_to_author
        survives: untouched_sections
        separate_from: [saisie]
  - id: lecture
    label: {fr: "Lecture par le ménage", en: "Read by the household"}
    steps:
      - id: lecture_menage
        label: {fr: "Lire et confirmer", en: "Read and confirm"}
        kind: signature
        who: {role: household}
        record_by: {role: [cesf]}
        delay: 10
        survives: none
  - id: commission
    label: {fr: "Commission", en: "Commission"}
    steps:
      - id: validation
        label: {fr: "Valider", en: "Validate"}
        kind: approval
        who: {body: commission-relogement}
        rule: {per_organisation: true, quorum: 3}
        separate_from: [saisie]
"""

CESF = Actor("claire", "cesf", "grenoble", employer="actis")
REFERENT = Actor("karim", "referent_bailleur", "actis")
MANAGER = Actor("odile", "chef_de_projet", "grenoble")
HOUSEHOLD = Actor("famille", "household", recorded_by="claire")
SEATS = tuple(
    Actor(f"siege-{organisation}", "siege", organisation, bodies=frozenset({"commission-relogement"}))
    for organisation in ("grenoble", "actis", "prefecture", "departement", "vercors")
)
HOLDERS = {
    "saisie": {CESF.voice},
    "visa": {REFERENT.voice, ("lucie", "referent_bailleur", "actis")},
    "lecture_menage": {HOUSEHOLD.voice},
    "validation": {seat.voice for seat in SEATS} | {("adjointe", "siege", "grenoble")},
}
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


@dataclass
class Dossier:
    """A dossier under test: the world around it may be changed between acts."""

    circuit: Circuit = field(default_factory=lambda: load(DIAGNOSIS))
    now: datetime = MONDAY
    landlord_ticked: bool = True
    context: Context = field(
        default_factory=lambda: Context(
            now=MONDAY,
            holders={step: set(seats) for step, seats in HOLDERS.items()},
            author="claire",
            shown_now="r1",
            section_hashes={section: f"{section}1" for section in "ABCDEFIJ"},
            recorders={"lecture_menage": {"claire"}},
            managers=frozenset({"odile"}),
        )
    )
    state: State = field(default_factory=State)
    events: list[Event] = field(default_factory=list)

    def world(self) -> Context:
        return replace(self.context, now=self.now, holds=lambda condition: self.landlord_ticked)

    def ask(self, command: c.Command, actor: Actor) -> list[Event] | Refusal:
        return decide(self.circuit, self.state, command, actor, self.world())

    def do(self, actor: Actor, kind: type[c.Command], step: str | None = None, **facts: object) -> list[str]:
        """Names of the events that followed; AssertionError when refused."""
        facts.setdefault("shown", self.context.shown_now)
        events = self.ask(kind(step=step, **facts), actor)
        assert not isinstance(events, Refusal), events
        return self.keep(events)

    def refusal(self, actor: Actor, kind: type[c.Command], step: str | None = None, **facts: object) -> str:
        """The code of the refusal; AssertionError when it was accepted."""
        facts.setdefault("shown", self.context.shown_now)
        answer = self.ask(kind(step=step, **facts), actor)
        assert isinstance(answer, Refusal), answer
        return answer.code

    def keep(self, events: list[Event]) -> list[str]:
        self.events += events
        self.state = fold(self.circuit, events, self.state)
        return [type(event).__name__ for event in events]

    def wait(self, **time: float) -> list[str]:
        self.now += timedelta(**time)
        return self.keep(tick(self.circuit, self.state, self.world()))

    def change(self, *sections: str) -> None:
        """The answers of these sections change, and with them what everybody is shown."""
        hashes = {**self.context.section_hashes}
        hashes |= {section: f"{hashes[section]}+" for section in sections}
        self.context = replace(self.context, section_hashes=hashes, shown_now=f"{self.context.shown_now}+")

    def until(self, step: str) -> "Dossier":
        """Play the straight course until this step is open."""
        course = (
            (CESF, c.Open, None),
            (CESF, c.Submit, "saisie"),
            (REFERENT, c.Approve, "visa"),
            (HOUSEHOLD, c.Sign, "lecture_menage"),
        )
        for actor, kind, at in course:
            if step in self.state.open:
                break
            if at in self.state.open or (at is None and self.state.phase == "new"):
                self.do(actor, kind, at)
        assert step in self.state.open, sorted(self.state.open)
        return self
