"""Several voices at one step, given in the same breath: each is recorded, then the step is counted once.

One after the other, the first voices that meet the rule would close the step on those that were to follow; in a sitting
everybody who is there is heard, and an organisation that may block does so whenever its turn comes.
"""

from collections.abc import Sequence

from workflow.circuit.commands import Command, SendBack
from workflow.circuit.context import Actor, Context
from workflow.circuit.course import Course
from workflow.circuit.events import Event
from workflow.circuit.judging import judge, voice
from workflow.circuit.model import Circuit
from workflow.circuit.refusals import Refusal
from workflow.circuit.standing import State


def judge_together(
    circuit: Circuit, state: State, said: Sequence[tuple[Command, Actor]], context: Context
) -> list[Event] | Refusal:
    """What follows from all of it, or why one of them is refused: then none counts. At least one; all at one step.

    A return is said once, for everybody: it stands alone.
    """
    first, speaker = said[0]
    if len(said) == 1 or isinstance(first, SendBack):
        return judge(circuit, state, first, speaker, context)
    course = Course(circuit, state, context)
    for command, actor in said:
        if refusal := voice(course, command, actor):
            return refusal
    if first.step:
        course.settle(first.step)
    return course.events
