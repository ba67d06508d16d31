"""What the check of an XLSForm reports: where, what, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Level = Literal["refused", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`message` and `hint` are English msgids filled from `params`; `row` counts as the spreadsheet does (headers: 1),
    none when the fault has no row; `sheet` and `column` are empty when they are not known.
    """

    level: Level
    code: str
    sheet: str
    row: int | None
    column: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)
    hint: str = ""


class FormRefused(Exception):
    """The form cannot be used; `findings` holds at least one refusal, and the warnings found on the way."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("; ".join(finding.message % finding.params for finding in findings))
        self.findings = findings
