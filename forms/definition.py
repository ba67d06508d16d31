"""XForm XML → Form: parsed once per version, frozen, known by its hash."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from forms.reading import Fault, Reader
from forms.structure import Choice, Form, Formula, Group, Question, Repeat, Wording
from forms.xform import UnreadableXForm, files_of, read_document

__all__ = [
    "BrokenForm",
    "Choice",
    "Fault",
    "Form",
    "Formula",
    "Group",
    "Question",
    "Repeat",
    "UnreadableXForm",
    "Wording",
    "files_named",
    "load",
    "read",
]


class BrokenForm(Exception):
    """The form holds expressions that cannot work: `faults` says which, where and why."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("; ".join(f"{fault.path} {fault.aspect}: {fault.error}" for fault in faults))
        self.faults = faults


NO_MEDIA: Mapping[str, bytes] = {}


def load(xml: str, media: Mapping[str, bytes] = NO_MEDIA) -> Form:
    """The form of an XForm document. Raises UnreadableXForm or BrokenForm.

    media: the files it names (lists, pictures, sounds), by name; only lists have to be there.
    """
    form, faults = read(xml, media)
    if faults:
        raise BrokenForm(faults)
    return form


def read(xml: str, media: Mapping[str, bytes] = NO_MEDIA) -> tuple[Form, tuple[Fault, ...]]:
    """The form and what is wrong with its expressions; for the linter, which names every fault at once."""
    document = read_document(xml)
    reader = Reader(document, media)
    form = reader.form(xml, _hash(xml, files_of(document), media))
    return form, tuple(reader.faults)


def files_named(xml: str) -> tuple[str, ...]:
    """Names of the files that a form needs beside itself. Raises UnreadableXForm."""
    return files_of(read_document(xml))


def _hash(xml: str, files: tuple[str, ...], media: Mapping[str, bytes]) -> str:
    """SHA-256 of the document and of the files it names; of the document alone when none was given."""
    digest = hashlib.sha256(xml.encode())
    for name in files:
        content = media.get(name)
        if content is not None:
            digest.update(f"{len(name)}:{name}".encode() + hashlib.sha256(content).digest())
    return digest.hexdigest()
