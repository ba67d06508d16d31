"""What the pages of a sitting post: one gesture for each dossier ticked, or each line by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext as _

from workflow.approvals.actions import ALL, Entry
from workflow.approvals.pages.sitting_room import sentence
from workflow.approvals.rules import ADJOURN, POSITIONS, SEND_BACK, VOICES
from workflow.errors import Invalid, Moved, Refused

LONGEST = 2000  # characters of a reason


@dataclass(frozen=True)
class Told:
    """One line of the page as it was sent: what to enter, and the fields that send it again."""

    rank: int
    choice: str
    words: str
    entry: Entry

    @property
    def hidden(self) -> Mapping[str, Any]:
        """The fields with which the next page sends the same."""
        n = self.rank
        return {
            "line": n,
            f"subject-{n}": self.entry.subject,
            f"seen-{n}": self.entry.seen,
            f"shown-{n}": self.entry.shown,
            f"choice-{n}": self.choice,
            f"words-{n}": self.words,
        }


def sent() -> list[Told]:
    """Every line for which something is to be entered: its own choice, else the common one when it is ticked."""
    return list(_lines())


def _lines() -> Iterator[Told]:
    told, ticked = request.form, set(request.form.getlist("tick"))
    common, common_words = told.get("common", ""), told.get("common_words", "")
    for n in told.getlist("line"):
        own = told.get(f"choice-{n}", "")
        choice, words = (own, told.get(f"words-{n}", "")) if own else (common, common_words)
        if not n.isdigit() or not choice or (not own and n not in ticked):
            continue
        subject, seen, shown = (told.get(f"{name}-{n}", "") for name in ("subject", "seen", "shown"))
        words = words.strip()[:LONGEST]
        yield Told(int(n), choice, words, _entry(subject, choice, words, int(seen) if seen.isdigit() else -1, shown))


def _entry(subject: str, choice: str, words: str, seen: int, shown: str) -> Entry:
    if choice in (ADJOURN, SEND_BACK):
        return Entry(subject, choice, words=words, seen=seen, shown=shown)
    position = choice if choice in POSITIONS else ""
    return Entry(subject, VOICES, positions={ALL: (position, words)}, seen=seen, shown=shown)


def tried(told: Told, enter: Callable[[Entry], str]) -> tuple[str, str]:
    """(outcome, "") or ("", why not): one that cannot be entered stops none of the others."""
    try:
        return enter(told.entry), ""
    except Invalid as bad:
        return "", " ".join(_(one.message, **one.params) for one in bad.errors)
    except (Moved, Refused) as stop:
        return "", sentence(stop.message, stop.params, told.entry.subject)
