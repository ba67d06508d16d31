"""What a sitting has before it: dossiers that wait for the body, who has a voice on each, what it would come to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select

from workflow import access
from workflow.access import Identity
from workflow.approvals.models import Attendance, Course, Item, Sitting, Task
from workflow.approvals.queries.attending import body_of, seated, taken
from workflow.approvals.queries.standing import Standing, journey, standing
from workflow.approvals.rules import FAVOURABLE, IN_A_SITTING, NONE, RESERVED, SEND_BACK, UNFAVOURABLE
from workflow.catalogue.queries import version
from workflow.circuit import commands as c
from workflow.circuit import events as e
from workflow.circuit.decide import Actor, Refusal, Voice, may_judge
from workflow.circuit.model import Kind, Step
from workflow.circuit.together import judge_together
from workflow.circuit.voting import unit
from workflow.db import db
from workflow.people.models import Body

DECIDED_TOGETHER = frozenset((Kind.VISA, Kind.APPROVAL, Kind.OPINION))
"""What a body can be asked in a sitting: a signature is each person's own, a form is filled at a desk."""


def waiting_at(body: Body) -> list[tuple[Task, Course]]:
    """Open steps asked of that body, what is due first first; those on the agenda of another open sitting left out."""
    here, elsewhere = body.operation_id, taken(body.operation_id, body.slug)
    under_way = Course.operation_id == here, Course.phase == "open"
    known = db.session.scalars(select(Course.procedure).where(*under_way).distinct())
    asked = {(hash_, step) for hash_ in known for step in _asked_of(hash_, body.slug)}
    rows = db.session.execute(
        select(Task, Course)
        .join(Course, Course.subject == Task.subject)
        .where(*under_way, Task.step.in_({step for _hash, step in asked}))
        .order_by(Task.due.is_(None), Task.due, Task.opened_at, Task.subject)
    )
    return [
        (task, course)
        for task, course in rows
        if (course.procedure, task.step) in asked and (task.subject, task.step) not in elsewhere
    ]


def _asked_of(procedure: str, body: str) -> list[str]:
    steps = version(procedure).circuit.steps()
    return [step.id for step in steps if step.who.body == body and step.kind in DECIDED_TOGETHER]


# -- one dossier of a sitting -------------------------------------------------------------------------------------

SITS, SPOKE, WITHDRAWN, AUTHOR, NOT_ASKED = "sits", "spoke", "withdrawn", "author", "not_asked"


@dataclass(frozen=True)
class Place:
    """A seat that is taken in the sitting, before one dossier.

    standing: sits (gives a voice) | spoke (its voice was given before, `position`) | withdrawn (`reason`, sealed) |
    author (wrote what is judged, or acted where that excludes deciding) | not_asked (this dossier is not for it: the
    household did not agree, or the seat was given to somebody else since).
    """

    seat: str
    organisation: str
    person: str
    substitute: bool
    standing: str
    voice: Voice | None = None
    position: str = ""
    reason: str = ""
    whole: bool = False  # withdrew from the whole sitting


