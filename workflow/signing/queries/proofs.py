"""What the evidence of a room tells: gathered from the record, the states of the file and those who signed.

Nothing in it leads to anybody: no address, no link, no code. So everybody who signed may have all of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from documents.assembly import attached, pages_of
from documents.evidence_file import DATA_NAME
from workflow import clock
from workflow.approvals.models import PersonalLink
from workflow.approvals.queries.personal_links import links_on
from workflow.db import db
from workflow.filing import queries as filing
from workflow.people import queries as people
from workflow.record.models import Event
from workflow.signing.models import ARCHIVED, Revision, View
from workflow.signing.queries import deliveries, milestones, revisions
from workflow.signing.queries.rooms import OUTSIDER, Open, Party, delegate_voice
from workflow.signing.queries.standing import REFUSED, SIGNED, Where, is_mixed, scans, where
from workflow.signing.rules.channels import MANDATES, PAPER, RESPONSIBILITY
from workflow.signing.rules.evidence import CODES, IDENTITIES, SAID, SENDING
from workflow.web.dates import format_date

Row = dict[str, Any]


def told(known: Open, issuer: str) -> Row:
    """{document, acts, views, codes, chain} as `documents.evidence_file.composed` reads them, and beside them {room,
    states, links, scans, deliveries, milestones, mandates}. In the language that holds while it is asked. Raises
    NotFound once the room was erased.
    """
    return _Room(known, issuer).told


@dataclass(frozen=True)
class _Room:
    known: Open
    issuer: str

    @property
    def told(self) -> Row:
        return {
            "document": self._document(),
            "room": self._room(),
            "acts": self._acts(),
            "states": [self._state(one) for one in revisions.revisions(self.known.row.id, undone=True)],
            "mandates": [one for party in self.known.parties if (one := self._mandate(party))],
            "scans": [self._scan(one) for one in scans(self.known.row.id)],
            "views": self._views(),
            "links": self._sent(SENDING),
            "codes": self._sent(CODES),
            "deliveries": [self._delivery(one) for one in deliveries.of_room(self.known.row.id)],
            "milestones": milestones.as_data(self.known.row.id),
            "chain": [_line(one) for one in self._lines],
        }

    @cached_property
    def _where(self) -> list[Where]:
        return where(self.known, clock.now())

    @cached_property
    def _links(self) -> dict[str, PersonalLink]:
        return {f"link:{one.id}": one for one in links_on(self.known.row.subject)}

    @cached_property
    def _lines(self) -> list[Event]:
        """Every line of the record about this room, its file, its links."""
        row = self.known.row
        subjects = [row.subject, f"signing:{row.id}", *self._links]
        return list(db.session.scalars(select(Event).where(Event.subject.in_(subjects)).order_by(Event.seq)))

    def name(self, who: str) -> str:
        """Somebody as the record names them: a signatory, whoever signs instead, or a person with an access."""
        for party in self.known.parties:
            if who in (delegate_voice(party.row), party.person) and party.stand_in:
                return party.acting.name
            if who in (party.voice.person, f"{OUTSIDER}{party.id}"):
                return party.words.name
        return people.names([who]).get(who, "")

    # -- the document and its states --

    def _document(self) -> Row:
        row, known = self.known.row, revisions.revisions(self.known.row.id)
        medium = "mixed" if is_mixed(self._where) else "paper" if self._only_paper() else "pdf"
        return {
            "title": self.known.title,
            "reference": self.known.paper.reference,
            "pages": pages_of(revisions.bytes_of(row, known[-1])),
            "medium": medium,
            "first": known[0].after,
            "last": known[-1].after,
        }

    def _only_paper(self) -> bool:
        return {one.channel or one.party.row.channel for one in self._where} == {PAPER}

    def _room(self) -> Row:
        row = self.known.row
        return {
            "reference": row.reference,
            "state": row.state,
            "version": row.number,
            "opened_at": _iso(row.opened_at),
            "closed_at": _iso(row.closed_at),
            "original": row.original,
            "made_at": _iso(clock.now()),
        }

    def _state(self, one: Revision) -> Row:
        who = self.known.party(one.signatory_id).acting.name if one.signatory_id else ""
        undone = _iso(one.undone_at)
        told = {"number": one.seq, "at": _iso(one.at), "why": one.why, "who": who, "size": one.size}
        return told | {"before": one.before, "after": one.after, "undone_at": undone}

    # -- who did what --

    def _acts(self) -> list[Row]:
        found = [*self._of_people(), *self._of_the_installation()]
        found.sort(key=lambda one: one["at"] or "")
        return [{"number": number, **one} for number, one in enumerate(found, start=1)]

    def _of_people(self) -> Iterator[Row]:
        kept = {one.signatory_id: one for one in revisions.revisions(self.known.row.id) if one.signatory_id}
        for one in self._where:
            if one.state not in (SIGNED, REFUSED):
                continue
            party, state = one.party, kept.get(one.party.id)
            yield {
                "name": party.acting.name,
                "capacity": party.acting.capacity,
                "organisation": party.words.organisation,
                "mandate": self._mandate_said(party),
                "at": _iso(one.at),
                "channel": "refused" if one.state == REFUSED else one.channel,
                "level": "" if one.state == REFUSED else party.row.level,
                "identity": "" if one.state == REFUSED else self._identity(one),
                "before": state.before if state else "",
                "after": state.after if state else "",
                "note": self._note(one),
            }

    def _identity(self, one: Where) -> str:
        way = "link" if one.through else "access"
        return _(IDENTITIES.get(one.channel) or IDENTITIES[way])

    def _note(self, one: Where) -> str:
        said = [_("Instead of %(name)s.", name=one.party.words.name)] if one.party.stand_in else []
        if one.recorded_by:
            said.append(_("Conformity attested by %(name)s.", name=self.name(one.recorded_by)))
        if one.reason:
            said.append(_("Reason: %(reason)s", reason=one.reason))
        return " ".join(said)

    def _of_the_installation(self) -> Iterator[Row]:
        for one in revisions.revisions(self.known.row.id):
            if one.why == ARCHIVED:
                sealed = _("Last seal, then last time stamp.") if self.known.row.seal == "last" else ""
                told = {"name": self.issuer, "at": _iso(one.at), "channel": "archive", "level": "seal", "note": sealed}
                yield told | {"before": one.before, "after": one.after}

    # -- by what right --

    def _mandate(self, party: Party) -> Row | None:
        kind, number, day, file_id = party.mandate
        if not kind:
            return None
        kept = filing.file(file_id) if file_id else None
        who = people.names([party.row.voucher]).get(party.row.voucher, "") if kind == RESPONSIBILITY else ""
        told = {"who": party.acting.name, "kind": kind, "number": number, "day": day.isoformat() if day else ""}
        told |= {"said": self._mandate_said(party), "sha256": kept.sha256 if kept else ""}
        return told | {"taken_by": who, "why": party.words.why if who else ""}

    def _mandate_said(self, party: Party) -> str:
        kind, number, day, _file = party.mandate
        if not kind:
            return ""
        said = [_(MANDATES[kind]), f"n° {number}" if number else "", _day(day)]
        return ", ".join(filter(None, said))

    # -- what was shown, sent, handed over --

    def _views(self) -> list[Row]:
        asked = select(View).where(View.room_id == self.known.row.id).order_by(View.at, View.id)
        found = {one.after: one for one in revisions.revisions(self.known.row.id, undone=True)}
        return [
            {
                "at": _iso(one.at),
                "who": self.name(one.who),
                "pages": self._pages(found, one.sha256),
                "sha256": one.sha256,
            }
            for one in db.session.scalars(asked)
        ]

    def _pages(self, found: dict[str, Revision], mark: str) -> int | str:
        """Every page of that state of the file: signatures add none."""
        return pages_of(revisions.bytes_of(self.known.row, found[mark])) if mark in found else ""

    def _sent(self, kinds: dict[str, str]) -> list[Row]:
        """When links, or codes, left and by what way; never what they said."""
        found = []
        for line in self._lines:
            link = self._links.get(line.subject)
            if link is not None and line.kind in kinds:
                used = _iso(link.opened_at) if link.opened_at and link.opened_at >= line.at else None
                told = {"at": _iso(line.at), "who": self.name(link.person), "how": kinds[line.kind]}
                found.append(told | {"used_at": used})
        return found

    def _scan(self, one: Any) -> Row:
        who = ", ".join(self.known.party(ident).acting.name for ident in one.signatories)
        told = {"who": who, "on": one.signed_on.isoformat(), "day": _day(one.signed_on), "place": one.place}
        return told | {"sha256": one.sha256, "attested_by": self.name(one.attested_by), "at": _iso(one.at)}

    def _delivery(self, one: Any) -> Row:
        on = one.handed_on.isoformat() if one.handed_on else None
        told = {"who": self.known.party(one.party).acting.name, "how": one.how, "at": _iso(one.sent_at)}
        told |= {"opened_at": _iso(one.opened_at), "handed_how": one.handed_how, "handed_on": on}
        return told | {"handed_day": _day(one.handed_on)}


def _line(one: Event) -> Row:
    """A line of the record, whole: whoever has the others of its chain can work its hash out again."""
    said = _(SAID[one.kind]) if one.kind in SAID else one.kind
    told = {"number": one.seq, "at": _iso(one.at), "said": said, "hash": one.hash, "previous": one.previous}
    return told | {"kind": one.kind, "subject": one.subject, "chain": one.chain, "body": json.loads(one.body)}


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _day(day: date | None) -> str:
    return format_date(day, "long") if day else ""


def data_in(sealed: bytes) -> bytes:
    """What the evidence tells machines, as it lies in its PDF."""
    return attached(sealed)[DATA_NAME]
