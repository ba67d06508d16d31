"""Which operation a page is about: the one of its address, else the one last looked at, else the first."""

from __future__ import annotations

from flask import request, session

from workflow.access import Identity
from workflow.errors import NotFound

KEY = "operation"


def here(identity: Identity) -> str:
    """Id of the operation this request is about, within what the person may touch. NotFound when they hold none."""
    path, asked = (request.view_args or {}).get(KEY), request.args.get(KEY)
    if path and path not in identity.operations:
        raise NotFound()
    for wanted in (path, asked):
        if wanted in identity.operations:
            session[KEY] = wanted
            return str(wanted)
    last = session.get(KEY)
    if last in identity.operations:
        return str(last)
    first = min(identity.operations, default="")
    if not first:
        raise NotFound()
    return first


def here_or_none(identity: Identity) -> str | None:
    """The same, for frames of pages that need no operation; remembers nothing."""
    asked = (request.view_args or {}).get(KEY) or request.args.get(KEY) or session.get(KEY)
    return asked if asked in identity.operations else min(identity.operations, default=None)
