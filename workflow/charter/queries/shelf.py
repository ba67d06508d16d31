"""Papers of drafts in the list of all papers: for who holds the pen, records or was invited."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as later
from sqlalchemy import Select, and_, false, select

from workflow.access import Identity
from workflow.charter.models import SUBJECT, Consultation
from workflow.charter.queries.drafts import of_operation
from workflow.db import db
from workflow.filing.models import READY, Paper
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

NAME = "charter"
KINDS = {"charter-text": later("Text under discussion"), "charter-answers": later("Contributions and answers")}


def kinds(identity: Identity, operation: str) -> dict[str, str]:
    subjects = [one.subject for one in of_operation(identity, operation)]
    told = select(Paper.kind).where(Paper.subject.in_(subjects)).distinct() if subjects else None
    return {kind: str(KINDS[kind]) for kind in db.session.scalars(told) if kind in KINDS} if told is not None else {}


def asked(identity: Identity, wanted: Wanted) -> Select[Any] | None:
    subjects = [one.subject for one in of_operation(identity, wanted.operation)]
    if not subjects:
        return None
    mine = and_(Paper.subject.startswith(SUBJECT), Paper.subject.in_(subjects))
    return papers_wanted(wanted, mine, Said(lambda _word: false(), false()))


def lines(identity: Identity, operation: str, ids: Sequence[str]) -> dict[str, Line]:
    rows = rows_of(ids)
    subjects = {row.subject for row in rows}
    known = select(Consultation).where(Consultation.operation_id == operation)
    drafts = {one.subject: one for one in db.session.scalars(known) if one.subject in subjects}
    states, opened = states_of(rows, lambda _row: False), not_erased(subjects)

    def line(row: Paper) -> Line:
        reference = drafts[row.subject].reference
        there = row.state == READY and row.void_at is None and row.subject in opened
        forms = [form for form, name in (("pdf", row.pdf_name), ("docx", row.docx_name)) if name and there]
        files: dict[str, Place] = {
            form: ("charter.paper", {"reference": reference, "paper": row.reference, "form": form}) for form in forms
        }
        return Line(
            id=row.id,
            title=row.title,
            reference=row.reference,
            at=row.made_at or row.asked_at,
            state=states[row.id],
            kind=row.kind,
            audience=row.audience,
            page=("charter.draft", {"reference": reference}),
            files=files,
            paper=row,
        )

    return {row.id: line(row) for row in rows if row.subject in drafts}


CHARTERS = Shelf(NAME, kinds, asked, lines)
