"""What people, organisations, bodies and steps are called, and what a deed leads to, in sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache, cached_property
from typing import Any

from flask_babel import gettext as _

from workflow.approvals.models import Course
from workflow.approvals.queries.voices import WAITS, goes_on
from workflow.catalogue.queries import version
from workflow.circuit.deadlines import Calendar
from workflow.operations.queries import operation as find_operation
from workflow.operations.rules import calendar_of
from workflow.people import queries as people
from workflow.web.dates import stamp
from workflow.web.spoken import label as said
from workflow.web.spoken import lang

HERE = "Europe/Paris"  # where an operation takes place unless it says otherwise
OUTCOMES: Mapping[str, str] = {"approved": "validated", "refused": "refused"}


class Words:
    """What organisations, bodies, zones and colleagues are called; each is looked up once for a whole page."""

    def __init__(self) -> None:
        self.organisations = people.organisation_names()
        self._names: dict[str, str] = {}
        self.body = cache(_body_label)
        self._place = cache(find_operation)
        self.calendar = cache(self._calendar_of)

    def know(self, persons: Iterable[str]) -> None:
        """Look up several names at once."""
        missing = {one for one in persons if one} - set(self._names)
        if missing:
            self._names |= dict.fromkeys(missing, "") | people.names(missing)

    def name(self, person: str) -> str:
        self.know([person])
        return self._names.get(person, "")

    def zone(self, operation: str) -> str:
        place = self._place(operation)
        return place.zone if place else HERE

    def _calendar_of(self, operation: str) -> Calendar:
        """Days on which one works there."""
        place = self._place(operation)
        return calendar_of(place.figures) if place else Calendar()

    def operation(self, operation: str) -> str:
        place = self._place(operation)
        return place.name if place else ""


def _body_label(operation: str, slug: str | None) -> str:
    body = people.body(operation, slug) if slug else None
    return said(body.label) if body else ""


class Foretold:
    """Consequences and refusals of one subject, kept as ids and codes, in words."""

    def __init__(self, course: Course, words: Words, reader: str) -> None:
        self.course, self.words, self.reader = course, words, reader
        self.published = version(course.procedure)
        self.circuit = self.published.circuit
        self.stages = {stage.id: said(stage.label) for stage in self.circuit.stages}
        self.steps = {step.id: said(step.label) for step in self.circuit.steps()}

    def consequence(self, told: Iterable[list[Any]]) -> str:
        """`told`: [code, message, params], as they were kept."""
        known = list(told)
        back = {params["stage"] for code, _message, params in known if code == "returns"}
        lines = [self._line(*one) for one in known if not self._goes_without_saying(one, back)]
        return " ".join(dict.fromkeys(lines))

    def refusal(self, message: str, params: Mapping[str, Any]) -> str:
        return _(message, **{name: self._said(name, value) for name, value in params.items()}) if message else ""

    def _goes_without_saying(self, one: list[Any], back: set[str]) -> bool:
        code, _message, params = one
        return (code == "opens" and params["stage"] in back) or (code == "falls" and params["person"] == self.reader)

    def _line(self, code: str, message: str, params: Mapping[str, Any]) -> str:
        if code in ("returns", "opens") and self._is_before(params["stage"], code):
            return self._back(params["stage"])
        if code in WAITS:
            return goes_on(self.circuit.step(params["step"]), params)
        return self.refusal(message, params)

    def _is_before(self, stage: str, code: str) -> bool:
        now = self.circuit.stage_index(self.course.stage) if self.course.stage else 0
        return code == "returns" or self.circuit.stage_index(stage) < now

    def _back(self, stage: str) -> str:
        if self.circuit.stage_index(stage) == self.circuit.author_stage and self.course.author:
            author = self.words.name(self.course.author)
            return _("The dossier goes back to %(person)s, for “%(stage)s”.", person=author, stage=self.stages[stage])
        return _("The dossier goes back to “%(stage)s”.", stage=self.stages[stage])

    def _said(self, name: str, value: Any) -> Any:
        """Ids become what people call these things."""
        tell = self._tellers.get(name)
        return tell(value) if tell else value

    @cached_property
    def _tellers(self) -> Mapping[str, Callable[[Any], str]]:
        return {
            "stage": lambda stage: self.stages.get(stage, ""),
            "step": lambda step: self.steps.get(step, ""),
            "steps": lambda steps: ", ".join(self.steps.get(step, "") for step in steps),
            "other": lambda step: self.steps.get(step, ""),
            "person": self.words.name,
            "left": lambda persons: ", ".join(map(self.words.name, persons)),
            "outcome": lambda outcome: _(OUTCOMES.get(outcome, outcome)),
            "at": lambda at: stamp(datetime.fromisoformat(at), self.words.zone(self.course.operation_id)),
            "sections": lambda names: ", ".join(self._sections(names)),
        }

    def _sections(self, names: Iterable[str]) -> list[str]:
        form, wanted = self.published.form, (lang(), f"({lang()})")
        spoken = next(
            (one for one in form.languages if one == wanted[0] or one.endswith(wanted[1])), form.default_language
        )
        return [one.label[spoken] for one in form.sections if one.name in names]
