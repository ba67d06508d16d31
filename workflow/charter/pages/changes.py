"""Doors: what changed from one version to the next, and whose contributions stand behind it."""

from __future__ import annotations

from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _

from workflow.charter.models import Consultation, Edition
from workflow.charter.pages.blueprint import charter
from workflow.charter.pages.words import card, crumbs, headings, link_to, version_name
from workflow.charter.queries import drafts, said
from workflow.charter.queries.entitled import Reader, come_in
from workflow.charter.rules.differing import changes as changed
from workflow.errors import NotFound


@charter.get("/drafts/<reference>/changes")
def changes(reference: str) -> Any:
    """The latest version this reader may see, beside the one before it."""
    row, reader = come_in(g.identity, reference)
    known = [one for one in drafts.editions(row) if one.frozen_at is not None or reader.drafts]
    wanted = request.args.get("of", "")
    newer = next((one for one in known if str(one.number) == wanted), known[-1])
    older = next((one for one in known if one.number == newer.number - 1), None)
    if older is None:
        raise NotFound()
    return render_template(
        "charter/changes.html",
        row=row,
        older=version_name(older.number),
        newer=version_name(newer.number),
        frozen=newer.frozen_at is not None,
        articles=articles_changed(row, reader, older, newer),
        others=[
            {"name": version_name(one.number), "url": url_for("charter.changes", reference=reference, of=one.number)}
            for one in known[1:]
            if one is not newer
        ],
        crumbs=crumbs(row),
    )


def articles_changed(row: Consultation, reader: Reader, older: Edition, newer: Edition) -> list[dict[str, Any]]:
    """The articles that are not the same, each with the contributions behind it."""
    before, after = drafts.parts_of(older), drafts.parts_of(newer)
    named = headings(before) | headings(after)
    behind = said.behind(row, reader, newer.number)
    shown = said.opened([one for some in behind.values() for one in some], reader)
    cards = {one.row.id: card(one, link_to(row, one.row)) for one in shown}
    words = {"changed": _("changed"), "added": _("new"), "removed": _("taken out")}
    return [
        {
            "key": one.key,
            "heading": named.get(one.key, one.title),
            "state": one.state,
            "word": words[one.state],
            "lines": one.lines,
            "behind": [cards[each.id] for each in behind.get(one.key, ())],
        }
        for one in changed(before, after)
        if one.state != "same"
    ]
