"""Jobs: what an operation is described with changed, or the common form: new dossiers begin on what knows it."""

from __future__ import annotations

from workflow import outbox
from workflow.catalogue import actions
from workflow.catalogue.actions import paper_returns
from workflow.db import Scope, db, scoped, unscoped
from workflow.people.models import Body


def refit(lease: outbox.Lease) -> None:
    """React to a change of partners, zones, places or bodies. Dossiers under way stay on their form."""
    operation = _operation_of(lease.subject)
    with scoped(Scope(frozenset((operation,)))), lease.finish():
        actions.refit(operation)


def follow(lease: outbox.Lease) -> None:
    """React to another common form in use. Operations take what is wording only."""
    with unscoped("a common form concerns every operation that uses it"), lease.finish():
        actions.follow(lease.subject.removeprefix("procedure:"))


def forget_return(lease: outbox.Lease) -> None:
    """A Word file that came back and that nobody was done with in time is erased."""
    paper_returns.forget_expired(lease)


def _operation_of(subject: str) -> str:
    """operation:mistral, or a body of it by its id; nothing for a body that is gone since."""
    kind, _, name = subject.partition(":")
    if kind == "operation":
        return name
    with unscoped("a job acts for no person"):
        body = db.session.get(Body, name)
    return body.operation_id if body else ""
