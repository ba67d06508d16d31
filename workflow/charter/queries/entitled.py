"""Who holds the pen of a draft, who contributes, who records what others say, who reads which contribution."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, or_, select, true

from workflow import access
from workflow.access import Identity
from workflow.charter.models import PREPARING, Consultation, Contribution, Invited
from workflow.db import db
from workflow.errors import NotFound

DRAFTING = frozenset(("chef_de_projet",))


@dataclass(frozen=True)
class Reader:
    """What somebody is before one draft. drafts: holds the pen; records: keys what others said; mine: the invited
    organisations for which they speak.
    """

    person: str
    drafts: bool
    records: bool
    mine: frozenset[str]

    @property
    def comes(self) -> bool:
        return self.drafts or self.records or bool(self.mine)

    def sees(self) -> ColumnElement[bool]:
        """Which contributions they read."""
        if self.drafts:
            return true()
        return or_(Contribution.shown.is_(True), self.owns())

    def owns(self) -> ColumnElement[bool]:
        """Which contributions are theirs: of their organisation, said or keyed by themselves."""
        if not self.person:
            return false()
        of_ours = Contribution.organisation.in_(sorted(self.mine))
        return or_(of_ours, Contribution.recorder == self.person, Contribution.person == self.person)

    def knows_author(self, row: Contribution) -> bool:
        """Whether they read who spoke, even where that is not published."""
        own = row.organisation in self.mine or (bool(self.person) and self.person in (row.recorder, row.person))
        return self.drafts or own or (row.shown and row.consent == "named")


def may_draft(identity: Identity, operation: str) -> bool:
    """Whoever manages the operation holds the pen, not who describes it only: names and words are read there. Nobody
    borrows that.
    """
    own = (one for one in identity.grants_in(operation) if one.on_behalf_of is None)
    return any(one.role in DRAFTING for one in own)


def invited_to(consultation_id: str) -> list[str]:
    asked = select(Invited.organisation).where(Invited.consultation_id == consultation_id)
    return sorted(db.session.scalars(asked))


def reader_of(identity: Identity, row: Consultation, invited: list[str] | None = None) -> Reader:
    asked = invited_to(row.id) if invited is None else invited
    grants = identity.grants_in(row.operation_id)
    mine = frozenset(one.organisation for one in grants if one.organisation in asked)
    drafts = may_draft(identity, row.operation_id)
    member = any(one.role == "association" and one.organisation in asked for one in grants)
    return Reader(identity.person, drafts, drafts or member or access.may_fill(identity, row.operation_id), mine)


def come_in(identity: Identity, reference: str) -> tuple[Consultation, Reader]:
    """A draft, and what somebody is before it. Raises NotFound for everybody it is not for."""
    row = db.session.scalar(select(Consultation).where(Consultation.reference == reference))
    if row is None:
        raise NotFound()
    reader = reader_of(identity, row)
    if not reader.comes or (row.state == PREPARING and not reader.drafts):
        raise NotFound()
    return row, reader


def draft_in(identity: Identity, reference: str) -> Consultation:
    """A draft, for who holds its pen. Raises NotFound."""
    row, reader = come_in(identity, reference)
    if not reader.drafts:
        raise NotFound()
    return row
