"""The row of a list that was taken away last, for who took it away."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from forms.putting_back import Removed
from workflow import clock
from workflow.dossiers.models import AnswerSet, Dossier
from workflow.record.queries import key_of
from workflow.storage import seal, unseal

OFFERED_FOR = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class TakenAway:
    """`row` stood on the page `section`."""

    row: Removed
    section: str
    person: str
    at: datetime


def sealed(key: bytes, stored: AnswerSet, found: TakenAway) -> bytes:
    told = asdict(found.row) | {"section": found.section, "person": found.person, "at": found.at.isoformat()}
    return seal(key, json.dumps(told, ensure_ascii=False).encode(), f"removed:{stored.id}")


def taken_away(row: Dossier, stored: AnswerSet, section: str, person: str) -> TakenAway | None:
    """What this person may put back on this page."""
    key = key_of(row.subject) if stored.removed else None
    if stored.removed is None or key is None:
        return None
    told = json.loads(unseal(key, stored.removed, f"removed:{stored.id}"))
    found = TakenAway(
        Removed(told["path"], told["place"], told["said"]),
        told["section"],
        told["person"],
        datetime.fromisoformat(told["at"]),
    )
    mine = (found.section, found.person) == (section, person)
    return found if mine and clock.now() - found.at < OFFERED_FOR else None
