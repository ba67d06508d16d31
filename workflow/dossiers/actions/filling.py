"""The draft is written, one section or the whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from forms.compiler import apply
from forms.instance import AnswerError, Instance, RowLimit
from forms.provenance import texts, told
from forms.visibility import errors_for
from workflow import clock
from workflow.access import Identity
from workflow.dossiers import queries
from workflow.dossiers.actions.editing import to_be_written
from workflow.dossiers.actions.rows import changed_rows
from workflow.dossiers.actions.sharing import Held, Leaf, shared
from workflow.dossiers.actions.submissions import enter, name_anew
from workflow.dossiers.actions.taking import take_in
from workflow.dossiers.actions.tracing import Trace
from workflow.dossiers.actions.uploading import NOTHING_SENT, Sent, forget, named, receive
from workflow.dossiers.actions.writing import put, store, write
from workflow.dossiers.models import DRAFT, AnswerSet
from workflow.dossiers.queries import File
from workflow.dossiers.queries.together import held_by_another
from workflow.errors import Refused


@dataclass(frozen=True)
class Saved:
    """What a save left: the dossier as it was judged, the answers, what this reader is told is wrong on that page, the
    row a button added or removed, the files that could not be kept; by path, what the page still shows where somebody
    else wrote meanwhile.
    """

    file: File
    stored: AnswerSet
    instance: Instance
    errors: list[AnswerError]
    row_path: str | None = None
    refused: tuple[AnswerError, ...] = ()
    left: Mapping[str, str] = field(default_factory=dict)


def save_section(
    identity: Identity,
    reference: str,
    section: str,
    posted: Mapping[str, Any],
    shown: str,
    *,
    whole: bool = True,
    tab: str = "",
    seen: str = "",
    sent: Sent = NOTHING_SENT,
) -> Saved:
    """Write one page of answers into the draft, wrong or not: nothing typed is lost.

    `sent` are the files that came with it: what cannot be kept is told, the rest of the page is written all the same.
    `shown` is the `stamp` of the answers the page was shown with, `seen` the word for each of these answers, `tab` a
    name of that page: it may be a save behind itself. Differs when another page, of somebody else or of the same
    person elsewhere, changed the same answers meanwhile; Held when somebody else took the section.
    """
    file = queries.file(identity, reference)
    leaf = Leaf(posted, to_be_written(file, section), shown, seen, tab, whole)
    _hold(file, section, posted)
    latest = queries.present_set(file.row, lock=True)
    stored, key = _draft(file, latest, identity.person), queries.key_to(file.row)
    instance, provenance = queries.unsealed(file.row, stored, key)
    may = shared(file, latest, leaf, instance, provenance)
    trace, kept = Trace(instance, provenance, identity.person), named(instance)
    errors = apply(instance, posted, leaf.group.path, whole, file.lens, leave=may.leave)
    for path, text in may.texts.items():
        instance.set(path, text)
    refused = receive(file, instance, leaf.group.path, sent)
    trace.typed(posted, leaf.group.path, file.lens)
    row_path = changed_rows(file, stored, leaf, instance, may.leave)
    trace.rows(posted, row_path)
    if row_path or may.texts or sent != NOTHING_SENT:
        errors = errors_for(instance, instance.errors(leaf.group.path), file.lens)
    if trace.changed:
        put(stored, queries.packed(key, stored.id, instance, trace.lines), identity.person)
        stored.saved_from = tab[:40]
        forget(file.row, kept, named(instance), identity.person)
    # What this request goes on with: nothing is opened twice.
    file.stored, file.instance, file.lines = stored, instance, trace.lines
    return Saved(file, stored, instance, errors, row_path, tuple(refused), may.leave)


def _hold(file: File, section: str, posted: Mapping[str, Any]) -> None:
    """Who took a section writes in it alone; whoever says so takes it over. Raises Held."""
    hold = held_by_another(file.row, section, file.identity.person)
    if hold and "take_over" not in posted:
        raise Held(hold)
    if hold:
        take_in(file, section)


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
    line = [identity.person, clock.now().isoformat(), source]
    lines = told({**dict.fromkeys(texts(instance), line), **provenance}, texts(before), texts(instance), line)
    name_anew(file.row.operation_id, instance)
    write(file.row, stored, instance, lines, identity.person)
    stored.source = source
    wrong = [(error.kind, error.path) for error in instance.errors()]
    enter(file.row, stored, instance, identity.person, source=source, findings=wrong)
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


def draft_to_write(file: File, by: str) -> AnswerSet:
    """The draft, locked; after a return, a new revision that begins with what was handed on."""
    return _draft(file, queries.present_set(file.row, lock=True), by)


def _draft(file: File, latest: AnswerSet, by: str) -> AnswerSet:
    if latest.state == DRAFT:
        return latest
    instance, provenance = queries.opened(file.row, latest)
    return store(file.row, instance.revised(), provenance, by, revision=latest.revision + 1)
