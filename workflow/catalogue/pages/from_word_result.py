"""Doors: what the model becomes once a partner's words are taken over: seen first, then its draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, g, redirect, render_template, request
from flask_babel import gettext as _

from documents.differences import differences
from workflow.catalogue.actions import paper_returns as actions
from workflow.catalogue.models import PaperReturn
from workflow.catalogue.pages.paper_comparing import shown, whole
from workflow.catalogue.pages.paper_places import Place, door, mine, shown_version
from workflow.catalogue.pages.paper_proofs import Proof, Wanted, proof_of
from workflow.catalogue.queries import paper_returns as known
from workflow.catalogue.queries.paper_content import composed
from workflow.catalogue.queries.paper_drafts import with_clause
from workflow.catalogue.queries.paper_models import frozen, library_of
from workflow.catalogue.queries.paper_returns import KEEP, Comparison, Outcome
from workflow.db import db
from workflow.errors import Moved, Refused
from workflow.web.dates import format_date
from workflow.web.press import NotPrinted, returned


@dataclass(frozen=True)
class Seen:
    """The pages, and the titles of the articles that do not say yet what the partner wrote; none: it was not asked."""

    proof: Proof
    unlike: Sequence[str] | None


@door("/from-word/<returned>/result", "GET", "POST")
def paper_return_result(slug: str, operation: str, returned: str) -> Any:
    """What changes in the model; sent, its pages, or the draft."""
    here, came = mine(operation), known.paper_return(slug, operation, returned)
    made = known.outcome(came)
    if request.method == "GET":
        return _page(here, came, made)
    if request.form.get("do") == "see":
        return _page(here, came, made, _seen(came, made))
    return _draft(here, came.row, made)


def _draft(here: Place, row: PaperReturn, made: Outcome) -> Any:
    slug, returned, drafted = row.slug, row.id, request.form.get("drafted", "0")
    note = _("From the Word file of %(partner)s, %(day)s", partner=row.partner, day=format_date(row.received_on))
    clause = next(iter(made.clauses), "") if made.text == made.found.text else ""
    try:
        actions.make_draft(
            g.identity, row, shown_version(), int(drafted) if drafted.isdecimal() and len(drafted) < 9 else 0, note=note
        )
    except (Moved, Refused) as problem:
        db.session.rollback()
        came = known.paper_return(slug, here.operation, returned)
        return _page(here, came, known.outcome(came), refusal=_(problem.message, **problem.params)), 409
    if made.clauses:
        flash(_("The words of the clauses wait: publish each of them too."), "done")
    if clause:
        return redirect(here.url("paper_clause", name=clause), code=303)
    flash(_("The draft is made. Look at it once more, then publish it."), "done")
    return redirect(here.url("paper_studio", slug=slug), code=303)


def _page(here: Place, came: Comparison, made: Outcome, seen: Seen | None = None, refusal: str = "") -> str:
    row = came.row
    base, found = frozen(row.model), made.found
    clauses = found.content().clauses
    parts = shown(differences(whole(found.text, clauses), whole(made.text, {**clauses, **made.clauses})))
    undecided = len(known.to_choose(came.articles)) - known.decided(came)
    return render_template(
        "catalogue/from_word/result.html",
        here=here,
        row=row,
        title=base.title,
        day=format_date(row.received_on),
        made=made,
        parts=[one for one in parts if _says(one)],
        undecided=undecided,
        clauses=[name.partition(".")[0] for name in made.clauses],
        seen=seen,
        refusal=refusal,
    )


def _says(part: dict[str, Any]) -> bool:
    """Whether words differ: an empty line more or less is nothing to show."""
    return any(state != "same" and text.strip() for line in part["lines"] for state, text in line)


def _seen(came: Comparison, made: Outcome) -> Seen:
    """Its pages, and whether it says what the partner wrote. The transaction is given back meanwhile."""
    row = came.row
    around = library_of(row.operation, made.found.files)
    for name, text in made.clauses.items():
        around = with_clause(around, name, text)
    content = composed(row.slug, row.operation, made.text, around)
    told, lines, articles = dict(came.told), list(came.lines), list(came.articles)
    taken = [articles[at]["title"] for at in known.to_choose(articles)
             if came.choices.get(str(at), {"do": KEEP})["do"] != KEEP]  # fmt: skip
    data, operation = told.pop("data"), row.operation
    proof = proof_of(Wanted(content, data), operation)
    try:
        again = returned(
            content.text,
            data,
            **told,
            lines=lines,
            clauses=dict(content.clauses),
            files=dict(content.files),
            models=dict(content.annexed),
        )
    except NotPrinted:
        return Seen(proof, None)
    differing = {one["title"] for one in again.get("articles", ()) if one["state"] != "same"}
    return Seen(proof, [title for title in taken if title in differing])
