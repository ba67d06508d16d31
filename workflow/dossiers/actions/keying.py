"""A paper is typed in: saved as one goes, finished when all of it stands, never losing what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from forms.instance import AnswerError, Instance, RowLimit
from forms.keying import key_in
from forms.provenance import texts, told
from forms.visibility import errors_for
from workflow import clock
from workflow.access import Identity
from workflow.db import db
from workflow.dossiers import queries
from workflow.dossiers.actions.filling import draft_to_write
from workflow.dossiers.actions.submissions import begin, enter, name_anew
from workflow.dossiers.actions.writing import write
from workflow.dossiers.models import AnswerSet, Submission
from workflow.dossiers.queries import File
from workflow.dossiers.queries.keying import being_keyed, closed_pages, may_key
from workflow.errors import FieldError, Invalid, Moved, Refused
from workflow.filing import actions as filing

PAPER = "paper"
FILLED_BY: dict[str, str] = {
    "household": "by the household alone",
    "officer": "with an officer",
    "relative": "with a relative",
    "association": "with an association",
}
"""Who held the pen: code → English msgid."""

MOST_SCANS = 20


@dataclass(frozen=True)
class Paper:
    """What is known of the paper: the day that stands on it, who held the pen, scans (bytes, media type)."""

    on: date | None = None
    by: str = ""
    scans: tuple[tuple[bytes, str], ...] = ()
    caption: str = ""


@dataclass
class Keyed:
    """What a save left: the answers, everything wrong with them that this reader may see."""

    file: File
    stored: AnswerSet
    instance: Instance
    paper: Submission
    errors: list[AnswerError] = field(default_factory=list)


def key(
    identity: Identity, reference: str, typed: Mapping[str, str], paper: Paper, *, shown: str, tab: str = ""
) -> Keyed:
    """Write what was typed from paper into the draft, wrong or not.

    The door has made sure that the paper is the one of this dossier. shown: the stamp of the answers the page was shown
    with. Raises Moved when somebody wrote meanwhile, Refused when
    the answers are not being given now, Invalid when a scan cannot be kept or the day of the paper is to come.
    """
    file = queries.file(identity, reference)
    if not may_key(file):
        raise Refused("not_fillable", "This dossier is not being filled in at the moment.")
    latest = queries.present_set(file.row, lock=True)
    mine = latest.saved_by == identity.person and bool(tab) and latest.saved_from == tab
    if latest.stamp != shown and not mine:
        raise Moved("This file was saved from elsewhere meanwhile. Copy your text, then reload the page.")
    row = _paper(file, paper)
    stored = draft_to_write(file, identity.person)
    instance, lines = queries.opened(file.row, stored)
    before = texts(instance)
    _key_in(file, instance, typed)
    after = texts(instance)
    if before != after:
        line = [identity.person, clock.now().isoformat(), PAPER, *_day(row)]
        write(file.row, stored, instance, told(lines, before, after, line), identity.person)
        stored.source, stored.saved_from = PAPER, tab[:40]
    file.stored, file.instance = stored, instance
    return Keyed(file, stored, instance, row, errors_for(instance, instance.errors(), file.lens))


def _key_in(file: File, instance: Instance, typed: Mapping[str, str]) -> None:
    try:
        key_in(instance, typed, file.lens, closed_pages(file))
    except RowLimit as full:
        raise Refused("row_limit", "This list is full: no further line can be added.") from full


def _day(row: Submission) -> list[dict[str, Any]]:
    return [{"on": row.told["on"]}] if row.told.get("on") else []


def _paper(file: File, told_of: Paper) -> Submission:
    """The row of the paper that is being typed in, with what is known of it now."""
    if told_of.on and told_of.on > clock.today():
        raise Invalid([FieldError("on", "This day is in the future. Write the day that stands on the paper.")])
    row = being_keyed(file.row) or begin(file.row, file.identity.person, PAPER)
    known: dict[str, Any] = {**row.told, "checked": True}
    if told_of.on:
        known["on"] = told_of.on.isoformat()
    if told_of.by in FILLED_BY:
        known["by"] = told_of.by
    scans = [*known.get("scans", ()), *(_kept(file, told_of, *scan) for scan in told_of.scans)]
    if len(scans) > MOST_SCANS:
        raise Invalid([FieldError("scan", "No more than %(count)s files go with one paper.", {"count": MOST_SCANS})])
    row.told = known | ({"scans": scans} if scans else {})
    db.session.add(row)
    db.session.flush()
    return row


def _kept(file: File, paper: Paper, data: bytes, mime: str) -> str:
    place, subject, person = file.row.operation_id, file.row.subject, file.identity.person
    try:
        return filing.attach(place, subject, data, mime, person, caption=paper.caption, part=filing.KEYED).id
    except Invalid as refused:
        raise Invalid([FieldError("scan", one.message, one.params) for one in refused.errors]) from refused


def finish(keyed: Keyed) -> Submission:
    """All of the paper stands: it enters by the door of whole answers; what is wrong stays to be seen to.

    Raises Invalid while nobody said of which day the paper is, and who held the pen.
    """
    missing = [
        FieldError(name, message)
        for name, message in (
            ("on", "Write the day that stands on the paper."),
            ("by", "Say who filled in the paper."),
        )
        if not keyed.paper.told.get(name)
    ]
    if missing:
        raise Invalid(missing)
    file, stored, instance, person = keyed.file, keyed.stored, keyed.instance, keyed.file.identity.person
    lines = queries.opened(file.row, stored)[1]
    name_anew(file.row.operation_id, instance)
    write(file.row, stored, instance, lines, person)
    wrong = [(error.kind, error.path) for error in instance.errors()]
    return enter(file.row, stored, instance, person, source=PAPER, findings=wrong, begun=keyed.paper)
