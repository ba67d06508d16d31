"""Where an answer comes from, in a sentence: who, when, from what. For colleagues, or for the household itself."""

from __future__ import annotations

from datetime import date, datetime
from functools import cached_property
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from forms.explaining import explain, reads_only
from forms.provenance import CONFIRMED, SEEN
from forms.visibility import Lens, may_see
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.wording import day, full_day

ASKED = "origins"
"""In the address of a page: say where each answer comes from."""

_COLLEAGUE = {
    "declared": later("Told to %(who)s, %(day)s"),
    "prefilled": later("Taken over from the household’s file, %(day)s"),
    "paper": later("Keyed by %(who)s, %(day)s"),
    "phone": later("Sent from the telephone of %(who)s, %(day)s"),
    "import": later("Taken over from a file by %(who)s, %(day)s"),
    "earlier": later("Taken over from the version before, %(day)s"),
    "seen": later("Seen on a document by %(who)s, %(day)s"),
    "confirmed": later("Confirmed unchanged with %(who)s, %(day)s"),
}
_HOUSEHOLD = {
    "declared": later("You told %(who)s, %(day)s"),
    "prefilled": later("Known from your file, %(day)s"),
    "paper": later("Copied from paper by %(who)s, %(day)s"),
    "phone": later("You told %(who)s, %(day)s"),
    "import": later("Taken over from another file, %(day)s"),
    "earlier": later("Taken over from an earlier interview, %(day)s"),
    "seen": later("Seen on a document by %(who)s, %(day)s"),
    "confirmed": later("You confirmed it to %(who)s, %(day)s"),
}
_WRITTEN = later("Written by %(who)s, %(day)s")


class Origins:
    """The sentences of one dossier before one reader, through a lens. household: said to the household itself."""

    def __init__(self, page: Page, lens: Lens | None = None, *, household: bool = False) -> None:
        self.page, self.lens = page, lens or page.file.lens
        self.words = _HOUSEHOLD if household else _COLLEAGUE

    def of(self, path: str) -> str:
        """Empty for an answer nobody knows anything about: those stored before lines were kept."""
        if path in self.computed:
            return self._computed(path)
        line = self.page.file.lines.get(path)
        return self._sentence(line) if line else ""

    @cached_property
    def computed(self) -> frozenset[str]:
        instance = self.page.file.instance
        return (
            frozenset(path for path, _node, question in instance.leaves() if question.computed)
            if instance
            else frozenset()
        )

    def _sentence(self, line: list[Any]) -> str:
        who, when, source, *more = line
        words = str(self.words.get(source, _WRITTEN))
        said = words % {"who": self.page.people.name(who), "day": self._day(when)}
        further = more[0] if more else None
        if source in {SEEN, CONFIRMED} and isinstance(further, list):
            return _("%(one)s; before that: %(other)s", one=said, other=_lowered(self._sentence(further)))
        if source == "paper" and isinstance(further, dict) and further.get("on"):
            return _(
                "%(one)s, from the paper of %(day)s", one=said, day=full_day(date.fromisoformat(further["on"][:10]))
            )
        return said

    def _day(self, when: str) -> str:
        return day(datetime.fromisoformat(when), self.page.zone)

    def _computed(self, path: str) -> str:
        """The formula with what it reads, where the reader may read all of it."""
        instance = self.page.file.instance
        node, question = instance.node(path), instance.question(path)
        rule = question.calculation
        if rule is None or not reads_only(instance, rule, node, lambda read: may_see(read, self.lens)):
            return _("Worked out from other answers")
        found = explain(instance, node, question, self.page.form_lang)
        if found.formula:
            return _("Worked out: %(formula)s", formula=found.formula)
        read = ", ".join(dict.fromkeys(one.label for one in found.inputs if one.label))
        return _("Worked out from: %(answers)s", answers=read) if read else _("Worked out from other answers")


def _lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def asked() -> bool:
    """Whether the address asks where answers come from."""
    return ASKED in request.args


def switch(page: Page, endpoint: str, fragment: str = "") -> dict[str, Any]:
    """The link that shows the sentences or hides them again, on the same page."""
    told = {} if asked() else {ASKED: 1}
    tongue = {"tongue": request.args["tongue"]} if "tongue" in request.args else {}
    url = url_for(endpoint, reference=page.reference, _anchor=fragment or None, **told, **tongue)
    return {"url": url, "shown": asked()}
