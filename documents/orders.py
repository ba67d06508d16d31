"""What the process that sets a draft is handed; whoever orders one need not read in the typesetter for it."""

from __future__ import annotations

import base64
import datetime
import json
from collections.abc import Mapping, Sequence
from typing import Any

_BYTES, _DAY = "\0bytes", "\0day"
"""Names under which JSON carries what it has no word for; no value of a paper holds the first character."""


def order(text: str, data: Mapping[str, Any], **said: Any) -> str:
    """What the process is handed, as JSON.

    text: the model; data: what it reads (bytes and dates included); said: lang, reference, day (ISO), issuer,
    organisation, address (lines), house (folder of the house style).
    """
    return json.dumps({"text": text, "data": data, **said}, default=_told, ensure_ascii=False)


def told(several: Sequence[Mapping[str, Any]]) -> str:
    """Orders that one process is handed together (`documents.judging`)."""
    return json.dumps({"orders": list(several)}, default=_told, ensure_ascii=False)


def _told(value: object) -> dict[str, str]:
    if isinstance(value, bytes):
        return {_BYTES: base64.b64encode(value).decode()}
    if isinstance(value, datetime.date):
        return {_DAY: value.isoformat()}
    raise TypeError(type(value).__name__)


def read(found: dict[str, Any]) -> Any:
    """What JSON carried under another name is itself again."""
    if _BYTES in found:
        return base64.b64decode(found[_BYTES])
    return datetime.date.fromisoformat(found[_DAY]) if _DAY in found else found
