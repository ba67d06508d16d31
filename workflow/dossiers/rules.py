"""States of a household, how it is found, what its papers are called."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import product
from string import ascii_uppercase
from typing import Any

from forms.checking import check
from forms.definition import Form
from forms.expressions import Now
from forms.instance import Instance

STATES: dict[str, tuple[str, str]] = {
    # state: (English msgid of its label, family of shape and colour)
    "to_contact": ("to contact", "todo"),
    "appointment": ("appointment made", "todo"),
    "unreachable": ("unreachable", "late"),
    "interview_refused": ("interview refused", "closed"),
    "surveyed": ("surveyed", "done"),
    "to_update": ("to update", "waiting"),
    "searching": ("searching", "waiting"),
    "offer_made": ("offer under way", "waiting"),
    "agreed": ("agreed", "done"),
    "moved_temporarily": ("rehoused for a time", "done"),
    "moved": ("rehoused for good", "done"),
    "left": ("left by choice", "closed"),
    "blocked": ("blocked", "late"),
    "followed": ("followed after the move", "waiting"),
    "closed": ("closed", "closed"),
    "purged": ("erased", "closed"),
}
"""Statuses of a household file, as the trade names them (domain note, 8.4)."""

FORM_STATES: dict[str, tuple[str, str]] = {
    "draft": ("draft", "todo"),
    "submitted": ("submitted", "waiting"),
    "to_correct": ("to correct", "late"),
    "updating": ("being brought up to date", "todo"),
    "checked": ("checked", "waiting"),
    "validated": ("validated", "done"),
    "refused": ("refused", "refused"),
    "withdrawn": ("withdrawn", "closed"),
    "cancelled": ("cancelled", "closed"),
    "expired": ("out of date", "late"),
    "replaced": ("replaced", "closed"),
    "archived": ("archived", "closed"),
}
"""Statuses of a filled form, as lists and badges show them."""

CONTACTS: dict[str, str] = {
    "visit": "visit",
    "visit_missed": "visit without answer",
    "phone": "telephone call",
    "letter": "letter",
    "desk": "at the desk",
    "neighbour": "through a neighbour",
    "appointment": "appointment made",
    "refused": "interview refused",
}
CONTACT_MOVES = {"appointment": "appointment", "refused": "interview_refused"}
"""Contacts after which a household that was not surveyed yet is in another state."""


NOTICES: dict[str, str] = {
    # what somebody is told of a dossier: English msgid of its label
    "asked": "a step to carry out",
    "advice": "an opinion to give",
    "returned": "a file to correct",
    "reading": "answers to read and confirm",
    "validated": "the file is validated",
    "refused": "the file is refused",
    "stopped": "the file is stopped",
    "reminded": "a reminder",
    "overdue": "a step is late",
    "escalated": "a step is still late",
    "nobody": "nobody may carry out a step",
    "too_few": "too few people may carry out a step",
    "taken_back": "a decision was taken back",
    "voided": "a document no longer counts",
    "again": "a decision to give again",
    "fallen": "an earlier decision no longer counts",
    "kept": "an earlier decision still counts",
    "silence": "no opinion came in time",
    "silence_yes": "silence counts as agreement",
    "silence_no": "silence counts as a refusal",
}
TITLES: dict[str, str] = {
    # the same, as the title of a mail or a letter to a colleague: English msgid
    "asked": "Something is asked of you",
    "advice": "Your opinion is asked",
    "returned": "A file comes back for correction",
    "validated": "A file that you follow is validated",
    "refused": "A file that you follow is refused",
    "stopped": "A file that you follow is stopped",
    "reminded": "Reminder: a file waits for you",
    "overdue": "A file that you follow is late",
    "escalated": "A file is still late",
    "nobody": "A file waits for somebody who may decide",
    "too_few": "A file waits for more people who may decide",
    "taken_back": "A decision was taken back",
    "voided": "A document no longer counts",
    "again": "A decision is asked of you again",
    "fallen": "A decision of yours no longer counts",
    "kept": "A file was corrected: your decision still counts",
    "silence": "A file goes on without an opinion",
    "silence_yes": "Silence counted as agreement on a file",
    "silence_no": "Silence counted as a refusal on a file",
}
MAIL, DAILY, PAPER = "mail", "daily", "paper"
"""How somebody is told: a mail at once, a line of their daily mail, a printed notice."""
WAITING, SENT, KEPT, BOUNCED = "waiting", "sent", "kept", "bounced"
TO_HAND_OVER, HANDED_OVER, DROPPED = "to hand over", "handed over", "dropped"
NOTICE_STATES: dict[str, tuple[str, str]] = {
    # state of a notice: (English msgid of its label, family of shape and colour)
    WAITING: ("about to leave", "waiting"),
    SENT: ("sent", "done"),
    KEPT: ("kept, not sent", "closed"),
    BOUNCED: ("came back", "late"),
    TO_HAND_OVER: ("to hand over", "todo"),
    HANDED_OVER: ("handed over", "done"),
    DROPPED: ("no longer needed", "closed"),
}


def number(text: str, otherwise: int = 0) -> int:
    """A version as a page sends it back; what is not a plain number of at most nine digits counts as `otherwise`."""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else otherwise


_WHOLE_LETTERS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ß": "ss", "œ": "oe", "æ": "ae"})
"""Letters that Unicode does not take apart, as one types them on another keyboard."""


def folded(text: str) -> str:
    """Without accents, case or punctuation: "Élodie Yıldız, 12 bis" → "elodie yildiz 12 bis"."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_WHOLE_LETTERS)).translate(_WHOLE_LETTERS)
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[^\W_]+", letters))


