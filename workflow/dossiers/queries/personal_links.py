"""Personal links of dossiers: who may make one, for whom; what holds of every link stands in approvals."""

from __future__ import annotations

from sqlalchemy import select

from workflow.approvals.models import PersonalLink
from workflow.approvals.queries import actors
from workflow.approvals.queries.personal_links import (
    ALIVE,
    CODE_PRINTED,
    EXPIRED,
    LETTER,
    LETTER_PRINTED,
    LIMIT,
    MAIL,
    THROUGH,
    USED,
    WITHDRAWN,
    Print,
    address_of,
    by_way,
    code_by,
    code_mark,
    fate,
    has_code,
    hashed,
    link_of,
    link_on,
    linked,
    links_on,
    prints,
    state,
    through,
    visits,
)
from workflow.circuit.entitlement import may_act
from workflow.circuit.model import JUDGING, Step
from workflow.db import db
from workflow.dossiers.models import Dossier
from workflow.dossiers.queries.reading import File

__all__ = [  # what holds of every link is read from here too
    "ALIVE",
    "CODE_PRINTED",
    "EXPIRED",
    "LETTER",
    "LETTER_PRINTED",
    "LIMIT",
    "MAIL",
    "SAID",
    "THROUGH",
    "USED",
    "WITHDRAWN",
    "Print",
    "address_of",
    "by_way",
    "code_by",
    "code_mark",
    "fate",
    "has_code",
    "hashed",
    "link",
    "link_of",
    "linked",
    "links_of",
    "links_seen",
    "may_make_anew",
    "may_settle",
    "of_household",
    "outside",
    "prints",
    "state",
    "step_of_household",
    "step_to_ask_about",
    "through",
    "visits",
]

SAID = ("confirmed", "disagreed", "correction", "advised")


def outside(subject: str, step: str) -> set[str]:
    """Persons without account for whom a link to this step is alive: they may be asked for an opinion there."""
    asked = select(PersonalLink).where(PersonalLink.subject == subject, PersonalLink.step == step)
    return {row.person for row in db.session.scalars(asked) if fate(row) == ALIVE and not of_household(row)}


def of_household(row: PersonalLink) -> bool:
    """Whether it is for the household; otherwise it is for an outside expert."""
    return row.person.startswith("household:")


def links_of(row: Dossier) -> list[PersonalLink]:
    """The links of a dossier, newest first."""
    return links_on(row.subject)


def link(row: Dossier, link_id: str) -> PersonalLink | None:
    """A link of this very dossier."""
    return link_on(row.subject, link_id)


# -- who may make one ---------------------------------------------------------------------------------------------


def step_of_household(file: File) -> Step | None:
    """The open step at which this person may enter what the household says: they may send it a link instead."""
    steps = (step for step in file.published.circuit.steps() if step.id in file.known.state.open)
    return next((step for step in steps if _records(file, step)), None)


def _records(file: File, step: Step) -> bool:
    return "household" in step.who.role and file.known.context.may_record(step.id, file.identity.person)


def step_to_ask_about(file: File) -> Step | None:
    """The open step at which this person decides: on what is asked there they may ask for an opinion from outside."""
    open_now = (step for step in file.published.circuit.steps() if step.id in file.known.state.open)
    return next((step for step in open_now if _decides(file, step)), None)


def _decides(file: File, step: Step) -> bool:
    circuit, state, context = file.published.circuit, file.known.state, file.known.context
    if step.kind not in JUDGING:
        return False
    return any(not may_act(circuit, state, step, one, context) for one in actors(file.identity, file.known))


def may_settle(file: File, row: PersonalLink) -> bool:
    """Whether this person withdraws that link, prints its papers, or makes it anew: who made it, who may make such a
    one, who looks after the procedure.
    """
    if file.identity.person in (file.known.context.managers | {row.made_by}):
        return True
    step = next((one for one in file.published.circuit.steps() if one.id == row.step), None)
    if step is None:
        return False
    return _records(file, step) if of_household(row) else _decides(file, step)


def may_make_anew(file: File, row: PersonalLink) -> bool:
    """Whether this expert's opinion is still awaited, and this person may have another link made for it."""
    awaited = not of_household(row) and file.known.state.awaited_advice(row.step, row.person) is not None
    return awaited and may_settle(file, row)


def links_seen(file: File) -> list[PersonalLink]:
    """The links of a dossier for this reader, newest first: who may not read whose file it is has only those to experts
    that are theirs to settle.
    """
    known = links_of(file.row)
    return known if file.names else [row for row in known if not of_household(row) and may_settle(file, row)]
