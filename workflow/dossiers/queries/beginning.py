"""What may be begun with a household: the procedures its operation uses, what makes sense now, what comes first."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.access import Identity
from workflow.approvals.models import Course
from workflow.catalogue import queries as catalogue
from workflow.catalogue.queries import Published
from workflow.circuit.model import Kind
from workflow.db import db
from workflow.dossiers.models import Dossier, Household
from workflow.dossiers.queries.dossiers import open_dossier_of
from workflow.dossiers.queries.requirements import Unmet, counting, may_start
from workflow.errors import Refused


@dataclass(frozen=True)
class Beginning:
    """A procedure this person fills in. unmet: what must come first; None when it may begin now.

    follows: it comes after another one, in the procedures or in the household's course. refreshes: the one that is
    there already, and is brought up to date instead.
    """

    published: Published
    unmet: Unmet | None
    refreshes: Dossier | None = None

    @property
    def follows(self) -> bool:
        return _comes_later(self.published)


def procedures(row: Household) -> list[Published]:
    """Those that speak of a household, as its operation uses them, the first ones first."""
    slugs = catalogue.adopted(row.operation_id) or catalogue.slugs()
    known = (catalogue.current(slug, row.operation_id, row.landlord) for slug in slugs)
    mine = [one for one in known if one and one.settings.get("subject", "household") == "household"]
    return sorted(mine, key=lambda one: (_comes_later(one), bool(one.settings.get("begins_in")), one.slug))


def beginnings(identity: Identity, row: Household, lang: str) -> list[Beginning]:
    """What this person may begin with this household, and what is in the way. Those under way are left out."""
    roles = {grant.role for grant in identity.grants_in(row.operation_id)}
    return [
        Beginning(one, may_start(row, one, lang), to_refresh(row, one))
        for one in procedures(row)
        if roles & filled_by(one) and not _out_of_place(row, one) and open_dossier_of(row, one.slug) is None
    ]


def filled_by(published: Published) -> frozenset[str]:
    """Roles that fill in its first pages."""
    stage = published.circuit.author_stage
    steps = published.circuit.stages[stage].steps if stage is not None else ()
    return frozenset(role for step in steps if step.kind is Kind.FILL for role in step.who.role)


def refuse_out_of_place(row: Household, published: Published) -> None:
    """Raises Refused where the procedure speaks of something that has not happened to this household yet, or of no
    household at all.
    """
    if published.settings.get("subject", "household") != "household":
        raise Refused("other_subject", "This form does not speak of a household.")
    if _out_of_place(row, published):
        raise Refused("too_early", "This form comes later: the household has not come that far yet.")


def to_refresh(row: Household, published: Published) -> Dossier | None:
    """The dossier of this procedure that is brought up to date rather than done again: it ended as its circuit asks
    under `refresh`. None where another one may be begun: there is none, or procedure.yaml says `another: true`.
    """
    dossier = None if published.settings.get("another") else counting(row, published.slug)
    course = db.session.get(Course, dossier.subject) if dossier else None
    if dossier is None or course is None:
        return None
    declared = catalogue.version(dossier.procedure).circuit.refresh
    return dossier if declared and course.phase in declared.after else None


def refuse_done_again(row: Household, published: Published) -> None:
    """Raises Refused where the household has one that is brought up to date instead."""
    found = to_refresh(row, published)
    if found:
        message = "%(reference)s is there already: it is brought up to date, not begun again."
        raise Refused("to_refresh", message, reference=found.reference)


def _out_of_place(row: Household, published: Published) -> bool:
    states = published.settings.get("begins_in")
    too_early = bool(states) and row.state not in states
    return too_early or catalogue.retired(published.slug, row.operation_id)


def _comes_later(published: Published) -> bool:
    return bool(published.settings.get("requires") or published.settings.get("begins_in"))
