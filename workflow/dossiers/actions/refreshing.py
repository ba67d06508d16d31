"""A dossier that has aged is taken up again: a new version of the same one, in which what is still so is confirmed."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from workflow import clock
from workflow.approvals.models import Course
from workflow.db import db, unscoped
from workflow.dossiers import queries
from workflow.dossiers.actions.households import set_state
from workflow.dossiers.actions.writing import write
from workflow.dossiers.models import AnswerSet, Dossier, Household
from workflow.dossiers.queries import File
from workflow.dossiers.queries.freshness import CONFIRMED, HAPPENED, Freshness, freshness, instant_of
from workflow.dossiers.queries.refreshing import Ageing, triggers
from workflow.errors import FieldError as Wrong
from workflow.errors import Invalid, Refused
from workflow.record import actions as record
from workflow.record.models import chain_of

TO_UPDATE_FROM = ("surveyed", "searching")
"""Household statuses that say "to update" once the diagnosis behind them is too old; later ones say where it stands."""


# -- nothing has changed here -------------------------------------------------------------------------------------


def confirm_section(file: File, stored: AnswerSet, section: str, *, unchanged: bool) -> None:
    """What stands on a page is as true today as when it was given; or, when that is taken back, as old as it was.

    Answers that this reader does not see are left as they are. Each line of provenance keeps the one before it.
    """
    ageing = Ageing(file, Freshness(file.row, file.instance, file.lines))
    now = [file.identity.person, clock.now().isoformat(), CONFIRMED]
    told = dict(ageing.provenance)
    for path in ageing.answered(section):
        line = told[path]
        if unchanged and ageing.old(path):
            told[path] = [*now, line]
        elif not unchanged and line[2] == CONFIRMED and instant_of(line) >= ageing.since:
            told[path] = line[3]
    if told != ageing.provenance:
        write(file.row, stored, file.instance, told, file.identity.person)
        file.lines = told


def refuse_stale(file: File, fresh: Freshness) -> None:
    """Raises Invalid with each page that this reader fills in and that holds answers which are too old."""
    blocks = Ageing(file, fresh).stale()
    if blocks:
        raise Invalid(
            [Wrong(block.section, "Some answers here are too old: correct or confirm them.") for block in blocks]
        )


# -- something happened -------------------------------------------------------------------------------------------


def note_happening(row: Household, procedure: str, code: str, by: str) -> None:
    """Something happened to a household: the pages it concerns are asked again before their time.

    What it was is sealed (a hospital stay is nobody's business); the record names the pages only.
    """
    dossier = queries.counting(row, procedure)
    found = triggers(dossier).get(code) if dossier else None
    if dossier is None or found is None:
        raise Refused("unknown_trigger", "Choose what happened in the list.")
    ref = record.keep_text(f"household:{row.id}", code)
    told = {"procedure": procedure, "sections": list(found.sections), "text_ref": ref}
    record.note(chain_of(row.operation_id), f"household:{row.id}", HAPPENED, {"person": by}, **told)
    db.session.flush()
    set_stale_from(dossier)
    if dossier.stale_from and dossier.stale_from <= clock.today():
        put_to_update(dossier, by)


# -- the clock ----------------------------------------------------------------------------------------------------


def put_to_update(row: Dossier, by: str) -> None:
    """The status of the household says that its diagnosis has to be brought up to date."""
    if row.household and row.household.state in TO_UPDATE_FROM and queries.counting(row.household, row.slug) is row:
        set_state(row.household, "to_update", by)


def pass_days() -> int:
    """Let validated dossiers grow old: called by the clock as often as it likes; how many households were moved."""
    with unscoped("the clock acts for no person"):
        moved = [row for row in _grown_old() if _moves(row)]
        db.session.commit()
        return len(moved)


def _moves(row: Dossier) -> bool:
    before = row.about.state
    put_to_update(row, "clock")
    return row.about.state != before


def _grown_old() -> Iterable[Dossier]:
    """Validated dossiers with answers that are too old; those stored before that was worked out are looked into."""
    validated = select(Course.subject).where(Course.phase == "approved")
    asked = select(Dossier).where(("dossier:" + Dossier.id).in_(validated), Dossier.void_at.is_(None))
    for row in db.session.scalars(asked.where(Dossier.stale_from.is_(None))).all():
        set_stale_from(row)
    asked = asked.join(Household, Household.id == Dossier.household_id).where(Household.state.in_(TO_UPDATE_FROM))
    return db.session.scalars(asked.where(Dossier.stale_from <= clock.today())).all()


def set_stale_from(row: Dossier, fresh: Freshness | None = None) -> None:
    """From which day lists say that this dossier is out of date."""
    stored = None if fresh else queries.handed_on_set(row)
    fresh = fresh or (freshness(row, stored) if stored else None)
    if fresh:
        row.stale_from, row.stale_under = fresh.first_day(), fresh.limits
