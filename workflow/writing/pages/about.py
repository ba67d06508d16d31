"""What a paper is about, before the person of this request: a household, an operation, one of its bodies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _

from workflow import access, clock
from workflow.catalogue.queries.paper_models import PaperModelInUse
from workflow.dossiers.models import Household
from workflow.dossiers.queries import household as household_of
from workflow.dossiers.queries.mending import leads_to
from workflow.errors import Forbidden, NotFound, Refused
from workflow.operations.models import Operation
from workflow.operations.queries import operation as find_operation
from workflow.people import queries as people
from workflow.people.models import Body
from workflow.web.places import here
from workflow.web.spoken import label
from workflow.writing.models import Written
from workflow.writing.queries import entitled, written
from workflow.writing.queries.facts import Around, around

GONE = frozenset(("purged", "closed"))
"""States of a household in which nothing new is written."""


@dataclass(frozen=True)
class About:
    """kind: household | operation | body. NotFound for whoever may not know of it."""

    kind: str
    place: Operation
    household: Household | None = None
    body: Body | None = None

    @cached_property
    def known(self) -> Around:
        return around(self.place)

    @property
    def name(self) -> str:
        """What it is called, for this reader."""
        if self.household is not None:
            named = access.may_read_names(g.identity, self.place.id) and self.household.name
            return named or _("Household %(reference)s", reference=self.household.reference)
        return label(self.body.label) if self.body is not None else self.place.name

    @staticmethod
    def typeset(words: str) -> str:
        """The title of a model as a page shows it: no line begins with a colon."""
        return words.replace(" :", "\u00a0:").replace(" ?", "\u00a0?").replace(" !", "\u00a0!")

    @property
    def back(self) -> str:
        """The page of the thing itself."""
        if self.household is not None:
            return url_for("dossiers.household", household_id=self.household.id)
        if self.body is not None and access.may_come("people.body", g.identity):
            return url_for("people.body", operation=self.place.id, slug=self.body.slug)
        if self.body is not None:
            return url_for("approvals.sittings", operation=self.place.id, body=self.body.slug)
        if access.may_set_up(g.identity, self.place.id):
            return url_for("exchange.overview", operation=self.place.id)
        return url_for("dossiers.of_operation", operation=self.place.id)

    @property
    def papers_url(self) -> str:
        """What was written about it, and what can be."""
        if self.household is not None:
            return url_for("writing.of_household", household_id=self.household.id)
        if self.body is not None:
            return url_for("writing.of_body", operation=self.place.id, body=self.body.slug)
        return url_for("writing.of_operation", operation=self.place.id)

    def write_url(self, slug: str, sitting: str = "") -> str:
        """sitting: chosen already, of a body."""
        if self.household is not None:
            return url_for("writing.to_household", household_id=self.household.id, slug=slug)
        if self.body is not None:
            return url_for(
                "writing.for_body", operation=self.place.id, body=self.body.slug, slug=slug, sitting=sitting or None
            )
        return url_for("writing.for_operation", operation=self.place.id, slug=slug)

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        if self.household is not None:
            return [(url_for("dossiers.households"), _("Households")), (self.back, self.name)]
        return [(self.back, self.name)]

    @property
    def may_write(self) -> bool:
        if self.household is not None:
            follows = entitled.may_write_to_households(g.identity, self.place.id)
            return follows and self.household.state not in GONE
        if self.body is not None:
            return entitled.may_write_of_body(g.identity, self.body)
        return entitled.may_write_of_operation(g.identity, self.place.id)

    def fitting(self) -> list[PaperModelInUse]:
        """The models that can be written from here."""
        return written.fitting(g.identity, self.place.id, self.kind, body=self.body) if self.may_write else []

    def rows(self) -> list[Written]:
        """What was written, the latest first."""
        if self.household is not None:
            return written.of_household(g.identity, self.household)
        return written.of_operation(g.identity, self.place.id, self.body.slug if self.body else "")

    def check_writing(self) -> None:
        """Raises Forbidden, or Refused with the reason."""
        if self.household is not None and self.household.state in GONE:
            raise Refused("household_closed", "The file of this household is closed: nothing can be added to it.")
        if not self.may_write:
            raise Forbidden()


def a_household(household_id: str) -> About:
    row = household_of(g.identity, household_id)
    return About("household", _place(row.operation_id), household=row)


def an_operation() -> About:
    """The operation of the address."""
    return About("operation", _place(here(g.identity)))


def a_body(slug: str) -> About:
    """A body of the operation of the address."""
    place = _place(here(g.identity))
    row = people.body(place.id, slug)
    if row is None:
        raise NotFound()
    return About("body", place, body=row)


def of(row: Written) -> About:
    """What a deed of writing is about."""
    if row.household_id:
        return a_household(leads_to(row.household_id) or row.household_id)
    place = _place(row.operation_id)
    body = people.body(row.operation_id, row.body) if row.body else None
    return About("body" if body else "operation", place, body=body)


def _place(operation: str) -> Operation:
    found = find_operation(operation)
    if found is None:
        raise NotFound()
    return found


def today(about: About) -> Any:
    return clock.today(about.place.zone)
