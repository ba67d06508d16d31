"""What somebody may do now: every command judged with what it needs filled in, so that buttons and verdict agree."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from workflow.circuit import commands as c
from workflow.circuit import events as e
from workflow.circuit.advising import advisers
from workflow.circuit.context import Actor, Context
from workflow.circuit.course import Course
from workflow.circuit.entitlement import may_judge, voices
from workflow.circuit.judging import CHANNELS, judge
from workflow.circuit.model import AUTHOR, Circuit, Kind, Step
from workflow.circuit.refusals import Refusal
from workflow.circuit.reopening import reached_stages
from workflow.circuit.standing import State
from workflow.circuit.state import fold
from workflow.circuit.voting import count

PROBE = "probe"
"""Stands for a text or a person that is still to be given; it never leaves this module."""

NEEDS: Mapping[type[c.Command], tuple[str, ...]] = {
    c.ApproveWithReservation: ("reason",),
    c.GiveOpinion: ("opinion",),
    c.SendBack: ("reason", "destination"),
    c.Refuse: ("reason",),
    c.Sign: ("channel",),
    c.Cancel: ("reason",),
    c.Reassign: ("from_person", "to_person"),
    c.ExtendDeadline: ("due",),
    c.Comment: ("text",),
    c.AskAdvice: ("of_person", "text"),
    c.Advise: ("opinion",),
    c.Reopen: ("reason", "destination"),
}
"""What must be given with a command. An opinion reserved or unfavourable also needs a reason, a paper its scan."""

CONSEQUENCES: Mapping[str, str] = {
    "opens": "“%(stage)s” opens next.",
    "completes": "The dossier ends: %(outcome)s.",
    "waits": "The step goes on after yours: %(favourable)d for, %(against)d against, %(left)d still to come; "
    "%(needed)d needed.",
    "waits_for_quorum": "The step goes on after yours: %(favourable)d for, %(against)d against, %(left)d still to "
    "come. It ends once at least %(needed)d have spoken and the majority can no longer change.",
    "goes_on": "The step ends; still asked at this stage: %(steps)s.",
    "returns": "The dossier goes back to “%(stage)s”.",
    "falls": "The decision of %(person)s at “%(step)s” no longer counts.",
    "own_work": "Your own decision at “%(step)s” no longer counts: nobody judges what they wrote. %(left)s may decide.",
    "nobody_left": "Your own decision at “%(step)s” no longer counts: nobody judges what they wrote. Nobody else may "
    "decide there at the moment; the person in charge is told as soon as it is asked.",
    "may_fall": "The decision of %(person)s at “%(step)s” may no longer count, depending on what is corrected.",
}


@dataclass(frozen=True)
class Consequence:
    """What a command would lead to. code and message as in CONSEQUENCES; params hold ids and numbers."""

    code: str
    message: str
    params: Mapping[str, object]


@dataclass(frozen=True)
class Possible:
    """A command that would be accepted. needs: what must still be given; choices: among what (name → values)."""

    command: type[c.Command]
    step: str | None
    needs: tuple[str, ...] = ()
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    consequence: tuple[Consequence, ...] = ()


def available(circuit: Circuit, state: State, actor: Actor, context: Context) -> tuple[Possible, ...]:
    """Every command this actor may give now, in the order of `commands`, steps in the order of the circuit."""
    return tuple(_possibles(_Situation(circuit, state, actor, context)))


def foreseen(
    circuit: Circuit, state: State, command: c.Command, actor: Actor, context: Context
) -> tuple[Consequence, ...] | Refusal:
    """What one command would lead to, or why it would be refused: the same words as `available` would give."""
    here = _Situation(circuit, state, actor, context)
    events = here.judge(command)
    return events if isinstance(events, Refusal) else _consequences(here, command, events)


def at_risk(
    circuit: Circuit, state: State, destination: str, sections: tuple[str, ...] = ()
) -> tuple[Consequence, ...]:
    """Votes that would or could fall if `destination` (AUTHOR or a stage id) corrected these sections (empty: any)."""
    target = circuit.author_stage if destination == AUTHOR else circuit.stage_index(destination)
    steps = [step for stage in circuit.stages[(target or 0) + 1 :] for step in stage.steps]
    found = []
    for step in steps:
        if step.kind is Kind.FILL:
            continue
        looked_at = not sections or any(step.looks_at(section) for section in sections)
        if step.survives == "none" or (step.survives == "untouched_sections" and looked_at):
            code = "falls" if step.survives == "none" else "may_fall"
            found += [_consequence(code, step=step.id, person=v.voice.person) for v in state.votes_at(step.id)]
    return tuple(found)


def own_work(circuit: Circuit, state: State, actor: Actor, context: Context) -> tuple[Consequence, ...]:
    """Decisions of an actor that fall once they take the form up again and send it, and who may give them instead."""
    events = judge(circuit, state, c.Refresh(), actor, context)
    if isinstance(events, Refusal):
        return ()
    after, found = fold(circuit, events, state), []
    for step in circuit.steps():
        for vote in after.votes_at(step.id):
            people = {vote.by.person, vote.voice.person}
            mine = not people.isdisjoint((actor.person, actor.voice.person))
            if mine and step.kind is not Kind.FILL and may_judge(circuit, after, step, people, context):
                left = tuple(sorted({voice.person for voice in voices(circuit, after, step, context)}))
                found.append(_consequence("own_work" if left else "nobody_left", step=step.id, left=left))
    return tuple(found)


@dataclass(frozen=True)
class _Situation:
    """One person before one dossier."""

    circuit: Circuit
    state: State
    actor: Actor
    context: Context

    def judge(self, command: c.Command) -> list[e.Event] | Refusal:
        return judge(self.circuit, self.state, command, self.actor, self.context)


def _possibles(here: _Situation) -> Iterator[Possible]:
    open_steps = [step.id for step in here.circuit.steps() if step.id in here.state.open]
    for kind in c.ON_STEP:
        for step in open_steps:
            yield from _possible(here, kind, step)
    for kind in c.ON_DOSSIER:
        yield from _possible(here, kind, None)


def _possible(here: _Situation, kind: type[c.Command], step: str | None) -> Iterator[Possible]:
    judged = [(probe, here.judge(probe)) for probe in _probes(here, kind, step)]
    accepted = [(probe, events) for probe, events in judged if not isinstance(events, Refusal)]
    if accepted:
        choices = _choices(kind, here, [probe for probe, _ in accepted])
        yield Possible(kind, step, NEEDS.get(kind, ()), choices, _consequences(here, *accepted[0]))


def _probes(here: _Situation, kind: type[c.Command], step: str | None) -> Iterator[c.Command]:
    """The command as it would be once filled in; several when it depends on a choice whether it is accepted."""
    context, state = here.context, here.state
    at = {"step": step, "shown": context.shown(step) if step else ""}
    if kind is c.SendBack:
        for to in here.circuit.destinations(step):
            yield c.SendBack(**at, reason_ref=PROBE, to=to)
    elif kind is c.Reopen:
        for to in reached_stages(here.circuit, state) if state.closed else ():
            yield c.Reopen(reason_ref=PROBE, to=to)
    elif kind is c.AskAdvice:
        for person in advisers(Course(here.circuit, state, context), step, here.actor):
            yield c.AskAdvice(**at, of_person=person, text_ref=PROBE)
    elif kind is c.Reassign:
        for person in sorted({seat.person for seat in context.seats(step, state)}):
            yield c.Reassign(**at, from_person=person, to_person=f"{person}-{PROBE}")
    elif kind is c.ExtendDeadline:
        later = max(context.now, state.open[step].due or context.now) + timedelta(days=1)
        yield c.ExtendDeadline(**at, due=later)
    else:
        yield kind(**at, **_FILLED.get(kind, {}))


_FILLED: Mapping[type[c.Command], Mapping[str, str]] = {
    c.ApproveWithReservation: {"reason_ref": PROBE},
    c.GiveOpinion: {"opinion": c.OPINIONS[0]},
    c.Advise: {"opinion": c.OPINIONS[0]},
    c.Refuse: {"reason_ref": PROBE},
    c.Cancel: {"reason_ref": PROBE},
    c.Comment: {"text_ref": PROBE},
}


def _choices(kind: type[c.Command], here: _Situation, accepted: list[c.Command]) -> Mapping[str, tuple[str, ...]]:
    if kind is c.SendBack:
        seen = filter(here.circuit.step(accepted[0].step).looks_at, here.context.section_hashes)
        return {"to": tuple(probe.to for probe in accepted), "sections": tuple(sorted(seen))}
    if kind is c.Reassign:
        return {"from_person": tuple(probe.from_person for probe in accepted)}
    if kind is c.Reopen:
        return {"to": tuple(probe.to for probe in accepted)}
    if kind is c.AskAdvice:
        return {"of_person": tuple(probe.of_person for probe in accepted)}
    if kind in (c.GiveOpinion, c.Advise):
        return {"opinion": c.OPINIONS}
    return {"channel": CHANNELS} if kind is c.Sign else {}


def _consequences(here: _Situation, probe: c.Command, events: list[e.Event]) -> tuple[Consequence, ...]:
    found = [_told(here.circuit, event) for event in events]
    if isinstance(probe, c.SendBack | c.Reopen):
        found += at_risk(here.circuit, here.state, probe.to)
    if isinstance(events[0], e.Act):
        found.append(_still_open(here, events, here.circuit.step(probe.step)))
    return tuple(consequence for consequence in found if consequence)


def _told(circuit: Circuit, event: e.Event) -> Consequence | None:
    if isinstance(event, e.SentBack | e.Reopened):
        return _consequence("returns", stage=event.to)
    if isinstance(event, e.StageEntered) and event.opened:
        return _consequence("opens", stage=event.stage, steps=tuple(opening.step for opening in event.opened))
    if isinstance(event, e.Completed):
        return _consequence("completes", outcome=event.outcome)
    if isinstance(event, e.VoteFell) and circuit.step(event.step).kind is not Kind.FILL:
        return _consequence("falls", step=event.step, person=event.person)
    return None


def _still_open(here: _Situation, events: list[e.Event], step: Step) -> Consequence | None:
    """What one's voice leaves to others: at the step itself, or at those beside it."""
    after = fold(here.circuit, events, here.state)
    if step.id in after.open and after.round == here.state.round:
        counted = count(step, after.votes_at(step.id), voices(here.circuit, after, step, here.context))
        told = {"favourable": counted.favourable, "against": counted.against, "left": counted.left}
        refused = isinstance(events[0], e.Refused)
        code = "waits" if step.rule.quorum is None else "waits_for_quorum"
        return _consequence(code, step=step.id, refused=refused, needed=counted.needed, **told)
    beside = tuple(one for one in after.open if one in here.state.open)
    return _consequence("goes_on", step=step.id, steps=beside) if beside and after.round == here.state.round else None


def _consequence(code: str, **params: object) -> Consequence:
    return Consequence(code, CONSEQUENCES[code], params)
