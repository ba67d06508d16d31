"""One judgement per command: the events it leads to, or why not."""

from collections.abc import Callable, Mapping

from workflow.circuit import commands as c
from workflow.circuit import events as e
from workflow.circuit.advising import advise, ask_advice, opinion_refusal
from workflow.circuit.changing import goes_on
from workflow.circuit.context import Actor, Context
from workflow.circuit.course import Course, hashes_for
from workflow.circuit.entitlement import authors, is_manager, may_act, may_refresh, may_stop
from workflow.circuit.model import AUTHOR, RETURNING, Circuit, Kind, Step
from workflow.circuit.refusals import Refusal, refuse
from workflow.circuit.reopening import reopen
from workflow.circuit.standing import STOPPED, State
from workflow.circuit.ways import may_say_through

CHANNELS = ("screen", "certificate", "parapheur", "paper")
_KINDS: Mapping[type[c.Command], frozenset[Kind]] = {
    c.Submit: frozenset({Kind.FILL}),
    c.Approve: frozenset({Kind.VISA, Kind.APPROVAL}),
    c.ApproveWithReservation: frozenset({Kind.VISA, Kind.APPROVAL}),
    c.GiveOpinion: frozenset({Kind.OPINION}),
    c.Sign: frozenset({Kind.SIGNATURE}),
    c.SendBack: RETURNING,
    c.Refuse: RETURNING,
}
_STILL: Mapping[bool, tuple[type[c.Command], ...]] = {
    True: (c.TakeBack, c.Reopen),
    False: (c.Cancel, c.Refresh, c.Reopen),
}
"""What a closed dossier may still accept: stopped, that this be taken back; decided, that it be annulled or, where its
circuit says so, taken up again; and always that who runs the circuit reopens it."""
_ON_FRESH_ANSWERS = (c.Submit, c.Approve, c.ApproveWithReservation, c.GiveOpinion, c.Sign)
"""What one does not say of answers that are too old; refusing and sending back are always possible."""


def judge(
    circuit: Circuit, state: State, command: c.Command, actor: Actor, context: Context
) -> list[e.Event] | Refusal:
    """What follows from a command. The events are complete: folding them onto `state` is all there is to do."""
    course = Course(circuit, state, context)
    refusal = _ready(state, command, actor) or _DECISIONS[type(command)](course, command, actor)
    return refusal or course.events


def refusal_of(
    circuit: Circuit, state: State, command: c.Command, actor: Actor, context: Context, *, unseen: bool = False
) -> Refusal | None:
    """Why `judge` would refuse a decision at a step; what would follow from it is not worked out, no answer is read.

    unseen: whatever the answers are now, it would speak of them; so what was shown is not asked for.
    """
    say = _asked if unseen else _said
    found = _ready(state, command, actor) or say(Course(circuit, state, context), command, actor, VOICES[type(command)])
    return found if isinstance(found, Refusal) else None


def _ready(state: State, command: c.Command, actor: Actor) -> Refusal | None:
    if state.closed and not isinstance(command, _STILL[state.phase in STOPPED]):
        return refuse("closed")
    if isinstance(command, c.Open):
        return refuse("already_open") if state.phase == "open" else None
    if state.phase == "new" or (isinstance(command, c.ON_STEP) and command.step not in state.open):
        return refuse("not_open")
    return may_say_through(command, actor)


def _open(course: Course, _: c.Open, actor: Actor) -> None:
    author = course.context.author
    course.record(e.Opened, circuit_hash=course.circuit.hash, author=author, actor=actor.by)
    course.begin()


Said = tuple[type[e.Act], dict] | Refusal
Say = Callable[[Course, c.Command], Said]


def _said(course: Course, command: c.Command, actor: Actor, say: Say) -> Said:
    """A decision at a step: entitlement first, then what the command says, last whether it speaks of what is there."""
    said = _asked(course, command, actor, say)
    moved = not isinstance(said, Refusal) and command.shown != course.context.shown(command.step)
    return refuse("moved") if moved else said


def _asked(course: Course, command: c.Command, actor: Actor, say: Say) -> Said:
    step = course.circuit.step(command.step)
    if step.kind not in _KINDS[type(command)]:
        return refuse("wrong_kind")
    if refusal := may_act(course.circuit, course.state, step, actor, course.context) or _too_old(course, command, step):
        return refusal
    return say(course, command)


def _too_old(course: Course, command: c.Command, step: Step) -> Refusal | None:
    if not step.fresh or not isinstance(command, _ON_FRESH_ANSWERS):
        return None
    found = course.context.stale_for(step)
    return refuse("stale", sections=found) if found else None


