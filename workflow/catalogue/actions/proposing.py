"""A newer version of a form: proposed, then put into use or thrown away. Nothing begins on it in between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import delete, func, select

from forms.definition import load as load_form
from forms.findings import Finding, FormRefused
from workflow import access, clock
from workflow.access import Identity
from workflow.catalogue import queries
from workflow.catalogue.actions.publishing import Content, adopt, freeze, put_into_use
from workflow.catalogue.models import PROPOSED, PUBLISHED, Adoption, Procedure, ProcedureVersion, Proposal, VersionFile
from workflow.catalogue.queries.breaking import breaks
from workflow.db import db, new_id
from workflow.errors import Forbidden, Moved, NotFound, Refused
from workflow.record import actions as record
from workflow.record.models import HOUSE, chain_of

LONGEST_NOTE = 2000
NOTHING: Mapping[str, bytes] = {}


@dataclass(frozen=True)
class Sent:
    """A form as somebody sends it. files: those that stand beside it, by name; what is not sent stays as it was."""

    source: bytes
    name: str
    files: Mapping[str, bytes]


def propose(
    identity: Identity,
    slug: str,
    source: bytes,
    name: str,
    *,
    operation: str = "",
    files: Mapping[str, bytes] = NOTHING,
    note: str = "",
) -> Proposal:
    """Keep a newer form beside the one in use. The rest of the procedure stays that of the version in use.

    operation: whose own form it is to become; "" for the common form. Raises FormRefused with everything that must be
    corrected, be it in the form or for the steps and documents that read it; Refused when nothing changes.
    """
    base = base_of(identity, slug, operation)
    content, found = _checked(base, Sent(source, name, files))
    if content.hash == base.hash:
        raise Refused("same_form", "This form is the one in use: nothing changes.")
    version = freeze(content, (source, name), base.example, state=PROPOSED, operation=operation, by=identity.person)
    if version.operation not in ("", operation):
        raise Refused("not_here", "This version belongs to another operation.")
    db.session.execute(delete(Proposal).where(Proposal.version == version.hash, Proposal.operation == operation))
    row = Proposal(
        id=new_id(),
        slug=slug,
        operation=operation,
        version=version.hash,
        findings=[asdict(one) for one in found],
        note=note.strip()[:LONGEST_NOTE],
        made_by=identity.person,
        made_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    return row


def base_of(identity: Identity, slug: str, operation: str = "") -> ProcedureVersion:
    """The version in use which a newer one would take the place of. NotFound, or Forbidden to who may not publish."""
    known = db.session.get(Procedure, slug)
    row = db.session.get(Adoption, (operation, slug)) if operation else None
    if known is None or (operation and row is None):
        raise NotFound()
    may_publish(identity, operation)
    return db.session.get_one(ProcedureVersion, row.base if row else known.current)


def may_publish(identity: Identity, operation: str = "") -> None:
    """Whoever looks after the installation changes the common form; whoever sets an operation up, its own."""
    if not (access.may_set_up(identity, operation) if operation else access.administers(identity)):
        raise Forbidden()


def _checked(base: ProcedureVersion, sent: Sent) -> tuple[Content, tuple[Finding, ...]]:
    beside = {**queries.files(base.hash), **sent.files}
    made = queries.compiled(sent.source, sent.name, "{}", tuple(sorted(beside.items())))
    form = load_form(made.xml, beside)
    found = (*made.findings, *breaks(queries.version(base.hash), form))
    if any(one.level == "refused" for one in found):
        raise FormRefused(found)
    files = {name: beside[name] for name in form.files if name in beside}
    return Content(base.settings, made.xml, base.circuit, base.models, files), found


def withdraw(identity: Identity, proposal_id: str) -> None:
    """Throw a proposed version away; one that was in use before stays among the versions."""
    row = _proposal(identity, proposal_id)
    version = row.version
    db.session.delete(row)
    db.session.flush()
    _drop(version)
    actor = {"person": identity.person}
    record.note(HOUSE, f"procedure:{row.slug}", "ProposalWithdrawn", actor, hash=version)


def _drop(version: str) -> None:
    wanted = db.session.scalar(select(func.count()).select_from(Proposal).where(Proposal.version == version))
    row = db.session.get_one(ProcedureVersion, version)
    if wanted == 0 and row.state == PROPOSED:
        db.session.execute(delete(VersionFile).where(VersionFile.version == version))
        db.session.delete(row)
        db.session.flush()


def _proposal(identity: Identity, proposal_id: str) -> Proposal:
    row = db.session.get(Proposal, proposal_id, with_for_update=True)
    if row is None:
        raise NotFound()
    may_publish(identity, row.operation)
    return row


def release(
    identity: Identity, slug: str, version_hash: str, seen: str, *, operation: str = "", note: str = ""
) -> ProcedureVersion:
    """Put a version into use: dossiers begin on it from now on.

    seen: hash of the version that was in use when the page was shown. Raises Moved when it is another one now, Refused
    for a version that was retired.
    """
    may_publish(identity, operation)
    _lock(slug, operation, seen)
    version = db.session.get(ProcedureVersion, version_hash)
    if version is None or version.slug != slug or version.operation not in ("", operation):
        raise NotFound()
    if version.retired_at is not None:
        raise Refused("retired_version", "This version was retired. Bring it back first.")
    _publish(version, identity, note)
    if operation:
        _take(version, operation, identity)
    else:
        put_into_use(version, identity.person)
    return version


def _lock(slug: str, operation: str, seen: str) -> None:
    """The row that says what is in use, as the page showed it."""
    model: Any = Adoption if operation else Procedure
    key = (operation, slug) if operation else slug
    row = db.session.get(model, key, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound()
    if (row.base if operation else row.current) != seen:
        raise Moved("Somebody put another version into use meanwhile. Look at what changed, then decide.")


def _publish(version: ProcedureVersion, identity: Identity, note: str) -> None:
    asked = select(Proposal).where(Proposal.version == version.hash)
    told = [row.note for row in db.session.scalars(asked) if row.note]
    db.session.execute(delete(Proposal).where(Proposal.version == version.hash))
    if version.state == PROPOSED:
        version.state, version.published_at, version.published_by = PUBLISHED, clock.now(), identity.person
    version.note = note.strip()[:LONGEST_NOTE] or next(iter(told), version.note)
    db.session.flush()


def _take(version: ProcedureVersion, operation: str, identity: Identity) -> None:
    common = db.session.get_one(Procedure, version.slug).current
    adopt(operation, version.slug, version.hash)
    db.session.get_one(Adoption, (operation, version.slug)).common = common
    actor = {"person": identity.person}
    record.note(chain_of(operation), f"procedure:{version.slug}", "ProcedureReleased", actor, hash=version.hash)


def take_common(identity: Identity, operation: str, slug: str, seen: str) -> ProcedureVersion:
    """The operation takes the common form as it is in use now, in place of what it had. seen: what it had."""
    return release(identity, slug, db.session.get_one(Procedure, slug).current, seen, operation=operation)
