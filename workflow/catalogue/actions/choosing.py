"""An operation chooses the course of a form: who is asked, in what order. Files under way stay on theirs."""

from __future__ import annotations

from workflow.access import Identity
from workflow.catalogue.actions.proposing import may_publish
from workflow.catalogue.actions.publishing import adopt
from workflow.catalogue.models import Adoption, ProcedureVersion
from workflow.catalogue.queries.courses import followed_in
from workflow.db import db
from workflow.errors import Moved
from workflow.record import actions as record
from workflow.record.models import chain_of


def choose_course(identity: Identity, operation: str, slug: str, variant: str, seen: str) -> ProcedureVersion:
    """New files of the operation take that course; a form it does not use yet is taken up with it.

    seen: the course followed when the page was shown, "" for none. Raises Moved when it is another one now, Refused for
    a course the form does not know.
    """
    may_publish(identity, operation)
    db.session.get(Adoption, (operation, slug), with_for_update=True, populate_existing=True)
    before = followed_in(operation, slug)
    if before != seen:
        raise Moved("Somebody chose another course meanwhile. Look at the page again, then decide.")
    fitted = adopt(operation, slug, variant=variant)
    if variant != before:
        told = {"hash": fitted.hash, "course": variant, "before": before}
        record.note(chain_of(operation), f"procedure:{slug}", "CourseChosen", {"person": identity.person}, **told)
    return fitted
