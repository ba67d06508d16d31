"""One letter to many households before the person of this request."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext as _

from workflow.dossiers.models import Household
from workflow.writing.models import LetterLine, LetterRun, Written
from workflow.writing.pages.about import About
from workflow.writing.pages.letters import the_operation
from workflow.writing.queries import letters as found

PATH = "/operations/<operation>/letters/<run>"


class Desk:
    """A run before the person of this request, with its lines, households and deeds of writing."""

    def __init__(self, run_id: str) -> None:
        self.about: About = the_operation()
        self.row: LetterRun = found.run(g.identity, self.about.place.id, run_id)

    @cached_property
    def lines(self) -> list[LetterLine]:
        return found.lines(self.row)

    @cached_property
    def homes(self) -> dict[str, Household]:
        return found.households_of(self.lines)

    @cached_property
    def deeds(self) -> dict[str, Written]:
        return found.written_of(self.row)

    @property
    def url(self) -> str:
        return self.at("run")

    def at(self, endpoint: str, **more: Any) -> str:
        return url_for(f"writing.{endpoint}", operation=self.row.operation_id, run=self.row.id, **more)

    @staticmethod
    def of_lot(row: LetterRun) -> str:
        """The page of another lot of the same letter."""
        return url_for("writing.run", operation=row.operation_id, run=row.id)

    @property
    def sent_version(self) -> int:
        told = request.form.get("version", "")
        return int(told) if told.isascii() and told.isdigit() and len(told) < 9 else 0

    def back(self, done: str = "") -> Any:
        if done:
            flash(done, "done")
        return redirect(self.url, code=303)

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        return [(url_for("writing.letters", operation=self.row.operation_id), _("Letters to several households"))]
