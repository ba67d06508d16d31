"""The common form changed: operations that use it take what is wording only at once, and are offered the rest."""

from __future__ import annotations

from sqlalchemy import select

from workflow.access import Identity
from workflow.catalogue import queries
from workflow.catalogue.actions.proposing import may_publish
from workflow.catalogue.actions.publishing import adopt
from workflow.catalogue.models import Adoption, Procedure, ProcedureVersion
from workflow.db import db
from workflow.errors import Moved, NotFound, Refused
from workflow.record import actions as record
from workflow.record.models import chain_of


def follow(slug: str) -> list[str]:
    """Ids of the operations whose new dossiers now begin on the common form. Those with a form of their own keep it.

    One that cannot follow stays where it was and is told so on its page; the others go on.
    """
    common = db.session.get_one(Procedure, slug).current
    asked = select(Adoption.operation_id).where(
        Adoption.slug == slug, Adoption.base != common, Adoption.base == Adoption.common
    )
    operations = db.session.scalars(asked.order_by(Adoption.operation_id)).all()
    return [one for one in operations if _only_words(one, slug, common) and _followed(one, slug, common)]


def _only_words(operation: str, slug: str, common: str) -> bool:
    row = db.session.get_one(Adoption, (operation, slug))
    return queries.only_words(queries.version(row.base), queries.version(common))


def _followed(operation: str, slug: str, common: str) -> bool:
    try:
        with db.session.begin_nested():
            adopt(operation, slug, common)
    except Refused as refused:
        told = {"hash": common, "code": refused.code}
        record.note(chain_of(operation), f"procedure:{slug}", queries.NOT_FOLLOWED, {}, **told)
        return False
    return True


def stay(identity: Identity, operation: str, slug: str, seen: str) -> None:
    """The operation stays on what it has: the common form `seen` is offered no more. The next one will be.

    Raises Moved when another common form is in use than the one the page showed.
    """
    row, common = _offered(identity, operation, slug)
    if common != seen:
        raise Moved("Somebody put another version into use meanwhile. Look at what changed, then decide.")
    if row.common != common:
        row.common = common
        _note(identity, operation, slug, "ProcedureDeclined", common)


def look_again(identity: Identity, operation: str, slug: str) -> None:
    """Take that back: the common form is offered again."""
    row, common = _offered(identity, operation, slug)
    if row.common == common != row.base:
        row.common = "" if db.session.get_one(ProcedureVersion, row.base).operation else row.base
        _note(identity, operation, slug, "ProcedureOfferedAgain", common)


def _offered(identity: Identity, operation: str, slug: str) -> tuple[Adoption, str]:
    """What the operation uses, locked, and the common form in use."""
    row = db.session.get(Adoption, (operation, slug), with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound()
    may_publish(identity, operation)
    return row, db.session.get_one(Procedure, slug).current


def _note(identity: Identity, operation: str, slug: str, kind: str, common: str) -> None:
    record.note(chain_of(operation), f"procedure:{slug}", kind, {"person": identity.person}, hash=common)
