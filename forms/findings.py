"""What the check of an XLSForm reports: where, what, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from forms.advice import ADVICE

QUOTED = 80  # characters
ALIKE = 100
Level = Literal["refused", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`message` and `hint` are English msgids filled from `params`; `row` counts as the spreadsheet does (headers: 1),
    none when the fault has no row; `sheet` and `column` are empty when they are not known. Without a hint of its own it
    takes the advice for its code.
    """

    level: Level
    code: str
    sheet: str
    row: int | None
    column: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)
    hint: str = ""

    def __post_init__(self) -> None:
        if not self.hint:
            object.__setattr__(self, "hint", ADVICE.get(self.code, ""))


def shortened(text: str) -> str:
    """What a sentence may quote of a cell."""
    return text if len(text) <= QUOTED else f"{text[: QUOTED - 1]}…"


def cut(found: list[Finding]) -> list[Finding]:
    """Each finding once, and no more than `ALIKE` of a kind; one more says how many there are besides."""
    seen: dict[str, int] = {}
    kept = []
    for finding in {repr(finding): finding for finding in found}.values():
        seen[finding.code] = seen.get(finding.code, 0) + 1
        if seen[finding.code] <= ALIKE:
            kept.append(finding)
    for code, count in seen.items():
        if count > ALIKE:
            last = next(finding for finding in reversed(kept) if finding.code == code)
            message = "%(count)s more remarks of the same kind are not shown."
            kept.append(Finding(last.level, code, last.sheet, None, last.column, message, {"count": count - ALIKE}))
    return kept


class FormRefused(Exception):
    """The form cannot be used; `findings` holds at least one refusal, and the warnings found on the way."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("; ".join(finding.message % finding.params for finding in findings))
        self.findings = findings
