"""What the pages of a sitting post: one gesture for each dossier ticked, or each line by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext as _

from workflow.approvals.actions import ALL, Entry
from workflow.approvals.pages.sitting_groups import several_kinds
from workflow.approvals.pages.sitting_room import Room, sentence
from workflow.approvals.rules import ADJOURN, LONGEST, POSITIONS, SEND_BACK, VOICES
from workflow.errors import Invalid, Moved, Refused
from workflow.web.fields import readable


@dataclass(frozen=True)
class Told:
    """One line of the page as it was sent: what to enter, and the fields that send it again."""

    rank: int
    choice: str
    words: str
    entry: Entry
    common: bool = False  # the position of all, for several at once

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
        words = readable(words).strip()
        entry = _entry(subject, choice, words, int(seen) if seen.isdigit() else -1, shown)
        yield Told(int(n), choice, words, entry, common=not own)


def wrong(told: Sequence[Told], room: Room) -> list[dict[str, str]]:
    """What is to be mended before any of it is looked at; what was typed stays in the page."""
    if not told:
        return [_error("common", _("Choose a position for a dossier, or tick several and choose a common position."))]
    together = {one.entry.subject for one in told if one.common}
    found = []
    if several_kinds(room.agenda, together):
        found.append(_error("common", _("These dossiers are not at the same step: tick those of one step at a time.")))
    long = [one for one in told if len(one.words) > LONGEST]
    fields = dict.fromkeys("common_words" if one.common else f"words-{one.rank}" for one in long)
    message = _("Write at most %(count)s characters.", count=LONGEST)
    return found + [_error(name, message, _("Reservation or reason")) for name in fields]


def _error(name: str, message: str, label: str = "") -> dict[str, str]:
    return {"id": name, "label": label or _("Common position"), "message": message}


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
