"""What the record is told of a survey: ids and codes, never an answer."""

from __future__ import annotations

from typing import Any

from workflow.record import actions as record
from workflow.record.models import chain_of
from workflow.surveys.models import Recipient, Survey

NOBODY = "household"
"""Who acts when a household does, with its code."""


def note(row: Survey | Recipient, kind: str, by: str, **data: Any) -> None:
    record.note(chain_of(row.operation_id), row.subject, kind, {"person": by}, **data)
