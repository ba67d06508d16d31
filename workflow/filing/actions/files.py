"""Files that people hand in: kept, moved to where they belong, erased."""

from __future__ import annotations

import secrets
from hashlib import sha256

from flask import current_app

from workflow import clock, outbox, storage
from workflow.db import db, new_id
from workflow.errors import FieldError, Invalid
from workflow.filing import queries
from workflow.filing.models import KeptFile
from workflow.filing.rules.answers import NotKept, Sort, sort_of
from workflow.filing.rules.pictures import PICTURES, Unreadable, without_metadata
from workflow.filing.rules.scans import fault_of, kind_of
from workflow.record.actions import drop_text, keep_text, key_for
from workflow.record.queries import text

SCAN, TEAM, SHARED, ANSWER, KEYED = "scan", "attachment", "shared", "answer", "keyed"
ERASE = "filing.erase"  # the job that takes bytes out of the store


def keep_file(operation: str, subject: str, data: bytes, mime: str, by: str) -> KeptFile:
    """Keep a scan, encrypted under the subject's key. The same bytes for the same subject are one file.

    `mime` is what the sender said; the content decides. Raises Invalid with the field "scan".
    """
    kind = _kind(data, "scan", mime)
    found = queries.kept_file(subject, sha256(data).hexdigest())
    return found or _keep(operation, subject, data, kind=kind, by=by, part=SCAN)


def attach(
    operation: str, subject: str, data: bytes, mime: str, by: str, *, caption: str, part: str = TEAM
) -> KeptFile:
    """Keep an attachment; a picture is written anew, without what the camera noted (place, hour, device).

    Raises Invalid with the field "file".
    """
    kind = _kind(data, "file", mime)
    if kind in PICTURES:
        try:
            data = without_metadata(data)
        except Unreadable as fault:
            raise Invalid([FieldError("file", str(fault))]) from fault
    row = _keep(operation, subject, data, kind=kind, by=by, part=part)
    row.caption = keep_text(subject, caption)
    return row


def keep_answer(operation: str, subject: str, data: bytes, kind: str, by: str, *, path: str) -> tuple[KeptFile, Sort]:
    """Keep a file given as the answer to the question at `path` of a form; `kind` is image, audio, video or file.

    The path is sealed beside the file: no other question can name it. Raises NotKept.
    """
    sort = sort_of(data, kind)
    if sort.mime in PICTURES:
        try:
            data = without_metadata(data)
        except Unreadable as fault:
            raise NotKept(str(fault)) from fault
    row = _keep(operation, subject, data, kind=sort.mime, by=by, part=ANSWER)
    row.caption = keep_text(subject, path)
    return row, sort


def _kind(data: bytes, field: str, mime: str) -> str:
    fault, found = fault_of(data), kind_of(data)
    if fault or found is None:
        raise Invalid([FieldError(field, fault or "", {"mime": mime})])
    return found


def _keep(operation: str, subject: str, data: bytes, *, kind: str, by: str, part: str) -> KeptFile:
    row = KeptFile(
        id=new_id(),
        operation_id=operation,
        subject=subject,
        name="",
        mime=kind,
        size=len(data),
        sha256=sha256(data).hexdigest(),
        kept_at=clock.now(),
        kept_by=by,
        part=part,
    )
    row.name = f"files/{row.id}"
    _put(row, data)
    db.session.add(row)
    db.session.flush()
    return row


def _put(row: KeptFile, data: bytes) -> None:
    _store().put(row.name, storage.seal(key_for(row.subject), data, queries.file_seal(row.id)))


def _store() -> storage.Store:
    return storage.open_store(current_app.config["RELAIS"].storage_url)


def move(row: KeptFile, subject: str) -> None:
    """Give a file to another subject: written anew under the key of that one, erased where it lay."""
    data, caption = queries.bytes_of_file(row), text(row.caption) or ""
    _forget_bytes(row)
    drop_text(row.caption)
    row.subject, row.name = subject, f"files/{secrets.token_hex(16)}"
    row.caption = keep_text(subject, caption)
    _put(row, data)
    db.session.flush()


def erase(row: KeptFile, by: str, why: str) -> outbox.Outbox:
    """Take a file out of sight at once; the job that takes its bytes out of the store. Who, when and why stay."""
    row.erased_at, row.erased_by = clock.now(), by
    drop_text(row.caption)
    row.caption, row.reason = "", keep_text(row.subject, why)
    return _forget_bytes(row)


def _forget_bytes(row: KeptFile) -> outbox.Outbox:
    token = row.name.removeprefix("files/")
    return outbox.add(ERASE, subject=f"bytes:{token}", key=f"{ERASE}:{token}")


def erase_bytes(token: str) -> None:
    """Delete what lies under that name, unless a file still needs it."""
    name = f"files/{token}"
    if queries.lives(name):
        return
    try:
        _store().delete(name)
    except FileNotFoundError:
        return  # another attempt was faster
