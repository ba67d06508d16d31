"""Doors: the words that stand beside each page, all together."""

from __future__ import annotations

from typing import Any

from flask import current_app, g, render_template, request, url_for
from werkzeug.routing import BuildError

from workflow import access
from workflow.dashboards.pages.blueprint import dashboards
from workflow.dossiers.rules import folded, terms
from workflow.web import spoken
from workflow.web.helping import Help, endpoints, help_for


@dashboards.get("/help")
def help_pages() -> Any:
    """Only of pages this reader may come to; a question leaves those that say every word of it."""
    words, lang = request.args.get("q", "").strip()[:200], spoken.lang()
    known = [found for name in endpoints() if (found := help_for(name, lang)) and _mine(name)]
    shown = [one for one in known if _says(one, words)]
    return render_template(
        "dashboards/help.html",
        words=words,
        known=len(known),
        helps=sorted(({"help": one, "url": _url(one.endpoint)} for one in shown), key=_order),
    )


def _mine(endpoint: str) -> bool:
    return endpoint in current_app.view_functions and access.may_come(endpoint, g.identity)


def _says(one: Help, words: str) -> bool:
    whole = " ".join(terms(f"{one.title} {one.text}", most=None))
    return all(term in whole for term in terms(words))


def _order(one: dict[str, Any]) -> str:
    return folded(one["help"].title)


def _url(endpoint: str) -> str | None:
    """Where the page is, when its address needs nothing more."""
    try:
        return url_for(endpoint)
    except BuildError:
        return None
