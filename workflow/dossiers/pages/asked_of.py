"""What is asked of whoever opens the page of a decision, and why of them."""

from __future__ import annotations

from flask_babel import gettext as _

from workflow.approvals.queries import Offer
from workflow.circuit.commands import ON_DOSSIER
from workflow.dossiers.pages.choices import name
from workflow.dossiers.pages.opening import Page
from workflow.people import queries as people
from workflow.web.spoken import label

OF_THE_DOSSIER = frozenset(kind.__name__ for kind in ON_DOSSIER)
BESIDE = frozenset(("Reassign", "ExtendDeadline", "Remind", "AskAdvice"))
"""About a step, whoever it is asked of."""


def asked_of(page: Page, offer: Offer) -> list[str]:
    """Sentences: what, until when, in which capacity, in whose stead."""
    if name(offer) in OF_THE_DOSSIER or offer.step is None:
        return []
    step = page.choices.step_labels[offer.step.id]
    if name(offer) in BESIDE:
        return [_("It is about: %(what)s.", what=step)]
    due = page.course.due_of(offer.step.id)
    told = [
        _("What is asked: %(what)s, %(due)s.", what=step, due=due) if due else _("What is asked: %(what)s.", what=step)
    ]
    return [*told, *filter(None, (_why(page, offer), _in_whose_stead(page, offer)))]


def _why(page: Page, offer: Offer) -> str:
    """Why of this person: the seat, the role, or the household beside them."""
    actor, step = offer.actor, offer.step
    if name(offer) == "Advise":
        return ""
    if actor.recorded_by:
        return _("You enter what the household says: it has no account.")
    organisation = page.people.organisation(actor.organisation)
    if step is not None and step.who.body:
        body = people.body(page.file.row.operation_id, step.who.body)
        return _(
            "It is asked of you because you sit in “%(body)s” for %(organisation)s.",
            body=label(body.label) if body else "",
            organisation=organisation,
        )
    role = _role(page, actor.role)
    if not organisation:
        return _("It is asked of you as: %(role)s.", role=role)
    return _("It is asked of you as: %(role)s, for %(organisation)s.", role=role, organisation=organisation)


def _role(page: Page, role: str) -> str:
    """As the procedure calls it; otherwise as everybody does."""
    known = page.file.published.settings.get("roles", {}).get(role, {}).get("label")
    return label(known) if known else _(people.role_label(role))


def _in_whose_stead(page: Page, offer: Offer) -> str:
    absent = page.people.name(offer.actor.on_behalf_of)
    return _("You decide on behalf of %(name)s, who is away: both names are recorded.", name=absent) if absent else ""
