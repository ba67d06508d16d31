"""fold(circuit, events) → State: the only way a dossier gets its state."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from workflow.circuit import events as e
from workflow.circuit.model import Circuit, Kind
from workflow.circuit.standing import (
    CLOSED,
    WELL,
    Advice,
    Correction,
    Fallen,
    Look,
    OpenStep,
    State,
    Vote,
    released,
)

__all__ = ["CLOSED", "WELL", "Advice", "Correction", "Fallen", "Look", "OpenStep", "State", "Vote", "fold", "released"]

Changes = Mapping[str, object]
Evolve = Callable[[Circuit, State, e.Event], Changes]

_POSITIONS: Mapping[type[e.Act], str] = {
    e.Submitted: "submitted",
    e.Approved: "approved",
    e.ApprovedWithReservation: "reserved",
    e.Signed: "signed",
    e.Refused: "refused",
}


def fold(circuit: Circuit, events: Iterable[e.Event], state: State | None = None) -> State:
    """The state after these events, continuing from `state`. Folding in two halves equals folding at once."""
    current = _changed(state or State(), {})
    known = vars(current)  # one state for the whole history: whoever keeps one on the way takes a copy
    for event in events:
        version = current.version + 1
        known.update(_EVOLVE[type(event)](circuit, current, event), version=version, changed_at=event.at)
    return current


def _changed(state: State, changes: Changes) -> State:
    """`dataclasses.replace` without its passage through `__init__`: a long history folds several times faster."""
    after = object.__new__(State)
    vars(after).update(vars(state), **changes)
    return after


def _opened(_: Circuit, __: State, event: e.Opened) -> Changes:
    return {"phase": "open", "circuit_hash": event.circuit_hash, "author": event.author}


def _entered(circuit: Circuit, state: State, event: e.StageEntered) -> Changes:
    index = circuit.stage_index(event.stage)
    outcomes = _earlier(circuit, state, index)
    outcomes |= dict.fromkeys(event.not_needed, "not_needed")
    outcomes |= {step: state.outcomes.get(step, "kept") for step in event.kept}
    return {
        "stage": index,
        "round": event.round,
        "open": {o.step: OpenStep(o.step, event.at, o.due, o.reminders, o.escalate_at) for o in event.opened},
        "outcomes": outcomes,
        "correction": _still_asked(state, event),
    }


def _skipped(circuit: Circuit, state: State, event: e.StageSkipped) -> Changes:
    index = circuit.stage_index(event.stage)
    outcomes = _earlier(circuit, state, index)
    outcomes |= {step.id: "not_needed" for step in circuit.stages[index].steps}
    return {"stage": index, "round": event.round, "open": {}, "outcomes": outcomes}


def _earlier(circuit: Circuit, state: State, index: int) -> dict[str, str]:
    """Outcomes of the stages before this one: entering a stage forgets how it and the later ones ended last time."""
    before = {step.id for stage in circuit.stages[:index] for step in stage.steps}
    return {step: outcome for step, outcome in state.outcomes.items() if step in before}


def _still_asked(state: State, event: e.StageEntered) -> Correction | None:
    """A correction lasts while the stage it opened lasts."""
    asked = state.correction
    if asked is None or asked.round != event.round or asked.to not in (None, event.stage):
        return None
    return replace(asked, to=event.stage)


def _voted(_: Circuit, state: State, event: e.Act) -> Changes:
    position = event.opinion if isinstance(event, e.OpinionGiven) else _POSITIONS[type(event)]
    reason = getattr(event, "reason_ref", None) or getattr(event, "remarks_ref", None)
    seen = (event.at, event.round, event.shown_hash, event.section_hashes)
    vote = Vote(event.actor.voice, position, event.actor, *seen, reason)
    return {**_acted(state, event), "votes": {**state.votes, event.step: (*state.votes_at(event.step), vote)}}


def _acted(state: State, event: e.Act) -> Changes:
    people = {event.actor.person, event.actor.voice.person}
    look = Look(event.at, event.round, event.shown_hash, event.section_hashes)
    return {
        "acted": {**state.acted, event.step: state.acted.get(event.step, frozenset()) | people},
        "looked": {**state.looked, event.step: {**state.looked.get(event.step, {}), event.actor.voice: look}},
        "last_act": event.actor,
        "before": _changed(state, {"before": None}),
    }


def _sent_back(_: Circuit, state: State, event: e.SentBack) -> Changes:
    facts = (event.step, event.actor, event.at, event.to, event.round + 1, event.sections, event.reason_ref)
    return {**_acted(state, event), "correction": Correction(*facts)}


def _refreshed(circuit: Circuit, state: State, event: e.Refreshed) -> Changes:
    """Whoever takes the form up is an author from now on: what they decided elsewhere does not bind them any more."""
    people = {event.actor.person, event.actor.voice.person}
    fills = [step.id for step in circuit.filling_steps()]
    elsewhere = {step: persons - people for step, persons in state.acted.items()}
    return {
        "phase": "open",
        "acted": elsewhere | {step: state.acted.get(step, frozenset()) | people for step in fills},
        "refreshed_at": event.at,
        "refilling": dict.fromkeys(fills, frozenset((event.actor.voice,))),
        "last_act": event.actor,
        "before": _changed(state, {"before": None}),
    }


def _version_changed(circuit: Circuit, _: State, event: e.VersionChanged) -> Changes:
    """Nobody takes back what was done under the earlier version."""
    return {"circuit_hash": event.circuit_hash, "stage": circuit.stage_index(event.stage), "before": None}


def _taken_back(_: Circuit, state: State, __: e.TakenBack) -> Changes:
    return vars(state.before)


def _vote_fell(circuit: Circuit, state: State, event: e.VoteFell) -> Changes:
    voice = e.Voice(event.person, event.role, event.organisation)
    gone, kept = [], []
    for vote in state.votes_at(event.step):
        (gone if vote.voice == voice else kept).append(vote)
    changes: dict[str, object] = {"votes": {**state.votes, event.step: tuple(kept)}}
    if circuit.step(event.step).kind is not Kind.FILL:
        fallen = (Fallen(event.step, voice, vote.round, event.because, event.sections) for vote in gone)
        changes["fallen"] = (*state.fallen, *fallen)
    return changes


def _step_closed(_: Circuit, state: State, event: e.StepClosed) -> Changes:
    still = {step: facts for step, facts in state.open.items() if step != event.step}
    changes = {"open": still, "outcomes": {**state.outcomes, event.step: event.outcome}}
    carried = frozenset(vote.voice for vote in state.votes_at(event.step)) if event.outcome in WELL else frozenset()
    changes["carried"] = {**state.carried, event.step: carried}
    changes |= {"advice": _without_awaited(state, event.step)} if state.advice else {}
    return changes | ({"correction": _asked_by_refusal(state, event)} if event.outcome == "refused" else {})


def _without_awaited(state: State, step: str | None = None) -> tuple[Advice, ...]:
    """Nobody needs an opinion any more on what is decided; step: None means on anything."""
    return tuple(one for one in state.advice if one.opinion is not None or step not in (None, one.step))


def _advice_asked(_: Circuit, state: State, event: e.AdviceAsked) -> Changes:
    asked = Advice(event.step, event.of_person, event.actor, event.at, event.round, event.text_ref)
    return {"advice": (*state.advice, asked), "before": None}


def _advised(_: Circuit, state: State, event: e.Advised) -> Changes:
    said = {"opinion": event.opinion, "reason_ref": event.reason_ref, "given_by": event.actor, "given_at": event.at}
    asked = state.awaited_advice(event.step, event.actor.person)
    return {"advice": tuple(replace(a, **said) if a is asked else a for a in state.advice), "before": None}


def _reopened(_: Circuit, state: State, event: e.Reopened) -> Changes:
    why = Correction(None, event.actor, event.at, event.to, event.round + 1, (), event.reason_ref)
    # what annulling did to papers is not done twice: such a file is cancelled again instead
    before = None if state.phase == "cancelled" else _changed(state, {"before": None})
    return {"phase": "open", "correction": why, "last_act": event.actor, "before": before}


def _asked_by_refusal(state: State, event: e.StepClosed) -> Correction:
    """Should the refusal lead back rather than end the dossier, this is what the next round is told."""
    against = [vote for vote in state.votes_at(event.step) if vote.position == "refused"]
    by, reason = (against[-1].by, against[-1].reason_ref) if against else (None, None)
    return Correction(event.step, by, event.at, None, state.round + 1, (), reason)


def _timed(change: Callable[[OpenStep, e.Event], OpenStep]) -> Evolve:
    """A fact about time also belongs to the state before the last act: taking back must not forget it."""

    def evolve(_: Circuit, state: State, event: e.Event) -> Changes:
        before = state.before and _changed(state.before, _with_step(state.before, event, change))
        return {**_with_step(state, event, change), "before": before}

    return evolve


def _with_step(state: State, event: e.Event, change: Callable[[OpenStep, e.Event], OpenStep]) -> Changes:
    if event.step not in state.open:
        return {}
    return {"open": {**state.open, event.step: change(state.open[event.step], event)}}


def _tacit(_: Circuit, __: State, ___: e.TacitlyDecided) -> Changes:
    return {"before": None, "last_act": None}


def _extended(_: Circuit, state: State, event: e.DeadlineExtended) -> Changes:
    now = state.open[event.step]
    facts = OpenStep(event.step, now.since, event.due, event.reminders, event.escalate_at, stuck=now.stuck)
    return {"open": {**state.open, event.step: facts}, "before": None}


def _reassigned(_: Circuit, state: State, event: e.Reassigned) -> Changes:
    seat = (e.Voice(event.from_person, event.role, event.organisation), event.to_person)
    return {"seats": {**state.seats, event.step: (*state.seats.get(event.step, ()), seat)}, "before": None}


def _unchanged(_: Circuit, __: State, ___: e.Event) -> Changes:
    return {}


def _completed(_: Circuit, __: State, event: e.Completed) -> Changes:
    return {"phase": event.outcome, "decided_at": event.at, "open": {}, "correction": None, "before": None}


def _stopped(phase: str) -> Evolve:
    """Nothing is asked of anybody any more; whoever stopped it may take that back."""

    def evolve(_: Circuit, state: State, event: e.Event) -> Changes:
        ended = {"phase": phase, "open": {}, "correction": None, "advice": _without_awaited(state)}
        return {**ended, "last_act": event.actor, "before": _changed(state, {})}

    return evolve


_EVOLVE: Mapping[type[e.Event], Evolve] = {
    e.Opened: _opened,
    e.StageEntered: _entered,
    e.StageSkipped: _skipped,
    **dict.fromkeys((*_POSITIONS, e.OpinionGiven), _voted),
    e.SentBack: _sent_back,
    e.Refreshed: _refreshed,
    e.VersionChanged: _version_changed,
    e.TakenBack: _taken_back,
    e.VoteFell: _vote_fell,
    e.StepClosed: _step_closed,
    e.StepOverdue: _timed(lambda step, _: replace(step, overdue=True)),
    e.Reminded: _timed(lambda step, event: replace(step, reminded=max(step.reminded, event.sent))),
    e.Escalated: _timed(lambda step, event: replace(step, escalated=True, stuck=step.stuck or bool(event.because))),
    e.TacitlyDecided: _tacit,
    e.DeadlineExtended: _extended,
    e.Reassigned: _reassigned,
    e.Commented: _unchanged,
    e.AdviceAsked: _advice_asked,
    e.Advised: _advised,
    e.Reopened: _reopened,
    e.Withdrawn: _stopped("withdrawn"),
    e.Cancelled: _stopped("cancelled"),
    e.Completed: _completed,
}
