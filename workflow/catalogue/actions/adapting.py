"""A form changed in the page: change after change is drafted, then put into use; new dossiers begin on it at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from forms.adapting import Change, NotPossible, home, stored, taken_back, with_change
from workflow import access, clock
from workflow.access import Identity
from workflow.catalogue.actions.publishing import adopt
from workflow.catalogue.models import Adaptation, AdaptationVersion, Adoption
from workflow.catalogue.queries.adapting import OPERATION, Holder, Preview, drafted, ground, preview
from workflow.db import db, unscoped
from workflow.errors import Moved, NotFound, Refused
from workflow.operations.models import Partner
from workflow.people import queries as people
from workflow.record import actions as record
from workflow.record.models import HOUSE, chain_of

MOST = 300
"""Changes on one form: beyond that it is another form, which a workbook says better."""


class Unfit(Refused):
    """A change that the form, or something that leans on it, does not allow."""

    def __init__(self, no: NotPossible) -> None:
        super().__init__(f"unfit_{no.code}", no.why, **no.params)
        self.no = no


def may_adapt(identity: Identity, holder: Holder) -> None:
    """Raises NotFound to whoever may not: the manager of the operation may; for a landlord, its own manager, and
    whoever looks after the installation.
    """
    if holder.kind == OPERATION:
        may = access.may_set_up(identity, holder.id)
    else:
        row = people.organisation(holder.id)
        may = row is not None and row.kind == "landlord" and access.may_change_forms_of(identity, holder.id)
    if not may:
        raise NotFound()


def amend(identity: Identity, holder: Holder, slug: str, change: Change, seen: int) -> Adaptation:
    """Draft one more change. seen: the version of the adaptation the page showed, 0 when there was none.

    Raises Unfit with the reason when it cannot be made, Moved when somebody else changed the form meanwhile.
    """
    row = _locked(identity, holder, slug, seen)
    changes = with_change(drafted(row), change)
    if len(changes) > MOST:
        raise Refused("too_many", "There are too many changes for one form. Send a workbook instead.")
    _fitting(preview(holder, slug, changes), changes, change)
    return _drafted(row, changes, identity)


def _fitting(found: Preview, changes: Sequence[Change], change: Change) -> None:
    at = home(changes, change.at)
    place = next(place for place, one in enumerate(changes) if one.do == change.do and one.at in {at, change.at})
    if place in found.missed:
        raise Unfit(found.missed[place])
    wrong = found.refused(place) or found.refused(-1)
    if wrong is not None:
        raise Refused("form_refused", wrong.message, **wrong.params)


def take_back(identity: Identity, holder: Holder, slug: str, place: int, seen: int) -> Adaptation:
    """Draft the form without one of the changes: there it is the common form again."""
    row = _locked(identity, holder, slug, seen)
    changes = drafted(row)
    if not 0 <= place < len(changes):
        raise Moved()
    return _drafted(row, taken_back(changes, place), identity)


def discard(identity: Identity, holder: Holder, slug: str, seen: int) -> None:
    """Forget what was drafted; what is in use stays."""
    row = _locked(identity, holder, slug, seen)
    row.pending = None
    _touched(row, identity)


def use(identity: Identity, holder: Holder, slug: str, seen: int) -> AdaptationVersion:
    """Put what was drafted into use: dossiers begin on it from now on, those under way stay on their form.

    Raises Refused when nothing waits, or when the form does not hold with the lists of an operation.
    """
    row = _locked(identity, holder, slug, seen)
    if row.pending is None:
        raise Refused("nothing_waits", "Nothing waits to be put into use.")
    row.changes, row.pending, row.number = row.pending, None, row.number + 1
    _touched(row, identity)
    made = AdaptationVersion(
        holder=holder.key,
        slug=slug,
        number=row.number,
        changes=row.changes,
        procedure=_taken_up(holder, slug),
        made_by=identity.person,
        made_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    chain = chain_of(holder.id) if holder.kind == OPERATION else HOUSE
    told = {"slug": slug, "number": made.number, "hash": made.procedure}
    record.note(chain, f"adaptation:{holder.key}", "FormAdapted", {"person": identity.person}, **told)
    return made


def _taken_up(holder: Holder, slug: str) -> str:
    """Fit the form again where it is used; the version that now holds there."""
    if holder.kind == OPERATION:
        return adopt(holder.id, slug).hash
    with unscoped("a landlord's words hold for its households in every operation"):
        used = select(Adoption.operation_id).join(Partner, Partner.operation_id == Adoption.operation_id)
        used = used.where(Adoption.slug == slug, Partner.organisation == holder.id).order_by(Adoption.operation_id)
        for operation in db.session.scalars(used).all():
            adopt(operation, slug)
    return ground(holder, slug).hash


def _locked(identity: Identity, holder: Holder, slug: str, seen: int) -> Adaptation:
    """The row, held until the end of the transaction; made when nobody changed this form here before."""
    may_adapt(identity, holder)
    ground(holder, slug)
    asked: dict[str, Any] = {"with_for_update": True, "populate_existing": True}
    row = db.session.get(Adaptation, (holder.key, slug), **asked)
    if (row.version if row else 0) != seen:
        raise Moved("Somebody else changed this form meanwhile.")
    if row is None:
        row = Adaptation(holder=holder.key, slug=slug, changes=[], number=0, version=0, changed_by="")
    return row


def _drafted(row: Adaptation, changes: Sequence[Change], identity: Identity) -> Adaptation:
    now = stored(changes)
    row.pending = None if now == row.changes else now
    return _touched(row, identity)


def _touched(row: Adaptation, identity: Identity) -> Adaptation:
    row.version, row.changed_by, row.changed_at = row.version + 1, identity.person, clock.now()
    db.session.add(row)
    db.session.flush()
    return row
