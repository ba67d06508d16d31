"""One door for whole answers, wherever they come from: handed on in the page, sent, keyed from paper, imported.

The same instance with the same content counts once; with other content it is kept beside the first, and changes
nothing. See docs/decisions/one-door.md.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from forms.instance import Instance
from forms.storing import Identity
from forms.upload_fields import KINDS, file_name
from workflow import clock
from workflow.db import db, new_id
from workflow.dossiers import queries
from workflow.dossiers.actions.uploading import TOKEN
from workflow.dossiers.actions.writing import store, write
from workflow.dossiers.models import DRAFT, HANDED_ON, AnswerSet, Dossier, Submission
from workflow.dossiers.queries.arriving import OTHER, SAME, Judged, mark_under
from workflow.errors import Moved
from workflow.filing import actions as filing
from workflow.filing.rules.answers import NotKept
from workflow.record import actions as record
from workflow.record.models import chain_of
from workflow.record.queries import text
from workflow.storage import fingerprint, seal

ACCEPTED, FLAGGED, CONFLICT, ASIDE, REPEATED = "accepted", "flagged", "conflict", "aside", "repeated"
KEYING = "keying"  # a paper is being typed in
KEPT_APART = (CONFLICT, ASIDE)
Findings = Collection[tuple[str, str]]


@dataclass(frozen=True)
class Receipt:
    """What became of an arrival: the id of its row, its state (REPEATED: it was here before), how much is wrong."""

    id: str
    state: str
    findings: int = 0


def receive(found: Judged) -> Receipt:
    """Write what was judged. Raises Moved when something changed since: judge it again, then come back."""
    if found.known and found.repeats == SAME:
        return _late_files(found)
    if found.known or found.why:
        return _keep_apart(found)
    return _take(found)


# -- it counts ----------------------------------------------------------------------------------------------------


def _take(found: Judged) -> Receipt:
    """The answers become those of the dossier; what is wrong with them is told to the officer, who goes on."""
    if found.instance is None:
        raise Moved()
    findings = list(found.findings)
    if found.packed is not None:
        _put_packed(found, found.packed)
        result = found.packed.fingerprint
    else:
        stored = _as_it_was(found)
        findings += _keep_files(found, found.instance)
        result = _written(found, found.instance, stored).fingerprint
    state = FLAGGED if findings else ACCEPTED
    return Receipt(_insert(found, state=state, findings=findings, result=result, key=found.key), state, len(findings))


def _put_packed(found: Judged, what: queries.Packed) -> None:
    """The draft as it was sealed beforehand, in one statement. Raises Moved when it is another draft by now."""
    told = {
        "the_id": found.latest,
        "the_operation": found.operation,
        "the_saves": found.saves,
        "sealed": what.sealed,
        "fingerprint": what.fingerprint,
        "marks": what.marks,
        "saved_at": clock.now(),
        "saved_by": found.person,
        "saved_from": "",
        "saves": found.saves + 1,
        "source": found.arrival.source,
        "instance_id": found.envelope.instance_id,
        "deprecated_id": found.envelope.deprecated_id or None,
    }
    if not db.session.execute(_PUT, told).rowcount:
        raise Moved()


_SETS = AnswerSet.__table__
_PUT = (
    update(_SETS)
    .where(
        _SETS.c.id == bindparam("the_id"),
        _SETS.c.operation_id == bindparam("the_operation"),
        _SETS.c.saves == bindparam("the_saves"),
        _SETS.c.state == DRAFT,
        _SETS.c.dossier_id.in_(select(Dossier.__table__.c.id).where(Dossier.__table__.c.void_at.is_(None))),
    )
    .values(
        {
            name: bindparam(name)
            for name in ("sealed", "fingerprint", "marks", "saved_at", "saved_by", "saved_from", "saves", "source")
        }
        | {name: bindparam(name) for name in ("instance_id", "deprecated_id")}
    )
)


def _written(found: Judged, instance: Instance, stored: AnswerSet) -> AnswerSet:
    """The answers with their files, in the draft or, after a return, as a new revision."""
    if found.frozen:
        stored = _following(_dossier(found), instance, found, stored.revision + 1)
    else:
        write(_dossier(found), stored, instance, found.provenance, found.person)
    stored.instance_id, stored.deprecated_id = found.envelope.instance_id, found.envelope.deprecated_id or None
    stored.source, stored.saved_from = found.arrival.source, ""
    return stored


def _as_it_was(found: Judged) -> AnswerSet:
    """The answers this arrival was judged on, locked. Raises Moved when they are others by now."""
    asked = select(AnswerSet).join(Dossier, Dossier.id == AnswerSet.dossier_id).where(AnswerSet.id == found.latest)
    asked = asked.where(Dossier.void_at.is_(None)).with_for_update(of=AnswerSet)
    stored = db.session.scalar(asked.execution_options(populate_existing=True))
    if stored is None or stored.stamp != found.stamp or (stored.state == HANDED_ON) != found.frozen:
        raise Moved()
    return stored


def _following(row: Dossier, instance: Instance, found: Judged, revision: int) -> AnswerSet:
    try:
        return store(row, instance, found.provenance, found.person, revision=revision, source=found.arrival.source)
    except IntegrityError as clash:
        raise Moved() from clash


def _dossier(found: Judged) -> Dossier:
    return queries.by_subject(found.subject)


def _keep_files(found: Judged, instance: Instance) -> list[tuple[str, str]]:
    """Keep the files that came, under the names the answers then carry; findings for those that cannot be kept."""
    wrong = []
    for path, name in found.awaited.items():
        data = found.arrival.files.get(name)
        if data is None:
            continue
        question = instance.question(path)
        told = {"path": question.path}
        try:
            kept, sort = filing.keep_answer(found.operation, found.subject, data, question.kind, found.person, **told)
        except NotKept:
            wrong.append(("file", path))
            continue
        instance.put(path, file_name(name, kept.id[:TOKEN], sort.extension))
    return wrong


def _late_files(found: Judged) -> Receipt:
    """The same answers once more: nothing changes, but files that were still missing find their place."""
    if found.first in KEPT_APART and found.arrival.files:
        _keep_beside(found, db.session.get_one(Submission, found.known))
    arrived = any(name in found.arrival.files for name in found.awaited.values())
    if found.instance is not None and arrived:
        stored = _as_it_was(found)
        instance = found.instance
        _keep_files(found, instance)
        write(_dossier(found), stored, instance, found.provenance, found.person)
        earlier = db.session.get_one(Submission, found.known)
        earlier.result = stored.fingerprint
        wrong = [(error.kind, error.path) for error in instance.errors()]
        earlier.findings, earlier.state = len(wrong), FLAGGED if wrong else ACCEPTED
    return Receipt(found.known, CONFLICT if found.first == CONFLICT else REPEATED)


# -- it is kept apart -----------------------------------------------------------------------------------------------


def _keep_apart(found: Judged) -> Receipt:
    """Nothing is lost and nothing is overwritten: somebody looks at it."""
    state = CONFLICT if found.dossier else ASIDE
    row_id = _insert(found, state=state, findings=(), result="", key=found.key if found.dossier else b"")
    if row_id != found.known and found.arrival.files:
        _keep_beside(found, db.session.get_one(Submission, row_id))
    return Receipt(row_id, CONFLICT if found.repeats == OTHER else state)


def _keep_beside(found: Judged, row: Submission) -> None:
    """The files of answers that change nothing wait with them, each under the name the answers give it."""
    subject, kept = found.subject if found.dossier else row.subject, list(row.told.get("files", ()))
    known = {text(one.caption) for one in queries.files_beside(row)}
    fresh = ((name, data) for name, data in found.arrival.files.items() if name not in known)
    for name, data in fresh:
        for kind in sorted(KINDS):
            try:
                file, _sort = filing.keep_answer(found.operation, subject, data, kind, found.person, path=name)
            except NotKept:
                continue
            kept.append(file.id)
            break
    row.told = row.told | {"files": kept}


def take_apart(found: Judged, row: Submission, by: str) -> Receipt:
    """What was kept apart becomes the answers of its dossier after all. Raises Moved."""
    if found.instance is None:
        raise Moved()
    stored = _as_it_was(found)
    findings = [*found.findings, *_keep_files(found, found.instance)]
    stored = _written(found, found.instance, stored)
    row.dossier_id, row.result = found.dossier, stored.fingerprint
    row.state, row.findings = FLAGGED if findings else ACCEPTED, len(findings)
    row.sealed = sealed(found.key, row.id, found.arrival.xml, findings)
    row.mark = fingerprint(found.key, found.arrival.xml.encode())
    for kept in queries.files_beside(row):
        filing.erase(kept, by, TAKEN)
    settle(row, by, "taken")
    return Receipt(row.id, row.state, len(findings))


TAKEN = "taken into its dossier"


def settle(row: Submission, by: str, how: str) -> None:
    """Somebody has seen to it."""
    row.settled_at, row.settled_by = clock.now(), by
    record.note(chain_of(row.operation_id), row.subject, "ArrivalSettled", {"person": by}, how=how)


def _insert(found: Judged, *, state: str, findings: Findings, result: str, key: bytes) -> str:
    """The row of an arrival, unless one of that name is there. Raises Moved when another was faster."""
    row_id = new_id()
    subject = found.subject if key else f"submission:{row_id}"
    key = key or record.key_for(subject)
    told = {
        "id": row_id,
        "operation_id": found.operation,
        "instance_id": found.envelope.instance_id,
        "twin": found.mark if found.repeats == OTHER else "",
        "deprecated_id": found.envelope.deprecated_id or None,
        "form_id": found.envelope.form_id,
        "form_hash": found.form_hash,
        "dossier_id": found.dossier or None,
        "mark": found.mark or mark_under(subject, found.arrival.xml),
        "result": result,
        "source": found.arrival.source,
        "device": found.arrival.device,
        "person": found.person,
        "received_at": clock.now(),
        "state": state,
        "findings": len(findings),
        "why": found.why,
        "told": {**found.arrival.told, **({"version": found.procedure} if state == ASIDE else {})},
        "sealed": sealed(key, row_id, found.arrival.xml, findings),
        "settled_at": None,
        "settled_by": None,
    }
    if not _put_once(told):
        if found.repeats == OTHER:
            return found.known  # the same other content, sent again
        raise Moved()
    _note(told)
    return row_id


def sealed(key: bytes, row_id: str, xml: str, findings: Findings) -> bytes:
    plain = json.dumps({"xml": xml, "findings": [list(one) for one in findings]}, ensure_ascii=False)
    return seal(key, plain.encode(), f"submission:{row_id}")


def _put_once(told: Mapping[str, Any]) -> bool:
    """Whether the row was written: the database itself lets in the first of a name only."""
    insert = _INSERTS[db.session.get_bind().dialect.name]
    return db.session.execute(insert, told).one_or_none() is not None


_INSERTS = {  # how many rows an insert wrote is not told by every driver, the row itself is
    name: dialect.insert(Submission.__table__).on_conflict_do_nothing().returning(Submission.__table__.c.id)
    for name, dialect in (("postgresql", postgresql), ("sqlite", sqlite))
}


def _note(told: Mapping[str, Any]) -> None:
    data = {name: told[name] for name in ("source", "state", "mark", "device", "findings", "why") if told[name]}
    if told["dossier_id"]:
        data["dossier"] = told["dossier_id"]
    fact = record.NewFact("AnswersReceived", data, {"person": told["person"]})
    record.append(chain_of(told["operation_id"]), f"submission:{told['id']}", 0, [fact])


# -- what was written already ---------------------------------------------------------------------------------------


def name_anew(operation: str, instance: Instance) -> None:
    """An instance that came through this door before goes on under a name of its own, which remembers the earlier."""
    earlier = instance.identity.instance_id
    if queries.first_of(operation, earlier) is not None:
        instance.identity = Identity(f"uuid:{instance.now.uuid()}", earlier)


def enter(
    row: Dossier,
    stored: AnswerSet,
    instance: Instance,
    by: str,
    *,
    source: str,
    findings: Findings = (),
    begun: Submission | None = None,
) -> Submission:
    """Note whole answers that were just written as the answers of a dossier: handed on, keyed, imported.

    Before they were written, `name_anew` gave them a name under which nothing came before. begun: the row of a paper
    whose keying is finished.
    """
    key, identity = record.key_for(row.subject), instance.identity
    stored.instance_id, stored.deprecated_id = identity.instance_id, identity.deprecated_id
    found = begun or begin(row, by, source)
    found.instance_id, found.deprecated_id = identity.instance_id, identity.deprecated_id
    found.form_id, found.form_hash = instance.form.form_id, instance.form.hash
    found.mark, found.result = fingerprint(key, instance.to_xml().encode()), stored.fingerprint
    found.person, found.received_at = by, clock.now()
    found.state, found.findings = FLAGGED if findings else ACCEPTED, len(findings)
    found.sealed = sealed(key, found.id, "", findings)  # the answers themselves stand in their own row
    db.session.add(found)
    db.session.flush()
    _note({column.name: getattr(found, column.name) for column in Submission.__table__.columns})
    return found


def begin(row: Dossier, by: str, source: str) -> Submission:
    """A row of something that is not complete yet."""
    new_one = new_id()
    return Submission(
        id=new_one,
        operation_id=row.operation_id,
        instance_id=f"begun:{new_one}",
        twin="",
        form_id="",
        form_hash="",
        dossier_id=row.id,
        mark="",
        result="",
        source=source,
        person=by,
        received_at=clock.now(),
        state=KEYING,
        findings=0,
        why="",
        told={},
    )
