"""The circuit of bench_circuits.py as BPMN 2.0, run by SpiffWorkflow: restored, moved on by one decision, saved.

Every stage is a sub-process of its own and a step is a task, a count and a gateway that asks again: the shape in which
that engine takes returns best.
"""

from io import BytesIO

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

STAGES = (("fill", 1), ("visa", 1), ("committee", 3))
"""Each stage with the voices it needs."""
_HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="course" id="d">'


def bpmn() -> bytes:
    """The whole course: a stage that sends back leads to the first one, the last one to the end."""
    nodes = ['<startEvent id="start"/>', '<endEvent id="end"/>', _flow("start", "fill")]
    for rank, (stage, needed) in enumerate(STAGES):
        after = STAGES[rank + 1][0] if rank + 1 < len(STAGES) else "end"
        nodes.append(_stage(stage, needed))
        nodes.append(f'<exclusiveGateway id="after_{stage}" default="{stage}_on"/>')
        nodes.append(_flow(stage, f"after_{stage}"))
        nodes.append(f'<sequenceFlow id="{stage}_on" sourceRef="after_{stage}" targetRef="{after}"/>')
        if rank:
            nodes.append(_flow(f"after_{stage}", "fill", "said == 'send_back'"))
    return f'{_HEAD}<process id="course" isExecutable="true">{"".join(nodes)}</process></definitions>'.encode()


def _stage(name: str, needed: int) -> str:
    ask, begin, counted, enough = (f"{name}_{part}" for part in ("ask", "begin", "counted", "enough"))
    inside = [
        f'<startEvent id="{name}_in"/><endEvent id="{name}_out"/>',
        f'<scriptTask id="{begin}"><script>yes = 0</script></scriptTask>',
        f'<userTask id="{ask}" name="{name}"/>',
        f'<scriptTask id="{counted}"><script>yes = yes + (1 if said == "approve" else 0)</script></scriptTask>',
        f'<exclusiveGateway id="{enough}" default="{name}_more"/>',
        _flow(f"{name}_in", begin),
        _flow(begin, ask),
        _flow(ask, counted),
        _flow(counted, enough),
        _flow(enough, f"{name}_out", f"yes &gt;= {needed} or said == 'send_back'"),
        f'<sequenceFlow id="{name}_more" sourceRef="{enough}" targetRef="{ask}"/>',
    ]
    return f'<subProcess id="{name}">{"".join(inside)}</subProcess>'


def _flow(source: str, target: str, condition: str = "") -> str:
    says = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
    return f'<sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{says}</sequenceFlow>'


class Peer:
    """One dossier in SpiffWorkflow, kept as the text it saves."""

    def __init__(self) -> None:
        parser = BpmnParser()
        parser.add_bpmn_io(BytesIO(bpmn()))
        self.keeper = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
        course = BpmnWorkflow(parser.get_spec("course"), parser.get_subprocess_specs("course"))
        course.do_engine_steps()
        self.stored = self.keeper.serialize_json(course)

    def said(self, word: str, stored: str = "") -> str:
        """Restore, decide, run on, save: the text it is kept as now. ValueError once nothing waits any more."""
        course = self.keeper.deserialize_json(stored or self.stored)
        waiting = course.get_tasks(state=TaskState.READY, manual=True)
        if len(waiting) != 1:
            raise ValueError(f"{len(waiting)} tasks wait")
        waiting[0].data["said"] = word
        waiting[0].run()
        course.do_engine_steps()
        return self.keeper.serialize_json(course)

    def waits_at(self) -> list[str]:
        """The stages that wait for somebody."""
        course = self.keeper.deserialize_json(self.stored)
        return [task.task_spec.bpmn_name for task in course.get_tasks(state=TaskState.READY, manual=True)]
