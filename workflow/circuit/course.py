"""What follows by itself from a decision: steps close, votes fall, stages open, the dossier ends."""

from collections.abc import Collection, Iterable
from datetime import datetime

from workflow.circuit import events as e
from workflow.circuit.context import Context
from workflow.circuit.dead_ends import dead_end
from workflow.circuit.deadlines import around, deadline, later
from workflow.circuit.entitlement import may_judge, voices
from workflow.circuit.events import Voice
from workflow.circuit.model import AUTHOR, Circuit, Kind, Stage, Step
from workflow.circuit.standing import WELL, State, Vote
from workflow.circuit.state import fold
from workflow.circuit.voting import AGAINST, outcome


class Course:
    """Events being written by one judgement, and the state they lead to; lives no longer than that judgement."""

    def __init__(self, circuit: Circuit, state: State, context: Context):
        self.circuit, self.state, self.context = circuit, state, context
        self.events: list[e.Event] = []

    def record(self, kind: type[e.Event], **facts: object) -> None:
        event = kind(**{"at": self.context.now, "round": self.state.round, **facts})
        self.events.append(event)
        self.state = fold(self.circuit, (event,), self.state)

    def begin(self) -> None:
        self._forward(0)

    def settle(self, step_id: str, sitting: Collection[Voice] | None = None) -> None:
        """After a voice: close the step if its rule is met, and go where that leads.

        sitting: the voices that are there, once a meeting has heard them all.
        """
        if step_id in self.state.open and (reached := self._outcome(self.circuit.step(step_id), sitting)):
            self.close(step_id, reached)
        self.tell_of_dead_ends()

    def tell_of_dead_ends(self) -> None:
        """A step that can come to no good end is told at once, not when it is late."""
        for step_id, facts in tuple(self.state.open.items()):
            step = self.circuit.step(step_id)
            if not facts.stuck and (found := dead_end(self.circuit, self.state, step, self.context)):
                told = {"because": found.code, "needed": found.needed, "left": found.left}
                self.record(e.Escalated, step=step_id, **told)

    def close(self, step_id: str, reached: str) -> None:
        """End one step, and the stage with it when that was the last one or when it refused."""
        self.record(e.StepClosed, step=step_id, outcome=reached)
        if reached not in WELL:
            self._refused(self.circuit.step(step_id))
        elif not self.state.open:
            self._stage_passed()

    def return_to(self, target: int, sections: tuple[str, ...] = ()) -> None:
        """Open an earlier stage again for a new round; its votes are asked again, refusals on the way are forgotten."""
        self._set_siblings_aside()
        reopened = self._reopened(self.circuit.stages[target], sections)
        for step in self.circuit.stages[target].steps:
            if step.id in reopened:
                self._fall(step, self.state.votes_at(step.id), "asked_again")
        for step in self._steps_from(target):
            self._fall(step, (v for v in self.state.votes_at(step.id) if v.position == AGAINST), "refusal")
        here = self.circuit.stages[target]
        if not any(step.kind is Kind.FILL for step in here.steps):
            self._fall_after(target)
        self._enter(target, reopened, self.state.round + 1)

    def would_open(self, stage: Stage) -> bool:
        """Whether the stage would wait for somebody if it were entered now."""
        return self.context.met(stage.condition) and any(
            step.kind is not Kind.INFORMATION and self.context.met(step.condition) for step in stage.steps
        )

    def target(self, destination: str) -> int | None:
        """The rank of a destination of a return, if it would open: AUTHOR or a stage id."""
        rank = self.circuit.author_stage if destination == AUTHOR else self.circuit.stage_index(destination)
        return rank if rank is not None and self.would_open(self.circuit.stages[rank]) else None

    def _outcome(self, step: Step, sitting: Collection[Voice] | None = None) -> str | None:
        usable = voices(self.circuit, self.state, step, self.context)
        return outcome(step, self.state.votes_at(step.id), usable, sitting)

    def _refused(self, step: Step) -> None:
        target = None if step.on_refusal.ends else self.target(step.on_refusal.stage)
        if target is None:
            self._set_siblings_aside()
            self.record(e.Completed, outcome="refused")
        else:
            self.return_to(target)

    def _set_siblings_aside(self) -> None:
        for step_id in tuple(self.state.open):
            self.record(e.StepClosed, step=step_id, outcome="set_aside")

    def _stage_passed(self) -> None:
        here = self.state.stage
        if any(step.kind is Kind.FILL for step in self.circuit.stages[here].steps):
            self._fall_after(here)
        self._forward(here + 1)

    def _forward(self, start: int) -> None:
        """Enter the next stage that has something to ask; the end of the circuit approves the dossier."""
        for rank in range(start, len(self.circuit.stages)):
            stage = self.circuit.stages[rank]
            if not self.context.met(stage.condition) or not any(self.context.met(s.condition) for s in stage.steps):
                self.record(e.StageSkipped, stage=stage.id)
                continue
            self._enter(rank, self._unmet(stage), self.state.round)
            if self.state.open:
                return
        self.record(e.Completed, outcome="approved")

    def _enter(self, rank: int, wanted: frozenset[str], round_: int) -> None:
        """Open the wanted steps of a stage; information needs nobody and closes as it opens."""
        stage = self.circuit.stages[rank]
        needed = [step for step in stage.steps if self.context.met(step.condition)]
        self.record(
            e.StageEntered,
            stage=stage.id,
            round=round_,
            opened=tuple(self._opening(step) for step in needed if step.id in wanted),
            not_needed=tuple(step.id for step in stage.steps if step not in needed),
            kept=tuple(step.id for step in needed if step.id not in wanted),
        )
        for step in needed:
            if step.id in wanted and step.kind is Kind.INFORMATION:
                self.record(e.StepClosed, step=step.id, outcome="informed")
        self.tell_of_dead_ends()

    def _unmet(self, stage: Stage) -> frozenset[str]:
        """Steps whose surviving votes do not already meet their rule."""
        return frozenset(step.id for step in stage.steps if not self._carried(step) and self._outcome(step) not in WELL)

    def _carried(self, step: Step) -> bool:
        """A majority that decided stays one as long as none of its voices fell: a meeting waited for nobody else."""
        voices_then = self.state.carried.get(step.id)
        if step.rule.quorum is None or not voices_then:
            return False
        return voices_then == {vote.voice for vote in self.state.votes_at(step.id)}

    def _reopened(self, stage: Stage, sections: tuple[str, ...]) -> frozenset[str]:
        """Every step of the stage; but on chosen sections, of the filling steps only those that own one of them."""
        needed = [
            step for step in stage.steps if self.context.met(step.condition) and step.kind is not Kind.INFORMATION
        ]
        fills = [step for step in needed if step.kind is Kind.FILL]
        owners = [step for step in fills if any(step.looks_at(section) for section in sections)]
        left_closed = [step for step in fills if step not in owners] if owners else []
        return frozenset(step.id for step in needed if step not in left_closed)

    def _opening(self, step: Step) -> e.Opening:
        if step.delay is None:
            return e.Opening(step.id)
        due = deadline(self.context.now, step.delay, self.context.zone, self.context.calendar)
        return e.Opening(step.id, due, *self.alarms(step, due))

    def alarms(self, step: Step, due: datetime) -> tuple[tuple[datetime, ...], datetime | None]:
        """Instants of the reminders still ahead and of the escalation that go with a deadline."""
        zone, calendar = self.context.zone, self.context.calendar
        reminders = (around(due, days, zone, calendar) for days in step.reminders)
        late = step.escalation and later(due, step.escalation.after, zone, calendar)
        return tuple(instant for instant in reminders if instant > self.context.now), late

    def _fall_after(self, rank: int) -> None:
        """Votes in the stages after `rank`, all of earlier rounds, fall unless their step lets them survive."""
        for step in self._steps_from(rank + 1):
            for vote in self.state.votes_at(step.id):
                if fate := self._fate(step, vote):
                    self._fall(step, (vote,), *fate)

    def _fate(self, step: Step, vote: Vote) -> tuple[str, tuple[str, ...]] | None:
        if step.kind is Kind.FILL:
            return None
        if may_judge(self.circuit, self.state, step, {vote.by.person, vote.voice.person}, self.context):
            return "own_work", ()
        if step.survives == "all":
            return None
        touched = touched_sections(vote, self.context, step)
        if step.survives == "none":
            return "correction", touched
        return ("sections_changed", touched) if touched else None

    def fall_at(self, steps: Iterable[str], because: str) -> None:
        """All votes at these steps fall; who filled the form in has filled it in all the same."""
        for step in self.circuit.steps():
            if step.id in steps and step.kind is not Kind.FILL:
                self._fall(step, self.state.votes_at(step.id), because)

    def _fall(self, step: Step, votes: Iterable[Vote], because: str, sections: tuple[str, ...] = ()) -> None:
        for vote in tuple(votes):
            person, role, organisation = vote.voice
            self.record(
                e.VoteFell,
                step=step.id,
                person=person,
                role=role,
                organisation=organisation,
                because=because,
                sections=sections,
            )

    def _steps_from(self, rank: int) -> list[Step]:
        return [step for stage in self.circuit.stages[rank:] for step in stage.steps]


def hashes_for(step: Step, context: Context) -> dict[str, str]:
    """Hashes of the sections a step looks at."""
    return {name: value for name, value in context.section_hashes.items() if step.looks_at(name)}


def touched_sections(vote: Vote, context: Context, step: Step) -> tuple[str, ...]:
    """Sections this vote spoke of that are no longer what they were."""
    then, now = vote.section_hashes, hashes_for(step, context)
    return tuple(sorted(name for name in then.keys() | now.keys() if then.get(name) != now.get(name)))
