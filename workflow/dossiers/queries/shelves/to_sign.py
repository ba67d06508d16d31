"""What waits for a signature. Its paper is written once everybody has signed: until then the dossier stands for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, false, func, literal, or_, select, tuple_
from sqlalchemy.orm import aliased

from workflow import access
from workflow.access import Identity
from workflow.approvals.models import Task, Voter
from workflow.catalogue.queries import Published, version
from workflow.circuit.model import Kind
from workflow.db import db
from workflow.dossiers.models import Dossier, Household
from workflow.dossiers.queries.shelves.readable import bears_signatures, documents, dossiers_open_to, in_use
from workflow.dossiers.queries.shelves.written import about, dossiers_of
from workflow.dossiers.queries.sought import sought
from workflow.dossiers.queries.whom import called, may_have_paper
from workflow.dossiers.rules import folded
from workflow.filing.queries.shelves import (
    ABOUT,
    NEWEST,
    OLDEST,
    REFERENCE,
    SIGNING,
    Line,
    Shelf,
    Wanted,
    scanned,
)
from workflow.people.queries import organisation_names
from workflow.web.spoken import label, lang

NAME = "to sign"
_ID = func.substr(Task.subject, len("dossier:") + 1)


def asked(identity: Identity, wanted: Wanted) -> Select[Any] | None:
    if wanted.state not in ("", SIGNING) or wanted.only is not None:
        return None
    orders = {NEWEST: Task.opened_at, OLDEST: Task.opened_at, REFERENCE: Dossier.reference}
    named = Household.search if access.may_read_names(identity, wanted.operation) else Household.reference
    order = func.coalesce(named, "") if wanted.sort == ABOUT else orders.get(wanted.sort, Task.opened_at)
    key = Task.subject + literal("#") + Task.step
    found = select(key.label("key"), order.label("sorted")).join(Dossier, Dossier.id == _ID)
    found = found.join(Household, Household.id == Dossier.household_id, isouter=True)
    found = found.where(Task.operation_id == wanted.operation, Task.kind == Kind.SIGNATURE)
    found = found.where(Task.subject.startswith("dossier:"), dossiers_open_to(identity, wanted.operation))
    use = in_use(wanted.operation) if wanted.words or wanted.kind else []
    if wanted.kind:
        found = found.where(Dossier.procedure.in_([one.hash for one in use if wanted.kind in _kinds(one)]))
    names = organisation_names() if wanted.words else {}
    for word in wanted.words:
        awaited = [slug for slug, name in names.items() if word in folded(name)]
        called_so = [one.hash for one in use if word in _words(one)]
        known = Task.subject.in_(sought(word, identity))
        found = found.where(or_(known, Dossier.procedure.in_(called_so), _still(awaited)))
    return found


def _still(organisations: Sequence[str]) -> ColumnElement[bool]:
    """The condition that one of these organisations has not signed yet."""
    if not organisations:
        return false()
    waits = select(Voter.subject).where(Voter.subject == Task.subject, Voter.step == Task.step)
    spoken = aliased(Voter)
    same = (getattr(spoken, name) == getattr(Voter, name) for name in ("subject", "step", "organisation"))
    heard = select(spoken.subject).where(*same, spoken.decided.is_(True)).correlate(Voter).exists()
    return waits.where(Voter.organisation.in_(sorted(organisations)), ~heard).correlate(Task).exists()


def lines(identity: Identity, operation: str, ids: Sequence[str]) -> dict[str, Line]:
    steps = [tuple(one.split("#", 1)) for one in ids]
    tasks = list(db.session.scalars(select(Task).where(tuple_(Task.subject, Task.step).in_(steps))))
    files, waits = dossiers_of(task.subject for task in tasks), _waits(tasks)
    titles = called([one for one in files.values() if one.household_id is None], lang())
    scans = scanned(files)

    def line(task: Task) -> Line:
        file = files[task.subject]
        published = version(file.procedure)
        name, page = about(identity, file)
        kind, title = _signed(identity, file, published, task.step)
        return Line(
            id=f"{task.subject}#{task.step}",
            title=titles.get(file.subject) or title,
            reference=file.reference,
            at=task.opened_at,
            state=SIGNING,
            kind=kind,
            page=("dossiers.dossier", {"reference": file.reference}),
            about=name,
            about_page=page,
            waits=waits.get((task.subject, task.step), ()) or (label(published.circuit.step(task.step).label),),
            signed=task.subject in scans,
        )

    return {line.id: line for line in map(line, tasks)}


def _to_come(published: Published) -> list[tuple[str, str, str]]:
    """(document, audience, label) of the versions that are written once it is signed."""
    return [
        (one["name"], audience["name"], label(audience["label"]))
        for one in documents(published)
        if bears_signatures(published, one)
        for audience in one["audiences"]
    ]


def _kinds(published: Published) -> set[str]:
    return {kind for kind, _audience, _words in _to_come(published)}


def _words(published: Published) -> str:
    """What one may look for."""
    return folded(" ".join((label(published.label), *(words for _kind, _audience, words in _to_come(published)))))


def _signed(identity: Identity, file: Dossier, published: Published, step: str) -> tuple[str, str]:
    """(document, what it is called) of what is signed there: the household signs its own copy. Only what this reader
    may have is named.
    """
    own = "household" in published.circuit.step(step).who.role
    mine = [one for one in _to_come(published) if may_have_paper(identity, file, one[1])]
    mine.sort(key=lambda one: (one[1] == "household") != own)
    return (mine[0][0], mine[0][2]) if mine else ("", label(published.label))


def _waits(tasks: Iterable[Task]) -> dict[tuple[str, str], tuple[str, ...]]:
    """{(subject, step): organisations that have not signed yet, or the household}."""
    question = select(Voter.subject, Voter.step, Voter.role, Voter.organisation, Voter.decided)
    question = question.where(tuple_(Voter.subject, Voter.step).in_([(one.subject, one.step) for one in tasks]))
    names, found, done = organisation_names(), dict[tuple[str, str], set[str]](), set[tuple[str, str, str]]()
    for subject, step, role, organisation, decided in db.session.execute(question):
        who = _("the household") if role == "household" else names.get(organisation, organisation)
        if decided:
            done.add((subject, step, who))
        found.setdefault((subject, step), set()).add(who)
    return {key: tuple(sorted(who for who in all_ if who and (*key, who) not in done)) for key, all_ in found.items()}


TO_SIGN = Shelf(NAME, lambda _identity, _operation: {}, asked, lines)
