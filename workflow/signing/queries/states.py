"""Recognise a file as one of the states of a room: what whoever holds it may be told."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select

from workflow.db import db, unscoped
from workflow.filing.models import Paper
from workflow.filing.queries import Recognised
from workflow.filing.rules.told import Signer
from workflow.filing.rules.verdicts import COMPLETE as WHOLE_ROOM
from workflow.filing.rules.verdicts import NEWER, STOPPED, TAKEN_BACK
from workflow.filing.rules.verdicts import OPEN as UNDER_WAY
from workflow.record.queries import key_of
from workflow.signing.models import COMPLETE, PREPARING, REFUSED, WITHDRAWN, Certificate, OnPaper, Revision, Room
from workflow.signing.queries.revisions import revisions
from workflow.signing.queries.rooms import Party, parties
from workflow.signing.rules.channels import PAPER


def recognised(sha256: str) -> Recognised | None:
    """The latest room that knows this state; nothing once it was erased."""
    with unscoped("anybody may ask whether a file was issued here"):
        asked = select(Revision, Room).join(Room, Room.id == Revision.room_id).where(Revision.after == sha256)
        found = db.session.execute(asked.where(Room.state != PREPARING).order_by(Room.made_at.desc()).limit(1)).first()
        if found is None or key_of(found[1].subject) is None:
            return None
        state, row = found
        paper = db.session.get(Paper, row.paper_id)
        return paper and _told(state, row, paper)


def _told(state: Revision, row: Room, paper: Paper) -> Recognised:
    known = {one.id: one for one in parties(row.id)}
    every = [one for one in revisions(row.id, undone=True) if one.seq <= state.seq and one.signatory_id in known]
    until = [one for one in every if one.undone_at is None or one.id == state.id]
    scans = _scans(row, state, {one.signatory_id for one in until}, last=_is_last(state, row))
    places = {one.id: known[one.signatory_id].row.field for one in until}
    signers = {place: _signer(known[one.signatory_id], scans) for one in until for place in _places(one, places)}
    alone = (one for key, one in known.items() if key in scans and not one.row.field)
    return Recognised(paper, _stand(state, row), signers, tuple(_signer(one, scans) for one in alone))


def _places(state: Revision, places: Mapping[str, str]) -> list[str]:
    """Where the signatures of a state stand: another signing tool may have made places of its own."""
    asked = select(Certificate.field).where(Certificate.revision_id == state.id)
    return list(db.session.scalars(asked)) or [places[state.id]]


def _stand(state: Revision, row: Room) -> str:
    if state.undone_at is not None:
        return TAKEN_BACK
    if row.state in (REFUSED, WITHDRAWN):
        return STOPPED
    if not _is_last(state, row):
        return NEWER
    return WHOLE_ROOM if row.state == COMPLETE else UNDER_WAY


def _is_last(state: Revision, row: Room) -> bool:
    return all(one.seq <= state.seq for one in revisions(row.id))


def _scans(row: Room, state: Revision, inside: Collection[str | None], *, last: bool) -> Mapping[str, OnPaper]:
    """{signatory: the paper they signed by hand}, as far as this state goes."""
    found = db.session.scalars(select(OnPaper).where(OnPaper.room_id == row.id).order_by(OnPaper.at))
    return {one: scan for scan in found for one in scan.signatories if last or one in inside or scan.at <= state.at}


def _signer(party: Party, scans: Mapping[str, OnPaper]) -> Signer:
    acting, scan = party.acting, scans.get(party.id)
    on = scan.signed_on if scan else None
    way = PAPER if scan else party.row.channel
    return Signer(acting.name, acting.capacity, party.words.organisation, way, on)
