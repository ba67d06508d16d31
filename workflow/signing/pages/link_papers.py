"""Doors: the two papers of somebody who signs, as PDF: the letter with its square, the sheet with its code."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from flask import Response, current_app, g, make_response
from flask_babel import force_locale
from flask_babel import gettext as _

from documents.letters.letter import Letter
from workflow import clock
from workflow.approvals.models import PersonalLink
from workflow.approvals.queries.personal_links import MAIL
from workflow.db import db
from workflow.errors import Refused
from workflow.people.rules import grouped
from workflow.signing.actions import linking, telling
from workflow.signing.pages.blueprint import signing
from workflow.signing.queries import links, rooms
from workflow.signing.queries.contact import Contact, whom_to_call
from workflow.signing.queries.links import SESSION
from workflow.signing.queries.rooms import Open
from workflow.web import door
from workflow.web.dates import format_date
from workflow.web.extensions import LANGUAGES
from workflow.web.press import NotPrinted, lettered

_BEFORE_TOWN = re.compile(r"\s*\n\s*|,\s*(?=\d{5}\b)")


@signing.post("/rooms/<reference>/links/<link_id>/letter")
def link_letter(reference: str, link_id: str) -> Response:
    """The one paper that bears the link, as a square that only a telephone reads. Printed again, the first is dead."""
    row, token = linking.print_letter(g.identity, reference, link_id)
    known = Open(rooms.room(reference))
    return _paper(known, row, "lettre", lambda: _letter(known, row, token))


@signing.post("/rooms/<reference>/links/<link_id>/code")
def link_code_sheet(reference: str, link_id: str) -> Response:
    """The one paper that bears the code. Printed again, the first is dead."""
    row, code = linking.print_code(g.identity, reference, link_id)
    known = Open(rooms.room(reference))
    return _paper(known, row, "code", lambda: _sheet(known, row, code))


def _paper(known: Open, row: PersonalLink, name: str, said: Callable[[], Letter]) -> Response:
    """In the language of its reader. What it bears holds from now on, before it is set: should that fail, one prints
    again.
    """
    reference = known.row.reference
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
    answer.headers["Content-Disposition"] = f'inline; filename="{name}-{reference}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _lang(row: PersonalLink) -> str:
    return row.lang if row.lang in LANGUAGES else "fr"


# -- what they say ------------------------------------------------------------------------------------------------


def _letter(known: Open, row: PersonalLink, token: str) -> Letter:
    day = _until(known, row)
    how = (
        _("Press the button on the page: a code comes to you by mail. It works until %(day)s, for you alone.", day=day)
        if row.code_by == MAIL
        else _(
            "The page asks for a code: we give or post it to you apart. It works until %(day)s, for you alone.", day=day
        )
    )
    help_at_hand = _("You cannot read this square, or would rather sign on paper? Call us.")
    return replace(
        _addressed(known, row, _("Your signature is awaited")),
        before=(
            _("Good day,"),
            _("You are asked to sign this document: %(title)s.", title=known.title),
            _("Point the camera of your telephone at this square: you read the document first."),
        ),
        square=f"{current_app.config['RELAIS'].base_url}/s/{token}",
        square_alt=_("Square code to read with a telephone"),
        after=(how, *_beforehand(known, row), help_at_hand),
    )


def _beforehand(known: Open, row: PersonalLink) -> tuple[str, ...]:
    """What whoever signs otherwise than on the screen has at hand."""
    told = next((telling.how(one) for one in known.parties if links.outsider_of(one) == row.person), "")
    return (_(told),) if told else ()


def _sheet(known: Open, row: PersonalLink, code: str) -> Letter:
    return replace(
        _addressed(known, row, _("Your code")),
        before=(_("Good day,"), _received(row)),
        sign=grouped(code),
        after=(
            _("There is neither 0 nor O in it, neither 1 nor I. Capitals or small letters, it is the same."),
            _("It is good until %(day)s. It is for you alone: tell it to nobody.", day=_until(known, row)),
        ),
    )


def _received(row: PersonalLink) -> str:
    if row.link_by == SESSION:
        return _("You sign a document on your own pages of Relais. The page on which you sign asks for this code.")
    if row.link_by == MAIL:
        return _("You received a mail with a link. Open it: the page asks for this code.")
    return _("You received a letter with a square to read with your telephone. The page that opens asks for this code.")


def _addressed(known: Open, row: PersonalLink, title: str) -> Letter:
    contact, party = whom_to_call(known.row), links.party_of(known, row)
    words = party.acting if party else None
    return Letter(
        title=title,
        lang=_lang(row),
        day=clock.today(known.zone).isoformat(),
        organisation=contact.organisation or current_app.config["RELAIS"].issuer,
        address=(contact.address,) if contact.address else (),
        contact=_contact(contact),
        to=tuple(filter(None, (words.name, words.organisation, *_BEFORE_TOWN.split(words.postal)))) if words else (),
        reference=known.paper.reference,
    )


def _contact(contact: Contact) -> tuple[str, ...]:
    phone = f"{_('Telephone:')} {contact.phone}" if contact.phone else ""
    lines = tuple(filter(None, (contact.name or contact.organisation, phone)))
    return (_("Your contact"), *lines) if lines else ()


def _until(known: Open, row: PersonalLink) -> str:
    return format_date(links.ends_on(known, row), "full")
