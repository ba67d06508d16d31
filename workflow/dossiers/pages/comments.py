"""A comment: for everybody of the dossier, or only for the colleagues of one's own organisation."""

from __future__ import annotations

from flask_babel import gettext as _

from workflow.approvals.queries import Offer
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.questions import Question, one_of_these, words

INTERNAL, PUBLIC = "internal", "public"


def questions(page: Page, offer: Offer) -> list[Question]:
    """The words, and who reads them."""
    organisation = page.people.organisation(offer.actor.organisation)
    own = _("Only my organisation (%(name)s)", name=organisation) if organisation else _("Only my organisation")
    readers = [(INTERNAL, own), (PUBLIC, _("Everybody who follows this dossier and may read names"))]
    return [
        words("Your comment", "Write nothing about health or private life.", required=True),
        one_of_these("readers", "Who reads it", readers, first=True),
    ]
