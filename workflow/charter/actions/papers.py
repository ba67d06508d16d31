"""Papers of a draft: the text with its places to sign, and the table of contributions and answers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from workflow import clock, outbox
from workflow.access import Identity
from workflow.charter.actions.beginning import note
from workflow.charter.models import SETTLED, Consultation
from workflow.charter.queries import drafts
from workflow.charter.queries.entitled import may_draft
from workflow.db import db
from workflow.errors import FieldError, Invalid, Moved, NotFound, Refused
from workflow.filing import actions as filing
from workflow.filing.models import Paper
from workflow.record import actions as record

MAKE = "charter.make_paper"
TEXT, ANSWERS = "charter-text", "charter-answers"
AUDIENCE = "partner"
MOST_SIGNING = 12


def ask(row: Consultation, kind: str, title: str) -> Paper:
    """A paper as things stand now; an earlier one of the same kind is then an older version of it."""
    held = drafts.held(row)
    held.version += 1
    record.key_for(held.subject)
    made = filing.ask(
        held.operation_id, held.subject, held.version, kind=kind, audience=AUDIENCE, lang="fr", title=title
    )
    db.session.flush()
    outbox.add(MAKE, subject=f"paper:{made.id}", key=f"{MAKE}:{made.id}")
    return made


@dataclass(frozen=True)
class Signers:
    """Who signs: organisations by their slug, tenants by their name, mandated by the others on that day."""

    organisations: Sequence[str]
    tenants: Sequence[str]
    mandated_on: date | None


def write_to_sign(identity: Identity, row: Consultation, seen: int, who: Signers) -> Paper:
    """The settled text with a place for each who signs.

    Raises Moved, Refused, Invalid.
    """
    if not may_draft(identity, row.operation_id):
        raise NotFound()
    held = drafts.held(row)
    if held.version != seen:
        raise Moved("Somebody changed this draft meanwhile.")
    if held.state != SETTLED:
        raise Refused("not_settled", "Settle on a version first: what is signed does not change any more.")
    if not who.organisations and not who.tenants:
        raise Invalid([FieldError("organisations", "Choose who signs.")])
    if len(who.organisations) + len(who.tenants) > MOST_SIGNING:
        raise Invalid([FieldError("organisations", "At most %(count)s sign one text.", {"count": MOST_SIGNING})])
    if who.tenants and who.mandated_on is None:
        raise Invalid([FieldError("mandated_on", "Write the day on which the tenants mandated them.")])
    record.drop_text(held.signers)
    day = who.mandated_on.isoformat() if who.mandated_on else ""
    told = {"organisations": list(who.organisations), "tenants": list(who.tenants), "day": day}
    held.signers = record.keep_text(held.subject, json.dumps(told, ensure_ascii=False))
    made = ask(held, TEXT, held.title)
    note(held, "TextWrittenToSign", identity.person, edition=held.current, paper=made.id)
    return made


def publish(identity: Identity, row: Consultation) -> None:
    """Everybody reads the settled text, with what came of the contributions that were published. Raises Refused."""
    if not may_draft(identity, row.operation_id):
        raise NotFound()
    held = drafts.held(row)
    if held.state != SETTLED:
        raise Refused("not_settled", "Settle on a version first: what is published does not change any more.")
    if held.published_at is None:
        held.published_at, held.version = clock.now(), held.version + 1
        note(held, "TextPublished", identity.person, edition=held.current)
