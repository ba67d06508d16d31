"""Letterheads of organisations: given, taken up again, set aside. None is ever lost."""

from __future__ import annotations

from hashlib import sha256

from workflow import clock
from workflow.db import db, new_id
from workflow.errors import NotFound
from workflow.filing.models import Letterhead
from workflow.filing.queries import letterheads
from workflow.people.models import Organisation
from workflow.record import actions as record
from workflow.record.models import HOUSE

LONGEST_NAME = 200


def give_letterhead(organisation: str, data: bytes, file_name: str, by: str) -> Letterhead:
    """Keep a .docx that was found harmless, and use it from now on. The same bytes given again are the same one."""
    _alone(organisation)
    told = sha256(data).hexdigest()
    row = next((one for one in letterheads.letterheads(organisation) if one.sha256 == told), None)
    if row is None:
        row = Letterhead(
            id=new_id(),
            organisation=organisation,
            file_name=file_name[:LONGEST_NAME],
            docx=data,
            size=len(data),
            sha256=told,
            kept_at=clock.now(),
            kept_by=by,
        )
        db.session.add(row)
    return _use(row, by)


def use_letterhead(organisation: str, letterhead_id: str, by: str) -> Letterhead:
    """Take a former one up again. Raises NotFound."""
    _alone(organisation)
    row = letterheads.letterhead(organisation, letterhead_id)
    if row is None:
        raise NotFound()
    return _use(row, by)


def set_letterhead_aside(organisation: str, by: str) -> None:
    """Working copies are written in the style of the house again; the letterhead stays among the former ones."""
    _alone(organisation)
    if _none_in_use(organisation):
        record.note(HOUSE, f"organisation:{organisation}", "LetterheadSetAside", {"person": by})


def _use(row: Letterhead, by: str) -> Letterhead:
    if row.used_by is None:
        _none_in_use(row.organisation)
        row.used_by = row.organisation
        db.session.flush()
        record.note(HOUSE, f"organisation:{row.organisation}", "LetterheadUsed", {"person": by}, sha256=row.sha256)
    return row


def _none_in_use(organisation: str) -> bool:
    """Whether there was one."""
    present = letterheads.in_use(organisation)
    if present is not None:
        present.used_by = None
        db.session.flush()
    return present is not None


def _alone(organisation: str) -> None:
    """One change at a time for each organisation. Raises NotFound."""
    if db.session.get(Organisation, organisation, with_for_update=True) is None:
        raise NotFound()
