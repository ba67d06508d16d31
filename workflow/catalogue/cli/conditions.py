"""The conditions of a circuit: whether they can be judged, and what they say over answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from forms.evaluating import evaluate, evaluate_xml
from forms.expressions import ExpressionError, compile, parse
from forms.expressions.values import to_boolean
from forms.instance import Instance
from forms.structure import Form
from workflow.catalogue.rules import around
from workflow.circuit.definition import Circuit, Finding
from workflow.circuit.game import Holds
from workflow.circuit.scenario import ScenarioRefused

NOON = around(datetime(2026, 3, 2, 12, tzinfo=UTC))
"""Scenarios are played at the instants they name; a condition that asks for the day itself is judged on this one."""


def findings(circuit: Circuit) -> Iterator[Finding]:
    """A refusal for each condition that is no expression, with its place in the file."""
    for where, condition in _conditions(circuit):
        try:
            compile(parse(condition))
        except ExpressionError as fault:
            line, column = circuit.places.get(where, (None, None))
            yield Finding("error", "condition", where, fault.message, fault.params, line, column)


def _conditions(circuit: Circuit) -> Iterator[tuple[str, str]]:
    for rank, stage in enumerate(circuit.stages):
        if stage.condition:
            yield f"stages[{rank}].condition", stage.condition
        for number, step in enumerate(stage.steps):
            if step.condition:
                yield f"stages[{rank}].steps[{number}].condition", step.condition


def holding(form: Form | None) -> Holds:
    """How conditions are judged: over answers worked out by the rules of the form; without one, as they were written.

    It raises ExpressionError, UnknownPath, RowLimit, ScenarioRefused.
    """

    def by_the_form(condition: str, answers: Mapping[str, Any]) -> bool:
        instance = Instance.from_answers(form, dict(answers), NOON)
        instance.recompute()
        return to_boolean(evaluate(condition, instance))

    def as_written(condition: str, answers: Mapping[str, Any]) -> bool:
        try:
            written = _written(_root(condition), answers)
        except ValueError as fault:  # what no form could hold: a name that is none, a control character
            raise ScenarioRefused(f"answers: {fault}") from fault
        return to_boolean(evaluate_xml(condition, written, NOON))

    return as_written if form is None else by_the_form


def _root(condition: str) -> str:
    """What the form is called in the paths of this condition."""
    return condition.partition("/")[2].partition("/")[0].strip() or "data"


def _written(name: str, answers: Mapping[str, Any]) -> str:
    root = etree.Element("data")
    _fill(root, answers)
    root.tag = name if name.isidentifier() else "data"
    return etree.tostring(root, encoding="unicode")


def _fill(parent: etree._Element, answers: Mapping[str, Any]) -> None:
    for name, value in answers.items():
        rows = value if isinstance(value, list) and any(isinstance(one, Mapping) for one in value) else [value]
        for row in rows:
            child = etree.SubElement(parent, str(name))
            if isinstance(row, Mapping):
                _fill(child, row)
            elif row is not None:
                child.text = " ".join(map(str, row)) if isinstance(row, list) else str(row)
