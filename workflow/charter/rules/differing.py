"""What became of an article from one version to the next, line by line and word by word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from documents.from_word.comparing import Piece, answers, pieces
from documents.from_word.lines import PARAGRAPH
from documents.from_word.lines import Line as Compared
from documents.from_word.words import words
from workflow.charter.rules.text import Part

SAME, CHANGED, ADDED, REMOVED = "same", "changed", "added", "removed"


@dataclass(frozen=True)
class Change:
    """One article of two versions. lines: each as pieces (same, gone or new; the words)."""

    key: str
    state: str
    title: str
    lines: tuple[tuple[Piece, ...], ...]


def changes(older: Sequence[Part], newer: Sequence[Part]) -> list[Change]:
    """Every article of both, in the order of the newer version; those that went stand at the end."""
    before = {one.key: one for one in older}
    there = {one.key for one in newer}
    found = [_change(before.get(one.key), one) for one in newer]
    return found + [_change(one, None) for one in older if one.key not in there]


def _change(old: Part | None, new: Part | None) -> Change:
    known = new or old
    assert known is not None
    if old is None or new is None:
        mark = "new" if old is None else "gone"
        lines = tuple(((mark, line),) for line in (known.title, *known.words.splitlines()) if line.strip())
        return Change(known.key, ADDED if old is None else REMOVED, known.title, lines)
    renamed = between(old.title, new.title) if old.title != new.title else []
    told = tuple(one for one in (*renamed, *between(old.words, new.words)) if one)
    same = all(kind == "same" for line in told for kind, _words in line)
    return Change(new.key, SAME if same else CHANGED, new.title, told)


def between(old: str, new: str) -> list[tuple[Piece, ...]]:
    """Two texts as one, line by line: what stayed, what went, what came."""
    ours, theirs = _compared(old), _compared(new)
    met = answers(range(len(ours)), range(len(theirs)), ours, theirs)
    return [_line(_text(ours, one.ours), _text(theirs, one.theirs)) for one in met]


def _text(lines: Sequence[Compared], at: int | None) -> str:
    return lines[at].text if at is not None else ""


def _compared(text: str) -> list[Compared]:
    return [Compared(PARAGRAPH, (line.strip(),)) for line in text.splitlines() if line.strip()]


def _line(old: str, new: str) -> tuple[Piece, ...]:
    return pieces(old, new, words(old), words(new))
