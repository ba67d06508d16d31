"""One letter for many households: begun, answered, looked over, started, stopped, gone on with."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import update

from workflow import clock, outbox
from workflow.access import Identity
from workflow.catalogue.queries.paper_models import PaperModelInUse
from workflow.db import begin_reading, db, new_id
from workflow.dossiers.models import Household
from workflow.errors import Moved, Refused
from workflow.record import actions as record
from workflow.record.models import chain_of
from workflow.writing.models import (
    DONE,
    DROPPED,
    FAILED,
    PREPARING,
    RUNNING,
    STOPPED,
    WAITING,
    LetterLine,
    LetterRun,
)
from workflow.writing.queries.facts import Around, in_order_of_address
from workflow.writing.queries.letters import (
    JOB,
    MOST,
    Run,
    households_of,
    left,
    lines,
    lots_of,
    own_answers,
    turn_key,
)
from workflow.writing.rules.hindering import Hindrance

AT_ONCE = 20
"""Letters of one job: some seconds, so that two workers share them and a stop is soon heard."""


def begin(
    identity: Identity,
    known: Around,
    model: PaperModelInUse,
    audience: str,
    rows: Sequence[Household],
    *,
    large: bool,
    day: date | None = None,
    cause: str = "",
) -> LetterRun:
    """A run with a line for each of these households; several lots where there are more than MOST, of which this is the
    first. day: the date of the letters, today when none is given. cause: which journey asks for them. Raises Refused
    when there are none.
    """
    if not rows:
        raise Refused("nobody", "No household is chosen: change the filters.")
    homes = in_order_of_address(rows, known.buildings)
    lots = [homes[first : first + MOST] for first in range(0, len(homes), MOST)]
    run = LetterRun(
        operation_id=known.operation,
        model=model.slug,
        model_hash=model.hash,
        title=model.title[:200],
        audience=audience,
        large=large,
        day=day or clock.today(known.zone),
        state=PREPARING,
        asked=not model.asks,
        made_by=identity.person,
        made_at=clock.now(),
        lots=len(lots),
        cause=cause,
    )
    begun = [_begin_lot(run, rank, lot) for rank, lot in enumerate(lots, start=1)]
    for one in begun:
        _note(one, "LettersBegun", identity.person, households=len(lots[one.lot - 1]))
    return begun[0]


def _begin_lot(like: LetterRun, lot: int, homes: Sequence[Household]) -> LetterRun:
    """The run itself, or another one like it."""
    alike = ("operation_id", "model", "model_hash", "title", "audience", "large", "day", "state", "asked", "made_by",
             "made_at", "lots", "cause")  # fmt: skip
    run = like if lot == 1 else LetterRun(**{name: getattr(like, name) for name in alike})
    run.id, run.lot = new_id(), lot
    run.batch = "" if like.lots == 1 else like.id
    db.session.add(run)
    db.session.flush()
    told = Run(run)
    for rank, home in enumerate(homes, start=1):
        found = told.hindrance(home, {}, deep=like.lots == 1)
        db.session.add(
            LetterLine(
                run_id=run.id,
                rank=rank,
                operation_id=run.operation_id,
                household_id=home.id,
                chosen=True,
                state=WAITING,
                problem=found,
            )
        )
    db.session.flush()
    return run


def answer(run: LetterRun, values: Mapping[str, Any], version: int, day: date | None = None) -> None:
    """What is asked once for all; questions left open are asked for each household. day: the date of the letters, where
    it changes. Other lots of the same letter that nobody answered yet take the same.
    """
    problems = _looked_over(run.id, common=values)
    run = _preparing(run.id, version)
    _take_answers(run, values, day)
    _say(run, problems)
    for other in lots_of(run):
        lot = _locked(other.id)
        if lot.state == PREPARING and not lot.told and lot.id != run.id:
            _take_answers(lot, values, day)


def _take_answers(run: LetterRun, values: Mapping[str, Any], day: date | None) -> None:
    before = run.told
    run.told, run.asked = record.keep_text(run.subject, json.dumps(dict(values), ensure_ascii=False)), True
    run.day, run.version = day or run.day, run.version + 1
    record.drop_text(before)


def answer_each(run: LetterRun, values: Mapping[str, Mapping[str, Any]], version: int) -> int:
    """What is asked for each household: {household: {name: value}}; how many lines it reached."""
    problems = _looked_over(run.id, own=values)
    run = _preparing(run.id, version)
    reached = 0
    for line in lines(run):
        told = values.get(line.household_id)
        if told is None:
            continue
        record.drop_text(line.told)
        line.told = record.keep_text(f"household:{line.household_id}", json.dumps(dict(told), ensure_ascii=False))
        reached += 1
    run.version += 1
    _say(run, problems)
    return reached


def _looked_over(
    run_id: str, *, common: Mapping[str, Any] | None = None, own: Mapping[str, Mapping[str, Any]] | None = None
) -> dict[int, Hindrance]:
    """What hinders each letter, by rank, with answers that are not kept yet. Every letter is tried: nobody who wants to
    write waits meanwhile.
    """
    db.session.rollback()
    begin_reading()
    run = db.session.get_one(LetterRun, run_id)
    told, known = Run(run, common), lines(run)
    homes, kept = households_of(known), own_answers(known)
    found = {}
    for line in known:
        answers = (own or {}).get(line.household_id) or kept.get(line.rank, {})
        found[line.rank] = told.hindrance(homes.get(line.household_id), answers)
    db.session.rollback()
    return found


def _say(run: LetterRun, problems: Mapping[int, Hindrance]) -> None:
    """What hinders a letter says nothing of whether it is wanted: whom somebody took out stays out."""
    for line in lines(run):
        line.problem = problems.get(line.rank, [])
    db.session.flush()


def choose(run: LetterRun, shown: Collection[int], ticked: Collection[int], version: int) -> None:
    """Write to those ticked among those shown, not to the others shown; what is hindered had no box to tick."""
    run = _preparing(run.id, version)
    for line in lines(run):
        if line.rank in shown and not line.problem:
            line.chosen = line.rank in ticked
    run.version += 1


def start(identity: Identity, run: LetterRun, version: int) -> None:
    """Write every letter that is chosen and that nothing hinders. Raises Refused when there is none."""
    if not run.asked:
        raise Refused("not_answered", "Answer the questions of the model first.")
    problems = _looked_over(run.id)
    run = _preparing(run.id, version)
    _say(run, problems)
    blocked = [line for line in lines(run) if line.chosen and line.problem]
    for line in blocked:
        line.chosen = False
    db.session.flush()
    if not left(run):
        raise Refused("nobody", "No letter can be written: see what hinders each of them.")
    _go(run, identity.person)
    _note(run, "LettersStarted", identity.person, letters=left(run))


def stop(identity: Identity, run: LetterRun) -> None:
    """What is written stays; the others wait."""
    run = _locked(run.id)
    if run.state != RUNNING:
        raise Refused("not_running", "These letters are not being written at the moment.")
    run.state = STOPPED
    _note(run, "LettersStopped", identity.person)


def go_on(identity: Identity, run: LetterRun, *, failed: bool = False) -> None:
    """Write those that wait; with `failed`, those that could not be written as well."""
    run = _locked(run.id)
    if run.state in (PREPARING, DROPPED) or not run.asked:
        raise Refused("not_started", "These letters were not begun yet.")
    if failed:
        again = LetterLine.run_id == run.id, LetterLine.state == FAILED
        db.session.execute(update(LetterLine).where(*again).values(state=WAITING, problem=[]))
    if not left(run):
        raise Refused("nothing_left", "Every letter is written.")
    _go(run, identity.person)
    _note(run, "LettersGoneOnWith", identity.person)


def drop(identity: Identity, run: LetterRun, version: int) -> None:
    """Nothing was written: the preparation is thrown away."""
    run = _preparing(run.id, version)
    record.drop_text(run.told)
    for line in lines(run):
        record.drop_text(line.told)
        line.told = ""
    run.state, run.told, run.ended_at = DROPPED, "", clock.now()
    _note(run, "LettersDropped", identity.person)


def ended(run: LetterRun) -> None:
    """After a job: whether it was the last."""
    if run.state == RUNNING and not left(run):
        run.state, run.ended_at = DONE, clock.now()


def _go(run: LetterRun, by: str) -> None:
    run.state, run.turn, run.ended_at, run.started_by = RUNNING, run.turn + 1, None, by
    run.version += 1
    waiting = [line.rank for line in lines(run) if line.chosen and line.state == WAITING]
    for first in sorted({(rank - 1) // AT_ONCE for rank in waiting}):
        outbox.add(JOB, subject=run.subject, key=f"{turn_key(run)}{first}", version=first)


def _preparing(run_id: str, version: int) -> LetterRun:
    """The run, locked, as it was shown and still being prepared. Raises Moved, Refused."""
    run = _locked(run_id)
    if run.state != PREPARING:
        raise Refused("begun", "These letters are being written, or are: nothing of them can be changed.")
    if run.version != version:
        raise Moved("Somebody changed these letters meanwhile.")
    return run


def _locked(run_id: str) -> LetterRun:
    return db.session.get_one(LetterRun, run_id, with_for_update=True, populate_existing=True)


def _note(run: LetterRun, kind: str, by: str, **more: int) -> None:
    told = {"run": run.id, "model": run.model, "version": run.model_hash} | more
    record.note(chain_of(run.operation_id), run.subject, kind, {"person": by}, **told)
