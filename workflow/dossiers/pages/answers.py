"""A reader's view of the answers as templates draw it: sections, rows, rows of repeats."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from forms.compiler import name_of
from forms.showing import NOTHING_OUTSIDE, Kept
from forms.upload_fields import KINDS
from forms.visibility import View, ViewRow, ViewSection, ViewTable

SENSITIVE = ("V3", "V4")
Change = Callable[[str], str | None]
Find = Callable[[str, str], Kept | None]


def nothing(_path: str) -> None:
    """No link beside the answers: they are only read."""


class Drawing:
    """`change` gives the address where an answer can be changed; `missing` are paths without a needed answer;
    `before` says how corrected answers read earlier; `brief` leaves out questions without an answer; `kept` finds the
    file behind an answer; `origin` says where an answer comes from.
    """

    def __init__(
        self,
        change: Change = nothing,
        missing: frozenset[str] = frozenset(),
        before: Mapping[str, str] | None = None,
        *,
        brief: bool = False,
        kept: Find = NOTHING_OUTSIDE.kept,
        origin: Callable[[str], str] | None = None,
    ) -> None:
        self.change, self.missing, self.before, self.brief = change, missing, before or {}, brief
        self.kept, self.origin = kept, origin

    def sections(self, view: View | None) -> list[dict[str, Any]]:
        return [self.section(section) for section in view.sections] if view else []

    def section(self, section: ViewSection) -> dict[str, Any]:
        return {
            "id": name_of(section.path),
            "name": section.path.rpartition("/")[2],
            "label": section.label,
            "rows": self.rows(section.rows),
            "tables": [self.table(table) for table in section.tables],
            "groups": [self.section(group) for group in section.groups],
        }

    def rows(self, found: Iterable[ViewRow]) -> list[dict[str, Any]]:
        return [self.row(row) for row in found if row.value or not self.brief]

    def row(self, row: ViewRow) -> dict[str, Any]:
        told: dict[str, Any] = {
            "label": row.label,
            "value": row.value,
            "missing": row.path in self.missing,
            "change_url": self.change(row.path),
        }
        if row.raw and row.kind in KINDS:
            told["file"] = self.kept(row.path, row.raw)
        if self.origin and row.value:
            told["origin"] = self.origin(row.path)
        if row.path in self.before:
            told["before"] = self.before[row.path]
        return told

    def table(self, table: ViewTable) -> dict[str, Any]:
        return {"label": table.label, "members": [self.rows(member) for member in table.members]}


def sensitive_levels(view: View | None) -> set[str]:
    """Levels whose reading is kept in a journal, among the answers that are really there."""
    return {row.level for row in view.rows() if row.raw and row.level in SENSITIVE} if view else set()
