"""Rules that differ from one operation to another. A new value is a new row from a day on: the old one stays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflow.db import db
from workflow.errors import FieldError, Invalid
from workflow.operations import queries
from workflow.operations.actions.ground import DAYS, hold, keep, note, take
from workflow.operations.models import Parameter
from workflow.operations.rules import RULES_OF_AN_OPERATION, day_problem, slug_of
from workflow.people.rules import folded
from workflow.record import actions as record


def add_value(operation_id: str, told: Mapping[str, Any], by: str, code: str | None = None) -> Parameter:
    """A value from a day on {label, value, unit, source, since}, for a known rule or, without `code`, a new one.

    Raises Invalid when the rule has a value from that day already, or when a new rule bears the name of another.
    """
    hold(operation_id)
    known = queries.parameters(operation_id)
    if code is None:
        code = _new_code(known, told["label"].get("fr", ""))
    _check(known, code, told, own=None)
    row = keep(take(Parameter, operation_id, None, 0), {**told, "code": code})
    note(operation_id, "ParameterPut", by, code=code, since=row.since.isoformat(), parameter=row.id)
    return row


def correct_value(operation_id: str, row_id: str, told: Mapping[str, Any], version: int, by: str) -> Parameter:
    """Mend a value that was typed wrong. What stood there before is kept, sealed, with the fact."""
    row = take(Parameter, operation_id, row_id, version)
    _check(queries.parameters(operation_id), row.code, told, own=row.id)
    before = f"{row.value} · {row.since.isoformat()} · {row.source}"
    keep(row, {**told, "label": (row.label or {}) | told["label"]})
    kept = record.keep_text(f"operation:{operation_id}", before)
    note(operation_id, "ParameterCorrected", by, code=row.code, parameter=row.id, before=kept)
    return row


def remove_value(operation_id: str, row_id: str, version: int, by: str) -> None:
    """Take away a value entered by mistake; what it was is kept, sealed, with the fact."""
    row = take(Parameter, operation_id, row_id, version)
    kept = record.keep_text(f"operation:{operation_id}", f"{row.value} · {row.since.isoformat()} · {row.source}")
    db.session.delete(row)
    note(operation_id, "ParameterRemoved", by, code=row.code, parameter=row.id, before=kept)


def _new_code(known: list[Parameter], label: str) -> str:
    if any(folded(row.label.get("fr", "")) == folded(label) for row in known):
        raise Invalid([FieldError("label", "There is already a rule of that name: give it a new value instead.")])
    return slug_of(label, {row.code for row in known} | set(RULES_OF_AN_OPERATION)).replace("-", "_")


def _check(known: list[Parameter], code: str, told: Mapping[str, Any], own: str | None) -> None:
    problem = day_problem(told["since"], None)
    if problem:
        raise Invalid([FieldError("since", DAYS[problem])])
    if any(row.code == code and row.since == told["since"] and row.id != own for row in known):
        raise Invalid(
            [FieldError("since", "There is already a value from that day: correct that one, or choose another day.")]
        )