def _voice(say: Say) -> Callable:
    def decide(course: Course, command: c.Command, actor: Actor) -> Refusal | None:
        said = _spoken(course, command, actor, say)
        if isinstance(said, Refusal):
            return said
        _follow(course, course.circuit.step(command.step), command, *said)
        return None

    return decide


def voice(course: Course, command: c.Command, actor: Actor) -> Refusal | None:
    """One voice among several given together: it is recorded, what follows from all of them is for the caller."""
    refusal = _ready(course.state, command, actor)
    said = refusal or _spoken(course, command, actor, VOICES[type(command)])
    return said if isinstance(said, Refusal) else None


def _spoken(course: Course, command: c.Command, actor: Actor, say: Say) -> Said:
    said = _said(course, command, actor, say)
    if isinstance(said, Refusal):
        return said
    step, (kind, facts) = course.circuit.step(command.step), said
    seen = {"shown_hash": command.shown, "section_hashes": hashes_for(step, course.context)}
    course.record(kind, step=step.id, actor=actor.by, **seen, **facts)
    return said


def _follow(course: Course, step: Step, command: c.Command, kind: type[e.Act], facts: dict) -> None:
    if kind is e.SentBack:
        course.record(e.StepClosed, step=step.id, outcome="sent_back")
        course.return_to(course.circuit.stage_index(facts["to"]), command.sections)
    else:
        course.settle(step.id)


def _submit(_: Course, __: c.Submit) -> tuple:
    return e.Submitted, {}


def _approve(_: Course, __: c.Approve) -> tuple:
    return e.Approved, {}


def _approve_with_reservation(_: Course, command: c.ApproveWithReservation) -> tuple | Refusal:
    if not command.reason_ref:
        return refuse("reason_missing")
    return e.ApprovedWithReservation, {"reason_ref": command.reason_ref}


def _give_opinion(_: Course, command: c.GiveOpinion) -> tuple | Refusal:
    said = {"opinion": command.opinion, "reason_ref": command.reason_ref or None}
    return opinion_refusal(command) or (e.OpinionGiven, said)


def _sign(_: Course, command: c.Sign) -> tuple | Refusal:
    if command.channel not in CHANNELS:
        return refuse("unknown_channel")
    if command.channel == "paper" and not command.scan_hash:
        return refuse("scan_missing")
    return e.Signed, {
        "channel": command.channel,
        "scan_hash": command.scan_hash,
        "disagreement": command.disagreement,
        "remarks_ref": command.remarks_ref,
    }


def _refuse(course: Course, command: c.Refuse) -> tuple | Refusal:
    if not course.circuit.step(command.step).on_refusal.possible:
        return refuse("wrong_kind")
    return (e.Refused, {"reason_ref": command.reason_ref}) if command.reason_ref else refuse("reason_missing")


def _send_back(course: Course, command: c.SendBack) -> tuple | Refusal:
    allowed = command.to in course.circuit.destinations(command.step)
    target = course.target(command.to) if allowed else None
    if target is None:
        return refuse("unknown_destination")
    step = course.circuit.step(command.step)
    for section in command.sections:
        if section not in course.context.section_hashes:
            return refuse("unknown_section", section=section)
        if not step.looks_at(section):
            return refuse("section_not_seen", sections=(section,))
    if not command.reason_ref:
        return refuse("reason_missing")
    to = course.circuit.stages[target].id
    return e.SentBack, {"to": to, "reason_ref": command.reason_ref, "sections": command.sections}


def _take_back(course: Course, _: c.TakeBack, actor: Actor) -> Refusal | None:
    if course.state.before is None or course.state.last_act != actor.by:
        return refuse("nothing_to_take_back")
    course.record(e.TakenBack, actor=actor.by)
    return None


def _refresh(course: Course, _: c.Refresh, actor: Actor) -> Refusal | None:
    state, declared, filling = course.state, course.circuit.refresh, course.target(AUTHOR)
    if state.closed and (declared is None or state.phase not in declared.after):
        return refuse("closed")
    if declared is None or filling is None or (state.phase == "open" and state.stage <= filling):
        return refuse("not_refreshable")
    if refusal := may_refresh(actor, course.context):
        return refusal
    course.record(e.Refreshed, actor=actor.by)
    course.return_to(filling)
    return None


def _change_version(course: Course, command: c.ChangeVersion, actor: Actor) -> Refusal | None:
    if not goes_on(course.circuit, command.circuit, course.state):
        return refuse("other_steps")
    here = course.circuit.stages[course.state.stage].id
    course.fall_at(command.touched, "other_version")
    course.circuit = command.circuit
    course.record(
        e.VersionChanged,
        actor=actor.by,
        circuit_hash=command.circuit.hash,
        before=command.before,
        after=command.after,
        stage=here,
    )
    return None


