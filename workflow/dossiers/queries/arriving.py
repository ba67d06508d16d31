"""Whole answers that arrive, judged before anything is written: whose they are, whether they count, what is wrong.

Everything here only reads, so that the rules run while nobody waits for the database. What it finds is plain data; who
writes it looks again at what could have changed meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from forms import arriving
from forms.arriving import Envelope
from forms.growing import RowLimit
from forms.instance import Instance
from forms.provenance import texts
from forms.provenance import told as told_lines
from forms.storing import UnreadableInstance
from forms.structure import Form
from forms.upload_fields import token_of
from forms.visibility import Lens, may_see
from workflow import access, clock
from workflow.access import Identity
from workflow.approvals import queries as approvals
from workflow.approvals.models import Task, Voter
from workflow.catalogue import queries as catalogue
from workflow.circuit.decide import editable_sections
from workflow.db import db, prepared
from workflow.dossiers.models import HANDED_ON, AnswerSet, Dossier, Submission
from workflow.dossiers.queries import whom
from workflow.dossiers.queries.answers import Packed, circumstances, form_of, packed, present_set, row_limit
from workflow.dossiers.queries.dossiers import may_open
from workflow.errors import FieldError, Forbidden, Invalid, NotFound
from workflow.record.queries import key_of
from workflow.storage import fingerprint, unseal

SAME, OTHER = "same", "other"


@dataclass(frozen=True)
class Arrival:
    """What somebody sent. `told`: codes and ids that belong to the source: of paper, its day and who filled it in."""

    xml: str
    source: str
    device: str | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Judged:
    """An arrival as it was judged. `why` is a code of rules.WHY_ASIDE: the answers are kept, and change nothing.

    known: the submission of that name that came before, whether this one says the same (SAME) or not (OTHER), and the
    state of that first one.
    stamp: what the answers of the dossier said of themselves when it was judged; latest: their id. packed: the answers
    as they will be kept, sealed before anybody waits for the database; None when files come with them.
    """

    operation: str
    person: str
    arrival: Arrival
    envelope: Envelope
    form_hash: str
    procedure: str
    mark: str = ""
    why: str = ""
    known: str = ""
    repeats: str = ""
    first: str = ""
    dossier: str = ""
    subject: str = ""
    key: bytes = b""
    latest: str = ""
    stamp: str = ""
    saves: int = 0
    frozen: bool = False
    instance: Instance | None = None
    provenance: Mapping[str, Any] = field(default_factory=dict)
    findings: tuple[tuple[str, str], ...] = ()
    awaited: Mapping[str, str] = field(default_factory=dict)
    packed: Packed | None = None


def judge(identity: Identity, operation: str, arrival: Arrival) -> Judged:
    """Judge what arrived. Raises NotFound (a form nobody published here), Invalid (not an instance), Forbidden."""
    if not access.may_fill(identity, operation):
        raise Forbidden()
    envelope = _envelope(arrival.xml)
    known = first_of(operation, envelope.instance_id)
    row = _dossier(known.dossier_id) if known is not None and known.dossier_id else whose(identity, operation, envelope)
    if known is not None:
        again = _again(identity, row, known, arrival, envelope)
        return _named_form(again) if again.repeats == OTHER and row is None else again
    if row is None:
        return _nobodys(identity, operation, arrival, envelope)
    return _of(identity, row, arrival, envelope)


def _envelope(xml: str) -> Envelope:
    try:
        found = arriving.envelope(xml)
    except UnreadableInstance as fault:
        raise Invalid([FieldError("xml", "This is not a filled form.")]) from fault
    if not found.instance_id or not found.form_id:
        raise Invalid([FieldError("xml", "This is not a filled form.")])
    return found


class First(NamedTuple):
    """What arrived first under a name, as far as a judgement asks."""

    id: str
    operation_id: str
    dossier_id: str | None
    instance_id: str
    form_hash: str
    mark: str
    result: str
    state: str

    @property
    def subject(self) -> str:
        return f"submission:{self.id}"


_FIRST = prepared(
    select(*(getattr(Submission, name) for name in First._fields)).where(
        Submission.twin == "",
        Submission.operation_id == bindparam("operation"),
        Submission.instance_id == bindparam("named"),
    )
)
_FILLS = prepared(
    select(Task.step).where(Task.subject == bindparam("subject"), Task.kind == "fill").order_by(Task.step)
)


def first_of(operation: str, instance_id: str) -> First | None:
    """What arrived first under that name."""
    found = db.session.execute(_FIRST, {"operation": operation, "named": instance_id}).one_or_none()
    return First(*found) if found is not None else None


def _dossier(dossier_id: str) -> Dossier:
    return db.session.scalars(select(Dossier).where(Dossier.id == dossier_id)).one()


def whose(identity: Identity, operation: str, told: Envelope) -> Dossier | None:
    """The dossier these answers belong to: by the reference they carry, or as the correction of earlier answers."""
    found = _by_reference(operation, told.reference) or _corrected(operation, told.deprecated_id)
    return found if found is not None and may_open(identity, found) else None


def _by_reference(operation: str, reference: str) -> Dossier | None:
    asked = select(Dossier).where(Dossier.operation_id == operation, Dossier.reference == reference)
    return db.session.scalar(asked) if reference else None


def _corrected(operation: str, deprecated_id: str) -> Dossier | None:
    if not deprecated_id:
        return None
    asked = select(Dossier).join(AnswerSet, AnswerSet.dossier_id == Dossier.id)
    found = db.session.scalar(
        asked.where(Dossier.operation_id == operation, AnswerSet.instance_id == deprecated_id).limit(1)
    )
    earlier = None if found is not None else first_of(operation, deprecated_id)
    return _dossier(earlier.dossier_id) if earlier is not None and earlier.dossier_id else found


# -- said before --------------------------------------------------------------------------------------------------


def _again(identity: Identity, row: Dossier | None, known: First, arrival: Arrival, envelope: Envelope) -> Judged:
    """The same name came before: with the same content it is the same, with other content it is put beside it."""
    subject = row.subject if row is not None else known.subject
    mark = mark_under(subject, arrival.xml)
    told = Judged(
        known.operation_id, identity.person, arrival, envelope, known.form_hash, "", mark=mark, known=known.id,
        repeats=SAME if mark == known.mark else OTHER, why="other_xml", subject=subject, key=key_of(subject) or b"",
        dossier=row.id if row is not None else "", first=known.state,
    )  # fmt: skip
    if told.repeats == OTHER or not arrival.files or row is None:
        return told
    return _late_files(told, row, known)


def _late_files(told: Judged, row: Dossier, known: First) -> Judged:
    """The answers came before, the files named in them come now: those that are still named get their file."""
    latest = present_set(row)
    if latest.instance_id != known.instance_id or latest.state == HANDED_ON:
        return told
    instance, provenance = _opened(row, latest, told.key)
    awaited = arriving.awaited(instance, lambda name: bool(token_of(name)))
    return replace(
        told, instance=instance, provenance=provenance, awaited=awaited, latest=latest.id, stamp=latest.stamp
    )


def mark_under(subject: str, xml: str) -> str:
    """Keyed hash of what arrived: nobody can guess answers from it."""
    return fingerprint(key_of(subject) or b"", xml.encode())


# -- of no dossier ------------------------------------------------------------------------------------------------


def _nobodys(identity: Identity, operation: str, arrival: Arrival, told: Envelope) -> Judged:
    """Answers that do not say whose they are are kept, for somebody to say it."""
    return _named_form(Judged(operation, identity.person, arrival, told, "", "", why="no_dossier"))


def _named_form(told: Judged) -> Judged:
    """What is kept for nobody's dossier says to which form it was given: it is read with that one."""
    published = form_called(told.operation, told.envelope.form_id, told.envelope.version)
    if published is None:
        raise NotFound("This form is not in use here.")
    return replace(told, form_hash=published.form.hash, procedure=published.hash)


