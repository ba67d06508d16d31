"""How forms are spoken of on pages: kinds of questions, who reads a level, findings of a check."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from forms.comparing import FormChange
from forms.findings import Finding
from workflow.access import LENSES
from workflow.web.spoken import written

KINDS = {
    "text": later("Short text"),
    "multiline": later("Long text"),
    "integer": later("Whole number"),
    "decimal": later("Number"),
    "range": later("Number between two ends"),
    "date": later("Day"),
    "time": later("Time of the day"),
    "datetime": later("Day and time"),
    "select_one": later("One choice"),
    "select_multiple": later("Several choices"),
    "rank": later("Choices put in order"),
    "note": later("Sentence to read"),
    "acknowledge": later("Box to tick"),
    "calculate": later("Calculation"),
    "hidden": later("Value that is not shown"),
    "file": later("File"),
    "image": later("Picture"),
    "audio": later("Sound"),
    "video": later("Film"),
    "geopoint": later("Place on the map"),
    "barcode": later("Bar code"),
}

READERS = {
    "author": later("who fills the form"),
    "confided": later("who wrote the file with the household, or carries it on"),
    "household": later("the household"),
    "desk": later("the desk officers"),
    "landlord": later("the landlord’s referent"),
    "coordination": later("the relocation manager"),
    "commission": later("the committee"),
    "aggregates": later("the figures of the operation"),
}

_LANGUAGES = {"fr": later("in French"), "en": later("in English")}


def readers_of(level: str) -> str:
    """Who may read answers of a level, by the lenses of this installation."""
    found = [str(words) for name, words in READERS.items() if level in LENSES[name].levels]
    return ", ".join(found) or _("nobody here")


def changed(change: FormChange) -> dict[str, Any]:
    """One difference as a row: {label, what, before, after, marks}; marks: how texts of another language are marked."""
    what = _(change.message, **change.params)
    if change.lang:
        what = _("%(what)s, %(lang)s", what=what, lang=_LANGUAGES.get(change.lang, change.lang))
    before, after = (_told(change.kind, text) for text in (change.before, change.after))
    marks = written(change.lang) if change.lang else {}
    return {"label": change.label, "what": what, "before": before, "after": after, "marks": marks}


def _told(kind: str, text: str) -> str:
    if not text:
        return ""
    if kind in {"type", "added", "removed"}:
        return str(KINDS.get(text, text))
    if kind == "level":
        return readers_of(text)
    if kind in {"index", "repeat"}:
        return _("yes") if text == "yes" else _("no")
    if text in {"true()", "false()"}:
        return _("always") if text == "true()" else _("never")
    return text


def finding(found: Finding) -> dict[str, Any]:
    """One remark of the check: {refused, level, place, sentence, hint}."""
    refused = found.level == "refused"
    return {
        "refused": refused,
        "level": _("to correct") if refused else _("remark"),
        "sheet": found.sheet,
        "row": str(found.row or ""),
        "column": found.column,
        "sentence": _(found.message, **found.params),
        "hint": _(found.hint, **found.params) if found.hint else "",
    }
