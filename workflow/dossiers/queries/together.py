"""Who took which section of a form that several people fill in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from workflow import clock
from workflow.dossiers.models import Dossier

HELD_FOR = timedelta(hours=4)
"""A section that somebody took is free again after this long: nothing stays blocked by who went home."""


@dataclass(frozen=True, slots=True)
class Hold:
    person: str
    since: datetime


def holds(row: Dossier) -> dict[str, Hold]:
    """{section: who took it, since when}, as long as it counts."""
    found = {name: Hold(who, datetime.fromisoformat(at)) for name, (who, at) in (row.taken or {}).items()}
    return {name: hold for name, hold in found.items() if clock.now() - hold.since < HELD_FOR}


def held_by_another(row: Dossier, section: str, person: str) -> Hold | None:
    hold = holds(row).get(section)
    return hold if hold and hold.person != person else None
