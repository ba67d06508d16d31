"""Write households and dossiers: one verb per function."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from forms.compiler import apply, change_rows
from forms.instance import AnswerError, Instance, RowLimit
from forms.visibility import facts as facts_of
from workflow import access, clock
from workflow.access import Identity
from workflow.approvals import actions as approvals
from workflow.approvals.queries import Standing, Subject
from workflow.catalogue.queries import Published
from workflow.catalogue.queries import version as published_version
from workflow.circuit import commands as c
from workflow.circuit import events as e
from workflow.circuit.decide import Actor, editable_sections
from workflow.db import db, new_id
from workflow.dossiers import queries
from workflow.dossiers.models import DRAFT, HANDED_ON, Agreement, AnswerSet, Contact, Dossier, Fact, Household
from workflow.dossiers.queries import File
from workflow.dossiers.rules import CONTACT_MOVES, HOUSEHOLD_SAYS, first_answers, search_text
from workflow.errors import FieldError as Wrong
from workflow.errors import Forbidden, Invalid, Moved, Refused
from workflow.record import actions as record
from workflow.record.models import chain_of
from workflow.storage import seal

# -- households ---------------------------------------------------------------------------------------------------


def put_household(operation: str, told: Mapping[str, Any], by: str) -> Household:
    """Register a household, or refresh what is known of it by its reference."""
    row = db.session.scalar(
        select(Household).where(Household.operation_id == operation, Household.reference == told["reference"])
    ) or Household(id=new_id(), operation_id=operation, state="to_contact", state_since=clock.now(), version=0)
    for name in PLAIN:
        if name in told:
            setattr(row, name, told[name])
    row.search = search_text(row.name, row.address, row.dwelling, row.reference, row.tenant_reference)
    row.version += 1
    db.session.add(row)
    db.session.flush()
    record.note(chain_of(operation), f"household:{row.id}", "HouseholdPut", {"person": by})
    return row


PLAIN = (
    *("reference", "name", "building_id", "entrance", "floor", "dwelling", "dwelling_type", "surface", "address"),
    *("phone", "email", "tenant_reference", "persons", "referent", "landlord", "zone"),
)


def set_state(row: Household, state: str, by: str) -> None:
    """Move a household to another status."""
    if row.state == state:
        return
    row.state, row.state_since = state, clock.now()
    row.version += 1
    record.note(chain_of(row.operation_id), f"household:{row.id}", "HouseholdStateSet", {"person": by}, state=state)


def erase_household(row: Household, by: str) -> None:
    """Forget who a household was: its plain columns are emptied, what was sealed under its key is lost for good."""
    row.name, row.address, row.phone, row.email, row.tenant_reference = "", "", None, None, None
    row.search = search_text(row.reference)
    row.version += 1
    record.forget(f"household:{row.id}")
    record.note(chain_of(row.operation_id), f"household:{row.id}", "HouseholdErased", {"person": by})


def note_contact(row: Household, kind: str, words: str, by: str) -> Contact:
    """Add a line to the contact log; an appointment or a refusal moves a household that was not surveyed yet."""
    line = Contact(
        id=new_id(),
        operation_id=row.operation_id,
        household_id=row.id,
        kind=kind,
        at=clock.now(),
        person=by,
        note=record.keep_text(f"household:{row.id}", words),
    )
    db.session.add(line)
    record.note(
        chain_of(row.operation_id), f"household:{row.id}", "Contacted", {"person": by}, contact=line.id, how=kind
    )
    if kind in CONTACT_MOVES and row.state in ("to_contact", "appointment", "unreachable", "interview_refused"):
        set_state(row, CONTACT_MOVES[kind], by)
    return line


# -- a dossier opens ----------------------------------------------------------------------------------------------


def open_dossier(identity: Identity, row: Household, published: Published) -> tuple[Dossier, bool]:
    """Open a dossier, or offer the one under way: (dossier, whether it is new)."""
    if not access.may_fill(identity, row.operation_id):
        raise Forbidden()
    found = queries.open_dossier_of(row, published.slug)
    if found:
        return found, False
    number = db.session.scalar(select(func.count()).select_from(Dossier).where(Dossier.household_id == row.id)) or 0
    dossier = Dossier(
        id=new_id(),
        operation_id=row.operation_id,
        reference=f"{row.reference}-{number + 1}",
        household_id=row.id,
        procedure=published.hash,
        slug=published.slug,
        author=identity.person,
        opened_at=clock.now(),
        closed=False,
        open_key=queries.open_key(row.id, published.slug),
        household=row,
    )
    db.session.add(dossier)
    try:
        db.session.flush()
    except IntegrityError as clash:
        raise Moved("Somebody opened this dossier at the same moment.") from clash
    prefill = published.settings.get("prefill", {})
    instance, filled = first_answers(published.form, queries.circumstances(), prefill, _known(identity, row))
    told = [identity.person, clock.now().isoformat(), "prefilled"]
    _store(dossier, instance, dict.fromkeys(filled, told), identity.person, revision=1)
    approvals.start(dossier.subject, dossier.operation_id, _author(identity, dossier))
    return dossier, True


def _known(identity: Identity, row: Household) -> dict[str, Any]:
    """What need not be asked again."""
    building = queries.place(row, named=True).get("fr")
    return {name: getattr(row, name) for name in HOUSEHOLD_SAYS} | {"building": building, "officer": identity.name}


def _author(identity: Identity, row: Dossier) -> Actor:
    grant = next((g for g in identity.grants_in(row.operation_id) if access.ROLES[g.role].fill), None)
    if grant is None:
        raise Forbidden()
    return Actor(identity.person, grant.role, grant.organisation, grant.employer)


def _store(
    row: Dossier, instance: Instance, provenance: Mapping[str, Any], by: str, *, revision: int, source: str = "web"
) -> AnswerSet:
    """A new revision, as a draft."""
    stored = AnswerSet(
        id=new_id(),
        operation_id=row.operation_id,
        dossier_id=row.id,
        revision=revision,
        form_hash=instance.form.hash,
        instance_id=instance.identity.instance_id,
        deprecated_id=instance.identity.deprecated_id,
        state=DRAFT,
        saves=0,
        sealed=b"",
        fingerprint="",
        saved_at=clock.now(),
        saved_by=by,
        source=source,
    )
    _write(row, stored, instance, provenance, by)
    db.session.add(stored)
    db.session.flush()
    return stored


def _write(row: Dossier, stored: AnswerSet, instance: Instance, provenance: Mapping[str, Any], by: str) -> None:
    key = record.key_for(row.subject)
    plain = json.dumps({"xml": instance.to_xml(), "provenance": provenance}, ensure_ascii=False).encode()
    stored.sealed = seal(key, plain, f"answers:{stored.id}")
    stored.fingerprint = queries.mark(row, instance)
    stored.saved_at, stored.saved_by, stored.saves = clock.now(), by, stored.saves + 1


# -- filling ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Saved:
    """What a save left: the answers, what is wrong on that page, the row a button added or removed."""

    stored: AnswerSet
    instance: Instance
    errors: list[AnswerError]
    row_path: str | None = None


def save_section(
    identity: Identity,
    reference: str,
    section: str,
    posted: Mapping[str, Any],
    shown: str,
    *,
    whole: bool = True,
    tab: str = "",
) -> Saved:
    """Write one page of answers into the draft, wrong or not: nothing typed is lost.

    `shown` is the `stamp` of the answers the page was shown with, `tab` a name of that page: it may be a save behind
    itself. Moved when another page, of somebody else or of the same person elsewhere, saved meanwhile.
    """
    file = queries.file(identity, reference)
    group = next((found for found in file.published.form.sections if found.name == section), None)
    if group is None or not file.fills:
        raise Refused("not_fillable", "This dossier is not being filled in at the moment.")
    if section not in editable(file.known, file.published):
        raise Refused("section_closed", "Only the sections that were sent back can be changed.")
    latest = queries.present_set(file.row, lock=True)
    mine = latest.saved_by == identity.person and bool(tab) and latest.saved_from == tab
    if latest.stamp != shown and not mine:
        raise Moved("This file was saved from elsewhere meanwhile. Copy your text, then reload the page.")
    stored = _draft_to_write(file, identity.person)
    instance, provenance = queries.opened(file.row, stored)
    before = _texts(instance)
    errors = apply(instance, posted, group.path, whole, file.lens)
    row_path = _changed_rows(instance, posted)
    if row_path:
        errors = [error for error in instance.errors(group.path)]
    after = _texts(instance)
    if before != after:
        told = [identity.person, clock.now().isoformat(), "declared"]
        provenance |= {path: told for path, text in after.items() if before.get(path) != text}
        _write(
            file.row,
            stored,
            instance,
            {path: line for path, line in provenance.items() if path in after},
            identity.person,
        )
        stored.saved_from = tab[:40]
    return Saved(stored, instance, errors, row_path)


def _changed_rows(instance: Instance, posted: Mapping[str, Any]) -> str | None:
    try:
        return change_rows(instance, posted)
    except RowLimit as full:
        raise Refused("row_limit", "This list is full: no further line can be added.") from full


def write_answers(identity: Identity, reference: str, answers: Mapping[str, Any], source: str = "import") -> AnswerSet:
    """Put whole answers (nested by group name) into the draft: imports and demonstration."""
    file = queries.file(identity, reference)
    if not file.fills:
        raise Refused("not_fillable", "This dossier is not being filled in at the moment.")
    stored = _draft_to_write(file, identity.person)
    before, provenance = queries.opened(file.row, stored)
    instance = Instance.from_answers(file.published.form, answers, queries.circumstances())
    instance.identity = before.identity
    told = [identity.person, clock.now().isoformat(), source]
    texts, old = _texts(instance), _texts(before)
    provenance = {path: provenance.get(path, told) if old.get(path) == text else told for path, text in texts.items()}
    _write(file.row, stored, instance, provenance, identity.person)
    stored.source = source
    return stored


def _texts(instance: Instance) -> dict[str, str]:
    return {path: instance.get(path) for path in instance.values() if not instance.question(path).computed}


def editable(known: Standing, published: Published) -> frozenset[str]:
    """Names of the sections that may be changed now: all at first, the chosen ones after a return."""
    names = [group.name for group in published.form.sections]
    steps = [step.id for step in published.circuit.steps() if step.id in known.state.open]
    return frozenset(name for step in steps for name in editable_sections(published.circuit, known.state, step, names))


def _draft_to_write(file: File, by: str) -> AnswerSet:
    """The draft, locked; after a return, a new revision that begins with what was handed on."""
    latest = queries.present_set(file.row, lock=True)
    if latest.state == DRAFT:
        return latest
    instance, provenance = queries.opened(file.row, latest)
    return _store(file.row, instance.revised(), provenance, by, revision=latest.revision + 1)


# -- decisions ----------------------------------------------------------------------------------------------------


def submit(identity: Identity, reference: str, shown_version: int) -> Standing:
    """Hand the answers on. Raises Invalid with every error when something is missing or wrong: it stays a draft."""
    file = queries.file(identity, reference)
    if file.filling is None:
        approvals.act_as(identity, file.row.subject, c.Submit(step=_fill_step(file)), shown_version)
        raise Refused("not_yours", "This step is not yours to decide.")
    stored = _draft_to_write(file, identity.person)
    instance, provenance = queries.opened(file.row, stored)
    errors = instance.errors()
    if errors:
        raise Invalid([Wrong(error.path, error.message, dict(error.params)) for error in errors])
    final = instance.pruned()
    _write(file.row, stored, final, provenance, identity.person)
    stored.state = HANDED_ON
    _publish_facts(file.row, final, file.published)
    db.session.flush()
    command = c.Submit(step=file.filling, shown=stored.fingerprint)
    return approvals.act_as(identity, file.row.subject, command, shown_version)


def _fill_step(file: File) -> str:
    return next(step.id for step in file.published.circuit.steps() if step.kind.value == "fill")


def _publish_facts(row: Dossier, instance: Instance, published: Published) -> None:
    """What lists and conditions of access read: indexed answers, and to whom the household agreed."""
    for model in (Fact, Agreement):
        db.session.execute(delete(model).where(model.dossier_id == row.id))
    for fact in facts_of(instance):
        db.session.add(
            Fact(
                dossier_id=row.id,
                operation_id=row.operation_id,
                path=fact.path,
                name=fact.name,
                text=fact.text[:400],
                number=fact.number,
                date=fact.date,
                level=fact.level,
            )
        )
    path = published.settings.get("agreements")
    for organisation in instance.get(path).split() if path else ():
        db.session.add(
            Agreement(dossier_id=row.id, operation_id=row.operation_id, organisation=organisation, since=clock.now())
        )


@dataclass(frozen=True)
class Decision:
    """What somebody decided, as the page posts it. `shown` and `version` say what they had before their eyes."""

    command: str  # name of a command: Approve, SendBack, Sign…
    step: str
    version: int
    shown: str
    reason: str = ""
    sections: tuple[str, ...] = ()
    to: str = "author"
    channel: str = "screen"
    scan_hash: str | None = None
    disagreement: bool = False
    opinion: str = ""


def decide(identity: Identity, reference: str, decision: Decision) -> Standing:
    """Carry a decision out in whichever of this person's capacities allows it."""
    row = queries.dossier(identity, reference)
    kind = c.COMMANDS.get(decision.command)
    if kind is None or decision.command in ("Open", "Submit"):
        raise Refused("unknown", "This decision is not known.")
    return approvals.act_as(identity, row.subject, _command(kind, row, decision), decision.version)


