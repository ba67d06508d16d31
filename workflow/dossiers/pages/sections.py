"""The sections of a form at the side of the page: what is done, what is missing, what is closed."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from forms.compiler import name_of
from forms.growing import leaves
from forms.instance import AnswerError, Instance
from forms.structure import Group
from forms.visibility import errors_for, may_open, may_see_at
from workflow.dossiers.actions import editable
from workflow.dossiers.pages.ageing import too_old
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.together import Together
from workflow.dossiers.queries.asked_at import comes_later, in_the_way
from workflow.web.spoken import label

MISSING_SHOWN = 5
"""Missing answers that a list of sections names; the section itself shows them all."""


class SectionsOf:
    """The sections that this reader sees something of; `current` is the name of the one shown now, if any."""

    def __init__(self, page: Page, instance: Instance, current: str = "") -> None:
        self.page, self.instance, self.current = page, instance, current
        self.all: tuple[Group, ...] = tuple(
            group for group in page.file.published.form.sections if self.stands(group) or group.name == current
        )
        self.together = Together(page)

    @cached_property
    def _editable(self) -> frozenset[str]:
        return editable(self.page.file.known, self.page.file.published) if self.page.file.fills else frozenset()

    @cached_property
    def errors(self) -> dict[str, list[AnswerError]]:
        """What stands between these answers and being sent, by path of section, in the order of the form."""
        found: dict[str, list[AnswerError]] = {}
        told = errors_for(self.instance, self.instance.errors(), self.page.file.lens)
        for error in in_the_way(self.page.file, self.instance, told):
            found.setdefault(self.instance.question(error.path).page, []).append(error)
        return found

    def stands(self, section: Group) -> bool:
        """Whether this reader sees anything of a section, now or once other answers call for it."""
        return may_open(self.instance, section, self.page.file.lens)

    def editable(self, section: Group) -> bool:
        return section.name in self._editable

    def open(self, section: Group) -> bool:
        """Whether the answers so far call for this section."""
        return any(node.relevant for node in self.instance.engine.nodes(section.path))

    def url(self, section: Group, *, strict: bool = False) -> str:
        more = {"strict": 1} if strict else {}
        return url_for("dossiers.fill", reference=self.page.reference, section=section.name, **more)

    def url_of(self, path: str) -> str | None:
        """Where the answer at a path is changed; None when it cannot be."""
        question = self.instance.question(path)
        section = next((group for group in self.all if group.path == question.page), None)
        if section is None or not self.editable(section) or not question.asked:
            return None
        return f"{self.url(section, strict=True)}#{name_of(path)}"

    def label(self, section: Group) -> str:
        """The title of a page; a page without one is called like the procedure."""
        return section.label[self.page.form_lang] or label(self.page.file.published.label)

    # -- at the side

    def listed(self) -> list[dict[str, Any]]:
        return [self._line(section) for section in self.all]

    def _line(self, section: Group) -> dict[str, Any]:
        state, words = self._state(section)
        return {
            "url": self.url(section),
            "label": self.label(section),
            "state": state,
            "state_label": words,
            "current": section.name == self.current,
            "others": self.together.line(section.name),
        }

    def _state(self, section: Group) -> tuple[str, str]:
        if not self.open(section) or comes_later(self.page.file, section):
            return "closed", _("opens later")
        if self.page.file.fills and not self.editable(section):
            return "closed", _("not to be changed")
        errors = self.errors.get(section.path, [])
        wrong = [error for error in errors if error.kind != "required"]
        if wrong:
            return "late", ngettext("%(num)s answer to correct", "%(num)s answers to correct", len(wrong))
        if errors:
            return "todo", ngettext("%(num)s answer missing", "%(num)s answers missing", len(errors))
        if section.name in self._too_old:
            return "waiting", _("to confirm or correct")
        return ("done", _("complete")) if section.path in self._answered else ("todo", _("to fill in"))

    @cached_property
    def _too_old(self) -> frozenset[str]:
        """The sections that cannot be sent as they are: their answers have aged."""
        file = self.page.file
        return too_old(file) if file.fills and file.instance else frozenset()

    @cached_property
    def _answered(self) -> frozenset[str]:
        """The sections in which something is answered."""
        asked = leaves(self.instance.root, self.instance.form)
        return frozenset(question.page for node, question in asked if node.relevant and node.text and question.asked)

    def tasks(self) -> list[dict[str, Any]]:
        """The sections with how much of each is answered, what one may do about it, and who took it."""
        return [self._task(section) for section in self.all]

    def _task(self, section: Group) -> dict[str, Any]:
        asked, answered = self._counted.get(section.path, (0, 0))
        open_here = self.open(section) and self.editable(section)
        held = self.together.held(section.name)
        return self._line(section) | {
            "asked": asked,
            "answered": answered,
            "open": open_here,
            "missing": self._missing(section) if open_here and answered else [],
            "held": held is not None,
            "take_url": url_for("dossiers.take_section", reference=self.page.reference, section=section.name),
        }

    def _missing(self, section: Group) -> list[dict[str, str]]:
        """The first answers that are missing or wrong, each with where to give it."""
        found = self.errors.get(section.path, [])[:MISSING_SHOWN]
        lang = self.page.form_lang
        return [{"label": self.instance.label(one.path, lang), "url": self.url_of(one.path) or ""} for one in found]

    @cached_property
    def _counted(self) -> dict[str, tuple[int, int]]:
        """{path of a section: (questions asked of this reader now, those answered)}."""
        found: dict[str, tuple[int, int]] = {}
        form, lens = self.instance.form, self.page.file.lens
        for _path, node, question in self.instance.leaves():
            if node.relevant and question.asked and question.label and may_see_at(form, question, node, lens):
                asked, answered = found.get(question.page or "", (0, 0))
                found[question.page or ""] = (asked + 1, answered + bool(node.text))
        return found

    def next_to_fill(self) -> str:
        """The first section that is not complete; empty when all are."""
        left = [one for one in self._way() if self._state(one)[0] != "done" and not self.together.held(one.name)]
        return self.url(left[0]) if left else ""

    # -- the way through

    def _way(self) -> list[Group]:
        return [section for section in self.all if self.editable(section) and self.open(section)]

    def place(self) -> dict[str, int]:
        """Which section of how many."""
        names = [section.name for section in self.all]
        return {"number": names.index(self.current) + 1, "count": len(names)}

    def first_url(self) -> str:
        """The first section that may be filled in."""
        return self.url((self._way() or list(self.all))[0])

    def next_url(self) -> str:
        """The next section that may be filled in; after the last one, the page that checks everything."""
        names = [section.name for section in self.all]
        later = [one for one in self._way() if names.index(one.name) > names.index(self.current)]
        return self.url(later[0]) if later else url_for("dossiers.check_answers", reference=self.page.reference)
