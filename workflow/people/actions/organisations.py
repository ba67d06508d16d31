"""Write organisations."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from workflow.db import db
from workflow.errors import FieldError, Invalid
from workflow.people import queries
from workflow.people.actions.locking import actor, locked
from workflow.people.models import Organisation
from workflow.people.rules import slug_from
from workflow.record import actions as record
from workflow.record.models import HOUSE


@dataclass(frozen=True)
class OrganisationDraft:
    """What is told of an organisation."""

    name: str
    kind: str
    city: str = ""
    phone: str = ""
    email: str | None = None
    address: str = ""
    represented_by: str = ""
    capacity: str = ""
    deliberation: str = ""


def put_organisation(
    slug: str, name: str, kind: str, city: str = "", by: str | None = None, **more: str
) -> Organisation:
    """Create or refresh an organisation under a slug of its own. more: further columns by name; those left out stay."""
    row = db.session.merge(Organisation(slug=slug, name=name, kind=kind, city=city, **more))
    db.session.flush()
    _note(row, by)
    return row


def add_organisation(told: OrganisationDraft, by: str) -> Organisation:
    """A new organisation; its slug is made from its name. Raises Invalid when one bears that name already."""
    _alone(told)
    slug = slug_from(told.name, lambda wanted: queries.organisation(wanted) is not None)
    row = Organisation(slug=slug, version=1, **asdict(told))
    db.session.add(row)
    db.session.flush()
    _note(row, by)
    return row


def change_organisation(slug: str, told: OrganisationDraft, version: int, by: str) -> Organisation:
    """Raises Moved when somebody changed it after `version`."""
    row = locked(Organisation, slug, version)
    _alone(told, but=slug)
    for name, value in asdict(told).items():
        setattr(row, name, value)
    row.version += 1
    _note(row, by)
    return row


def _alone(told: OrganisationDraft, *, but: str = "") -> None:
    other = queries.same_organisation(told.name, but=[but])
    if other:
        message = "There is already an organisation of this name: %(name)s (%(city)s)."
        raise Invalid([FieldError("name", message, {"name": other.name, "city": other.city})])


def _note(row: Organisation, by: str | None) -> None:
    record.note(HOUSE, f"organisation:{row.slug}", "OrganisationPut", actor(by), organisation_kind=row.kind)
