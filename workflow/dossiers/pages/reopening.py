"""A closed dossier is opened again by whoever runs its procedure."""

from __future__ import annotations

from workflow.approvals.queries import Offer
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.questions import Question, one_of_these, words


def questions(page: Page, offer: Offer) -> list[Question]:
    """At which stage, and why."""
    places = [(to, page.course.place_of(to)) for to in offer.possible.choices.get("to", ())]
    return [one_of_these("to", "Where it goes on", places, first=True), words("Reason", required=True)]
