"""What a body is asked, form by form and step by step: only within one of these can all say the same thing at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from flask_babel import gettext as _

from workflow.approvals.models import Course, Item
from workflow.approvals.queries import courses
from workflow.catalogue.queries import version
from workflow.catalogue.rules import variant_in, variants_of
from workflow.web.spoken import label as said


@dataclass(frozen=True)
class Asked:
    """One step of one course of one form. key: names it in an address; rank: its place among those of the form."""

    key: str
    form: str
    step: str
    course: str
    rank: int

    @property
    def words(self) -> str:
        return _("%(form)s: %(step)s", form=self.form, step=self.step)

    @property
    def order(self) -> tuple[str, str, int]:
        return self.form, self.course, self.rank


class Line(Protocol):
    """A dossier in a list, whatever else the list says of it."""

    @property
    def what(self) -> Asked: ...


def asked_at(course: Course, step: str) -> Asked:
    """What is asked at a step of the version that a dossier is on."""
    published = version(course.procedure)
    name = variant_in(published.settings)
    labels = {one.name: said(one.label) for one in variants_of(published.settings)}
    steps = [one.id for one in published.circuit.steps()]
    return Asked(
        key="-".join(filter(None, (published.slug, name, step))),
        form=said(published.label),
        step=said(published.circuit.step(step).label),
        course=labels.get(name, ""),
        rank=steps.index(step),
    )


def groups(lines: Iterable[Any]) -> list[tuple[str, str, list[Any]]]:
    """[(key, heading, its lines)] in the order of their first lines; a course is named where it tells two apart."""
    found: dict[Asked, list[Any]] = {}
    for line in lines:
        found.setdefault(line.what, []).append(line)
    alike = Counter(what.words for what in found)
    return [(what.key, _heading(what, alike), several) for what, several in found.items()]


def _heading(what: Asked, alike: Mapping[str, int]) -> str:
    return f"{what.words} ({what.course})" if alike[what.words] > 1 and what.course else what.words


def in_order(subjects: Sequence[str], known: Mapping[str, Asked]) -> list[str]:
    """The same, those of one form and step together; within them as they stood."""
    return sorted(subjects, key=lambda one: known[one].order if one in known else ("", "", 0))


def several_kinds(agenda: Iterable[Item], subjects: Collection[str]) -> bool:
    """Whether these dossiers are not all at one step of one course of one form."""
    wanted = [one for one in agenda if one.subject in subjects]
    known = courses([one.subject for one in wanted])
    return len({asked_at(known[one.subject], one.step) for one in wanted}) > 1
