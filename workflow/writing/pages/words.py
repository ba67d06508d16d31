"""What readers and kinds of papers are called, and how a finding of the document engine is said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from documents.findings import Finding
from workflow.catalogue.queries.paper_models import PaperModelInUse
from workflow.writing.models import Written

AUDIENCES = {
    "household": later("The household"),
    "landlord": later("The landlord that is to house the household"),
    "commission": later("The committee"),
    "partner": later("Partners"),
    "public": later("Everybody"),
}
KINDS = {
    "letter": later("Letters"),
    "notice": later("Notices and guides"),
    "sheet": later("Sheets"),
    "agreement": later("Agreements and charters"),
    "minutes": later("Minutes"),
    "report": later("Reports"),
}


def by_kind(models: Iterable[PaperModelInUse]) -> list[PaperModelInUse]:
    """Letters first."""
    order = list(KINDS)
    return sorted(models, key=lambda one: order.index(one.kind) if one.kind in order else len(order))


def audience_label(name: str) -> str:
    return str(AUDIENCES.get(name, name))


def kind_label(kind: str) -> str:
    return str(KINDS.get(kind, later("Others")))


def said(findings: Iterable[Finding | Mapping[str, Any]]) -> list[str]:
    """Findings as sentences, whether they come from here or from the process that sets drafts; each once."""
    told = []
    for one in findings:
        msgid, params = (one.msgid, one.params) if isinstance(one, Finding) else (one["msgid"], one["params"])
        told.append(_(msgid, **dict(params)))
    return list(dict.fromkeys(told))


def state_of(row: Written, *, ready: bool, failed: bool) -> tuple[str, str]:
    """(words, shape and colour) of a deed of writing."""
    if row.void_at is not None:
        return _("annulled"), "refused"
    if failed:
        return _("could not be written"), "late"
    if not ready:
        return _("being written"), "waiting"
    return (_("handed over"), "done") if row.handed_how else (_("written"), "todo")
