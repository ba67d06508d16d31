"""Papers a partner may send back as Word files, with how they were written: the catalogue lays the file beside them."""

from __future__ import annotations

from typing import Any

from flask import current_app
from sqlalchemy import select

from workflow.access import Identity
from workflow.catalogue.queries.paper_returns import Sent
from workflow.db import db
from workflow.filing.models import READY, Paper
from workflow.writing.models import Written
from workflow.writing.queries.entitled import audiences_for
from workflow.writing.queries.orders import order
from workflow.writing.queries.written import told_of

MOST = 100


def sent(identity: Identity, operation: str) -> list[Sent]:
    """The latest papers about an operation or its bodies that this reader may have; never those to households."""
    asked = select(Written).where(Written.operation_id == operation, Written.about != "household")
    rows = db.session.scalars(asked.order_by(Written.made_at.desc(), Written.id).limit(MOST)).all()
    by_subject = {row.subject: row for row in rows}
    papers = select(Paper).where(Paper.subject.in_(by_subject), Paper.state == READY, Paper.void_of.is_(None))
    mine = [one for one in db.session.scalars(papers.order_by(Paper.asked_at.desc(), Paper.id)) if one.void_at is None]
    return [
        _sent(one, by_subject[one.subject])
        for one in mine
        if one.audience in audiences_for(identity, by_subject[one.subject])
    ]


def _sent(paper: Paper, row: Written) -> Sent:
    return Sent(
        reference=paper.reference,
        title=f"{paper.title or row.title}, {paper.reference}",
        slug=row.model,
        operation=row.operation_id,
        model=row.model_hash,
        content=paper.content_hash or "",
        told=lambda: told(paper, row),
    )


def told(paper: Paper, row: Written) -> dict[str, Any]:
    """How it was written. Raises NotFound once it was erased."""
    settings = current_app.config["RELAIS"]
    made = order(told_of(row), paper.audience, paper.reference, f"{settings.base_url}/verify/{paper.reference}")
    return {
        "data": dict(made.data),
        "lang": made.lang,
        "reference": paper.reference,
        "day": made.day.isoformat(),
        "issuer": made.issuer,
        "organisation": made.organisation,
        "address": list(made.address),
        "verify_url": made.verify_url,
    }
