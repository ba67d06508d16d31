"""Several voices at one step, given in the same breath: each is recorded, then the step is counted once.

One after the other, the first voices that meet the rule would close the step on those that were to follow; in a sitting
everybody who is there is heard, and an organisation that may block does so whenever its turn comes.
"""

from collections.abc import Sequence

from workflow.circuit.commands import Command, SendBack
from workflow.circuit.context import Actor, Context
from workflow.circuit.course import Course
from workflow.circuit.entitlement import voices
from workflow.circuit.events import Event, Voice
from workflow.circuit.judging import VOICES, judge, voice
from workflow.circuit.model import Circuit
from workflow.circuit.refusals import Refusal
from workflow.circuit.standing import State
from workflow.circuit.ways import SITTING


def judge_together(
    circuit: Circuit, state: State, said: Sequence[tuple[Command, Actor]], context: Context
) -> list[Event] | Refusal:
    """What follows from all of it, or why one of them is refused: then none counts. At least one; all at one step.

    A return is said once, for everybody: it stands alone. Under a quorum a meeting decides with those who are there:
    who says nothing abstains, who is not there is not waited for, unless its organisation has a veto.
    """
    first, speaker = said[0]
    if isinstance(first, SendBack) or type(first) not in VOICES:
        return judge(circuit, state, first, speaker, context)
    course = Course(circuit, state, context)
    for command, actor in said:
        if refusal := voice(course, command, actor):
            return refusal
    if first.step:
        course.settle(first.step, _there(course, first.step, speaker.through))
    return course.events


def _there(course: Course, step_id: str, through: str | None) -> frozenset[Voice] | None:
    """The voices that are there in the meeting; None when this was not said in one."""
    if through is None or not through.startswith(SITTING):
        return None
    usable = voices(course.circuit, course.state, course.circuit.step(step_id), course.context)
    return frozenset(seat for seat in usable if course.context.is_present(through, step_id, seat.person))
