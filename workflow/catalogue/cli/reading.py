"""A form as it lies in a file."""

from __future__ import annotations

from pathlib import Path

from forms.definition import load
from forms.structure import Form
from forms.workbook import MAX_BYTES
from forms.xlsform import compile_xlsform
from workflow.catalogue.rules import Beside

UNREADABLE = frozenset(("file_type", "unreadable", "protected", "too_large", "encoding"))
"""Refusals that speak of the file, not of the form inside it."""
KINDS = ("form.md", "form.xlsx", "form.xls", "form.xml")


def form_of(file: Path) -> Form:
    """The form of an XLSForm, or of the XForm XML it was compiled to; what it names is looked for beside it.

    Raises FormRefused, BrokenForm, UnreadableXForm, OSError, UnicodeDecodeError.
    """
    beside = Beside(file.parent)
    if file.suffix == ".xml":
        return load(file.read_text("utf-8"), beside)
    return load(compile_xlsform(content(file), file.name, media=beside).xml, beside)


def content(file: Path) -> bytes:
    """No more of a file than shows that it is too large."""
    with file.open("rb") as stream:
        return stream.read(MAX_BYTES + 1)


def form_near(file: Path) -> Path | None:
    """The form of the procedure to which a circuit belongs: in its folder, or in the one above."""
    folders = (file.resolve().parent, file.resolve().parent.parent)
    return next((folder / name for folder in folders for name in KINDS if (folder / name).is_file()), None)