def search_text(*parts: str | None) -> str:
    """What a search looks through: the folded words, and joined ones so that "MIS0012" finds "MIS-0012"."""
    words = folded(" ".join(part for part in parts if part))
    joined = folded(" ".join(re.sub(r"[\W_]+", "", part) for part in parts if part and any(c.isdigit() for c in part)))
    return f" {words} {joined} "[:800]


def prefixes(name: str) -> Iterator[str]:
    """What references of an operation of that name may begin with, the best first: Mistral → MIS, MIST, MISTR…"""
    words = (
        [word for word in folded(name).split() if word not in _SMALL_WORDS] or folded(name).split() or ["relogement"]
    )
    letters = re.sub("[^A-Z]", "", "".join(words).upper())
    letters += "MEN" if len(letters) < 3 else ""  # a name of figures: "ménages" lends its letters
    own = dict.fromkeys(letters[:length] for length in (3, 4, 5, 6))
    more = (letters[:3] + "".join(end) for length in (1, 2, 3) for end in product(ascii_uppercase, repeat=length))
    yield from own
    yield from (prefix for prefix in more if prefix not in own)


_SMALL_WORDS = frozenset(("la", "le", "les", "l", "de", "du", "des", "d", "aux", "au", "quartier", "operation", "zac"))


def terms(query: str, most: int | None = 8) -> list[str]:
    """The words of a search, each of which must be found."""
    return folded(query).split()[:most]


OVER = frozenset(("closed", "purged", "left", "moved"))
"""Household statuses after which a validated form is only kept."""


def form_state(phase: str, stage: str | None, sent_back: bool, first: str, *, again: bool = False) -> str:
    """The status of a form from where its circuit stands. `first` is the id of the stage that fills; `again`: it was
    handed on before.
    """
    if phase == "approved":
        return "validated"
    if phase in FORM_STATES:
        return phase
    if sent_back:
        return "to_correct"
    if stage == first or stage is None:
        return "updating" if again else "draft"
    return "checked" if stage == "commission" else "submitted"


def aged(state: str, household_state: str, *, stale: bool, newer: bool) -> str:
    """What time and later events make of a validated form: replaced, archived, out of date."""
    if state != "validated":
        return state
    if newer:
        return "replaced"
    if household_state in OVER:
        return "archived"
    return "expired" if stale else state


