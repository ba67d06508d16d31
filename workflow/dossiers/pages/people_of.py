"""Who is spoken of in a dossier, as this reader may name them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property
from typing import Any

from flask_babel import gettext as _

from workflow.approvals.queries.ways import LINK, SITTING, sitting_body, sitting_day, way_of
from workflow.circuit.model import Step
from workflow.dossiers.pages.wording import full_day, one_of
from workflow.dossiers.queries import File
from workflow.dossiers.queries.personal_links import LETTER, MAIL, code_by
from workflow.dossiers.queries.whom import called
from workflow.people import queries as people
from workflow.web.spoken import label, lang


class PeopleOf:
    """Names for one dossier and one reader: the household's own only where names may be read."""

    def __init__(self, file: File) -> None:
        self.file = file
        self._known: dict[str, str] = {}
        self._sitting_day, self._sitting_body = cache(sitting_day), cache(sitting_body)

    @cached_property
    def household(self) -> str:
        """The family's name, or its reference for who may not read names; what a whole operation’s file is called."""
        row = self.file.row.household
        if row is None:
            return called([self.file.row], lang())[self.file.row.subject]
        return row.name if self.file.names and row.name else _("Household %(reference)s", reference=row.reference)

    def name(self, person: str | None) -> str:
        if person is None:
            return ""
        if person.startswith("household:"):
            return self.household
        if person not in self._known:
            self._known[person] = people.names([person]).get(person, _("somebody"))
        return self._known[person]

    @cached_property
    def _organisations(self) -> dict[str, str]:
        return people.organisation_names()

    def organisation(self, slug: str | None) -> str:
        return self._organisations.get(slug or "", "")

    def named(self, person: str, organisation: str | None) -> str:
        """Sonia Mendès (ACTIS)."""
        of = self.organisation(organisation)
        return f"{self.name(person)} ({of})" if of else self.name(person)

    def actor(self, by: Mapping[str, Any], capacity: str = "") -> str:
        """Who acted, in what capacity, for whom, in which sitting or by a link, and who entered it."""
        if not by.get("person"):
            return ""
        spoke = ", ".join(filter(None, (self.named(by["person"], by.get("organisation")), capacity)))
        if by.get("on_behalf_of"):
            absent = self.name(by["on_behalf_of"])
            spoke = _("%(who)s, on behalf of %(absent)s, who was away", who=spoke, absent=absent)
        kind, ident = way_of(by)
        if kind == SITTING:
            spoke = self._in_sitting(spoke, ident)
        elif kind == LINK:
            spoke = self._by_link(spoke, ident)
        if by.get("recorded_by"):
            spoke = _("%(who)s, entered by %(other)s", who=spoke, other=self.name(by["recorded_by"]))
        return spoke

    def _by_link(self, who: str, ident: str) -> str:
        words = {
            MAIL: _("%(who)s, by a personal link, code by mail", who=who),
            LETTER: _("%(who)s, by a personal link, code on paper", who=who),
        }
        return words.get(code_by(ident), who)

    def _in_sitting(self, who: str, ident: str) -> str:
        day, body = self._sitting_day(ident), label(self._sitting_body(ident))
        if day is None:
            return _("%(who)s, in a sitting", who=who)
        if not body:
            return _("%(who)s, in the sitting of %(day)s", who=who, day=full_day(day))
        return _("%(who)s, in sitting (%(body)s, %(day)s)", who=who, body=body, day=full_day(day))

    def asked(self, step: Step, seats: tuple, recorders: tuple[str, ...] = ()) -> str:
        """Whom a step asks: a body by its name, the household with its officers, otherwise persons."""
        if step.who.body:
            body = people.body(self.file.row.operation_id, step.who.body)
            return label(body.label) if body else ""
        if "household" in step.who.role:
            return _("The household, with %(who)s", who=one_of(self.name(person) for person in recorders))
        return one_of(dict.fromkeys(self.named(seat.person, seat.organisation) for seat in seats))
