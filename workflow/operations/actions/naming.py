"""Zones (parts of the operation) and places (where households may wish to live): names kept with the operation."""

from __future__ import annotations

from workflow.db import db
from workflow.errors import NotFound
from workflow.operations.actions.ground import hold, note, nothing_hangs, only_one, unchanged
from workflow.operations.models import Operation
from workflow.operations.rules import slug_of

TWICE = {
    "zones": "There is already a zone of that name.",
    "places": "There is already a place of that name.",
}
FACTS = {"zones": ("ZonePut", "ZoneRemoved"), "places": ("PlacePut", "PlaceRemoved")}


def put_named(operation_id: str, what: str, name: str, by: str, *, slug: str | None = None, shown: str = "") -> str:
    """Add a zone or a place (`what`: zones | places), or rename the one of that `slug`, shown so far as `shown`.

    Returns its slug, which never changes: answers hold it. Raises Invalid, Moved, NotFound.
    """
    row = hold(operation_id)
    entries = [dict(entry) for entry in row.figures.get(what, ())]
    if slug is not None:
        unchanged(_entry(entries, slug)["label"].get("fr", ""), shown)
    names = [(entry["slug"], entry["label"].get("fr", "")) for entry in entries]
    only_one(names, slug, name, "name", TWICE[what])
    if slug is None:
        slug = slug_of(name, {entry["slug"] for entry in entries})
        entries.append({"slug": slug, "label": {}})
    entry = _entry(entries, slug)
    entry["label"] = {**entry["label"], "fr": name}
    _put(row, what, entries)
    note(operation_id, FACTS[what][0], by, slug=slug)
    return slug


def remove_named(operation_id: str, what: str, slug: str, by: str) -> None:
    """A zone or a place is no longer offered. A zone with buildings or households in it stays: Refused."""
    row = hold(operation_id)
    entries = [dict(entry) for entry in row.figures.get(what, ())]
    _entry(entries, slug)
    if what == "zones":
        nothing_hangs(operation_id, "zone", slug)
    _put(row, what, [entry for entry in entries if entry["slug"] != slug])
    note(operation_id, FACTS[what][1], by, slug=slug)


def _entry(entries: list[dict], slug: str) -> dict:
    found = next((entry for entry in entries if entry["slug"] == slug), None)
    if found is None:
        raise NotFound()
    return found


def _put(row: Operation, what: str, entries: list[dict]) -> None:
    row.figures = {**row.figures, what: entries}
    db.session.add(row)
    db.session.flush()
