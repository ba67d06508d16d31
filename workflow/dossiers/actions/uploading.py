"""Files as answers: kept beside the draft, named in it; out of sight as soon as no answer names them any more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from forms.checking import AnswerError
from forms.growing import UnknownPath
from forms.instance import Instance
from forms.structure import Question
from forms.upload_fields import KINDS, file_name, token_of
from forms.visibility import may_see_at
from workflow.dossiers import queries
from workflow.dossiers.models import HANDED_ON, Dossier
from workflow.dossiers.queries import File
from workflow.filing import actions as filing
from workflow.filing import queries as files
from workflow.filing.rules.answers import NotKept
from workflow.filing.rules.signatures import typed_signature

UNTYPED = "Type the name first, then tick the box."
TOKEN = 12  # characters of the id of a file in the name of the answer
REPLACED = "replaced in the form"


@dataclass(frozen=True)
class Sent:
    """What came with a page besides texts, by path: files (name given, bytes), names typed as a signature, and the path
    of the file to take away.
    """

    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)
    signed: Mapping[str, str] = field(default_factory=dict)
    removed: str = ""


NOTHING_SENT = Sent()


def receive(file: File, instance: Instance, section: str, sent: Sent) -> list[AnswerError]:
    """Write what came with the page `section` into the answers; what could not be kept, with its reason."""
    faults = []
    if sent.removed and _asked(file, instance, section, sent.removed):
        instance.set(sent.removed, "")
    for path, (name, data) in _all(sent):
        question = _asked(file, instance, section, path)
        if question is None:
            continue
        try:
            instance.set(path, _keep(file, question, name, data))
        except NotKept as fault:
            faults.append(AnswerError(path, "file", str(fault)))
    return faults


def _all(sent: Sent) -> Iterator[tuple[str, tuple[str, bytes]]]:
    """Names typed as signatures become pictures; a picture sent as well goes first."""
    for path, name in sent.signed.items():
        if path not in sent.files:
            yield path, (f"{name}.png", typed_signature(name) if name.strip() else b"")
    yield from sent.files.items()


def _asked(file: File, instance: Instance, section: str, path: str) -> Question | None:
    """The question at a path, when this page asks this person for a file there."""
    try:
        node, question = instance.node(path), instance.question(path)
    except UnknownPath:
        return None
    asked = question.kind in KINDS and question.page == section and node.relevant and not instance.readonly(path)
    return question if asked and may_see_at(instance.form, question, node, file.lens) else None


def _keep(file: File, question: Question, name: str, data: bytes) -> str:
    if not data and "signature" in question.appearance.split():
        raise NotKept(UNTYPED)
    row = file.row
    kept, sort = filing.keep_answer(
        row.operation_id, row.subject, data, question.kind, file.identity.person, path=question.path
    )
    return file_name(name, kept.id[:TOKEN], sort.extension)


def named(instance: Instance) -> dict[str, str]:
    """{name of a file: path of its question in the form}, of every answer that is a file, relevant or not."""
    asked = instance.leaves()
    return {node.text: question.path for _path, node, question in asked if question.kind in KINDS and node.text}


def forget(row: Dossier, before: Mapping[str, str], after: Mapping[str, str], by: str) -> None:
    """Erase the files that no answer names any more, unless a version that was handed on may show them."""
    gone = before.keys() - after.keys()
    if not gone:
        return
    shown = max((found.saved_at for found in queries.sets(row) if found.state == HANDED_ON), default=None)
    for name in gone:
        kept = files.answer(row.subject, token_of(name), before[name])
        if kept is not None and (shown is None or kept.kept_at > shown):
            filing.erase(kept, by, REPLACED)
