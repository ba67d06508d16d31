"""What one reads before one decides: what changed, the answers, who said what, the papers it leads to."""

from __future__ import annotations

from typing import Any

from workflow.approvals.queries import Offer
from workflow.circuit.commands import ON_DOSSIER
from workflow.dossiers.pages.answers import Drawing, sensitive_levels
from workflow.dossiers.pages.changes import changes
from workflow.dossiers.pages.choices import name
from workflow.dossiers.pages.drafts import papers_led_to
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.positions import fallen, positions
from workflow.dossiers.pages.uploads import outside
from workflow.record.queries import facts
from workflow.web.journals import note_sensitive_read

JUDGING = frozenset(("Approve", "ApproveWithReservation", "GiveOpinion", "Refuse", "SendBack", "Advise"))
"""Commands that judge the answers: everything about them stands on the page."""
WITHOUT = frozenset(kind.__name__ for kind in ON_DOSSIER) | {"Remind", "ExtendDeadline", "Reassign"}


def material_of(page: Page, offer: Offer) -> dict[str, Any]:
    """{judging, changes, since_mine, sections, positions, fallen, papers}."""
    if name(offer) in WITHOUT:
        return {"judging": False}
    view = page.file.answers(page.lang)
    note_sensitive_read(page.file.row.subject, page.identity.person, sensitive_levels(view))
    drawn = Drawing(brief=True, kept=outside(page.file).kept).sections(view)
    step = offer.step
    return {
        "judging": name(offer) in JUDGING,
        "changes": changes(page),
        "since_mine": _since_mine(page),
        "sections": [one for one in drawn if step is None or step.looks_at(one["name"])],
        "positions": positions(page),
        "fallen": fallen(page),
        "papers": papers_led_to(page, offer),
    }


def _since_mine(page: Page) -> list[dict[str, Any]]:
    """What others did since this person last acted here."""
    known, me = facts(page.file.row.subject), page.identity.person
    mine = [fact.version for fact in known if me in (fact.actor.get("person"), fact.actor.get("recorded_by"))]
    return page.history.acts(fact for fact in known if fact.version > mine[-1]) if mine else []