def form_called(operation: str, form_id: str, version: str) -> catalogue.Published | None:
    """The procedure of an operation whose form has that name and version, whichever version it is on today."""
    for slug in dict.fromkeys((*catalogue.adopted(operation), *catalogue.slugs())):
        now = catalogue.current(slug, operation)
        if now is None or now.form.form_id != form_id:
            continue
        if version in ("", now.form.version):
            return now
        others = (catalogue.version(one.hash) for one in catalogue.known_versions(slug, frozenset((operation,))))
        return next((one for one in others if one.form.version == version), None)
    return None


# -- of a dossier -------------------------------------------------------------------------------------------------


def weigh(identity: Identity, row: Dossier, arrival: Arrival, *, over: bool = False) -> Judged:
    """Judge answers that somebody says belong to this dossier; `over`: in the place of whatever stands there.

    Raises NotFound when they were given to another form, Invalid when they cannot be read.
    """
    return _of(identity, row, arrival, _envelope(arrival.xml), over=over)


def _of(identity: Identity, row: Dossier, arrival: Arrival, told: Envelope, *, over: bool = False) -> Judged:
    form, key = form_of(row), key_of(row.subject)
    if key is None:
        raise NotFound("These answers have been erased.")
    if told.form_id != form.form_id:
        raise NotFound("This form is not the one of that dossier.")
    here = Judged(
        row.operation_id, identity.person, arrival, told, form.hash, row.procedure,
        mark=fingerprint(key, arrival.xml.encode()), dossier=row.id, subject=row.subject, key=key,
    )  # fmt: skip
    latest = present_set(row)
    fills = fills_of(identity, row)
    why = _hindrance(row, latest, form, told, over=over) if fills else "not_open"
    if why:
        return replace(here, why=why)
    frozen = latest.state == HANDED_ON
    here = replace(here, latest=latest.id, stamp=latest.stamp, saves=latest.saves, frozen=frozen)
    return _evaluated(here, identity, row, form, latest=latest, fills=fills)


