"""The page on which one signs, the same from a session and from a link: the document, what one agrees to, the name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _

from workflow import clock
from workflow.approvals.queries import standing
from workflow.db import db
from workflow.errors import FieldError, Invalid, Moved, Refused
from workflow.filing.rules.pictures import PICTURES, Unreadable, without_metadata
from workflow.filing.rules.scans import kind_of
from workflow.filing.rules.signatures import typed_signature
from workflow.signing.actions.signing import Signer, Stamped, Told, box_of, check
from workflow.signing.models import Revision
from workflow.signing.pages import words as said
from workflow.signing.queries import revisions, rooms
from workflow.signing.rules.channels import PAPER, SCREEN
from workflow.web import looked_at
from workflow.web.dates import stamp
from workflow.web.fields import readable
from workflow.web.press import NotPrinted, stamped

LONGEST_MARK = 2_000_000
"""Bytes of a picture of a signature."""


@dataclass(frozen=True)
class Desk:
    """Where one signs. signer: whoever signs, read anew; sign: what does it; page: the address of a picture, by its number and what tells one
    state of the file from another."""

    signer: Callable[[], Signer]
    sign: Callable[[Signer, Told, Stamped], Revision]
    template: str
    back: str
    page: Callable[..., str]
    file: str
    refuse: str
    more: Callable[[], dict[str, Any]] = dict


def show(desk: Desk) -> Any:
    """The document and the form; sent, it is signed, or what hinders it is said and nothing typed is lost."""
    if request.method == "GET":
        return _page(desk, [])
    try:
        _sign(desk)
    except Invalid as problem:
        db.session.rollback()
        errors = [{"id": one.field, "message": _(one.message, **one.params)} for one in problem.errors]
        return _page(desk, errors), 422
    except (Moved, Refused) as problem:
        db.session.rollback()
        return _page(desk, [], refusal=_(problem.message, **problem.params)), 409
    flash(_("You have signed. The document now bears your signature."), "done")
    return redirect(desk.back, code=303)


def _sign(desk: Desk) -> None:
    who, told = desk.signer(), _told()
    check(told)
    if not is_asked(who):
        raise Refused("not_open", "It is not your turn to sign now.")
    box, lines, now = box_of(who), _lines(who), clock.now()
    db.session.rollback()  # no transaction is held while the stamp is drawn
    try:
        drawn = stamped(lines, told.mark, *box) if box else None
    except NotPrinted as fault:
        raise Refused("not_drawn", "This signature cannot be drawn: type your name instead.") from fault
    desk.sign(desk.signer(), told, Stamped(drawn, now, tuple(lines)))


def _lines(who: Signer) -> list[str]:
    """What stands in the box, the name first."""
    words, zone = who.party.acting, who.known.zone
    when = _("Signed on the screen on %(when)s", when=stamp(clock.now(), zone))
    return [one for one in (words.name, words.capacity, who.party.words.organisation, when) if one]


def _told() -> Told:
    form = request.form
    version = form.get("version", "")
    return Told(
        capacity=bool(form.get("capacity")),
        consent=bool(form.get("consent")),
        mark=_mark(),
        base=form.get("base", "")[:64],
        seen=form.get("seen", "")[:64],
        version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0,
    )


def _mark() -> bytes:
    """What was drawn, else the name that was typed and confirmed."""
    handed = request.files.get("mark")
    data = handed.read(LONGEST_MARK + 1) if handed and handed.filename else b""
    if data:
        return _picture(data)
    name = readable(request.form.get("typed", "")).strip()
    return typed_signature(name) if name and request.form.get("mine") else b""


def _picture(data: bytes) -> bytes:
    if len(data) > LONGEST_MARK or kind_of(data) not in PICTURES:
        raise Invalid([FieldError("mark", "Send a picture in PNG or JPEG, or type your name.")])
    try:
        return without_metadata(data)
    except Unreadable as fault:
        raise Invalid([FieldError("mark", str(fault))]) from fault


def is_asked(who: Signer) -> bool:
    """Whether it is this signatory's turn, and they have not spoken."""
    known = standing(who.known.row.subject)
    step = who.known.steps[who.party.id]
    spoken = {vote.voice.person for vote in known.state.votes_at(step)}
    return step in known.state.open and who.actor.person not in spoken


def _page(desk: Desk, errors: list[dict[str, str]], refusal: str = "") -> str:
    who = desk.signer()
    row, party = who.known.row, who.party
    present = revisions.present(row)
    data, asked = revisions.bytes_of(row, present), is_asked(who)
    over = rooms.is_over(row, clock.today(who.known.zone))
    channel = party.row.channel
    told = {
        "title": who.known.title,
        "reference": who.known.paper.reference,
        "spoken": {"fr": "fr-FR"}.get(who.known.paper.lang, who.known.paper.lang),  # of the paper's words, not ours
        "name": party.acting.name,
        "capacity": ", ".join(filter(None, (party.acting.capacity, party.words.organisation))),
        "mandate": said.mandate_of(party),
        "level": said.level(party.row.level),
        "channel": said.channel(channel),
        "on_screen": channel == SCREEN and bool(party.row.field),
        "on_paper": channel == PAPER,
        "asked": asked and not over,
        "over": over,
        "base": revisions.base(row).after,
        "seen": present.after,
        "version": standing(row.subject).course.version,
        "errors": errors,
        "refusal": refusal,
        "typed": request.form,
        "back": desk.back,
        "file_url": desk.file,
        "refuse_url": desk.refuse,
        **desk.more(),
    }
    db.session.rollback()  # no transaction is held while the words are read
    return render_template(desk.template, pages=_pages(desk, data), **told)


def _pages(desk: Desk, data: bytes) -> list[dict[str, Any]]:
    """Each page as a picture, with its words for who listens to it."""
    try:
        spoken = looked_at.words(data)
    except NotPrinted:
        spoken = []
    return [{"number": rank, "url": desk.page(rank, state=sha256(data).hexdigest()[:16]), "text": text} for rank, text in enumerate(spoken, start=1)]
