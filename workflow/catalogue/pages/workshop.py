"""The form an operation, or a landlord, is changing in its pages: whose it is, what was changed, how it reads now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _

from forms.adapting import Change, NotPossible, home
from forms.structure import Form, Group, Question
from workflow.catalogue import queries
from workflow.catalogue.actions.adapting import may_adapt
from workflow.catalogue.models import Adaptation
from workflow.catalogue.pages import words
from workflow.catalogue.queries.adapting import (
    LANDLORD,
    OPERATION,
    Holder,
    Preview,
    adaptation,
    drafted,
    ground,
    in_force,
    preview,
)
from workflow.errors import NotFound
from workflow.operations import queries as operations
from workflow.people import queries as people
from workflow.web import spoken
from workflow.web.editing import Crumb
from workflow.web.places import here


@dataclass
class Workshop:
    """`changes` as they are to become; `known` those in use."""

    holder: Holder
    slug: str
    row: Adaptation | None
    changes: tuple[Change, ...]

    @property
    def seen(self) -> int:
        """What a page shows back when it is sent."""
        return self.row.version if self.row else 0

    @property
    def waiting(self) -> bool:
        return self.row is not None and self.row.pending is not None

    @cached_property
    def known(self) -> tuple[Change, ...]:
        return in_force(self.row)

    @cached_property
    def preview(self) -> Preview:
        return preview(self.holder, self.slug, self.changes)

    @cached_property
    def form(self) -> Form:
        """The form as it would be; the one below it when these changes cannot be used."""
        return self.preview.form or queries.version(self.preview.base).form

    @property
    def lang(self) -> str:
        return spoken.lang() if spoken.lang() in self.form.languages else self.form.default_language

    @cached_property
    def title(self) -> str:
        return spoken.label(ground(self.holder, self.slug).label)

    @cached_property
    def place(self) -> str:
        """The operation or the landlord, by name."""
        if self.holder.kind == OPERATION:
            row = operations.operation(self.holder.id)
            return row.name if row else ""
        return people.organisation_names().get(self.holder.id, "")

    def url(self, page: str = "adapt", **more: Any) -> str:
        return url_for(f"catalogue.{page}", **{self.holder.kind: self.holder.id}, slug=self.slug, **more)

    def section_url(self, at: str) -> str:
        """The page of the form on which something stands."""
        return self.url(section=at.partition("/")[0] if "/" in at else "", _anchor=anchor(at))

    @property
    def crumbs(self) -> list[Crumb]:
        if self.holder.kind == OPERATION:
            above = url_for("exchange.overview", operation=self.holder.id)
        else:
            above = url_for("people.organisation", slug=self.holder.id)
        return [(above, self.place), (self.url(), self.title)]

    def path(self, at: str) -> str:
        return f"{self.form.root.path}/{at}" if at else self.form.root.path

    def at(self, path: str) -> str:
        return path.removeprefix(f"{self.form.root.path}/") if path != self.form.root.path else ""

    def part(self, at: str) -> Question | Group:
        """Raises NotFound."""
        found = self.form.questions.get(self.path(at)) or self.form.groups.get(self.path(at))
        if found is None or not at:
            raise NotFound()
        return found

    def label(self, at: str) -> str:
        part = self.form.questions.get(self.path(at)) or self.form.groups.get(self.path(at))
        return (part.label[self.lang] if part else "") or at.rpartition("/")[2]

    def of(self, at: str) -> list[int]:
        """The places, in the list, of the changes to one thing."""
        first = home(self.changes, at)
        return [place for place, one in enumerate(self.changes) if one.at in {at, first}]

    def change(self, do: str, at: str) -> Change | None:
        return next((self.changes[place] for place in self.of(at) if self.changes[place].do == do), None)

    def siblings(self, at: str) -> list[str]:
        """What stands in the same group, in order, itself included."""
        group = self.form.groups[self.path(at).rpartition("/")[0]]
        return [self.at(child.path) for child in group.children]


def workshop(slug: str, operation: str = "", organisation: str = "") -> Workshop:
    """Raises NotFound for whoever may not change this form there."""
    holder = Holder(OPERATION, operation) if operation else Holder(LANDLORD, organisation)
    may_adapt(g.identity, holder)
    if operation:
        here(g.identity)
    row = adaptation(holder, slug)
    found = Workshop(holder, slug, row, drafted(row))
    found.title  # noqa: B018  a form that is not used here has no page
    return found


def anchor(at: str) -> str:
    return f"q-{at.replace('/', '-')}"


def reason(no: NotPossible) -> str:
    """Why not, and what follows from it."""
    return " ".join(_(text, **no.params) for text in (no.why, no.so) if text)


def hidden(part: Question | Group) -> bool:
    return part.relevant is not None and part.relevant.text == "false()"


def seen_parts(group: Group) -> Iterator[Question | Group]:
    """What a page shows of a group: not what works in silence."""
    for child in group.children:
        if isinstance(child, Group) or (child.kind != "hidden" and bool(child.label)):
            yield child


def facts(question: Question) -> list[str]:
    """How a question is asked, in a few words."""
    told = [str(words.KINDS.get(question.kind, question.kind))]
    if question.computed:
        return [_("calculated")]
    if question.asked:
        told.append(_needed(question))
    if question.relevant is not None and not hidden(question):
        told.append(_("asked in some cases"))
    return told


def _needed(question: Question) -> str:
    if question.required is None or question.required.text == "false()":
        return _("optional")
    return _("obligatory") if question.required.text == "true()" else _("obligatory in some cases")


def obligatory(question: Question) -> bool:
    return question.required is not None and question.required.text != "false()"
