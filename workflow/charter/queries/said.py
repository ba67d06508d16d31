"""Read contributions, as far as a reader may, with a constant number of questions however many there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, or_, select

from workflow.charter.models import ASIDE, OF_ONE, PUBLIC, REWORDED, TAKEN, Consultation, Contribution, Theme
from workflow.charter.queries.entitled import Reader
from workflow.db import db
from workflow.errors import NotFound
from workflow.people import queries as people
from workflow.record.models import SubjectKey
from workflow.record.queries import texts

ANYBODY = Reader("", drafts=False, records=False, mine=frozenset())
"""Who reads the public page."""


@dataclass(frozen=True)
class Said:
    """A contribution as one reader reads it. words, title, reason, author: "" where there are none, or not for them;
    erased: its words are gone. organisation: its name.
    """

    row: Contribution
    words: str
    title: str
    reason: str
    author: str
    organisation: str
    erased: bool


def opened(rows: Sequence[Contribution], reader: Reader) -> list[Said]:
    """Their words, in the same order: three questions for all of them."""
    keys = _keys(rows)  # held meanwhile: the session then asks for none of them again
    wanted = [told for one in rows for told in (one.words, one.title, one.reason, _author(one, reader))]
    found, names = texts(wanted), people.organisation_names()
    del keys
    return [_said(one, found, names, reader) for one in rows]


def _keys(rows: Iterable[Contribution]) -> list[SubjectKey]:
    subjects, found = [f"{OF_ONE}{one.id}" for one in rows], list[SubjectKey]()
    for first in range(0, len(subjects), 500):
        asked = select(SubjectKey).where(SubjectKey.subject.in_(subjects[first : first + 500]))
        found += db.session.scalars(asked)
    return found


def _author(row: Contribution, reader: Reader) -> str:
    return row.author if reader.knows_author(row) else ""


def _said(row: Contribution, found: Mapping[str, str], names: Mapping[str, str], reader: Reader) -> Said:
    known = reader.knows_author(row)
    return Said(
        row,
        found.get(row.words, ""),
        found.get(row.title, ""),
        found.get(row.reason, ""),
        found.get(row.author, "") if known else "",
        names.get(row.organisation, row.organisation) if known else "",
        bool(row.words) and row.words not in found,
    )


def _of(row: Consultation, reader: Reader) -> Select[tuple[Contribution]]:
    asked = select(Contribution).where(Contribution.consultation_id == row.id, reader.sees())
    return asked if reader.drafts else asked.where(or_(Contribution.state != ASIDE, reader.owns()))


def every(row: Consultation, reader: Reader) -> list[Contribution]:
    """By number."""
    return list(db.session.scalars(_of(row, reader).order_by(Contribution.number)))


def one_of(row: Consultation, reader: Reader, number: int) -> Contribution:
    """Raises NotFound."""
    found = db.session.scalar(_of(row, reader).where(Contribution.number == number))
    if found is None:
        raise NotFound()
    return found


def held_one(row: Contribution) -> Contribution:
    """It, locked until the end of the transaction."""
    asked = select(Contribution).where(Contribution.id == row.id).with_for_update()
    return db.session.execute(asked.execution_options(populate_existing=True)).scalar_one()


def about(row: Consultation, reader: Reader, article: str) -> list[Contribution]:
    """Those on one article, with those that led to it; the latest first."""
    there = or_(Contribution.article == article, Contribution.led_to == article) if article else _new()
    return list(db.session.scalars(_of(row, reader).where(there).order_by(Contribution.number.desc())))


def _new() -> ColumnElement[bool]:
    return Contribution.article == ""


def on_each(row: Consultation, reader: Reader, most: int) -> dict[str, tuple[int, list[Contribution]]]:
    """{article: (how many, the latest of them)}; "" holds the new articles that are proposed. Two questions in all."""
    where = _of(row, reader).whereclause
    assert where is not None
    counts = select(Contribution.article, func.count()).where(where).group_by(Contribution.article)
    turn = func.row_number().over(partition_by=Contribution.article, order_by=Contribution.number.desc()).label("turn")
    ranked = select(Contribution.id, turn).where(where).subquery()
    latest = select(Contribution).join(ranked, ranked.c.id == Contribution.id).where(ranked.c.turn <= most)
    found: dict[str, tuple[int, list[Contribution]]] = {key: (count, []) for key, count in db.session.execute(counts)}
    for one in db.session.scalars(latest.order_by(Contribution.number.desc())):
        found[one.article][1].append(one)
    return found


def behind(row: Consultation, reader: Reader, number: int) -> dict[str, list[Contribution]]:
    """{article: the contributions taken over or reworded in that version}."""
    asked = _of(row, reader).where(Contribution.in_edition == number, Contribution.outcome.in_((TAKEN, REWORDED)))
    found: dict[str, list[Contribution]] = {}
    for one in db.session.scalars(asked.order_by(Contribution.number)):
        found.setdefault(one.led_to, []).append(one)
    return found


def left(row: Consultation) -> int:
    """How many still wait to be read or answered."""
    asked = select(func.count()).select_from(Contribution)
    asked = asked.where(Contribution.consultation_id == row.id, Contribution.outcome == "", Contribution.state != ASIDE)
    return db.session.scalar(asked) or 0


def unread(row: Consultation) -> int:
    """How many of the public page nobody read yet."""
    asked = select(func.count()).select_from(Contribution).where(Contribution.consultation_id == row.id)
    return db.session.scalar(asked.where(Contribution.state == "unread", Contribution.source == PUBLIC)) or 0


def themes(row: Consultation) -> dict[str, str]:
    """{id: title}, by title."""
    asked = select(Theme).where(Theme.consultation_id == row.id).order_by(Theme.title, Theme.id)
    return {one.id: one.title for one in db.session.scalars(asked)}


def of_theme(theme_id: str) -> list[Contribution]:
    asked = select(Contribution).where(Contribution.theme_id == theme_id, Contribution.state != ASIDE)
    return list(db.session.scalars(asked.order_by(Contribution.number)))