HOUSEHOLD_SAYS = (
    "entrance",
    "floor",
    "dwelling",
    "zone",
    "tenant_reference",
    "dwelling_type",
    "surface",
    "landlord",
    "phone",
)
"""Columns of a household that a form may be prefilled with."""


def first_answers(
    form: Form, now: Now, prefill: Mapping[str, str], known: Mapping[str, Any]
) -> tuple[Instance, list[str]]:
    """An empty instance with what is known already, and the paths that were filled.

    `prefill` maps a path to a name of `known`; a question that no longer exists, or an unknown value, is left empty.
    """
    instance = Instance.new(form, now)
    return instance, fill_in(instance, prefill, known)


def fill_in(instance: Instance, prefill: Mapping[str, str], known: Mapping[str, Any]) -> list[str]:
    """Write what is known already; the paths that were filled."""
    filled = []
    for path, name in prefill.items():
        value = known.get(name) if isinstance(name, str) else None  # a dict: taken over, at the opening only
        if value in (None, "") or path not in instance.form.questions:
            continue
        text = f"{value:g}" if isinstance(value, float) else str(value)
        instance.set(path, text)
        if _refused(instance, path):
            instance.set(path, "")  # the landlord's wording is not among the choices: asked again
        else:
            filled.append(path)
    return filled


def _refused(instance: Instance, path: str) -> bool:
    """Whether the form would not take this answer, were its question asked now."""
    error = check(instance, instance.node(path), instance.question(path))
    return error is not None and error.kind != "required"


LEAVING: dict[str, str] = {
    "leaves": "leaves the organisation",
    "mission_ends": "the mission ends",
    "changes": "takes up other work",
    "long_absence": "is away for long",
}
"""Why somebody hands over what they hold."""

HELD: dict[str, str] = {
    "role": "Roles",
    "seat": "Seats in bodies",
    "task": "Open tasks",
    "dossier": "Dossiers carried",
    "household": "Households followed",
    "absence": "Absences of colleagues stood in for",
}
"""What somebody may hold in an operation."""

NEVER = "-"
"""In place of a successor: this role ends with whoever holds it, this seat stays vacant."""

UNFOLLOWED = frozenset(("purged", "closed"))
"""Household statuses in which nobody need be called any more."""


A_QUESTION_TAKES = (12, 25)
"""Seconds that a question takes at least and at most, where the procedure says nothing: reading, asking, writing."""


def minutes(settings: Mapping[str, Any], questions: int) -> tuple[int, int]:
    """How long filling in lasts, from the least to the most: as the procedure says (`duration: {minutes: [45, 90]}`),
    or estimated from the number of questions, to the next five minutes.
    """
    told = (settings.get("duration") or {}).get("minutes")
    if isinstance(told, list) and len(told) == 2:
        return int(told[0]), int(told[1])
    least, most = (max(5, -(-questions * seconds // 300) * 5) for seconds in A_QUESTION_TAKES)
    return least, most


MOVES, LOSES = "moves", "loses"
FATES: dict[str, tuple[str, str]] = {
    # what would become of an open dossier under a newer form: (English msgid, family of shape and colour)
    MOVES: ("goes on as it is", "done"),
    LOSES: ("goes on; some answers find no place any more and stay readable beside", "waiting"),
    "seen": ("stays: those who decide on it would read something else", "closed"),
    "answers_change": ("stays: answers that were handed on would change", "closed"),
    "other_steps": ("stays: its steps or its documents are no longer the same", "closed"),
    "closed_section": ("stays: it came back on chosen sections, and others would have to be filled in", "closed"),
    "closed": ("stays: it is closed", "closed"),
    "erased": ("stays: its answers have been erased", "closed"),
    "moved_on": ("stays: another version came into use meanwhile", "closed"),
    "failed": ("stays: something went wrong; the operator is told", "late"),
}
