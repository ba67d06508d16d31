"""A seat passes to somebody else: one's own, or anybody's for whoever runs the procedure."""

from __future__ import annotations

from flask import request
from flask_babel import gettext as _

from workflow.approvals.queries import Offer
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.questions import Choice, Question, one_of_these, words
from workflow.dossiers.queries.taking_over import seats_of, takers


def questions(page: Page, offer: Offer) -> list[Question]:
    """Whose turn passes (where there is a choice), to whom, why."""
    mine = _given_up(page, offer)
    found = []
    if len(mine) > 1:
        found.append(
            one_of_these("from_person", "Whose turn passes on", [(one, _named(page, offer, one)) for one in mine])
        )
    return [
        *found,
        one_of_these("to_person", "Who", _takers(page, offer, mine)),
        words("Reason (if you want to give one)", required=False),
    ]


def _given_up(page: Page, offer: Offer) -> tuple[str, ...]:
    """Whose seat may pass on; one's own is named first, and alone where one only has that."""
    allowed = offer.possible.choices.get("from_person", ())
    own = page.identity.person
    return tuple(sorted(allowed, key=lambda one: (one != own, page.people.name(one))))


def given_up(page: Page, offer: Offer) -> str:
    """Posted unseen where there is no choice."""
    found = _given_up(page, offer)
    return found[0] if len(found) == 1 else ""


def _takers(page: Page, offer: Offer, mine: tuple[str, ...]) -> list[Choice]:
    step = offer.possible.step or ""
    chosen = request.form.get("from_person")
    persons = {one for seat in mine if chosen in (None, "", seat) for one in takers(page.file.known, step, seat)}
    named = {one: page.people.named(one, _organisation(page, step, one)) for one in persons}
    return sorted(named.items(), key=lambda pair: pair[1])


def _organisation(page: Page, step: str, person: str) -> str | None:
    seats = seats_of(page.file.known, step, person)
    return seats[0].organisation if seats else None


def _named(page: Page, offer: Offer, person: str) -> str:
    return page.people.named(person, _organisation(page, offer.possible.step or "", person))


def known_before(page: Page, offer: Offer) -> list[str]:
    """Why nobody can be chosen."""
    if _takers(page, offer, _given_up(page, offer)):
        return []
    return [
        _(
            "Nobody else holds this role for the same organisation in this operation. Whoever manages the operation "
            "can give it to somebody, or name who looks after it during an absence."
        )
    ]
