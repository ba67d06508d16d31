"""A page that came too late: what somebody sent after their session had ended waits for them, sealed, for one day."""

from __future__ import annotations

import hmac
import json
from collections.abc import Sequence
from datetime import timedelta

from flask import current_app
from sqlalchemy import delete
from werkzeug.datastructures import MultiDict

from workflow import clock
from workflow.db import own_transaction
from workflow.storage import seal, unseal
from workflow.web.models import KeptPage

KEEPING: set[str] = set()
"""Endpoints whose forms are kept: pages on which people write for a long time."""
ROOMY: dict[str, int] = {}
"""Endpoints that take more bytes than the others: a page with a file too large must still be saved without it."""
WORDY: dict[str, int] = {}
"""Endpoints on which one field of a form may hold more bytes than on the others: a page with a text that is too long
comes back with it.
"""

LASTS = timedelta(days=1)
_LARGEST = 500_000  # letters of one page
_LEFT_OUT = ("csrf_token", "request_key")


def keep(account: str, path: str, fields: Sequence[tuple[str, str]]) -> bool:
    """Whether the page is kept: the latest of each address, unless it is too long."""
    told = json.dumps([pair for pair in fields if pair[0] not in _LEFT_OUT], ensure_ascii=False)
    if len(told) > _LARGEST or len(path) > KeptPage.path.type.length:
        return False
    sealed = seal(_key(), told.encode(), f"kept:{account}:{path}")
    with own_transaction() as session:
        session.execute(delete(KeptPage).where(KeptPage.at < clock.now() - LASTS))
        session.merge(KeptPage(account_id=account, path=path, sealed=sealed, at=clock.now()))
    return True


def kept(account: str, path: str) -> MultiDict[str, str] | None:
    """What this account sent to an address after its session had ended."""
    with own_transaction(read_only=True) as session:
        row = session.get(KeptPage, (account, path))
        if row is None or clock.now() - row.at > LASTS:
            return None
        return MultiDict(json.loads(unseal(_key(), row.sealed, f"kept:{account}:{path}")))


def forget(account: str, path: str) -> None:
    with own_transaction() as session:
        session.execute(delete(KeptPage).where(KeptPage.account_id == account, KeptPage.path == path))


def _key() -> bytes:
    return hmac.new(current_app.config["RELAIS"].master_key, b"kept pages", "sha256").digest()
