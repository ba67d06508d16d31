"""Questions that a decision asks beside its button, as templates draw them; what was typed stands in them again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext as _

LONGEST = 4000  # characters of a reason
READ_BY = "Everybody who may open this dossier reads it. Write nothing about health or private life."

Question = dict[str, Any]
Choice = tuple[str, str]
"""(value, words)"""


@dataclass(frozen=True)
class Fault:
    """One thing to correct; label and message are English msgids."""

    field: str
    label: str
    message: str

    def told(self) -> dict[str, str]:
        return {"id": self.field, "label": _(self.label), "message": _(self.message)}


def words(label: str, hint: str = READ_BY, *, required: bool) -> Question:
    """A few lines in one's own words, posted as `reason`. label, hint: English msgids."""
    return {
        "id": "reason",
        "name": "reason",
        "kind_of_question": "multiline",
        "label": _(label),
        "hint": _(hint),
        "required": required,
        "value": request.form.get("reason", ""),
        "input": {"rows": 4, "maxlength": LONGEST},
    }


def one_of_these(field: str, label: str, choices: Iterable[Choice], *, first: bool = False, hint: str = "") -> Question:
    """Exactly one; `first`: the first one is chosen as long as nothing else is."""
    known = list(choices)
    chosen = request.form.get(field, known[0][0] if first and known else "")
    return {
        "id": field,
        "name": field,
        "kind_of_question": "select_one",
        "label": _(label),
        "hint": _(hint) if hint else "",
        "required": not first,
        "choices": [{"value": value, "label": text, "selected": value == chosen} for value, text in known],
    }


def some_of_these(field: str, label: str, choices: Iterable[Choice], hint: str) -> Question:
    chosen = request.form.getlist(field)
    return {
        "id": field,
        "name": field,
        "kind_of_question": "select_multiple",
        "label": _(label),
        "hint": _(hint),
        "choices": [{"value": value, "label": text, "selected": value in chosen} for value, text in choices],
    }


def a_day(field: str, label: str, hint: str, proposed: str) -> Question:
    """hint: already in the language of the reader; proposed: an ISO day."""
    return {
        "id": field,
        "name": field,
        "kind_of_question": "date",
        "label": _(label),
        "hint": hint,
        "required": True,
        "value": request.form.get(field, proposed),
        "input": {"type": "date", "width": "short"},
    }
