"""A closed dossier is taken up again by whoever runs its circuit, at a stage it had reached."""

from workflow.circuit import commands as c
from workflow.circuit import events as e
from workflow.circuit.context import Actor
from workflow.circuit.course import Course
from workflow.circuit.entitlement import is_manager
from workflow.circuit.model import AUTHOR, Circuit
from workflow.circuit.refusals import Refusal, refuse
from workflow.circuit.standing import State


def reopen(course: Course, command: c.Reopen, actor: Actor) -> Refusal | None:
    if not course.state.closed:
        return refuse("already_open")
    if not is_manager(actor, course.context):
        return refuse("not_manager")
    reached = command.to in reached_stages(course.circuit, course.state)
    target = course.target(command.to) if reached else None
    if target is None:
        return refuse("not_reached")
    if not command.reason_ref:
        return refuse("reason_missing")
    to = course.circuit.stages[target].id
    course.record(e.Reopened, actor=actor.by, to=to, reason_ref=command.reason_ref)
    course.return_to(target)
    return None


def reached_stages(circuit: Circuit, state: State) -> tuple[str, ...]:
    """Where a closed dossier may be reopened: AUTHOR and stage ids, up to the one at which it ended."""
    author, stages = circuit.author_stage, circuit.stages[: state.stage + 1]
    first = (AUTHOR,) if author is not None and author <= state.stage else ()
    return first + tuple(stage.id for rank, stage in enumerate(stages) if rank != author)
