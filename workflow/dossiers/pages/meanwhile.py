"""What happened between the page somebody had before their eyes and now: acts, and answers that read differently."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from workflow.dossiers import queries
from workflow.dossiers.pages.changes import by_section, since
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.rules import number
from workflow.record.queries import facts


@dataclass(frozen=True)
class Meanwhile:
    """acts: lines of the history. changed: [{label, changes}] through the reader's lens. other: what the page says it
    showed was never shown, or is not kept any more, so that no difference can be drawn.
    """

    acts: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    other: bool = False

    def __bool__(self) -> bool:
        return bool(self.acts or self.changed or self.other)


def meanwhile_of(page: Page, version: str | int, shown: str) -> Meanwhile:
    """version, shown: as the page that was posted, or the link that was followed, said."""
    file = page.file
    now = file.known.course.version
    seen = version if isinstance(version, int) else number(version, now)
    acts = page.history.acts(facts(file.row.subject, after=seen)) if 0 < seen < now else []
    if not shown or file.stored is None or shown == file.stored.fingerprint:
        return Meanwhile(acts)
    before = next((one for one in queries.sets(file.row) if one.fingerprint == shown), None)
    if before is None:
        return Meanwhile(acts, other=True)
    return Meanwhile(acts, by_section(page, since(page, before)))
