"""The size of a file as people read it."""

from __future__ import annotations

from flask_babel import format_decimal
from flask_babel import gettext as _


def size(count: int | None) -> str:
    """84 ko, 1,2 Mo; nothing for an empty or absent file. `count` in bytes."""
    if not count:
        return ""
    if count < 1_000_000:
        return _("%(size)s kB", size=format_decimal(max(1, round(count / 1000))))
    return _("%(size)s MB", size=format_decimal(round(count / 1_000_000, 1)))
