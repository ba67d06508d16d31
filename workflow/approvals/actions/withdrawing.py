"""Who withdraws in a sitting is not waited for at a desk either, from that moment on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from workflow.approvals import queries
from workflow.approvals.actions.looking import look_again
from workflow.approvals.models import Sitting
from workflow.approvals.queries import attending
from workflow.db import db


@contextmanager
def followed(row: Sitting) -> Iterator[None]:
    """What changes inside in who withdraws from which dossier is said to the lists of tasks at the end."""
    agenda = {one.subject for one in attending.items(row)}
    before = _standing(attending.withdrew_from(agenda))
    yield
    db.session.flush()
    added = {one.subject for one in attending.items(row)} - agenda
    before |= _standing(attending.withdrew_from(added, without=row.id))
    after = _standing(attending.withdrew_from(agenda | added))
    for subject in sorted({subject for subject, _persons in before ^ after}):
        look_again(queries.standing(subject, lock=True))


def _standing(told: Mapping[tuple[str, str], frozenset[str]]) -> set[tuple[str, frozenset[str]]]:
    return {(subject, persons) for (subject, _step), persons in told.items() if persons}
