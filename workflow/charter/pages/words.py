"""What drafts and contributions are called on pages, and how an article and a contribution are handed to templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_babel import ngettext

from documents.typography import typeset
from workflow.charter.models import Consultation, Contribution, Edition
from workflow.charter.queries.said import Said
from workflow.charter.rules import phases
from workflow.charter.rules.text import Part, lines_of, numbers
from workflow.web.dates import format_date

Told = dict[str, Any]
PHASES = {
    phases.AHEAD: ("todo", later("being prepared")),
    phases.COMING: ("todo", later("opens soon")),
    phases.OPEN: ("waiting", later("open for contributions")),
    phases.ANSWERING: ("waiting", later("answers are being given")),
    phases.DONE: ("done", later("settled")),
}
KINDS = {
    "comment": later("Opinion"),
    "wording": later("Other wording"),
    "new": later("New article"),
}
SOURCES = {
    "page": later("written on this site"),
    "word": later("sent as a Word file"),
    "public": later("written on the public page"),
    "paper": later("on paper"),
    "meeting": later("said in a meeting"),
    "desk": later("said at the desk"),
    "phone": later("said on the telephone"),
}
RECORDED = ("paper", "meeting", "desk", "phone")
SPEAKERS = {
    "organisation": later("an organisation"),
    "inhabitant": later("an inhabitant"),
    "group": later("a group of inhabitants"),
}
OUTCOMES = {
    "taken": ("done", later("taken over")),
    "reworded": ("done", later("taken over in other words")),
    "declined": ("closed", later("not taken over")),
}
CONSENTS = {
    "named": later("Yes, with the name"),
    "unnamed": later("Yes, without the name"),
    "no": later("No: only those who write the text read it"),
}
LANGUAGES = {
    "": later("French, or several languages"),
    "ar": later("Arabic"),
    "tr": later("Turkish"),
    "pt": later("Portuguese"),
    "es": later("Spanish"),
    "en": "English",
    "other": later("Another language"),
}
SHORT = 700  # letters of a contribution beside its article; the rest is one click away


def phase_badge(phase: str) -> tuple[str, str]:
    family, words = PHASES[phase]
    return family, str(words)


def dates(row: Consultation) -> str:
    """Between which days people contribute, in full."""
    if row.opens is None or row.closes is None:
        return ""
    first, last = format_date(row.opens), format_date(row.closes)
    return _("From %(first)s to %(last)s, midnight.", first=first, last=last)


def version_name(number: int) -> str:
    return _("version %(number)s", number=number)


def heading(part: Part, numbered: Mapping[str, int]) -> str:
    number = numbered.get(part.key)
    return _("Article %(number)s – %(title)s", number=number, title=part.title) if number else part.title


def headings(parts: Sequence[Part]) -> dict[str, str]:
    """{key: how the article is called}."""
    numbered = numbers(parts)
    return {one.key: heading(one, numbered) for one in parts}


def blocks(words: str) -> list[Told]:
    """The lines of an article as paragraphs and lists: [{kind, lines}]."""
    found: list[Told] = []
    for line in lines_of(words):
        if line.kind != "paragraph" and found and found[-1]["kind"] == line.kind:
            found[-1]["lines"].append(_typeset(line.text))
        else:
            found.append({"kind": line.kind, "lines": [_typeset(line.text)]})
    return found


def _typeset(text: str) -> str:
    """The text of a draft is French: no sign of its punctuation begins a line."""
    return typeset(text, "fr", "\u00a0")


def who(one: Said) -> str:
    """Who speaks, as far as the reader may know."""
    row = one.row
    if row.said_by == "group" and row.people:
        speaker = ngettext("a group of %(num)s person", "a group of %(num)s persons", row.people)
    else:
        speaker = str(SPEAKERS.get(row.said_by, ""))
    told = ", ".join(filter(None, (one.author, one.organisation)))
    if not told:
        return speaker[:1].upper() + speaker[1:]
    return told if row.said_by == "organisation" else f"{told}, {speaker}"


def card(one: Said, url: str = "", heading_of: str = "", *, whole: bool = False) -> Told:
    """A contribution as pages show it. url: its own page; heading_of: the article it is about."""
    row = one.row
    outcome = OUTCOMES.get(row.outcome)
    short = one.words if whole or len(one.words) <= SHORT else one.words[:SHORT].rsplit(" ", 1)[0] + "…"
    return {
        "number": row.number,
        "url": url,
        "kind": str(KINDS[row.kind]),
        "article": heading_of,
        "who": who(one),
        "how": _("%(source)s on %(day)s", source=SOURCES[row.source], day=format_date(row.said_on, "long")),
        "title": one.title,
        "lines": [line for line in short.split("\n") if line.strip()],
        "cut": short != one.words,
        "erased": one.erased,
        "lang": row.lang if row.lang not in ("", "other") else "",
        "state": row.state,
        "shown": row.shown,
        "outcome": (outcome[0], str(outcome[1])) if outcome else None,
        "reason": one.reason,
    }


def link_to(row: Consultation, one: Contribution) -> str:
    return url_for("charter.contribution", reference=row.reference, number=one.number)


def crumbs(row: Consultation, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way down to a page of a draft."""
    return [
        (url_for("charter.drafts", operation=row.operation_id), _("Texts under discussion")),
        (url_for("charter.draft", reference=row.reference), row.title),
        *more,
    ]


def edition_version(held: Edition | None) -> int:
    """What a page says it showed of the version that is being written."""
    return held.version if held is not None else 0
