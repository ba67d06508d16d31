"""One page of a form under trial: filled in, or read through somebody's eyes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _

from forms.comparing import as_written
from forms.compiler import apply, change_rows, page
from forms.definition import load as load_form
from forms.growing import RowLimit
from forms.instance import Instance
from forms.pages import Item
from forms.structure import Group
from forms.unasked import UnaskedPage, unasked
from forms.visibility import EVERYTHING, view
from workflow import clock
from workflow.access import LENSES
from workflow.catalogue.pages.drafts import Draft
from workflow.catalogue.pages.words import READERS
from workflow.catalogue.rules import around
from workflow.web import spoken


class Trial:
    """`findings` are the remarks of the check, told once, when the form is sent."""

    def __init__(self, draft: Draft, findings: list[dict[str, Any]] | None = None) -> None:
        self.draft = draft
        self.findings = findings or []
        self.form = load_form(draft.xml, draft.lists)
        self.instance = Instance.from_xml(self.form, draft.answers, around(clock.wall()))
        self.strict = False
        self.refusal = ""

    @property
    def section(self) -> Group:
        return next((one for one in self.form.sections if one.name == self.draft.section), self.form.sections[0])

    def take(self, posted: Mapping[str, Any]) -> Trial:
        """What the page sent: answers, rows, another section, another reader."""
        if not self.draft.seen_as:
            apply(self.instance, posted, self.section.path)
            self._rows(posted)
        self.strict = bool(posted.get("check"))
        names = {one.name for one in self.form.sections}
        section = posted.get("go") if posted.get("go") in names else self.section.name
        lang = posted.get("lang") if posted.get("lang") in self.form.languages else self.draft.lang
        reader = posted.get("seen_as", self.draft.seen_as)
        self.draft = replace(
            self.draft,
            answers=self.instance.to_xml(),
            section=str(section),
            lang=str(lang),
            seen_as=reader if reader in READERS else "",
        )
        return self

    def _rows(self, posted: Mapping[str, Any]) -> None:
        try:
            change_rows(self.instance, posted)
        except RowLimit as full:
            self.refusal = _(full.message, **full.params)

    def shown(self) -> dict[str, Any]:
        items = self._items()
        return {
            "name": self.draft.name,
            "draft": self.draft.token,
            "label": self.section.label[self.draft.lang] or self.draft.name,
            "items": items,
            "left_out": self._left_out(),
            "written": as_written,
            "read": self._read(),
            "seen_as": self.draft.seen_as,
            "readers": [("", _("Who fills it in")), *((name, str(words)) for name, words in READERS.items())],
            "tongue": self.draft.lang,
            "marks": spoken.written(self.draft.lang),
            "languages": [(code, spoken.named(code), spoken.written(code)) for code in self.form.languages],
            "sections": [self._line(section) for section in self.form.sections],
            "errors": _summary(items) if self.strict else [],
            "strict": self.strict,
            "refusal": self.refusal,
            "findings": self.findings,
            "next": self._next(),
        }

    def _items(self) -> tuple[Item, ...]:
        if self.draft.seen_as:
            return ()
        found = self.instance.errors(self.section.path)
        errors = [error for error in found if self.strict or error.kind != "required"]
        return page(self.instance, self.section.path, self.draft.lang, errors, EVERYTHING)

    def _left_out(self) -> list[UnaskedPage]:
        """What this page does not ask with these answers, for its author."""
        if self.draft.seen_as:
            return []
        found = unasked(self.instance, EVERYTHING, self.draft.lang)
        return [page for page in found if page.path == self.section.path]

    def _read(self) -> list[Any]:
        """The whole form as another reader sees it."""
        if not self.draft.seen_as:
            return []
        return list(view(self.instance, LENSES[self.draft.seen_as], self.draft.lang).sections)

    def _line(self, section: Group) -> dict[str, Any]:
        open_now = any(node.relevant for node in self.instance.engine.nodes(section.path))
        return {
            "name": section.name,
            "label": section.label[self.draft.lang] or section.name,
            "current": section.name == self.section.name and not self.draft.seen_as,
            "closed": not open_now,
        }

    def _next(self) -> str:
        names = [one.name for one in self.form.sections]
        place = names.index(self.section.name) + 1
        return names[place] if place < len(names) else ""


def _summary(items: tuple[Item, ...]) -> list[dict[str, str]]:
    return [
        {"id": item.id, "label": item.label, "message": item.error_text or _(item.error.message, **item.error.params)}
        for item in _questions(items)
        if item.error
    ]


def _questions(items: tuple[Item, ...]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from _questions(item.children)
        for row in item.rows:
            yield from _questions(row.children)
