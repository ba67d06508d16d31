"""From an article to everything behind it: its words in each version, who asked for what, what was answered."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.charter.models import Consultation, Contribution, Edition
from workflow.charter.queries import drafts, said
from workflow.charter.queries.entitled import Reader
from workflow.charter.rules.differing import Change, changes
from workflow.charter.rules.text import Part, numbers


@dataclass(frozen=True)
class Step:
    """An article in one version. number: its place there, 0 without one; change: since the version before."""

    edition: Edition
    part: Part | None
    number: int
    change: Change | None
    behind: tuple[Contribution, ...]


@dataclass(frozen=True)
class Trace:
    """title: as it is called now. contributions: all of those on it, the first ones first."""

    key: str
    title: str
    number: int
    steps: tuple[Step, ...]
    contributions: tuple[Contribution, ...]


def trace(row: Consultation, reader: Reader, key: str) -> Trace | None:
    """None where no version that this reader may see has such an article."""
    steps: list[Step] = []
    before: list[Part] | None = None
    for one in drafts.editions(row):
        if one.frozen_at is None and not reader.drafts:
            continue
        parts = drafts.parts_of(one)
        changed = {each.key: each for each in changes(before, parts)} if before is not None else {}
        part = next((each for each in parts if each.key == key), None)
        behind = said.behind(row, reader, one.number).get(key, []) if before is not None else []
        if part is not None or key in changed:
            steps.append(Step(one, part, numbers(parts).get(key, 0), changed.get(key), tuple(behind)))
        before = parts
    if not steps:
        return None
    known = next((one for one in reversed(steps) if one.part), steps[-1])
    title = known.part.title if known.part else key
    return Trace(key, title, known.number, tuple(steps), tuple(reversed(said.about(row, reader, key))))
