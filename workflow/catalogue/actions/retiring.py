"""A form, or one of its versions, is retired: nothing new begins on it, what is under way goes on. It may come back."""

from __future__ import annotations

from typing import Any

from workflow import clock
from workflow.access import Identity
from workflow.catalogue import queries
from workflow.catalogue.actions.proposing import may_publish
from workflow.catalogue.models import PUBLISHED, Adoption, Procedure, ProcedureVersion
from workflow.db import db
from workflow.errors import NotFound, Refused
from workflow.record import actions as record
from workflow.record.models import HOUSE, chain_of


def retire(identity: Identity, slug: str, *, version: str = "", operation: str = "") -> None:
    """Retire a form everywhere, in one operation, or one of its versions. Retired twice is retired once.

    Raises Refused for a version on which new dossiers begin.
    """
    row = _retirable(identity, slug, version, operation)
    if version and queries.in_use(slug, version):
        message = "New files begin on this version: put another one into use first, or retire the whole form."
        raise Refused("in_use", message)
    if row.retired_at is None:
        row.retired_at, row.retired_by = clock.now(), identity.person
        _note(identity, slug, "ProcedureRetired", version, operation)


def bring_back(identity: Identity, slug: str, *, version: str = "", operation: str = "") -> None:
    """Undo it: new dossiers may begin again."""
    row = _retirable(identity, slug, version, operation)
    if row.retired_at is not None:
        row.retired_at, row.retired_by = None, None
        _note(identity, slug, "ProcedureBroughtBack", version, operation)


def _retirable(identity: Identity, slug: str, version: str, operation: str) -> Any:
    """The row, locked: that of a version, of an operation's use, or of the form itself."""
    if version:
        row = db.session.get(ProcedureVersion, version, with_for_update=True)
        if row is None or row.slug != slug or row.state != PUBLISHED:
            raise NotFound()
        may_publish(identity, row.operation)
        return row
    may_publish(identity, operation)
    row = (
        db.session.get(Adoption, (operation, slug), with_for_update=True)
        if operation
        else db.session.get(Procedure, slug, with_for_update=True)
    )
    if row is None:
        raise NotFound()
    return row


def _note(identity: Identity, slug: str, kind: str, version: str, operation: str) -> None:
    chain = chain_of(operation) if operation else HOUSE
    told = {"hash": version} if version else {}
    record.note(chain, f"procedure:{slug}", kind, {"person": identity.person}, **told)
