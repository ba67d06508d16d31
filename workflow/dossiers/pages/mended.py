"""What a card says of mistakes: what may be undone, what was moved or taken away, who may mend it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _

from workflow import access
from workflow.dossiers import queries
from workflow.dossiers.models import Household, Undo
from workflow.dossiers.pages.attachments import caption_of
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.papers import size
from workflow.dossiers.pages.wording import ago, day, stamp
from workflow.dossiers.queries import attachments, mending
from workflow.dossiers.queries.undoable import household_by_id, undoable
from workflow.filing.models import KeptFile
from workflow.operations.queries import operation
from workflow.people import queries as people
from workflow.record.queries import Fact, texts

DONE = {
    "contact": "You noted a contact.",
    "state": "You changed the situation of this household.",
    "referent": "You named who follows this household.",
    "void": "You annulled a dossier.",
    "move": "You moved a dossier to another household.",
    "file": "You moved an attachment to another household.",
    "merge": "You joined two households into one.",
}
"""What may be taken back, told to whoever did it."""

FORMATS = {"application/pdf": "PDF", "image/jpeg": "JPEG", "image/png": "PNG"}


def of_dossier(page: Page) -> dict[str, Any]:
    """For the page of one dossier."""
    row = page.file.row
    undo = undoable(page.identity, row.subject)
    files = attachments.attachments_of_dossier(page.identity, row)
    mends = mending.may_mend_household(page.identity, row.operation_id)
    return {
        "undo": _undo(undo),
        "take_back": _take_back(page) if undo is None else None,
        "moved": _moved(page),
        "files": _files(files, page.zone, mends=mends, whole=page.whole),
        "attach_url": _add(row.void_at is None and mends, "dossiers.attach_to_dossier", reference=row.reference),
        "names": page.file.names,
        "move_url": _move_url(page),
        "household": row.about.reference,
    }


def of_household(row: Household) -> dict[str, Any]:
    """For the card of one household."""
    identity, place = g.identity, operation(row.operation_id)
    zone = place.zone if place else "Europe/Paris"
    names, mends = (may(identity, row.operation_id) for may in (access.may_read_names, mending.may_mend_household))
    alive = row.state not in ("purged", "closed")
    return {
        "undo": _undo(undoable(identity, f"household:{row.id}")),
        "take_back": None,
        "files": _files(attachments.attachments(identity, row), zone, mends=mends),
        "attach_url": _add(mends and alive, "dossiers.attach", household_id=row.id),
        "names": names,
        "traces": _traces(row, zone) if mends else [],
        "alike": _alike(row, mending.same_door(row)) if mends else [],
        "namesakes": _alike(row, mending.namesakes(row)) if mends else [],
        "merge_url": _add(mends, "dossiers.merge_household", household_id=row.id),
    }


def _add(may: bool, endpoint: str, **values: str) -> str:
    return url_for(endpoint, **values) if may else ""


def _undo(row: Undo | None) -> dict[str, str] | None:
    if row is None:
        return None
    return {"sentence": _(DONE[row.action]), "url": url_for("dossiers.undo", undo_id=row.id)}


def _take_back(page: Page) -> dict[str, Any] | None:
    """A decision of the circuit: the same judgement as its page."""
    if page.choices.take_back() is None:
        return None
    url = url_for("dossiers.decide", reference=page.reference, command="take-back", step="dossier")
    return {"url": url, "version": page.file.known.course.version}


def _move_url(page: Page) -> str:
    row = page.file.row
    may = mending.may_mend(page.identity, row) and not row.void_at and not page.whole
    return _add(may, "dossiers.move", reference=row.reference)


def _moved(page: Page) -> str:
    """Where a dossier was before, for who may know that household."""
    fact = mending.brought_from(page.file.row)
    if fact is None:
        return ""
    when = day(fact.at, page.zone)
    if not page.file.names:
        return _("Moved from another household on %(day)s.", day=when)
    other = household_by_id(fact.data["other"]).reference
    return _("Moved from the household %(reference)s on %(day)s.", reference=other, day=when)


# -- files --------------------------------------------------------------------------------------------------------


def _files(rows: Iterable[KeptFile], zone: str, *, mends: bool, whole: bool = False) -> list[dict[str, Any]]:
    """whole: of a dossier of the whole operation, where nothing moves and what was signed stays."""
    rows = list(rows)
    names = people.names(row.kept_by for row in rows)
    return [_card(row, zone, names.get(row.kept_by, ""), mends=mends, whole=whole) for row in rows]


def _card(row: KeptFile, zone: str, by: str, *, mends: bool, whole: bool) -> dict[str, Any]:
    moves = mends and not whole and row.part not in (attachments.SCAN, attachments.KEYED)
    removes = mends and not (whole and row.part == attachments.SCAN)
    return {
        "url": url_for("dossiers.attachment", file_id=row.id),
        "name": caption_of(row),
        "format": FORMATS[row.mime],
        "size": size(row.size),
        "date": day(row.kept_at, zone),
        "by": by,
        "shared": row.part == attachments.SHARED and not whole,
        "move_url": url_for("dossiers.move_attachment", file_id=row.id) if moves else "",
        "remove_url": url_for("dossiers.remove_attachment", file_id=row.id) if removes else "",
    }


# -- traces -------------------------------------------------------------------------------------------------------


def _traces(row: Household, zone: str) -> list[dict[str, Any]]:
    told = mending.traces(row)
    who = people.names(fact.actor.get("person", "") for fact in told)
    why = _reasons(row, told)
    return [
        {
            "what": _what(fact),
            "who": who.get(fact.actor.get("person", ""), ""),
            "when": stamp(fact.at, zone),
            "ago": ago(fact.at),
            "iso": fact.at.isoformat(timespec="minutes"),
            "note": why.get(fact.data.get("file", ""), "") if fact.kind == "FileErased" else "",
            "state": "",
        }
        for fact in told
    ]


def _reasons(row: Household, told: list[Fact]) -> dict[str, str]:
    """{file id: why it was taken away}."""
    if not any(fact.kind == "FileErased" for fact in told):
        return {}
    rows = attachments.erased(row, queries.dossiers_of(g.identity, row))
    words = texts(found.reason for found in rows)
    return {found.id: words.get(found.reason, "") for found in rows}


def _what(fact: Fact) -> str:
    other = household_by_id(fact.data["other"]).reference if "other" in fact.data else ""
    reference = queries.by_subject(f"dossier:{fact.data['dossier']}").reference if "dossier" in fact.data else ""
    sentences = {
        "DossierMovedAway": _("Dossier %(reference)s moved to %(other)s", reference=reference, other=other),
        "DossierMovedHere": _("Dossier %(reference)s came from %(other)s", reference=reference, other=other),
        "FileMovedAway": _("An attachment was moved to %(other)s", other=other),
        "FileMovedHere": _("An attachment came from %(other)s", other=other),
        "FileErased": _("A file put in the wrong place was erased"),
        "HouseholdsMerged": _("Joined with %(other)s, the same household entered twice", other=other),
    }
    return sentences[fact.kind]


def _alike(row: Household, others: Iterable[Household]) -> list[dict[str, str]]:
    return [
        {
            "name": other.name or other.reference,
            "reference": other.reference,
            "dwelling": other.dwelling,
            "url": url_for("dossiers.merge_household", household_id=row.id, other=other.id),
        }
        for other in list(others)[:5]
    ]
