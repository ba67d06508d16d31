"""Which papers of a dossier people sign in the file: where it is asked for, how far it is, who still has to sign."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as later

from documents.fields import is_ours
from documents.signing import free_fields
from workflow import access
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.queries.paper.material import is_to_sign
from workflow.filing import queries as filing
from workflow.filing.models import READY, Paper
from workflow.filing.queries.signatures import Held, held, waits

STATES = {
    "": ("todo", later("not asked for yet")),
    "preparing": ("todo", later("being prepared")),
    "open": ("waiting", later("signatures under way")),
    "complete": ("done", later("signed by everybody")),
    "refused": ("refused", later("a signature was refused")),
    "withdrawn": ("closed", later("withdrawn")),
}
"""{state: (its family of shape and colour, its name)}."""
_HIDDEN = ("", "preparing")
"""Of these only those hear who have papers signed."""


def signed_papers(page: Page, papers: Sequence[Paper], names: dict[str, str]) -> list[dict[str, Any]]:
    """Of these papers, those that are signed in the file, as this reader may know. names: {paper: how it is called}."""
    row, procedure = page.file.row, page.file.published
    ready = [one for one in papers if one.state == READY and one.void_at is None and one.void_of is None]
    there = held([one.id for one in ready])
    asks = access.may_set_up(page.identity, row.operation_id) or access.may_fill(page.identity, row.operation_id)
    mine = [one for one in ready if one.id in there or (asks and is_to_sign(procedure, one.kind) and _has_place(one))]
    still = waits(page.identity, row.operation_id, [one.id for one in mine]) if mine else {}
    told = [_told(one, there.get(one.id), names[one.id], still.get(one.id, ()), asks=asks) for one in mine]
    return [one for one in told if one["url"]]


def _has_place(paper: Paper) -> bool:
    """Whether somebody can sign in this very paper: its model may keep that for one of its readers."""
    return any(not is_ours(one) for one in free_fields(filing.bytes_of(paper, "pdf")))


def _told(paper: Paper, where: Held | None, name: str, still: Sequence[str], *, asks: bool) -> dict[str, Any]:
    state = where.state if where else ""
    family, words = STATES[state]
    return {
        "name": name,
        "reference": paper.reference,
        "family": family,
        "words": str(words),
        "waits": ", ".join(still),
        "asks": state in ("", "refused", "withdrawn") and asks,
        "url": _url(paper, where, asks=asks),
    }


def _url(paper: Paper, where: Held | None, *, asks: bool) -> str:
    if asks:
        return url_for("signing.prepare", reference=paper.reference)
    if where is None or where.state in _HIDDEN:
        return ""
    return url_for("signing.room", reference=where.reference)
