"""Pictures beside a model that is being written: a plan, a coat of arms. They are published with its text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath

from sqlalchemy import func, select

from documents.pictures import JPEG, PNG, SVG, Unusable, judged
from workflow.access import Identity
from workflow.catalogue.actions.paper_drafts import save_draft
from workflow.catalogue.models import PaperFile
from workflow.catalogue.queries.paper_drafts import holder, written
from workflow.db import db
from workflow.errors import NotFound, Refused
from workflow.people.rules import folded

LARGEST = 5_000_000
"""Bytes of one picture: it travels in every paper."""
MOST = 20
_ENDS = {PNG: ".png", JPEG: ".jpg", SVG: ".svg"}


@dataclass(frozen=True)
class Sent:
    """A file as somebody sends it."""

    name: str
    content: bytes


def add_picture(identity: Identity, slug: str, operation: str, sent: Sent, seen: int) -> str:
    """Keep a picture with the draft; its name, under which the text calls for it. One of the same name is replaced.

    seen: as for `save_draft`. Raises Refused for what is no picture or too large, Moved when the draft changed.
    """
    text = written(slug, operation).text
    try:
        kind = judged(sent.content).media_type if len(sent.content) <= LARGEST else ""
    except Unusable as fault:
        raise _refusal(fault.code) from fault
    if not kind:
        raise _refusal("too_large")
    save_draft(identity, slug, operation, text, seen)
    kept = holder(slug, operation)
    named = _name(sent.name) + _ENDS[kind]
    count = db.session.scalar(select(func.count()).select_from(PaperFile).where(PaperFile.holder == kept)) or 0
    row = db.session.get(PaperFile, (kept, named))
    if row is None and count >= MOST:
        raise Refused("pictures", "There are twenty pictures already: take one away first.")
    db.session.merge(PaperFile(holder=kept, name=named, content=sent.content))
    db.session.flush()
    return named


def _refusal(code: str) -> Refused:
    """What is said of a file that `documents.pictures` does not take."""
    match code:
        case "too_large":
            return Refused("picture", "This picture is too large: at most 5 MB and 40 million points.")
        case "swollen":
            return Refused("picture", "This drawing would swell when it is opened. Send it as PNG.")
        case "unsafe":
            return Refused(
                "picture", "This drawing runs something, or fetches something from elsewhere. Send it as PNG."
            )
        case _:
            return Refused("picture", "This is no picture that can be read. Send a PNG, a JPEG or an SVG.")


def drop_picture(identity: Identity, slug: str, operation: str, name: str, seen: int) -> None:
    """Take a picture away from the draft; versions that were published keep theirs."""
    save_draft(identity, slug, operation, written(slug, operation).text, seen)
    row = db.session.get(PaperFile, (holder(slug, operation), name))
    if row is None:
        raise NotFound()
    db.session.delete(row)
    db.session.flush()


def _name(told: str) -> str:
    """Small letters, digits and hyphens of the name of the file, without what ends it."""
    return re.sub(r"[^a-z0-9]+", "-", folded(PurePath(told).stem)).strip("-")[:60] or "image"
