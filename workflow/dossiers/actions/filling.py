"""The draft is written, one section or the whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from forms.compiler import apply, change_rows
from forms.instance import AnswerError, Instance, RowLimit
from forms.visibility import errors_for
from workflow import clock
from workflow.access import Identity
from workflow.approvals.queries import Standing
from workflow.catalogue.queries import Published
from workflow.circuit.decide import editable_sections
from workflow.dossiers import queries
from workflow.dossiers.actions.uploading import NOTHING_SENT, Sent, forget, named, receive
from workflow.dossiers.actions.writing import store, write
from workflow.dossiers.models import DRAFT, AnswerSet
from workflow.dossiers.queries import File
from workflow.errors import Moved, Refused


@dataclass(frozen=True)
class Saved:
    """What a save left: the dossier as it was judged, the answers, what this reader is told is wrong on that page, the
    row a button added or removed, the files that could not be kept.
    """

    file: File
    stored: AnswerSet
    instance: Instance
    errors: list[AnswerError]
    row_path: str | None = None
    refused: tuple[AnswerError, ...] = ()


def save_section(
    identity: Identity,
    reference: str,
    section: str,
    posted: Mapping[str, Any],
    shown: str,
    *,
    whole: bool = True,
    tab: str = "",
    sent: Sent = NOTHING_SENT,
) -> Saved:
    """Write one page of answers into the draft, wrong or not: nothing typed is lost.

    `sent` are the files that came with it: what cannot be kept is told, the rest of the page is written all the same.
    `shown` is the `stamp` of the answers the page was shown with, `tab` a name of that page: it may be a save behind
    itself. Moved when another page, of somebody else or of the same person elsewhere, saved meanwhile.
    """
    file = queries.file(identity, reference)
    group = next((found for found in file.published.form.sections if found.name == section), None)
    if group is None or not file.fills:
        raise Refused("not_fillable", "This dossier is not being filled in at the moment.")
    if section not in editable(file.known, file.published):
        raise Refused("section_closed", "Only the sections that were sent back can be changed.")
    latest = queries.present_set(file.row, lock=True)
    mine = latest.saved_by == identity.person and bool(tab) and latest.saved_from == tab
    if latest.stamp != shown and not mine:
        raise Moved("This file was saved from elsewhere meanwhile. Copy your text, then reload the page.")
    stored = _draft(file, latest, identity.person)
    instance, provenance = queries.opened(file.row, stored)
    before, kept = _texts(instance), named(instance)
    errors = apply(instance, posted, group.path, whole, file.lens)
    refused = receive(file, instance, group.path, sent)
    row_path = _changed_rows(instance, posted)
    if row_path or sent != NOTHING_SENT:
        errors = errors_for(instance, instance.errors(group.path), file.lens)
    after = _texts(instance)
    if before != after:
        told = [identity.person, clock.now().isoformat(), "declared"]
        provenance |= {path: told for path, text in after.items() if before.get(path) != text}
        write(
            file.row,
            stored,
            instance,
            {path: line for path, line in provenance.items() if path in after},
            identity.person,
        )
        stored.saved_from = tab[:40]
        forget(file.row, kept, named(instance), identity.person)
    file.stored, file.instance = stored, instance  # what this request goes on with: nothing is opened twice
    return Saved(file, stored, instance, errors, row_path, tuple(refused))


def _changed_rows(instance: Instance, posted: Mapping[str, Any]) -> str | None:
    try:
        return change_rows(instance, posted)
    except RowLimit as full:
        raise Refused("row_limit", "This list is full: no further line can be added.") from full


def write_answers(identity: Identity, reference: str, answers: Mapping[str, Any], source: str = "import") -> AnswerSet:
    """Put whole answers (nested by group name) into the draft: imports and demonstration."""
    file = queries.file(identity, reference)
    if not file.fills:
        raise Refused("not_fillable", "This dossier is not being filled in at the moment.")
    stored = draft_to_write(file, identity.person)
    before, provenance = queries.opened(file.row, stored)
    instance = _from_answers(file, answers)
    instance.identity = before.identity
    _keep_hidden(before, instance)
    told = [identity.person, clock.now().isoformat(), source]
    texts, old = _texts(instance), _texts(before)
    provenance = {path: provenance.get(path, told) if old.get(path) == text else told for path, text in texts.items()}
    write(file.row, stored, instance, provenance, identity.person)
    stored.source = source
    return stored


def _from_answers(file: File, answers: Mapping[str, Any]) -> Instance:
    try:
        now = queries.circumstances(file.row.operation_id)
        return Instance.from_answers(file.published.form, answers, now, queries.row_limit())
    except RowLimit as full:
        raise Refused("row_limit", full.message, **full.params) from full


def _keep_hidden(before: Instance, instance: Instance) -> None:
    """What nobody is asked stays as the file of the household told it."""
    for path in before.values():
        if before.question(path).kind == "hidden" and not instance.get(path):
            instance.set(path, before.get(path))


def _texts(instance: Instance) -> dict[str, str]:
    return {
        path: node.text
        for path, node, question in instance.leaves()
        if node.relevant and question.kind != "note" and not question.computed
    }


def editable(known: Standing, published: Published) -> frozenset[str]:
    """Names of the sections that may be changed now: all at first, the chosen ones after a return."""
    names = [group.name for group in published.form.sections]
    steps = [step.id for step in published.circuit.steps() if step.id in known.state.open]
    return frozenset(name for step in steps for name in editable_sections(published.circuit, known.state, step, names))


def draft_to_write(file: File, by: str) -> AnswerSet:
    """The draft, locked; after a return, a new revision that begins with what was handed on."""
    return _draft(file, queries.present_set(file.row, lock=True), by)


def _draft(file: File, latest: AnswerSet, by: str) -> AnswerSet:
    if latest.state == DRAFT:
        return latest
    instance, provenance = queries.opened(file.row, latest)
    return store(file.row, instance.revised(), provenance, by, revision=latest.revision + 1)
