"""What every page of one dossier says of it: whose it is, its reference, where it stands."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from flask import g, url_for

from workflow.access import Identity
from workflow.dossiers import queries
from workflow.dossiers.pages.choices import ChoicesOf
from workflow.dossiers.pages.course import CourseOf
from workflow.dossiers.pages.history import History
from workflow.dossiers.pages.people_of import PeopleOf
from workflow.dossiers.pages.tongues import Tongue, tongue_of
from workflow.dossiers.queries import File
from workflow.operations.queries import operation
from workflow.web.spoken import label, lang


class Page:
    """One dossier before the person of this request. NotFound when they may not open it."""

    def __init__(self, reference: str) -> None:
        self.file: File = queries.file(g.identity, reference)
        self.identity: Identity = self.file.identity
        self.people = PeopleOf(self.file)
        if self.whole:
            g.stands_in = "dossiers.of_operation"  # its place in the menu

    @property
    def reference(self) -> str:
        return self.file.row.reference

    @property
    def lang(self) -> str:
        return lang()

    @property
    def form_lang(self) -> str:
        return queries.form_lang(self.file.published.form, self.lang)

    @cached_property
    def tongue(self) -> Tongue:
        """In which language the questions are read."""
        return tongue_of(self.file.published.form, self.reference)

    @cached_property
    def zone(self) -> str:
        place = operation(self.file.row.operation_id)
        return place.zone if place else "Europe/Paris"

    @cached_property
    def course(self) -> CourseOf:
        return CourseOf(self.file, self.people, self.zone)

    @cached_property
    def choices(self) -> ChoicesOf:
        return ChoicesOf(self.file, self.people, self.course)

    @cached_property
    def history(self) -> History:
        return History(self.file, self.people, self.zone, self.lang)

    @property
    def whole(self) -> bool:
        """Whether it is about the whole operation. What it is called says its procedure; its place is said beside."""
        return self.file.row.household_id is None

    @cached_property
    def operation(self) -> str:
        place = operation(self.file.row.operation_id)
        return place.name if place else ""

    @property
    def url(self) -> str:
        return url_for("dossiers.dossier", reference=self.reference)

    def frame(self) -> dict[str, Any]:
        """Handed to every template of the dossier."""
        about = self.file.row.about
        return {
            "household": self.people.household,
            "reference": self.reference,
            "procedure": self.operation if self.whole else label(self.file.published.label),
            "where": ", ".join(filter(None, (about.address, about.dwelling))) if self.file.names else "",
            "whole": self.whole,
            "badge": self.course.badge(),
            "back_url": self.url,
        }
