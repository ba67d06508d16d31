"""Words that were sent after a session had ended wait for their author, and stand in the form again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import g, request

from workflow.db import db
from workflow.web import door, kept


def begun_with(told: Mapping[str, Any]) -> dict[str, Any]:
    """What a form begins with: what waits for this person at this address, else what is known."""
    if request.method == "GET" and g.identity.account:
        waiting = kept.kept(g.identity.account, request.path)
        if waiting is not None:
            return {"formdata": waiting}
    return {"data": told}


def forget_kept() -> None:
    """They are recorded now: once that is committed, what waited is thrown away, in a transaction of its own."""
    account, path = g.identity.account, request.path
    if account and kept.kept(account, path) is not None:
        door.commit()
        db.session.rollback()  # ringing for jobs may have begun to read already
        kept.forget(account, path)
