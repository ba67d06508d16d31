"""A dossier is taken up again, to be brought up to date; on the newer version of its form where there is one."""

from __future__ import annotations

from contextlib import suppress

from workflow.access import Identity
from workflow.approvals import actions as approvals
from workflow.approvals.queries import Standing, standing
from workflow.circuit import commands as c
from workflow.dossiers import queries
from workflow.dossiers.actions.changing_version import change_version
from workflow.dossiers.queries.refreshing import newer_version
from workflow.errors import Refused


def refresh(identity: Identity, reference: str, shown_version: int) -> Standing:
    """Open a new version. The answers stay as they were handed on until it is sent.

    It goes on with the form that new dossiers begin with, when that one leads on from here.
    """
    row = queries.dossier(identity, reference)
    known = approvals.act_as(identity, row.subject, c.Refresh(), shown_version)
    newer = newer_version(row)
    if newer is None:
        return known
    with suppress(Refused):  # its steps are others: the version of before goes on
        change_version(row, newer, identity.person)
    return standing(row.subject)
