"""Doors: a draft read article by article, with what is said of each beside it; everything behind one article."""

from __future__ import annotations

from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _

from workflow.charter.models import Consultation, Contribution
from workflow.charter.pages.blueprint import charter
from workflow.charter.pages.papers import files_of
from workflow.charter.pages.words import (
    blocks,
    card,
    crumbs,
    dates,
    headings,
    link_to,
    phase_badge,
    version_name,
)
from workflow.charter.queries import drafts, said
from workflow.charter.queries.entitled import Reader, come_in, invited_to
from workflow.charter.queries.tracing import Step, trace
from workflow.charter.rules import phases
from workflow.errors import NotFound
from workflow.people import queries as people
from workflow.web.dates import format_date

BESIDE = 3  # contributions shown beside an article; all of them are one click away
AT_ONCE = 50


@charter.get("/drafts/<reference>")
def draft(reference: str) -> Any:
    """The text everybody reads now."""
    row, reader = come_in(g.identity, reference)
    phase, parts = drafts.phase_of(row), drafts.current_parts(row)
    named, said_on = headings(parts), said.on_each(row, reader, BESIDE)
    shown = said.opened([one for _count, some in said_on.values() for one in some], reader)
    cards = {one.row.id: card(one, link_to(row, one.row)) for one in shown}

    def beside(key: str) -> dict[str, Any]:
        count, some = said_on.get(key, (0, []))
        return {"count": count, "cards": [cards[one.id] for one in some], "all_url": _all_url(row, key)}

    articles = [
        {"key": one.key, "heading": named[one.key], "blocks": blocks(one.words), **beside(one.key)} for one in parts
    ]
    names = people.organisation_names()
    return render_template(
        "charter/draft.html",
        row=row,
        phase=phase,
        badge=phase_badge(phase),
        dates=dates(row),
        version=version_name(row.current),
        articles=articles,
        whole=beside(""),
        speaks=phase == phases.OPEN and bool(reader.mine),
        records=phase in (phases.OPEN, phases.ANSWERING) and reader.records,
        drafts_it=reader.drafts,
        left=said.left(row) if reader.drafts else 0,
        unread=said.unread(row) if reader.drafts else 0,
        begun=drafts.written_now(row) is not None if reader.drafts else False,
        missing=_missing(row) if reader.drafts and phase == phases.AHEAD else [],
        invited=[names.get(one, one) for one in invited_to(row.id)],
        files=files_of(row),
        crumbs=crumbs(row)[:-1],
    )


def _missing(row: Consultation) -> list[str]:
    """What must still be said before it can be opened."""
    told = [
        (row.objective and row.limits, _("what is discussed, and what is not")),
        (row.opens and row.closes, _("from which day to which day")),
        (row.public or invited_to(row.id), _("who contributes")),
        (not row.public or row.moderation, _("what will not be published")),
    ]
    return [words for there, words in told if not there]


def _all_url(row: Consultation, key: str) -> str:
    if not key:
        return url_for("charter.proposed", reference=row.reference)
    return url_for("charter.article", reference=row.reference, key=key)


@charter.get("/drafts/<reference>/articles/<key>")
def article(reference: str, key: str) -> Any:
    """What it said in each version, what changed and after whose words, everything said of it."""
    row, reader = come_in(g.identity, reference)
    found = trace(row, reader, key)
    if found is None:
        raise NotFound()
    steps = [_step(row, reader, one) for one in reversed(found.steps)]
    return _page(row, reader, list(found.contributions), title=_article_name(found.number, found.title), steps=steps)


@charter.get("/drafts/<reference>/proposed")
def proposed(reference: str) -> Any:
    """What is said of the whole text, and the articles somebody wishes to add."""
    row, reader = come_in(g.identity, reference)
    some = list(reversed(said.about(row, reader, "")))
    return _page(row, reader, some, title=_("On the whole text, and new articles"), steps=[])


def _page(
    row: Consultation, reader: Reader, some: list[Contribution], *, title: str, steps: list[dict[str, Any]]
) -> str:
    asked = request.args.get("page", "1")
    page = max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 1
    first = min((page - 1) * AT_ONCE, max(0, len(some) - 1)) // AT_ONCE * AT_ONCE
    shown = said.opened(some[first : first + AT_ONCE], reader)
    return render_template(
        "charter/article.html",
        row=row,
        title=title,
        steps=steps,
        cards=[card(one, link_to(row, one.row)) for one in shown],
        count=len(some),
        pages=_pages(first, len(some)),
        crumbs=crumbs(row),
    )


def _pages(first: int, count: int) -> dict[str, Any]:
    if count <= AT_ONCE:
        return {}
    page = first // AT_ONCE + 1
    last = -(-count // AT_ONCE)
    told = request.view_args or {}

    def url(number: int) -> str:
        return url_for(request.endpoint or "", **told, page=number)

    return {
        "first": first + 1,
        "last": min(first + AT_ONCE, count),
        "count": count,
        "previous_url": url(page - 1) if page > 1 else None,
        "next_url": url(page + 1) if page < last else None,
    }


def _article_name(number: int, title: str) -> str:
    return _("Article %(number)s – %(title)s", number=number, title=title) if number else title


def _step(row: Consultation, reader: Reader, one: Step) -> dict[str, Any]:
    changed = one.change if one.change and one.change.state != "same" else None
    return {
        "name": version_name(one.edition.number),
        "day": format_date(one.edition.frozen_at.date(), "long") if one.edition.frozen_at else "",
        "heading": _article_name(one.number, one.part.title) if one.part else "",
        "same": one.change is not None and one.change.state == "same",
        "blocks": blocks(one.part.words) if one.part else [],
        "change": changed,
        "behind": [card(each, link_to(row, each.row)) for each in said.opened(one.behind, reader)],
    }
