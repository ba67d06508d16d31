"""Dossiers of a whole operation: who may open one, through which lens, and what it is called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import select

from forms.structure import Form
from workflow import access
from workflow.access import Grant, Identity
from workflow.approvals.queries.withdrawn import closed_to
from workflow.catalogue.queries import version
from workflow.circuit.model import Circuit, Kind, Step, Who
from workflow.db import db
from workflow.dossiers.models import Dossier, Fact
from workflow.dossiers.rules import folded


def may_open(identity: Identity, row: Dossier) -> bool:
    """Whoever works for the organisation that answers for the operation, and whoever its course asks for something."""
    held = _held(identity, row)
    if any(access.ROLES[one.role].controller for one in held if one.role in access.ROLES):
        return True
    return any(_asks(who, held) for who in _spoken_of(version(row.procedure).circuit))


def _held(identity: Identity, row: Dossier) -> tuple[Grant, ...]:
    """What this reader holds before that dossier: no seat, once they withdrew from it in a sitting."""
    held = identity.grants_in(row.operation_id)
    if any(one.body for one in held) and closed_to(identity, row.subject):
        return tuple(one for one in held if not one.body)
    return held


def lens_of(identity: Identity, row: Dossier) -> str:
    """The lens through which a person reads one dossier, by name."""
    identity = identity.at(row.slug)
    confidants = {row.author, row.officer or row.author}
    usual = access.lens_before(identity, row.operation_id, confidants)
    if row.household_id is not None:
        return usual
    return access.widest({usual, *_shown(identity, row, own=identity.person in confidants)})


def _shown(identity: Identity, row: Dossier, *, own: bool) -> Iterator[str]:
    """What the steps that ask this person show. What its author sees while writing is theirs alone."""
    circuit, held = version(row.procedure).circuit, _held(identity, row)
    for step in circuit.steps():
        if step.sees in access.LENSES and (own or not _begins(circuit, step)):
            yield from (step.sees for who in _of(step) if _asks(who, held))


def _begins(circuit: Circuit, step: Step) -> bool:
    return step.kind is Kind.FILL and circuit.index_of_step(step.id) == circuit.author_stage


def _spoken_of(circuit: Circuit) -> Iterator[Who]:
    """Everybody a circuit asks for something, or who runs it."""
    for step in circuit.steps():
        yield from _of(step)
    yield from filter(None, (circuit.managed_by, circuit.refresh.who if circuit.refresh else None))


def _of(step: Step) -> Iterator[Who]:
    yield from filter(None, (step.who, step.record_by))


def _asks(who: Who, held: tuple[Grant, ...]) -> bool:
    """Whether one of these capacities is meant; of which organisation, the circuit judges when something is done."""
    return any(one.role in who.role or (who.body is not None and one.body == who.body) for one in held)


def may_have_paper(identity: Identity, row: Dossier, audience: str) -> bool:
    """Whether this person, who may open the dossier, may have its papers of an audience: those of a household by their
    role, those of a whole operation when nothing stands in them that they do not read anyway.
    """
    identity = identity.at(row.slug)
    if row.household_id is not None:
        return access.may_have_paper(identity, row.operation_id, audience)
    documents = version(row.procedure).settings.get("documents", ())
    told = (one for document in documents for one in document["audiences"] if one["name"] == audience)
    reader = access.LENSES[lens_of(identity, row)]
    return any(access.covers(reader, access.LENSES[one["lens"]]) for one in told)


# -- what they are called -----------------------------------------------------------------------------------------


def called(rows: Iterable[Dossier], lang: str) -> dict[str, str]:
    """{subject: its procedure, with the title that its answers gave it}. There may be several agreements."""
    rows = list(rows)
    titles = _titles(rows) if rows else {}
    return {row.subject: _with(version(row.procedure).label, row.slug, lang, titles.get(row.id, "")) for row in rows}


def _with(label: Mapping[str, str], slug: str, lang: str, title: str) -> str:
    kind = label.get(lang) or label.get("fr", slug)
    if not title or folded(title) == folded(kind):
        return kind
    return title if folded(title).startswith(folded(kind)) else f"{kind} – {title}"


def _titles(rows: list[Dossier]) -> dict[str, str]:
    """{id: the first text of its form that lists may read}, for those that were handed on."""
    paths = {row.id: _title_path(version(row.procedure).form) for row in rows}
    asked = select(Fact.dossier_id, Fact.path, Fact.text).where(Fact.dossier_id.in_(paths))
    found = db.session.execute(asked.where(Fact.path.in_({path for path in paths.values() if path})))
    return {dossier: text for dossier, path, text in found if path == paths[dossier] and text}


def _title_path(form: Form) -> str:
    return next((one.path for one in form.questions.values() if one.index and one.kind == "text"), "")
