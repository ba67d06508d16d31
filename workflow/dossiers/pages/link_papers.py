"""Doors: the two papers of a personal link as PDF: the letter with its square, the sheet with its code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flask import Response, current_app, g, make_response
from flask_babel import force_locale
from flask_babel import gettext as _

from documents.letters.letter import Letter
from workflow import clock
from workflow.approvals.models import PersonalLink
from workflow.circuit.deadlines import last_day
from workflow.db import db
from workflow.dossiers.actions import personal_links as actions
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.wording import full_day
from workflow.dossiers.queries import personal_links as links
from workflow.dossiers.queries.personal_links import MAIL
from workflow.dossiers.queries.reaching import Contact, whom_to_call
from workflow.errors import Refused
from workflow.people.rules import grouped
from workflow.web import door
from workflow.web.extensions import LANGUAGES
from workflow.web.press import NotPrinted, lettered


@dossiers.post("/dossiers/<reference>/links/<link_id>/letter")
def link_letter(reference: str, link_id: str) -> Response:
    """The one paper that bears the link, as a square that only a telephone reads. Printed again, the first is dead."""
    page = Page(reference)
    row, token = actions.print_letter(g.identity, reference, link_id)
    return _paper(page, row, "lettre", lambda: _letter(page, row, token))


@dossiers.post("/dossiers/<reference>/links/<link_id>/code")
def link_code_sheet(reference: str, link_id: str) -> Response:
    """The one paper that bears the code. Printed again, the first is dead."""
    page = Page(reference)
    row, code = actions.print_code(g.identity, reference, link_id)
    return _paper(page, row, "code", lambda: _sheet(page, row, code))


def _paper(page: Page, row: PersonalLink, name: str, said: Callable[[], Letter]) -> Response:
    """In the language of its reader. What it bears holds from now on, before it is set: should that fail, one prints
    again.
    """
    with force_locale(_lang(row)):
        letter = said()
    door.commit()
    db.session.rollback()  # nothing waits for this request while the letter is set
    try:
        made = lettered(letter)
    except NotPrinted as fault:
        current_app.logger.error("letter_not_printed %s", type(fault).__name__)
        raise Refused("not_printed", "This paper could not be printed. Print it again in a moment.") from fault
    answer = make_response(made)
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}-{page.reference}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _lang(row: PersonalLink) -> str:
    return row.lang if row.lang in LANGUAGES else "fr"


# -- what they say ------------------------------------------------------------------------------------------------


def _letter(page: Page, row: PersonalLink, token: str) -> Letter:
    how = (
        _("Press the button on the page: a code comes to you by mail.")
        if row.code_by == MAIL
        else _("The page asks for a code. It is on another paper, which we give or post to you apart.")
    )
    help_at_hand = _(
        "You cannot read this square, or you do not understand this letter? Call us, or come with somebody you trust."
    )
    return replace(
        _addressed(page, row, _("Your answer is awaited")),
        before=(_("Good day,"), _("Point the camera of your telephone at this square. A page opens.")),
        square=f"{current_app.config['RELAIS'].base_url}/a/{token}",
        square_alt=_("Square code to read with a telephone"),
        after=(how, _("It works once, until %(day)s. It is for you alone.", day=_until(page, row)), help_at_hand),
    )


def _sheet(page: Page, row: PersonalLink, code: str) -> Letter:
    received = (
        _("You received a mail with a link. Open it: the page asks for this code.")
        if row.link_by == MAIL
        else _(
            "You received a letter with a square to read with your telephone. The page that opens asks for this code."
        )
    )
    return replace(
        _addressed(page, row, _("Your code")),
        before=(_("Good day,"), received),
        sign=grouped(code),
        after=(
            _("There is neither 0 nor O in it, neither 1 nor I. Capitals or small letters, it is the same."),
            _("It is good until %(day)s. It is for you alone: tell it to nobody.", day=_until(page, row)),
        ),
    )


def _addressed(page: Page, row: PersonalLink, title: str) -> Letter:
    """From whom and to whom; an expert is never told whose file it is."""
    contact, home = whom_to_call(page.file.row), links.of_household(row)
    return Letter(
        title=title,
        lang=_lang(row),
        day=clock.today(page.zone).isoformat(),
        organisation=contact.organisation or current_app.config["RELAIS"].issuer,
        address=(contact.address,) if contact.address else (),
        contact=_contact(contact),
        to=(page.people.name(row.person), *(_where(page) if home else ())),
        reference=page.file.row.household.reference if home else "",
    )


def _contact(contact: Contact) -> tuple[str, ...]:
    phone = f"{_('Telephone:')} {contact.phone}" if contact.phone else ""
    lines = tuple(filter(None, (contact.name or contact.organisation, phone)))
    return (_("Your contact"), *lines) if lines else ()


def _where(page: Page) -> tuple[str, ...]:
    home = page.file.row.household
    dwelling = _("Dwelling %(number)s", number=home.dwelling) if home.dwelling else ""
    return tuple(filter(None, (home.address, dwelling)))


def _until(page: Page, row: PersonalLink) -> str:
    return full_day(last_day(row.expires_at, page.zone))
