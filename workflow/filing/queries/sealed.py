"""Bytes as they lie in the store: encrypted under the key of their subject, bound to their row."""

from __future__ import annotations

from flask import current_app

from workflow.errors import NotFound
from workflow.record.queries import key_of
from workflow.storage import open_store, unseal


def unsealed(subject: str, name: str, bound_to: str) -> bytes:
    key = key_of(subject)
    if key is None:
        raise NotFound("This document has been erased.")
    sealed = open_store(current_app.config["RELAIS"].storage_url).get(name)
    return unseal(key, sealed, bound_to)