def _command(kind: type[c.Command], row: Dossier, told: Decision) -> c.Command:
    given: dict[str, Any] = {"step": told.step, "shown": told.shown}
    text = record.keep_text(row.subject, told.reason)
    if kind is c.SendBack:
        given |= {"reason_ref": text, "to": told.to, "sections": told.sections}
    elif kind is c.Sign:
        given |= {
            "channel": told.channel,
            "scan_hash": told.scan_hash,
            "disagreement": told.disagreement,
            "remarks_ref": text or None,
        }
    elif kind is c.GiveOpinion:
        given |= {"opinion": told.opinion, "reason_ref": text}
    elif kind in (c.Refuse, c.ApproveWithReservation, c.Cancel, c.Withdraw):
        given["reason_ref"] = text
    if kind in c.ON_DOSSIER:
        given["step"] = None
    return kind(**given)


def after_decision(subject: str, new: list[e.Event]) -> None:
    """What follows for the household and the dossier, in the same transaction."""
    row = queries.by_subject(subject)
    by = next((event.actor.person for event in new if event.actor), "clock")
    for event in new:
        if isinstance(event, e.Submitted) and row.household.state in BEFORE_SURVEY:
            set_state(row.household, "surveyed", by)
        if isinstance(event, e.Completed | e.Withdrawn | e.Cancelled):
            row.closed, row.open_key = True, None
        if isinstance(event, e.Completed) and event.outcome == "approved":
            set_state(row.household, "searching", by)


BEFORE_SURVEY = ("to_contact", "appointment", "unreachable", "interview_refused", "to_update")


SUBJECT = Subject(
    published=lambda subject: published_version(queries.by_subject(subject).procedure),
    holds=queries.conditions,
    section_hashes=lambda subject: queries.Marks(queries.by_subject(subject)),
    shown=lambda subject: queries.present_set(queries.by_subject(subject)).fingerprint,
    relations=queries.relations,
    recipients=queries.recipients,
    outsider=lambda subject: f"household:{queries.by_subject(subject).household_id}",
    decided=after_decision,
    sentences=queries.sentences,
)
