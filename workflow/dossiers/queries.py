"""Read households, dossiers and answers: always within the scope, always through the reader's lens."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import case, func, select

from forms.definition import Form
from forms.expressions import ExpressionError, Now, compile, parse
from forms.expressions.values import to_boolean
from forms.instance import Instance
from forms.versions import answers_hash, section_hash
from forms.visibility import Lens, View, view
from workflow import access, clock
from workflow.access import Identity
from workflow.approvals import queries as approvals
from workflow.approvals.models import Course, Task
from workflow.approvals.queries import Standing
from workflow.catalogue.queries import Published, version
from workflow.circuit.commands import Submit
from workflow.db import db
from workflow.dossiers.models import DRAFT, HANDED_ON, Agreement, AnswerSet, Contact, Dossier, Household
from workflow.dossiers.rules import STATES, terms
from workflow.errors import NotFound
from workflow.operations.models import Building
from workflow.operations.queries import operation as find_operation
from workflow.operations.queries import zones
from workflow.record.queries import key_of
from workflow.storage import fingerprint, unseal

PAGE = 50


# -- households ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Search:
    """What a list was asked: words, filters, page (from 1)."""

    words: str = ""
    state: str = ""
    building: str = ""
    mine: bool = False
    sort: str = "reference"
    page: int = 1


@dataclass(frozen=True)
class Found:
    """One page of a list, and how many there are in all."""

    rows: list[Household]
    total: int
    page: int
    size: int = PAGE
    dossiers: dict[str, Dossier] = field(default_factory=dict)  # by household id: the latest
    courses: dict[str, Course] = field(default_factory=dict)  # by subject
    tasks: dict[str, list[Task]] = field(default_factory=dict)  # by subject


_BUILDING = select(Building.name).where(Building.id == Household.building_id).scalar_subquery()
_STATE = case({state: rank for rank, state in enumerate(STATES)}, value=Household.state)
SORTS: dict[str, Any] = {
    "reference": (Household.reference,),
    "name": (Household.name == "", Household.search),  # begins with the name, without accents; the erased come last
    "dwelling": (_BUILDING, Household.dwelling),
    "state": (_STATE, Household.reference),
    "since": (Household.state_since, Household.reference),
}
"""How a list may be ordered; with a leading "-", the other way round."""


def households(identity: Identity, operation: str, search: Search, *, everything: bool = False) -> Found:
    """Households this reader may know of; words are looked for without accents or case."""
    asked = _readable(identity, operation)
    column = Household.search if access.may_read_names(identity, operation) else Household.reference
    for term in terms(search.words):
        asked = asked.where(func.lower(column).contains(term, autoescape=True))
    if search.state:
        asked = asked.where(Household.state == search.state)
    if search.building:
        asked = asked.where(Household.building_id == search.building)
    if search.mine:
        asked = asked.where(Household.referent == identity.person)
    total = db.session.scalar(select(func.count()).select_from(asked.subquery())) or 0
    order = SORTS.get(search.sort.removeprefix("-"), SORTS["reference"])
    asked = asked.order_by(*(column.desc() for column in order) if search.sort.startswith("-") else order)
    page = max(1, min(search.page, -(-total // PAGE) or 1))
    if not everything:
        asked = asked.limit(PAGE).offset((page - 1) * PAGE)
    rows = list(db.session.scalars(asked))
    return _with_dossiers(identity, operation, Found(rows, total, page))


def _readable(identity: Identity, operation: str):
    """The controller's people see every household; a landlord's its own; the others those that agreed."""
    asked = select(Household).where(Household.operation_id == operation)
    by_agreement = access.reads_by_agreement(identity, operation)
    if by_agreement is None:
        return asked
    agreed = select(Dossier.household_id).where(Dossier.id.in_(_passed_on_to(by_agreement, operation, identity)))
    if access.may_read_names(identity, operation):
        return asked.where(Household.landlord.in_(by_agreement) | Household.id.in_(agreed))
    return asked.where(Household.id.in_(agreed))


def _passed_on_to(organisations: frozenset[str], operation: str, identity: Identity):
    """Ids of the dossiers a person of these organisations may read: the household agreed, or they answer for the
    operation. Who sits in a body only, reads once its turn has come: the household has then read its copy.
    """
    agreed = _agreed(organisations, operation)
    if access.may_read_names(identity, operation):
        return agreed
    return agreed.where(agreed.selected_columns.dossier_id.in_(approvals.come_to(identity, "dossier")))


def _agreed(organisations: frozenset[str], operation: str):
    if controller_of(operation) in organisations:
        return select(AnswerSet.dossier_id).where(AnswerSet.state == HANDED_ON, AnswerSet.operation_id == operation)
    return select(Agreement.dossier_id).where(Agreement.organisation.in_(organisations))


def _with_dossiers(identity: Identity, operation: str, found: Found) -> Found:
    ids = [row.id for row in found.rows]
    asked = select(Dossier).where(Dossier.household_id.in_(ids)).order_by(Dossier.opened_at)
    by_agreement = access.reads_by_agreement(identity, operation)
    if by_agreement is not None:
        asked = asked.where(Dossier.id.in_(_passed_on_to(by_agreement, operation, identity)))
    found.dossiers.update({row.household_id: row for row in db.session.scalars(asked)})
    subjects = [row.subject for row in found.dossiers.values()]
    found.courses.update(approvals.courses(subjects))
    found.tasks.update(approvals.tasks(subjects))
    return found


def household(identity: Identity, household_id: str) -> Household:
    """One household this reader may know of; NotFound when it is absent or hidden."""
    for operation in sorted(identity.operations):
        row = db.session.scalar(_readable(identity, operation).where(Household.id == household_id))
        if row:
            return row
    raise NotFound()


def states_count(identity: Identity, operation: str) -> dict[str, int]:
    known = _readable(identity, operation).subquery()
    rows = db.session.execute(select(known.c.state, func.count()).group_by(known.c.state))
    return {state: count for state, count in rows}


def buildings_by_id(operation: str) -> dict[str, Building]:
    rows = db.session.scalars(select(Building).where(Building.operation_id == operation).order_by(Building.name))
    return {row.id: row for row in rows}


def place(row: Household, *, named: bool) -> dict[str, str]:
    """Where a household lives, by language: its building, or only which part of the operation."""
    if not named:
        return zones(row.operation_id).get(row.zone, {})
    building = db.session.get(Building, row.building_id) if row.building_id else None
    return {"fr": building.name} if building else {}


def contacts(household_id: str) -> list[Contact]:
    return list(
        db.session.scalars(select(Contact).where(Contact.household_id == household_id).order_by(Contact.at.desc()))
    )


def dossiers_of(identity: Identity, row: Household) -> list[Dossier]:
    """A household's dossiers this reader may open, newest first."""
    asked = select(Dossier).where(Dossier.household_id == row.id).order_by(Dossier.opened_at.desc())
    return [found for found in db.session.scalars(asked) if _may_open(identity, found)]


