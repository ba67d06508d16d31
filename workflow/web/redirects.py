"""Where one may be sent: nowhere but here."""

from __future__ import annotations

from urllib.parse import urlsplit


def local_path(wanted: str) -> str:
    """A path of this server, or the front page: nobody is sent elsewhere."""
    parts = urlsplit(wanted)
    safe = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc and "\\" not in wanted
    return wanted if safe else "/"
