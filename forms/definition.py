"""XForm XML → Form: parsed once per version, frozen, known by its hash."""

from __future__ import annotations

import hashlib

from forms.reading import Fault, Reader
from forms.structure import Choice, Form, Formula, Group, Question, Repeat, Wording
from forms.xform import UnreadableXForm, read_document

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
    "load",
    "read",
]


class BrokenForm(Exception):
    """The form holds expressions that cannot work: `faults` says which, where and why."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("; ".join(f"{fault.path} {fault.aspect}: {fault.error}" for fault in faults))
        self.faults = faults


def load(xml: str) -> Form:
    """The form of an XForm document. Raises UnreadableXForm or BrokenForm."""
    form, faults = read(xml)
    if faults:
        raise BrokenForm(faults)
    return form


def read(xml: str) -> tuple[Form, tuple[Fault, ...]]:
    """The form and what is wrong with its expressions; for the linter, which names every fault at once."""
    reader = Reader(read_document(xml))
    form = reader.form(xml, hashlib.sha256(xml.encode()).hexdigest())
    return form, tuple(reader.faults)
