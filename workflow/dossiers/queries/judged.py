"""What approvals asks of a dossier: conditions, marks, relations, the words of its lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from sqlalchemy import select

from forms.expressions import ExpressionError, compile, parse
from forms.expressions.values import to_boolean
from forms.instance import Instance
from workflow import access
from workflow.access import Identity
from workflow.db import db
from workflow.dossiers.models import AnswerSet, Dossier
from workflow.dossiers.queries.agreed import agreements, controller_of
from workflow.dossiers.queries.answers import form_of, opened, present_set, section_marks
from workflow.dossiers.queries.dossiers import by_subject
from workflow.operations.models import Building
from workflow.operations.queries import zones


class Answers:
    """The answers of a dossier as they stand, each side of them looked up only when a judgement asks."""

    def __init__(self, row: Dossier) -> None:
        self.row = row

    @cached_property
    def stored(self) -> AnswerSet:
        return present_set(self.row)

    @cached_property
    def instance(self) -> Instance:
        instance = opened(self.row, self.stored)[0]
        instance.recompute()
        return instance

    @property
    def shown(self) -> str:
        return self.stored.fingerprint

    @property
    def section_hashes(self) -> Mapping[str, str]:
        return Marks(self)

    def holds(self, condition: str) -> bool:
        """A condition that cannot be evaluated is not met."""
        try:
            return to_boolean(compile(parse(condition))(self.instance.at(self.instance.root)))
        except ExpressionError:
            return False


class Marks(Mapping[str, str]):
    """Section hashes: those kept beside the answers; computed for answers stored before they were kept."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers

    @cached_property
    def found(self) -> dict[str, str]:
        return self.answers.stored.marks or section_marks(self.answers.row, self.answers.instance)

    def __getitem__(self, name: str) -> str:
        return self.found[name]

    def __iter__(self) -> Iterator[str]:
        return (group.name for group in form_of(self.answers.row).sections)

    def __len__(self) -> int:
        return len(form_of(self.answers.row).sections)


def relations(subject: str) -> dict[str, str]:
    row = by_subject(subject)
    return {"landlord": row.household.landlord, "controller": controller_of(row.operation_id)}


def recipients(subject: str) -> frozenset[str]:
    """Organisations that may receive the file: the one that answers for the operation, and those ticked."""
    row = by_subject(subject)
    return agreements(row) | {controller_of(row.operation_id)}


def sentences(subjects: Iterable[str], identity: Identity) -> dict[str, dict[str, Any]]:
    """How lists of tasks speak of these dossiers to this reader: by name only where names may be read."""
    wanted = {subject.removeprefix("dossier:") for subject in subjects}
    rows = list(db.session.scalars(select(Dossier).where(Dossier.id.in_(wanted))))
    parts = {operation: zones(operation) for operation in {row.operation_id for row in rows}}
    homes = select(Building).where(Building.id.in_({row.household.building_id for row in rows}))
    buildings = {building.id: {"fr": building.name} for building in db.session.scalars(homes)}
    found = {}
    for row in rows:
        home, named = row.household, access.may_read_names(identity, row.operation_id)
        where = buildings.get(home.building_id) if named else parts[row.operation_id].get(home.zone)
        found[row.subject] = {
            "page": "dossiers.dossier",
            "reference": row.reference,
            "household": home.reference,
            "who": (home.name or None) if named else None,
            "where": where or {},
        }
    return found
