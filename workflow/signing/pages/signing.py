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
from workflow.errors import Invalid, Moved, Refused
from workflow.signing.actions import signing as on_screen
from workflow.signing.actions.signing import Act, Signer, check
from workflow.signing.models import Revision
from workflow.signing.pages import certificate, typed
from workflow.signing.pages import words as said
from workflow.signing.pages.forms import place_label
from workflow.signing.queries import revisions, rooms
from workflow.signing.rules.channels import CERTIFICATE, IN_THE_FILE, QUALIFIED
from workflow.web import looked_at
from workflow.web.dates import stamp
from workflow.web.press import NotPrinted


@dataclass(frozen=True)
class Desk:
    """Where one signs. signer: whoever signs, read anew; sign: what does it; page: the address of a picture, by its
    number and what tells one state of the file from another; elsewhere: where a file signed in another tool comes back.
    """

    signer: Callable[[], Signer]
    sign: Callable[[Signer, Act], Revision]
    template: str
    back: str
    page: Callable[..., str]
    file: str
    refuse: str
    elsewhere: str
    more: Callable[[], dict[str, Any]] = dict


def show(desk: Desk) -> Any:
    """The document and the form; sent, it is signed, or what hinders it is said and nothing typed is lost."""
    if request.method == "GET":
        return _page(desk, [])
    try:
        done = _sign(desk)
    except Invalid as problem:
        db.session.rollback()
        errors = [{"id": one.field, "message": _(one.message, **one.params)} for one in problem.errors]
        return _page(desk, errors), 422
    except (Moved, Refused) as problem:
        db.session.rollback()
        return _page(desk, [], refusal=_(problem.message, **problem.params)), 409
    flash(done, "done")
    return redirect(desk.back, code=303)


def _sign(desk: Desk) -> str:
    """What is said once it is signed."""
    who = desk.signer()
    if not is_asked(who):
        raise Refused("not_open", "It is not your turn to sign now.")
    if desk.more().get("needs_code"):
        raise Refused("no_code", "Type the code that came to you by mail first.")
    act, done = certificate.ready(who) if who.party.row.channel == CERTIFICATE else _on_screen(who)
    desk.sign(desk.signer(), act)
    return done


def _on_screen(who: Signer) -> tuple[Act, str]:
    told = typed.told()
    check(told)
    when = _("Signed on the screen on %(when)s", when=stamp(clock.now(), who.known.zone))
    drawn = typed.drawn(who, told.mark, [when])
    done = _("You have signed. The document now bears your signature.")
    return lambda signer: on_screen.sign(signer, told, drawn), done


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
        "way": channel if party.row.field or channel not in IN_THE_FILE else "",
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
        "elsewhere_url": desk.elsewhere,
        "place": place_label(party.row.field) if party.row.field else "",
        "qualified": party.row.level == QUALIFIED,
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
    state = sha256(data).hexdigest()[:16]
    return [
        {"number": rank, "url": desk.page(rank, state=state), "text": text} for rank, text in enumerate(spoken, start=1)
    ]
