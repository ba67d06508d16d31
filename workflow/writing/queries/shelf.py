"""Papers written outside a procedure, in the list of all papers: the same judgement as `entitled`, asked at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select

from workflow import access
from workflow.access import Identity
from workflow.approvals.queries import attending
from workflow.db import db
from workflow.dossiers.models import Household
from workflow.dossiers.queries.listing import readable
from workflow.filing.models import READY, Paper
from workflow.filing.queries import void_copies
from workflow.filing.queries.shelves import (
    Line,
    Place,
    Said,
    Shelf,
    Wanted,
    not_erased,
    papers_wanted,
    rows_of,
    states_of,
)
from workflow.filing.queries.signatures import Sought, signed_places, waits
from workflow.people import queries as people
from workflow.people.rules import folded
from workflow.web.spoken import label
from workflow.writing.models import SUBJECT, Written
from workflow.writing.queries.entitled import TO_ALL, may_have
from workflow.writing.rules.shaping import NAMED_TO

NAME = "writing"
OTHERS = "others"  # any audience that has no rule of its own


def kinds(identity: Identity, operation: str) -> dict[str, str]:
    told = select(Written.model, func.max(Written.title)).where(Written.operation_id == operation)
    return {model[:40]: title for model, title in db.session.execute(told.group_by(Written.model))}


def asked(identity: Identity, wanted: Wanted) -> Select[Any] | None:
    named = access.may_read_names(identity, wanted.operation)
    about = func.coalesce(Household.search if named else Household.reference, "")

    still = Sought(identity, wanted.operation, folded)

    def more(word: str) -> ColumnElement[bool]:
        known = Household.search if named else func.lower(Household.reference)
        called = func.lower(Written.title).contains(word, autoescape=True)
        return or_(called, known.contains(word, autoescape=True), still(word))

    said = Said(more, false(), _joined)
    return papers_wanted(wanted, _open_to(identity, wanted.operation), said, about=about)


def _joined(question: Any) -> Any:
    there = and_(Written.id == func.substr(Paper.subject, len(SUBJECT) + 1), Paper.subject.startswith(SUBJECT))
    return question.join(Written, there).join(Household, Household.id == Written.household_id, isouter=True)


def _open_to(identity: Identity, operation: str) -> ColumnElement[bool]:
    homes = readable(identity, operation).with_only_columns(Household.id)
    merged = select(Household.id).where(Household.merged_into.in_(homes))
    theirs = or_(Written.household_id.in_(homes), Written.household_id.in_(merged))
    of_homes = and_(Written.about == "household", theirs, _audience(identity, operation, "household"))
    of_all = and_(Written.about != "household", Written.sitting == "", _audience(identity, operation, "operation"))
    kept = [one.slug for one in people.bodies(operation) if attending.reads(identity, one)]
    return or_(of_homes, of_all, and_(Written.about != "household", Written.body != "", Written.body.in_(kept)))


def _audience(identity: Identity, operation: str, about: str) -> ColumnElement[bool]:
    """Which audiences may be had: those with a rule of their own are few, the others are alike."""
    own = sorted(TO_ALL | NAMED_TO)
    mine = [one for one in own if may_have(identity, operation, one, about)]
    rest = Paper.audience.not_in(own) if may_have(identity, operation, OTHERS, about) else false()
    return or_(Paper.audience.in_(mine), rest)


# -- lines --------------------------------------------------------------------------------------------------------


def lines(identity: Identity, operation: str, ids: Sequence[str]) -> dict[str, Line]:
    rows = rows_of(ids)
    deeds = _deeds(rows)
    homes = _homes(deeds.values())
    bodies = {one.slug: label(one.label) for one in people.bodies(operation)}
    states, copies = states_of(rows, lambda _row: False), void_copies(rows)
    awaited, whole = waits(identity, operation, ids), signed_places(ids)
    named, opened = access.may_read_names(identity, operation), not_erased(deeds)

    def line(row: Paper) -> Line:
        deed = deeds[row.subject]
        home = homes.get(deed.household_id or "")
        there = row.state == READY and (row.void_at is None or row.id in copies) and row.subject in opened
        name = (home.name if named and home.name else home.reference) if home else bodies.get(deed.body, "")
        return Line(
            id=row.id,
            title=row.title or deed.title,
            reference=row.reference,
            at=row.made_at or row.asked_at,
            state=states[row.id],
            kind=row.kind,
            audience=row.audience,
            page=("writing.written", {"written_id": deed.id}),
            about=name,
            about_page=("dossiers.household", {"household_id": home.id}) if home else None,
            parties=tuple(row.parties),
            waits=awaited.get(row.id, ()),
            files=_files(copies.get(row.id, row), row, deed) | whole.get(row.id, {}) if there else {},
            paper=row,
        )

    return {row.id: line(row) for row in rows}


def _deeds(rows: Sequence[Paper]) -> dict[str, Written]:
    wanted = [row.subject.removeprefix(SUBJECT) for row in rows]
    return {row.subject: row for row in db.session.scalars(select(Written).where(Written.id.in_(wanted)))}


def _homes(deeds: Any) -> dict[str, Household]:
    wanted = {one.household_id for one in deeds if one.household_id}
    return {row.id: row for row in db.session.scalars(select(Household).where(Household.id.in_(wanted)))}


def _files(held: Paper, row: Paper, deed: Written) -> dict[str, Place]:
    forms = [form for form, name in (("pdf", held.pdf_name), ("docx", held.docx_name)) if name]
    told = {"written_id": deed.id, "reference": row.reference}
    return {form: ("writing.paper", told | {"form": form}) for form in forms}


WRITINGS = Shelf(NAME, kinds, asked, lines)
