"""The common form changed: operations that use it take what is wording only at once, and are offered the rest."""

from __future__ import annotations

from sqlalchemy import select

from workflow.catalogue import queries
from workflow.catalogue.actions.publishing import adopt
from workflow.catalogue.models import Adoption, Procedure
from workflow.db import db


def follow(slug: str) -> list[str]:
    """Ids of the operations whose new dossiers now begin on the common form. Those with a form of their own keep it."""
    known = db.session.get_one(Procedure, slug)
    followed = []
    for row in db.session.scalars(select(Adoption).where(Adoption.slug == slug).order_by(Adoption.operation_id)):
        stays = row.base == known.current or row.base != row.common
        if not stays and queries.only_words(queries.version(row.base), queries.version(known.current)):
            adopt(row.operation_id, slug, known.current)
            followed.append(row.operation_id)
    return followed