class Case:
    """One dossier of a sitting: how it stands, who has a voice, what was entered."""

    def __init__(self, row: Sitting, on_it: Item, *, lock: bool = False, there: Sequence[Attendance] = ()) -> None:
        self.row, self.item = row, on_it
        self.known: Standing = standing(on_it.subject, lock=lock)
        self._there = there or seated(row)

    @property
    def step(self) -> Step:
        return self.known.published.circuit.step(self.item.step)

    @property
    def is_open(self) -> bool:
        """Whether the step still waits for the body: its members may have decided each at their desk."""
        return self.item.step in self.known.state.open

    @property
    def shown(self) -> str:
        """Fingerprint of the answers as they stand."""
        return self.known.context.shown(self.item.step)

    @cached_property
    def places(self) -> list[Place]:
        return [self._place(one) for one in self._there]

    def _place(self, one: Attendance) -> Place:
        seats = self.known.context.seats(self.item.step, self.known.state)
        voice = next((s for s in seats if (s.person, s.organisation) == (one.person, one.organisation)), None)
        told = (one.seat, one.organisation, one.person, one.substitute)
        mine = unit(self.step, voice or Voice(one.person, "", one.organisation))
        if mine in self.spoken:
            return Place(*told, SPOKE, voice, self.spoken[mine])
        if one.withdrawn or one.seat in self.item.withdrawn:
            why = one.reason or self.item.withdrawn.get(one.seat, "")
            return Place(*told, WITHDRAWN, voice, reason=why, whole=one.withdrawn)
        if voice is None:
            return Place(*told, NOT_ASKED)
        known = self.known
        if may_judge(known.published.circuit, known.state, self.step, {one.person}, known.context) is not None:
            return Place(*told, AUTHOR, voice)
        return Place(*told, SITS, voice)

    @cached_property
    def spoken(self) -> dict[str, str]:
        """Voices given before: {what counts once: position}."""
        return {unit(self.step, vote.voice): vote.position for vote in self.known.state.votes_at(self.item.step)}

    @property
    def sitting(self) -> list[Place]:
        return [place for place in self.places if place.standing == SITS]

    @property
    def voices(self) -> int:
        """How many voices there are: those that sit, and those given before."""
        there = {unit(self.step, place.voice) for place in self.sitting if place.voice}
        return len(there | self.spoken.keys())

    @cached_property
    def quorum(self) -> int:
        return body_of(self.row).quorum or 0

    @property
    def quorate(self) -> bool:
        return self.voices >= max(self.quorum, 1)

    # -- what it would come to

    def said(self, by: str) -> list[tuple[c.Command, Actor]]:
        """What was entered, as commands in the name of each who sits; `by`: the secretary who enters it."""
        if self.item.said == SEND_BACK:
            return self._sent_back(by)
        told = ((place, *self.item.positions.get(place.seat, (NONE, ""))) for place in self.sitting)
        found = ((self._command(position, reason), self._actor(place, by)) for place, position, reason in told)
        return [(command, actor) for command, actor in found if command]

    def _sent_back(self, by: str) -> list[tuple[c.Command, Actor]]:
        """One voice sends back for all: that of the organisation in the chair, else the first."""
        chair = body_of(self.row).chair
        speakers = sorted(self.sitting, key=lambda place: (place.organisation != chair, place.organisation))
        told = {"step": self.item.step, "shown": self.item.shown, "reason_ref": self.item.reason}
        command = c.SendBack(**told, sections=tuple(self.item.sections))
        return [(command, self._actor(place, by)) for place in speakers[:1]]

    def _actor(self, place: Place, by: str) -> Actor:
        voice, through = place.voice or Voice(place.person, ""), f"{IN_A_SITTING}{self.row.id}"
        bodies = frozenset((self.row.body,))
        return Actor(voice.person, voice.role, voice.organisation, bodies=bodies, recorded_by=by, through=through)

    def _command(self, position: str, reason: str) -> c.Command | None:
        told = {"step": self.item.step, "shown": self.item.shown}
        if self.step.kind is Kind.OPINION:
            return c.GiveOpinion(**told, opinion=position, reason_ref=reason)
        if position == FAVOURABLE:
            return c.Approve(**told)
        if position == RESERVED:
            return c.ApproveWithReservation(**told, reason_ref=reason)
        return c.Refuse(**told, reason_ref=reason) if position == UNFAVOURABLE else None

    def verdict(self, by: str) -> list[e.Event] | Refusal | None:
        """What would follow from what was entered; None when nobody says anything."""
        said = self.said(by)
        known = self.known
        return judge_together(known.published.circuit, known.state, said, known.context) if said else None

    def outcome(self, events: Sequence[e.Event]) -> str:
        """approved | refused | given | sent_back of the step; "" when it goes on waiting."""
        ends = (one for one in events if isinstance(one, e.StepClosed) and one.step == self.item.step)
        return next((one.outcome for one in ends), "")


def cases(row: Sitting, agenda: Sequence[Item]) -> Iterator[Case]:
    there = seated(row)
    return (Case(row, one, there=there) for one in agenda)


def prints(agenda: Sequence[Item]) -> dict[str, str]:
    """{subject: fingerprint of its answers now}: what a page that is drawn shows of each."""
    return {one.subject: journey(one.subject).answers(one.subject).shown for one in agenda}


def lens_name(step: Step) -> str:
    """Through which lens a body reads what it is asked; without one declared it reads what a committee reads."""
    return step.sees if step.sees in access.LENSES else "commission"


def named(identity: Identity, operation: str, step: Step) -> bool:
    """Whether households are called by their names before this body, for this reader."""
    hidden = access.LENSES[lens_name(step)].exclude_purposes >= access.NAMING
    return not hidden and access.may_read_names(identity, operation)


def steps_of(agenda: Sequence[Item], courses: Mapping[str, Course]) -> dict[str, Step]:
    """{subject: the step that its sitting decides on}."""
    return {one.subject: version(courses[one.subject].procedure).circuit.step(one.step) for one in agenda}
