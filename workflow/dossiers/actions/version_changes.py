"""Many open dossiers at once: what would become of each is looked at first, then those chosen are moved, in the
background, each in a transaction of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from workflow import access, clock, outbox
from workflow.access import Identity
from workflow.approvals import queries as courses
from workflow.db import db, new_id
from workflow.dossiers.actions.changing_version import change_version
from workflow.dossiers.models import Dossier, VersionChange
from workflow.dossiers.queries.fates import Fate, Moving, behind, target_of
from workflow.dossiers.queries.version_changes import DONE, JOB, LOOKED, LOOKING, RUNNING, subject_of
from workflow.dossiers.rules import LOSES, MOVES
from workflow.errors import Forbidden, Problem, Refused

log = structlog.get_logger()
AT_ONCE = 40  # dossiers in one go of the worker, well within its lease


def look(identity: Identity, operation: str, slug: str) -> VersionChange:
    """Begin to look at every open dossier that is behind. Nothing is moved."""
    if not access.may_set_up(identity, operation):
        raise Forbidden()
    rows = behind(operation, slug)
    to = target_of(rows[0]) if rows else None
    if to is None:
        raise Refused("nothing_behind", "Every open file is on the version in use already.")
    run = VersionChange(
        id=new_id(),
        operation_id=operation,
        slug=slug,
        target=to.hash,
        state=LOOKING,
        chosen=[row.id for row in rows],
        lines=[],
        made_by=identity.person,
        made_at=clock.now(),
    )
    db.session.add(run)
    db.session.flush()
    _ring(run)
    return run


def start(run: VersionChange, chosen: Sequence[str]) -> None:
    """Move those chosen among the ones that can go on."""
    db.session.refresh(run, with_for_update=True)
    if run.state != LOOKED:
        raise Refused("move_begun", "These files are being moved already, or were.")
    able = [line["dossier"] for line in run.lines if line["code"] in (MOVES, LOSES)]
    wanted = [one for one in able if one in set(chosen)]
    if not wanted:
        raise Refused("none_chosen", "Choose at least one file.")
    run.state, run.chosen, run.done = RUNNING, wanted, 0
    _ring(run)


def _ring(run: VersionChange) -> None:
    outbox.add(JOB, subject=subject_of(run), key=f"{JOB}:{run.id}:{run.state}:{run.done}")


def go_on(lease: outbox.Lease) -> None:
    """Do the next dossiers of a run. Done twice is done once: what is written says how far one was."""
    run_id = lease.subject.partition(":")[2]
    for _number in range(AT_ONCE):
        if not _next(run_id):
            break
    with lease.finish():
        run = db.session.get_one(VersionChange, run_id, with_for_update=True, populate_existing=True)
        if run.done < len(run.chosen):
            _ring(run)
        elif run.state in _ENDS:
            run.state, run.ended_at = _ENDS[run.state], clock.now()


_ENDS = {LOOKING: LOOKED, RUNNING: DONE}


def _next(run_id: str) -> bool:
    """One dossier, in one transaction with the line that tells of it. False when none is left."""
    db.session.rollback()
    run = db.session.get_one(VersionChange, run_id, with_for_update=True, populate_existing=True)
    if run.state not in _ENDS or run.done >= len(run.chosen):
        db.session.rollback()
        return False
    dossier, rank = run.chosen[run.done], run.done
    do = _WORK[run.state]
    try:
        line = _line(dossier, do(run, db.session.get_one(Dossier, dossier)))
    except Refused as refused:
        db.session.rollback()
        line = _line(dossier, Fate(refused.code))
    except (Problem, LookupError, ValueError, SQLAlchemyError) as problem:
        db.session.rollback()
        log.error("version_not_changed", dossier=dossier, error=type(problem).__name__, exc_info=True)
        line = _line(dossier, Fate("failed"))
    run = db.session.get_one(VersionChange, run_id, with_for_update=True, populate_existing=True)
    if run.done == rank:
        run.lines = [*(one for one in run.lines if one["dossier"] != dossier), line]
        run.done = rank + 1
        db.session.commit()
    return True


def _line(dossier: str, fate: Fate) -> dict[str, Any]:
    """What is kept of it: ids, a code, the questions whose answers find no place; never an answer."""
    return {
        "dossier": dossier,
        "reference": db.session.get_one(Dossier, dossier).reference,
        "code": fate.code,
        "lost": list(fate.lost),
        "left": fate.left,
        "to": fate.to,
    }


def _look(_run: VersionChange, row: Dossier) -> Fate:
    to = target_of(row)
    if to is None:
        return Fate("moved_on")
    return Moving(row, courses.standing(row.subject), to).fate


def _move(run: VersionChange, row: Dossier) -> Fate:
    to, looked = target_of(row), next(line for line in run.lines if line["dossier"] == row.id)
    if to is None or to.hash != looked["to"]:
        return Fate("moved_on")
    return change_version(row, to, run.made_by)


_WORK: dict[str, Callable[[VersionChange, Dossier], Fate]] = {LOOKING: _look, RUNNING: _move}