def open_dossier_of(row: Household, slug: str) -> Dossier | None:
    """The dossier of this household that is still under way."""
    return db.session.scalar(select(Dossier).where(Dossier.open_key == open_key(row.id, slug)))


def open_key(household_id: str, slug: str) -> str:
    return f"{household_id}:{slug}"


# -- one dossier --------------------------------------------------------------------------------------------------


def by_subject(subject: str) -> Dossier:
    """A dossier by the subject approvals knows it under."""
    row = db.session.get(Dossier, subject.removeprefix("dossier:"))  # asked many times in a request: kept there
    if row is None:
        raise NotFound()
    return row


def _may_open(identity: Identity, row: Dossier) -> bool:
    by_agreement = access.reads_by_agreement(identity, row.operation_id)
    if by_agreement is None:
        return bool(identity.grants_in(row.operation_id))
    passed_on = _passed_on_to(by_agreement, row.operation_id, identity)
    return bool(db.session.scalar(select(Dossier.id).where(Dossier.id == row.id, Dossier.id.in_(passed_on))))


def dossier(identity: Identity, reference: str) -> Dossier:
    """Load and authorise in one: NotFound when it is absent, out of scope, or the household did not agree."""
    row = db.session.scalar(select(Dossier).where(Dossier.reference == reference))
    if row is None or not _may_open(identity, row):
        raise NotFound()
    return row


def by_reference(reference: str) -> Dossier:
    """A dossier of the scope by its reference, whoever asks: for actions that authorise by themselves."""
    row = db.session.scalar(select(Dossier).where(Dossier.reference == reference))
    if row is None:
        raise NotFound()
    return row


def open_steps(row: Dossier) -> list[str]:
    """Ids of the steps of this dossier that wait for somebody."""
    return [task.step for task in approvals.tasks([row.subject]).get(row.subject, [])]


def agreements(row: Dossier) -> frozenset[str]:
    """Organisations the household agreed to, in the answers last handed on."""
    return frozenset(db.session.scalars(select(Agreement.organisation).where(Agreement.dossier_id == row.id)))


def sets(row: Dossier) -> list[AnswerSet]:
    return list(
        db.session.scalars(select(AnswerSet).where(AnswerSet.dossier_id == row.id).order_by(AnswerSet.revision))
    )


def present_set(row: Dossier, *, lock: bool = False) -> AnswerSet:
    """The latest revision: the draft being written, or what was handed on last."""
    asked = select(AnswerSet).where(AnswerSet.dossier_id == row.id).order_by(AnswerSet.revision.desc()).limit(1)
    if lock:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(asked).one()


def handed_on_set(row: Dossier) -> AnswerSet | None:
    """The latest revision that was handed on: what everybody but its author reads."""
    asked = select(AnswerSet).where(AnswerSet.dossier_id == row.id, AnswerSet.state == HANDED_ON)
    return db.session.scalar(asked.order_by(AnswerSet.revision.desc()).limit(1))


