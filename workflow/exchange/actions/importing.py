"""A file of households on its way in: taken, its columns matched, brought in or dropped. Its bytes are sealed."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import update

from workflow import clock, outbox
from workflow.db import db, new_id, own_transaction
from workflow.dossiers import actions as dossiers
from workflow.errors import Refused
from workflow.exchange import queries
from workflow.exchange.models import ImportMapping, ImportRun
from workflow.exchange.rules.importing.book import read_book
from workflow.exchange.rules.importing.columns import Header, best_sheet, guessed, header_of
from workflow.exchange.rules.importing.sheet import Sheet, packed
from workflow.exchange.rules.importing.understanding import (
    CHANGED,
    COMPARED,
    NEW,
    WRONG,
    Line,
    counts,
    refuse_unusable,
    understood,
)
from workflow.operations.queries import operation as find_operation
from workflow.record import actions as record
from workflow.record.models import chain_of
from workflow.storage import seal

KEPT_FOR = timedelta(days=7)  # a file nobody goes on with is erased
FORGET = "exchange.forget_file"
TOLD = 500  # findings kept of a run that ended


def take_file(operation: str, file_name: str, data: bytes, by: str) -> ImportRun:
    """Read a file and keep what it shows, sealed. Raises FileRefused when it cannot be taken."""
    book = read_book(file_name, data)
    sheet = best_sheet(book.sheets)
    header = header_of(sheet)
    refuse_unusable(sheet, header)
    row = ImportRun(
        id=new_id(),
        operation_id=operation,
        file_name=file_name.replace("\\", "/").rpartition("/")[2][-200:],
        state="read",
        sheet=sheet.name,
        mapping=_proposed(operation, header),
        made_by=by,
        made_at=clock.now(),
    )
    subject = queries.subject(row)
    plain = zlib.compress(json.dumps(packed(book), separators=(",", ":")).encode(), 3)
    row.sealed = seal(record.key_for(subject), plain, subject)
    db.session.add(row)
    outbox.add(FORGET, subject=subject, key=f"{FORGET}:{row.id}", after=KEPT_FOR)
    return row


def choose_sheet(row: ImportRun, sheet: Sheet) -> None:
    """Go on with another sheet of the same file."""
    _open(row)
    row.sheet, row.state, row.mapping = sheet.name, "read", _proposed(row.operation_id, header_of(sheet))


def _proposed(operation: str, header: Header) -> dict[str, str]:
    return queries.remembered(operation, header.signature) or guessed(header)


def match_columns(row: ImportRun, header: Header, mapping: Mapping[str, str]) -> None:
    """Say what each column holds ({letters: field}); remembered for the next file of that shape."""
    _open(row)
    row.mapping, row.state = dict(mapping), "checked"
    key = {"operation_id": row.operation_id, "signature": header.signature}
    db.session.merge(ImportMapping(**key, mapping=dict(mapping), at=clock.now()))


def start(row: ImportRun, *, leave_out: bool, apply: list[str], total: int) -> None:
    """Begin the work in the background.

    leave_out: wrong rows stay out instead of stopping everything. apply: ids of the households that take what the file
    says otherwise. total: rows, for the progress.
    """
    _open(row)
    row.state, row.done, row.total = "running", 0, total
    row.chosen = {"leave_out": leave_out, "apply": apply}
    outbox.add(queries.JOB, subject=queries.subject(row), key=f"{queries.JOB}:{row.id}")


def drop(row: ImportRun) -> None:
    """Give up a file before it was brought in."""
    _open(row)
    row.state = "dropped"
    _erase(row)


def _open(row: ImportRun) -> None:
    db.session.refresh(row, with_for_update=True)
    if row.state not in queries.OPEN:
        raise Refused("import_begun", "This file is being brought in already, or was.")


def _erase(row: ImportRun) -> None:
    row.sealed, row.ended_at = None, clock.now()
    record.forget(queries.subject(row))


def forget_file(lease: outbox.Lease) -> None:
    """A file nobody went on with is erased."""
    with lease.finish():
        row = db.session.get(ImportRun, lease.subject.removeprefix("import:"))
        if row is not None and (row.state in queries.OPEN or queries.gave_up(row)):
            row.state = "failed" if row.state == "running" else "dropped"
            _erase(row)


# -- the work itself ----------------------------------------------------------------------------------------------


def bring_in(lease: outbox.Lease) -> None:
    """Judge every row again, then write all of them in one transaction, or none. Twice is once: the lease is fenced."""
    row = db.session.get_one(ImportRun, lease.subject.removeprefix("import:"))
    if row.state != "running":
        return
    run_id, lines = row.id, _judged(row, tell=True)
    if _stopped(row, lines):
        with lease.finish():
            _fail(db.session.get_one(ImportRun, run_id), lines)
        return
    with lease.finish():
        row = db.session.get_one(ImportRun, run_id, with_for_update=True)
        lines = _judged(row)  # once more, now that nobody else writes: somebody may have typed one of them meanwhile
        if _stopped(row, lines):
            _fail(row, lines)
        else:
            _write(row, lines)


def _judged(row: ImportRun, *, tell: bool = False) -> list[Line]:
    sheet = next(sheet for sheet in queries.book(row).sheets if sheet.name == row.sheet)
    place = find_operation(row.operation_id)
    today = clock.today(place.zone if place else "Europe/Paris")
    lines = []
    for line in understood(sheet, header_of(sheet), row.mapping, queries.world(row.operation_id), today):
        lines.append(line)
        if tell and len(lines) % 1000 == 0:
            _progress(row.id, len(lines) // 2)  # judging is about half of the work
    return lines


def _progress(run_id: str, done: int) -> None:
    """Said outside the transaction of the work, so that the page can read it."""
    db.session.rollback()
    with own_transaction() as session:
        session.execute(update(ImportRun).where(ImportRun.id == run_id).values(done=done))


def _stopped(row: ImportRun, lines: list[Line]) -> bool:
    return any(line.verdict == WRONG for line in lines) and not row.chosen.get("leave_out")


def _fail(row: ImportRun, lines: list[Line]) -> None:
    row.state, row.counts, row.findings = "failed", counts(lines), _findings(lines)
    _erase(row)


def _write(row: ImportRun, lines: list[Line]) -> None:
    new = [_first_told(row, line) for line in lines if line.verdict == NEW]
    sealed = row.sealed or b""
    references = dossiers.register_households(row.operation_id, new, row.made_by)
    changed = _apply(row, lines)
    found = counts(lines)
    first, last = (references[0], references[-1]) if references else ("", "")
    row.counts = found | {"applied": changed, "first": first, "last": last}
    row.state, row.done, row.findings = "done", row.total, _findings(lines)
    record.note(
        chain_of(row.operation_id),
        queries.subject(row),
        "HouseholdsImported",
        {"person": row.made_by},
        count=len(new),
        first=first,
        last=last,
        changed=changed,
        left_out=found[WRONG],
        file=sha256(sealed).hexdigest(),
    )
    _erase(row)


def _apply(row: ImportRun, lines: list[Line]) -> int:
    """Write the differences that were ticked; how many households they touch."""
    ticked = set(row.chosen.get("apply", ()))
    wanted = {
        line.known.id: line for line in lines if line.verdict == CHANGED and line.known and line.known.id in ticked
    }
    told = {
        household: {name: after for name, (_before, after) in (line.changes or {}).items()}
        for household, line in wanted.items()
    }
    return dossiers.change_households(row.operation_id, told, row.made_by) if told else 0


def _first_told(row: ImportRun, line: Line) -> dict[str, Any]:
    """Columns of a new household; since when its situation holds, at noon of that day."""
    told = {name: line.told.get(name) for name in COMPARED} | {"state": line.told.get("state")}
    since = line.told.get("since")
    if since is not None:
        place = find_operation(row.operation_id)
        zone = ZoneInfo(place.zone if place else "Europe/Paris")
        told["state_since"] = min(datetime.combine(since, time(12), zone), clock.now())
    return told


def _findings(lines: list[Line]) -> list[dict[str, Any]]:
    """Where and what was wrong: never what stood there."""
    found = [finding for line in lines for finding in line.wrong][:TOLD]
    return [{"row": one.row, "column": one.column, "field": one.field, "code": one.code} for one in found]
