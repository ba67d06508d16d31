"""Words in open texts that call for a second look: pointed out once before going on, counted, never in the way.

A page says which remarks it showed (`warned`: path, families, and whether they came up while it was filled in); what
comes up in the page that is being left and was not shown yet is shown first. Saving again keeps the words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import request

from forms.free_text import remarked
from forms.instance import Instance
from forms.pages import Item
from forms.visibility import Lens
from workflow.dossiers.actions import Saved
from workflow.dossiers.actions.remarking import count_remarks

WARNED, FRESH = "warned", "new"
STAYING, FURTHER, LEAVING = "staying", "further", "leaving"


@dataclass(frozen=True)
class Shown:
    """Remarks on one answer that a page has shown. fresh: they came up in that page."""

    families: frozenset[str]
    fresh: bool


def posted(told: Any) -> dict[str, Shown]:
    """{path: what the page showed of it}."""
    found = {}
    for line in told.getlist(WARNED) if hasattr(told, "getlist") else ():
        path, _, rest = str(line).partition(" ")
        families, _, fresh = rest.partition(" ")
        found[path] = Shown(frozenset(families.split(",")), fresh == FRESH)
    return found


class Look:
    """The remarks on one page after it was written, beside those that it showed before."""

    def __init__(self, instance: Instance, lens: Lens, page: str, told: Any) -> None:
        self.before = posted(told)
        self.now = {
            path: frozenset(remark.family for remark in found) for path, found in remarked(instance, lens, page)
        }

    @property
    def unseen(self) -> list[str]:
        """Paths of the answers with remarks that the page has not shown yet."""
        return [path for path, families in self.now.items() if not families <= self._shown(path)]

    def _shown(self, path: str) -> frozenset[str]:
        return self.before[path].families if path in self.before else frozenset()

    def count(self, operation: str, *, displayed: bool, left: bool) -> None:
        """Add this page to the figures. displayed: what came up is shown now; left: whoever wrote keeps the rest."""
        kept = [path for path, shown in self.before.items() if shown.fresh and path in self.now] if left else []
        reworded = [path for path in self.before if path not in self.now]
        shown = self.unseen if displayed else []
        count_remarks(operation, shown=len(shown), kept=len(kept), reworded=len(reworded))


@dataclass(frozen=True)
class Looked:
    """first: something is to be shown before one goes on."""

    first: bool


def looked(saved: Saved, section: str, told: Any, *, going_on: str = STAYING) -> Looked:
    """Look at the open texts of a page that was just saved, and count. going_on: one of the three words below."""
    file = saved.file
    page = next(group.path for group in file.published.form.sections if group.name == section)
    look = Look(saved.instance, file.lens, page, told)
    first = going_on == FURTHER and bool(look.unseen)
    left = going_on == LEAVING or (going_on == FURTHER and not first and not saved.errors)
    look.count(file.row.operation_id, displayed=not left, left=left)
    return Looked(first)


def goes_on(told: Any, row: str | None) -> str:
    """Where a page that was sent leads: further, away from the form, or back to itself."""
    if "leave" in told:
        return LEAVING
    return STAYING if row or any(name in told for name in ("update", "speak", "remove_file")) else FURTHER


def remembered(item: Item, before: Mapping[str, Shown]) -> Item:
    """A question with what the page will send back of its remarks."""
    if not item.remarks:
        return item
    families = ",".join(sorted({remark.family for remark in item.remarks}))
    earlier = before.get(item.path)
    fresh = request.method == "POST" and (earlier is None or earlier.fresh or not earlier.families)
    return replace(item, told=f"{item.path} {families}{f' {FRESH}' if fresh else ''}")
