"""Flask extensions, made once and bound to the application at start."""

from __future__ import annotations

from flask import g, has_request_context, request
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_wtf.csrf import CSRFProtect

LANGUAGES = ("fr", "en")

babel = Babel()
bootstrap = Bootstrap5()
csrf = CSRFProtect()


def choose_language() -> str:
    """French unless somebody asked for something else: by the switch, or as their own language."""
    if not has_request_context():
        return "fr"
    identity = g.get("identity")
    for wanted in (request.args.get("lang"), request.cookies.get("lang"), identity.lang if identity else None):
        if wanted in LANGUAGES:
            return wanted
    return "fr"