def _hindrance(row: Dossier, latest: AnswerSet, form: Form, told: Envelope, *, over: bool) -> str:
    """Why these answers may not take the place of those that are there; empty when they may."""
    if told.version not in ("", form.version):
        return "other_version"
    if over:
        return ""
    if not told.deprecated_id:
        return "" if (latest.revision, latest.saves) == (1, 1) else "answered_already"
    if told.deprecated_id != latest.instance_id:
        return "not_current"
    earlier = first_of(row.operation_id, told.deprecated_id)
    return "changed_since" if earlier is not None and earlier.result not in ("", latest.fingerprint) else ""


def open_fills(row: Dossier) -> list[str]:
    """Ids of the steps at which the answers of a dossier are being given now."""
    return [] if row.void_at is not None else list(db.session.scalars(_FILLS, {"subject": row.subject}))


def fills_of(identity: Identity, row: Dossier) -> list[str]:
    """The same for one person: who interviews writes for any household, for the whole operation who is asked."""
    steps = open_fills(row)
    if row.household_id is not None or not steps:
        return steps
    mine = select(Voter.step).where(Voter.subject == row.subject, Voter.person == identity.person)
    asked = set(db.session.scalars(mine))
    return [step for step in steps if step in asked]


def _evaluated(
    here: Judged, identity: Identity, row: Dossier, form: Form, *, latest: AnswerSet, fills: Collection[str]
) -> Judged:
    """Every rule of the form run over what arrived, after what its sender may not write was put back."""
    opened = json.loads(unseal(here.key, latest.sealed, f"answers:{latest.id}"))
    before = arriving.before_of(form, opened["xml"])
    try:
        instance = Instance.from_xml(form, here.arrival.xml, circumstances(row.operation_id), row_limit())
    except (UnreadableInstance, RowLimit) as fault:
        raise Invalid([FieldError("xml", "This is not a filled form.")]) from fault
    arriving.keep_pages(instance, opened["xml"], closed_to(row, latest, form, fills))
    arriving.keep_what_stood(instance, before, _kept(form, lens_of(identity, row)))
    awaited = arriving.awaited(instance, lambda name: bool(token_of(name)))
    missing = [path for path, name in awaited.items() if name not in here.arrival.files]
    findings = tuple((error.kind, error.path) for error in arriving.found_in(instance, missing))
    line = source_line(identity.person, here.arrival)
    provenance = told_lines(opened["provenance"], before, texts(instance), line)
    here = replace(here, instance=instance, provenance=provenance, findings=findings, awaited=awaited)
    if here.frozen or here.arrival.files:
        return here
    return replace(here, packed=packed(here.key, latest.id, instance, provenance))


def lens_of(identity: Identity, row: Dossier) -> Lens:
    return access.LENSES[whom.lens_of(identity, row)]


@lru_cache(maxsize=64)
def _kept(form: Form, lens: Lens) -> frozenset[str]:
    """Paths of the questions that nobody who looks through this lens may answer."""
    hidden = (one for one in form.questions.values() if one.kind == "hidden" or (one.asked and not may_see(one, lens)))
    return frozenset(one.path for one in hidden)


def closed_to(row: Dossier, latest: AnswerSet, form: Form, steps: Collection[str]) -> frozenset[str]:
    """Names of the sections that may not be changed now: those that were not sent back, or are another step's."""
    names = [group.name for group in form.sections]
    circuit = catalogue.version(row.procedure).circuit
    if latest.revision == 1 and latest.state != HANDED_ON:  # nothing was ever sent back: no need to read the course
        may = {name for step in steps for name in names if circuit.step(step).looks_at(name)}
    else:
        state = approvals.standing(row.subject).state
        may = {name for step in steps for name in editable_sections(circuit, state, step, names)}
    return frozenset(names) - may


def source_line(person: str, arrival: Arrival) -> list[Any]:
    """Who, when, from where; for paper also the day that stands on it."""
    line: list[Any] = [person, clock.now().isoformat(), arrival.source]
    return [*line, {"on": arrival.told["on"]}] if arrival.told.get("on") else line


def _opened(row: Dossier, stored: AnswerSet, key: bytes) -> tuple[Instance, dict[str, Any]]:
    told = json.loads(unseal(key, stored.sealed, f"answers:{stored.id}"))
    now = circumstances(row.operation_id)
    return Instance.from_xml(form_of(row), told["xml"], now, row_limit(), submitted=False), told["provenance"]
