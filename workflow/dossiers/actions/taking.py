"""Sections taken by one of those who fill a form together: the others read them, and may take them over."""

from __future__ import annotations

from sqlalchemy import select

from workflow import clock
from workflow.access import Identity
from workflow.db import db
from workflow.dossiers import queries
from workflow.dossiers.actions.editing import to_be_written
from workflow.dossiers.models import Dossier
from workflow.dossiers.queries import File
from workflow.dossiers.queries.together import holds


def take(identity: Identity, reference: str, section: str) -> None:
    """From now on the others read this section, until it is given back, taken over or handed on."""
    file = queries.file(identity, reference)
    to_be_written(file, section)
    take_in(file, section)


def take_in(file: File, section: str) -> None:
    row = _locked(file.row)
    row.taken = (row.taken or {}) | {section: [file.identity.person, clock.now().isoformat()]}


def give_back(identity: Identity, reference: str, section: str) -> None:
    """Nothing happens when somebody else has taken it over meanwhile."""
    file = queries.file(identity, reference)
    to_be_written(file, section)
    row = _locked(file.row)
    row.taken = {
        name: told for name, told in (row.taken or {}).items() if name != section or told[0] != identity.person
    }


def give_all_back(identity: Identity, reference: str) -> None:
    """Who goes away leaves nothing closed behind."""
    file = queries.file(identity, reference)
    if any(hold.person == identity.person for hold in holds(file.row).values()):
        row = _locked(file.row)
        row.taken = {name: told for name, told in (row.taken or {}).items() if told[0] != identity.person}


def _locked(row: Dossier) -> Dossier:
    asked = select(Dossier).where(Dossier.id == row.id).with_for_update(of=Dossier)
    return db.session.scalars(asked.execution_options(populate_existing=True)).one()
