"""What somebody ticked, typed and drew when they sign, read from the form; and what is seen in their box."""

from __future__ import annotations

from flask import request

from workflow import clock
from workflow.db import db
from workflow.errors import FieldError, Invalid, Refused
from workflow.filing.rules.pictures import PICTURES, Unreadable, without_metadata
from workflow.filing.rules.scans import kind_of
from workflow.filing.rules.signatures import typed_signature
from workflow.signing.actions.signing import Signer, Stamped, Told, box_of
from workflow.signing.pages import words as said
from workflow.web.fields import readable
from workflow.web.press import NotPrinted, stamped

LONGEST_MARK = 2_000_000
"""Bytes of a picture of a signature."""


def told() -> Told:
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


def drawn(who: Signer, mark: bytes, how: list[str]) -> Stamped:
    """What is seen in the box: who, in what capacity, under which mandate, then how they signed. Raises Refused."""
    lines = [*said.in_the_box(who.party), *how]
    box, now = box_of(who), clock.now()
    db.session.rollback()  # no transaction is held while the stamp is drawn
    try:
        pdf = stamped(lines, mark or None, *box) if box else None
    except NotPrinted as fault:
        raise Refused("not_drawn", "This signature cannot be drawn: type your name instead.") from fault
    return Stamped(pdf, now, tuple(lines))
