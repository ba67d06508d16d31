"""Doors: the pictures beside a model that is being written."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from flask import flash, g, redirect, render_template, request
from flask_babel import gettext as _

from workflow.catalogue.actions import paper_pictures as actions
from workflow.catalogue.pages.paper_places import Place, door, mine, shown_version
from workflow.catalogue.queries.paper_drafts import Written, written
from workflow.db import db
from workflow.errors import Moved, Refused
from workflow.web.sizes import size

MEDIA = {"png": "image/png", "jpg": "image/jpeg", "svg": "image/svg+xml"}


@door("/pictures", "GET", "POST")
def paper_pictures(slug: str, operation: str) -> Any:
    """What is there; one is added, replaced or taken away."""
    here, found = mine(operation), written(slug, operation)
    if request.method == "GET":
        return _page(here, found)
    try:
        told = _add(slug, operation) if request.form.get("do") != "drop" else _drop(slug, operation)
    except (Moved, Refused) as problem:
        db.session.rollback()
        return _page(here, written(slug, operation), _(problem.message, **problem.params)), 409
    flash(told, "done")
    return redirect(here.url("paper_pictures", slug=slug), code=303)


def _add(slug: str, operation: str) -> str:
    sent = request.files.get("picture")
    if sent is None or not sent.filename:
        raise Refused("picture", "Choose a picture first.")
    content = sent.read(actions.LARGEST + 1)
    picture = actions.Sent(sent.filename, content)
    name = actions.add_picture(g.identity, slug, operation, picture, shown_version())
    return _("The picture %(name)s is kept with the draft.", name=name)


def _drop(slug: str, operation: str) -> str:
    actions.drop_picture(g.identity, slug, operation, request.form.get("name", ""), shown_version())
    return _("The picture is taken away. Versions already published keep theirs.")


def _page(here: Place, found: Written, refusal: str = "") -> str:
    return render_template(
        "catalogue/models/pictures.html", here=here, found=found, refusal=refusal, pictures=pictures_of(found)
    )


def pictures_of(found: Written) -> list[dict[str, str]]:
    """[{name, size, source: its bytes for the page, snippet}]"""
    return [
        {
            "name": name,
            "size": size(len(content)),
            "source": f"data:{MEDIA.get(name.rpartition('.')[2], MEDIA['png'])};base64,{b64encode(content).decode()}",
            "snippet": snippet(name),
        }
        for name, content in sorted(found.files.items())
    ]


def snippet(name: str) -> str:
    return '{% figure "' + name + '" alt: "' + _("What the picture shows") + '", width: 120 %}\n'
