"""A second opinion: asked of somebody who may read the dossier anyway, and given."""

from __future__ import annotations

from flask_babel import gettext as _

from workflow.approvals.queries import Offer
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.questions import Question, one_of_these, words
from workflow.dossiers.pages.wording import day
from workflow.people import queries as people
from workflow.record.queries import text


def questions(page: Page, offer: Offer) -> list[Question]:
    """Whom, and what."""
    persons = offer.possible.choices.get("of_person", ())
    held = people.held_now(persons)
    named = {one: page.people.named(one, _organisation(page, held.get(one, []))) for one in persons}
    return [
        one_of_these("to_person", "Who", sorted(named.items(), key=lambda pair: pair[1])),
        words("Your question", required=True),
    ]


def _organisation(page: Page, held: list) -> str | None:
    here = (row.organisation for row in held if row.operation_id == page.file.row.operation_id)
    return next(filter(None, here), None)


def known_before(page: Page, offer: Offer) -> list[str]:
    """Who asks, since when, and what."""
    asked = page.file.known.state.awaited_advice(offer.possible.step or "", page.identity.person)
    if asked is None:
        return []
    who = page.people.actor(vars(asked.by))
    told = _("%(who)s asked you on %(day)s:", who=who, day=day(asked.at, page.zone))
    question = text(asked.text_ref)
    return [f"{told} {_('“%(text)s”', text=question)}" if question else told]
