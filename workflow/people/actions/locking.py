"""One row at a time, as it was shown."""

from __future__ import annotations

from typing import Any, TypeVar

from workflow.db import db
from workflow.errors import Moved, NotFound

Row = TypeVar("Row", bound=Any)


def locked(model: type[Row], key: str, version: int | None = None) -> Row:
    """The row, locked. Raises NotFound when it is gone, Moved when it changed after the version that was shown."""
    row = db.session.get(model, key, with_for_update={"of": model}, populate_existing=True)  # not what is joined to it
    if row is None:
        raise NotFound()
    if version is not None and row.version != version:
        raise Moved("Somebody changed this meanwhile.")
    return row


def actor(person: str | None) -> dict[str, Any]:
    """Who acts, as the record keeps it; nobody for what the installation does by itself."""
    return {"person": person} if person else {}