def set_of_revision(row: Dossier, revision: int) -> AnswerSet | None:
    return db.session.scalar(select(AnswerSet).where(AnswerSet.dossier_id == row.id, AnswerSet.revision == revision))


def circumstances() -> Now:
    """What the form engine may not look up by itself."""
    now = clock.now()
    return Now(clock.today(), now, random.SystemRandom().random, lambda: str(uuid.uuid4()))


def opened(row: Dossier, stored: AnswerSet) -> tuple[Instance, dict[str, Any]]:
    """The answers of a revision and their provenance {path: [person, instant, source]}."""
    key = key_of(row.subject)
    if key is None:
        raise NotFound("These answers have been erased.")
    told = json.loads(unseal(key, stored.sealed, f"answers:{stored.id}"))
    return Instance.from_xml(form_of(row), told["xml"], circumstances()), told["provenance"]


def form_of(row: Dossier) -> Form:
    return version(row.procedure).form


def form_lang(form: Form, lang: str) -> str:
    """The form's own name of a language: "fr" → "Français (fr)"."""
    return next((name for name in form.languages if name == lang or name.endswith(f"({lang})")), form.default_language)


def section_marks(row: Dossier, instance: Instance) -> dict[str, str]:
    """{section name: keyed hash of its answers}: nobody can guess an answer from the record."""
    key = key_of(row.subject) or b""
    return {
        group.name: fingerprint(key, section_hash(instance, group.path).encode()) for group in instance.form.sections
    }


def mark(row: Dossier, instance: Instance) -> str:
    return fingerprint(key_of(row.subject) or b"", answers_hash(instance).encode())


# -- what a reader sees -------------------------------------------------------------------------------------------


@dataclass
class File:
    """One dossier before one reader: the standing, the lens, the answers they may read."""

    identity: Identity
    row: Dossier
    known: Standing

    @cached_property
    def published(self) -> Published:
        return self.known.published

    @cached_property
    def lens_name(self) -> str:
        return access.lens_of(self.identity, self.row.operation_id)

    @property
    def lens(self) -> Lens:
        return access.LENSES[self.lens_name]

    @cached_property
    def filling(self) -> str | None:
        """The open step at which this reader may write the draft now."""
        return approvals.possible_at(self.identity, self.known, Submit)

    @property
    def fills(self) -> bool:
        return self.filling is not None

    @cached_property
    def offers(self) -> list[approvals.Offer]:
        return approvals.offers(self.identity, self.known)

    @cached_property
    def stored(self) -> AnswerSet | None:
        """The draft for who writes it; what was handed on for everybody else."""
        latest = present_set(self.row)
        if latest.state == HANDED_ON or access.may_fill(self.identity, self.row.operation_id):
            return latest
        return handed_on_set(self.row)

    @cached_property
    def instance(self) -> Instance | None:
        return opened(self.row, self.stored)[0] if self.stored else None

    def answers(self, lang: str) -> View | None:
        """The answers cut by this reader's lens."""
        if self.instance is None:
            return None
        return view(self.instance, self.lens, form_lang(self.instance.form, lang))

    @property
    def names(self) -> bool:
        return access.may_read_names(self.identity, self.row.operation_id)


def file(identity: Identity, reference: str) -> File:
    row = dossier(identity, reference)
    return File(identity, row, approvals.standing(row.subject))


def draft(row: Dossier) -> AnswerSet | None:
    latest = present_set(row)
    return latest if latest.state == DRAFT else None


# -- what approvals asks of a dossier -----------------------------------------------------------------------------


def conditions(subject: str) -> Callable[[str], bool]:
    """Evaluate conditions over the answers as they stand."""
    row = by_subject(subject)
    known: list[Instance] = []

    def holds(condition: str) -> bool:
        if not known:
            known.append(opened(row, present_set(row))[0])
            known[0].recompute()
        try:
            return to_boolean(compile(parse(condition))(known[0].at(known[0].root)))
        except ExpressionError:
            return False

    return holds


class Marks(Mapping[str, str]):
    """Section hashes, computed only when a judgement asks for them."""

    def __init__(self, row: Dossier) -> None:
        self.row = row

    @cached_property
    def found(self) -> dict[str, str]:
        return section_marks(self.row, opened(self.row, present_set(self.row))[0])

    def __getitem__(self, name: str) -> str:
        return self.found[name]

    def __iter__(self):
        return (group.name for group in form_of(self.row).sections)

    def __len__(self) -> int:
        return len(form_of(self.row).sections)


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


def relations(subject: str) -> dict[str, str]:
    row = by_subject(subject)
    return {"landlord": row.household.landlord, "controller": controller_of(row.operation_id)}


def controller_of(operation: str) -> str:
    found = find_operation(operation)
    return found.owner if found else ""


def recipients(subject: str) -> frozenset[str]:
    """Organisations that may receive the file: the one that answers for the operation, and those ticked."""
    row = by_subject(subject)
    return agreements(row) | {controller_of(row.operation_id)}
