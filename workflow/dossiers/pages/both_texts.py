"""Two people wrote the same answers: both texts, question by question, before one of them stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from forms.explaining import shown
from forms.instance import Instance
from forms.merging import BOTH, MINE, THEIRS, Said, choice
from forms.pages import name_of
from forms.visibility import label_for
from workflow.dossiers.actions.sharing import SETTLED, Differs, Held
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.wording import moment, time_of_day
from workflow.dossiers.queries.shown import page_key

WRITTEN = frozenset({"text", "multiline"})
"""Kinds of questions of which two answers can stand one after the other."""


class BothTexts:
    """The answers to settle of one page. Made while `instance` still says what the others wrote."""

    def __init__(self, page: Page, instance: Instance, differs: Differs) -> None:
        self.page, self.instance, self.differs = page, instance, differs
        self.key = page_key(page.file.stored) if page.file.stored else b""
        self.theirs = {said.path: self._shown(said.path) for said in differs.compared.conflicts}

    def lines(self) -> list[dict[str, Any]]:
        """Once `instance` says what this page says."""
        return [self._line(said) for said in self.differs.compared.conflicts]

    def _line(self, said: Said) -> dict[str, Any]:
        who, when = self._by(said.path)
        question = self.instance.question(said.path)
        return {
            "id": name_of(said.path),
            "name": f"{SETTLED}{name_of(said.path)}",
            "label": self._label(said.path),
            "who": who,
            "when": when,
            "theirs": self.theirs[said.path],
            "mine": self._shown(said.path),
            "choices": {which: choice(which, said, self.key) for which in (THEIRS, MINE)},
            "both": choice(BOTH, said, self.key) if question.kind in WRITTEN and said.before and said.text else "",
        }

    def _by(self, path: str) -> tuple[str, str]:
        told = self.differs.by.get(path) or ["", ""]
        mine = told[0] == self.page.identity.person
        who = _("you, on another page") if mine else self.page.people.name(told[0] or None) or _("somebody else")
        return who, time_of_day(datetime.fromisoformat(told[1]), self.page.zone) if told[1] else ""

    def _shown(self, path: str) -> str:
        return shown(self.instance, self.instance.node(path), self.page.form_lang)

    def _label(self, path: str) -> str:
        node, question = self.instance.node(path), self.instance.question(path)
        return label_for(self.instance, question.label, self.page.form_lang, node, self.page.file.lens)


def held(page: Page, problem: Held) -> dict[str, str]:
    """Who took the section, and when, in words."""
    return {"who": page.people.name(problem.hold.person), "when": moment(problem.hold.since, page.zone)}
