"""The working copy in Word with a seal beside it: it cannot carry one of its own."""

from __future__ import annotations

import io
import zipfile

from flask import current_app

from documents import detached
from workflow import clock
from workflow.db import db
from workflow.filing import queries as filing


def sealed_copy(docx: bytes, reference: str) -> bytes:
    """A .zip of the file and its seal (.docx, .docx.p7s). Nothing is stored. Raises NoKey."""
    db.session.rollback()  # no transaction is held while it is sealed
    authority = filing.authority(current_app.config["RELAIS"])
    seal = detached.sealed(docx, authority, clock.now().replace(microsecond=0))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(f"{reference}.docx", docx)  # compressed already
        archive.writestr(f"{reference}.docx.p7s", seal)
    return made.getvalue()
