"""Random circuits, random people and random courses, all bounded."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from workflow.circuit import commands as c
from workflow.circuit.building import ENDS
from workflow.circuit.commands import OPINIONS
from workflow.circuit.decide import Actor, Context
from workflow.circuit.definition import Circuit, Kind, OnRefusal, Refreshing, Rule, Stage, Step, Who
from workflow.circuit.judging import CHANNELS
from workflow.circuit.state import State

SECTIONS = ("A", "B", "C")
PEOPLE = [Actor(f"p{n}", "role", f"org{n % 3}") for n in range(5)]
STRANGER = Actor("stranger", "role", "org0")
SUBSTITUTE = Actor("p9", "role", "org1", on_behalf_of="p1")
IN_A_SITTING = Actor("p1", "role", "org1", recorded_by="p3", through="sitting:1")
BY_LINK = Actor("p2", "role", "org2", through="link:1")
EXPERT, EXPERT_BY_LINK = Actor("expert", "visitor"), Actor("expert", "outside", through="link:2")
ADVISERS = ("p0", "p2", "p4", "expert")
LABEL = {"fr": "x", "en": "x"}
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)

RULES = st.one_of(
    st.sampled_from([Rule(), Rule("all"), Rule("per_organisation"), Rule(veto=("org0",))]),
    st.builds(Rule, st.just("count"), st.integers(1, 4)),
    st.builds(Rule, st.just("percent"), st.integers(1, 100)),
    st.builds(Rule, st.just("per_organisation"), st.integers(1, 3), st.sampled_from([(), ("org1",)])),
)


@st.composite
def steps(draw, name: str, earlier: list[str]) -> Step:
    kind = draw(st.sampled_from(list(Kind)))
    leads = [OnRefusal(), OnRefusal("author"), OnRefusal(possible=False), *map(OnRefusal, earlier)]
    delay = draw(st.none() | st.integers(1, 5))
    tacit = {Kind.VISA: ("approve", "refuse"), Kind.APPROVAL: ("approve", "refuse"), Kind.OPINION: ("no_opinion",)}
    return Step(
        id=name,
        label=LABEL,
        kind=kind,
        who=draw(st.sampled_from([Who(role=("role",)), Who(body="body")])),
        rule=draw(RULES),
        condition=draw(st.sampled_from([None, None, "c1", "c2"])),
        sections=draw(st.sampled_from([(), ("A",), ("B", "C")])),
        delay=delay,
        reminders=draw(st.sampled_from([(), (-1,), (-2, 1)])) if delay else (),
        tacit=draw(st.none() | st.sampled_from(tacit[kind])) if delay and kind in tacit else None,
        on_refusal=draw(st.sampled_from(leads)),
        survives=draw(st.sampled_from(["none", "all", "untouched_sections"])),
        fresh=draw(st.sampled_from([False, False, True, ("A",)])),
    )


REFRESHES = st.none() | st.builds(Refreshing, st.just(Who(role=("role",))), st.sampled_from([("approved",), ENDS]))


@st.composite
def circuits(draw) -> Circuit:
    """One filling stage, then up to three stages of one to three steps of any kind."""
    fill = Step("s0", LABEL, Kind.FILL, Who(role=("role",)), sections=draw(st.sampled_from([(), ("A", "B")])))
    stages = [Stage("g0", LABEL, (fill,))]
    for rank in range(1, draw(st.integers(2, 4))):
        earlier = [stage.id for stage in stages[1:]]
        inside = [draw(steps(f"s{rank}{n}", earlier)) for n in range(draw(st.integers(1, 3)))]
        stages.append(Stage(f"g{rank}", LABEL, tuple(inside), draw(st.sampled_from([None, None, "c1"]))))
    return Circuit("random", LABEL, tuple(stages), "hash", refresh=draw(REFRESHES))


@dataclass
class World:
    """What surrounds a random dossier; conditions, sections and seats change as it goes."""

    circuit: Circuit
    truths: set[str] = field(default_factory=set)
    editions: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SECTIONS, 0))
    seats: dict[str, list[Actor]] = field(default_factory=dict)
    now: datetime = MONDAY
    stale: set[str] = field(default_factory=set)

    def context(self) -> Context:
        return Context(
            now=self.now,
            author="p0",
            holders=lambda step: [actor.voice for actor in self.seats.get(step, PEOPLE)],
            holds=lambda condition: condition in self.truths,
            shown_now={step.id: f"shown-{step.id}-{self.editions}" for step in self.circuit.steps()},
            section_hashes={section: f"{section}{n}" for section, n in self.editions.items()},
            substitutes={"p1": {"p9"}},
            managers=frozenset({"p4"}),
            refreshers=lambda: [actor.voice for actor in PEOPLE[:3]],
            stale=lambda: self.stale,
            advisable=lambda step: ADVISERS,
            secretaries=lambda step: ("p3",),
            present=lambda through, step: {"sitting:1": ("p0", "p1")}.get(through, ()),
            linked={"link:1": "p2", "link:2": "expert"}.get,
        )

    def later(self, state: State, step: str) -> datetime:
        """A deadline later than the present one."""
        return max(self.now, state.open[step].due or self.now if step in state.open else self.now) + timedelta(days=9)

    def commands(self, state: State, destinations: tuple[str, ...]) -> list[c.Command]:
        """Every kind of command at every step and on the dossier, with everything it needs."""
        context = self.context()
        found: list[c.Command] = [
            c.Open(),
            c.TakeBack(),
            c.Refresh(),
            c.Withdraw(),
            c.Cancel(reason_ref="r"),
            c.Comment(text_ref="t"),
        ]
        found += [c.Reopen(reason_ref="r", to=to) for to in destinations]
        for step in self.circuit.steps():
            at = {"step": step.id, "shown": context.shown(step.id)}
            found += [c.Submit(**at), c.Approve(**at), c.ApproveWithReservation(**at, reason_ref="r")]
            found += [c.GiveOpinion(**at, opinion=opinion, reason_ref="r") for opinion in OPINIONS]
            found += [c.Sign(**at, channel=channel, scan_hash="s") for channel in CHANNELS]
            found += [c.AskAdvice(**at, of_person=person, text_ref="t") for person in (*ADVISERS, "p1", "stranger")]
            found += [c.Advise(**at, opinion=opinion, reason_ref="r") for opinion in OPINIONS]
            found += [c.SendBack(**at, reason_ref="r", to=to) for to in destinations]
            found += [c.SendBack(**at, reason_ref="r", to=to, sections=("B",)) for to in destinations]
            found += [c.Refuse(**at, reason_ref="r"), c.Remind(**at)]
            found += [c.Reassign(**at, from_person=person.person, to_person="p8") for person in PEOPLE[:3]]
            found += [c.ExtendDeadline(**at, due=self.later(state, step.id))]
        return found