def _withdraw(course: Course, command: c.Withdraw, actor: Actor) -> Refusal | None:
    if course.state.decided_at is not None:
        return refuse("was_decided")
    own = actor.on_behalf_of is None and actor.recorded_by is None
    if not own or actor.person not in authors(course.circuit, course.state, course.context):
        return refuse("not_author")
    course.record(e.Withdrawn, actor=actor.by, reason_ref=command.reason_ref or None)
    return None


def _cancel(course: Course, command: c.Cancel, actor: Actor) -> Refusal | None:
    if not may_stop(actor, course.context):
        return refuse("not_manager")
    if not command.reason_ref:
        return refuse("reason_missing")
    course.record(e.Cancelled, actor=actor.by, reason_ref=command.reason_ref)
    return None


def _reassign(course: Course, command: c.Reassign, actor: Actor) -> Refusal | None:
    own = command.from_person == actor.person and not actor.on_behalf_of and not actor.recorded_by
    if not own and not is_manager(actor, course.context):
        return refuse("not_manager")
    seats = sorted(course.context.seats(command.step, course.state), key=str)
    mine = [seat for seat in seats if seat.person == command.from_person]
    if not mine or not command.to_person or command.to_person == command.from_person:
        return refuse("unknown_person")
    for seat in mine:
        course.record(
            e.Reassigned,
            step=command.step,
            actor=actor.by,
            from_person=seat.person,
            to_person=command.to_person,
            role=seat.role,
            organisation=seat.organisation,
            reason_ref=command.reason_ref or None,
        )
    course.tell_of_dead_ends()
    return None


def _extend(course: Course, command: c.ExtendDeadline, actor: Actor) -> Refusal | None:
    if not is_manager(actor, course.context):
        return refuse("not_manager")
    present = course.state.open[command.step].due
    if command.due is None or command.due <= max(course.context.now, present or course.context.now):
        return refuse("not_later")
    reminders, late = course.alarms(course.circuit.step(command.step), command.due)
    course.record(
        e.DeadlineExtended,
        step=command.step,
        actor=actor.by,
        due=command.due,
        reminders=reminders,
        escalate_at=late,
        reason_ref=command.reason_ref or None,
    )
    return None


def _remind(course: Course, command: c.Remind, actor: Actor) -> Refusal | None:
    own = actor.on_behalf_of is None and actor.recorded_by is None
    asking = own and actor.person in authors(course.circuit, course.state, course.context)
    if not asking and not is_manager(actor, course.context):
        return refuse("not_manager")
    course.record(e.Reminded, step=command.step, actor=actor.by)
    return None


def _comment(course: Course, command: c.Comment, actor: Actor) -> Refusal | None:
    context, state = course.context, course.state
    if actor.recorded_by:
        return refuse("own_name_only")
    seated = any(actor.voice in context.seats(step.id, state) for step in course.circuit.steps())
    seated = seated or any(context.may_record(step, actor.person) for step in state.open)
    known = actor.person in authors(course.circuit, state, context) or is_manager(actor, context)
    if not seated and not known:
        return refuse("not_yours")
    if actor.on_behalf_of and not context.stands_in(actor.person, actor.on_behalf_of):
        return refuse("not_substitute")
    if not command.text_ref:
        return refuse("text_missing")
    course.record(e.Commented, actor=actor.by, text_ref=command.text_ref, public=command.public)
    return None


VOICES: Mapping[type[c.Command], Say] = {
    c.Submit: _submit,
    c.Approve: _approve,
    c.ApproveWithReservation: _approve_with_reservation,
    c.GiveOpinion: _give_opinion,
    c.Sign: _sign,
    c.SendBack: _send_back,
    c.Refuse: _refuse,
}
_DECISIONS: Mapping[type[c.Command], Callable[[Course, c.Command, Actor], Refusal | None]] = {
    **{kind: _voice(say) for kind, say in VOICES.items()},
    c.Open: _open,
    c.TakeBack: _take_back,
    c.Refresh: _refresh,
    c.Reopen: reopen,
    c.AskAdvice: ask_advice,
    c.Advise: advise,
    c.ChangeVersion: _change_version,
    c.Withdraw: _withdraw,
    c.Cancel: _cancel,
    c.Reassign: _reassign,
    c.ExtendDeadline: _extend,
    c.Remind: _remind,
    c.Comment: _comment,
}
