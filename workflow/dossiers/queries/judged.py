"""What approvals asks of a dossier: conditions, marks, relations, the words of its lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from sqlalchemy import select

from forms.expressions import ExpressionError, compile, parse
from forms.expressions.values import to_boolean, to_text
from forms.instance import Instance
from workflow import access
from workflow.access import Identity
from workflow.catalogue.queries import version
from workflow.db import db
from workflow.dossiers.models import AnswerSet, Dossier, Fact
from workflow.dossiers.queries.agreed import agreements, controller_of
from workflow.dossiers.queries.answers import form_of, present_set, section_marks
from workflow.dossiers.queries.dossiers import by_subject
from workflow.dossiers.queries.freshness import Freshness, freshness, surely_fresh
from workflow.dossiers.queries.whom import called
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
        self.fresh.instance.recompute()
        return self.fresh.instance

    @cached_property
    def fresh(self) -> Freshness:
        return freshness(self.row, self.stored)

    def stale(self) -> tuple[str, ...]:
        return () if surely_fresh(self.row, self.stored) else self.fresh.sections()

    @property
    def shown(self) -> str:
        return self.stored.fingerprint

    @property
    def section_hashes(self) -> Mapping[str, str]:
        return Marks(self)

    def holds(self, condition: str) -> bool:
        return met(self.instance, condition)

    def said(self, path: str) -> str:
        return to_text(compile(parse(path))(self.instance.at(self.instance.root))) if path else ""


def met(instance: Instance, condition: str) -> bool:
    """A condition that cannot be evaluated is not met."""
    try:
        return to_boolean(compile(parse(condition))(instance.at(instance.root)))
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
    """Organisations by what they are to the dossier. A procedure may have an answer say so (`relations` in its
    procedure.yaml): the landlord of an offer is that of the dwelling offered.
    """
    row = by_subject(subject)
    usual = {"controller": controller_of(row.operation_id)}
    if row.household is not None:
        usual["landlord"] = row.household.landlord
    return usual | _answered_relations(row)


def _answered_relations(row: Dossier) -> dict[str, str]:
    """From the published facts: known once the answers were handed on."""
    asked = version(row.procedure).settings.get("relations", {})
    if not asked:
        return {}
    told = select(Fact.path, Fact.text).where(Fact.dossier_id == row.id, Fact.path.in_(asked.values()))
    by_path = {path: text for path, text in db.session.execute(told)}
    return {name: by_path[path] for name, path in asked.items() if by_path.get(path)}


def outsider(subject: str) -> str:
    """Under which id the household acts, which has no account; nobody is meant where there is none."""
    row = by_subject(subject)
    return f"household:{row.household_id}" if row.household_id else ""


def recipients(subject: str) -> frozenset[str] | None:
    """Organisations that may receive the file: the one that answers for the operation, and those the household ticked.
    What is about the whole operation asks no household.
    """
    row = by_subject(subject)
    if row.household_id is None:
        return None
    return agreements(row) | {controller_of(row.operation_id)}


def sentences(subjects: Iterable[str], identity: Identity) -> dict[str, dict[str, Any]]:
    """How lists of tasks speak of these dossiers to this reader: by name only where names may be read.

    whole: it is about the whole operation, and `who` what it is called.
    """
    wanted = {subject.removeprefix("dossier:") for subject in subjects}
    rows = list(db.session.scalars(select(Dossier).where(Dossier.id.in_(wanted))))
    parts = {operation: zones(operation) for operation in {row.operation_id for row in rows}}
    homes = select(Building).where(Building.id.in_({row.about.building_id for row in rows}))
    buildings = {building.id: {"fr": building.name} for building in db.session.scalars(homes)}
    names = called((row for row in rows if row.household is None), identity.lang)
    found = {}
    for row in rows:
        home, named = row.about, access.may_read_names(identity.at(row.slug), row.operation_id)
        where = buildings.get(home.building_id) if named else parts[row.operation_id].get(home.zone)
        found[row.subject] = {
            "page": "dossiers.dossier",
            "reference": row.reference,
            "household": home.reference if row.household else row.reference,
            "who": names.get(row.subject) or ((home.name or None) if named else None),
            "where": where or {},
            "whole": row.household is None,
        }
    return found
