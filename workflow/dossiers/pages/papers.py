"""Doors: the papers of a dossier, how far they are, their bytes."""

from __future__ import annotations

from typing import Any

from flask import Response, g, make_response, render_template, url_for
from flask_babel import gettext as _

from workflow import outbox
from workflow.access import Identity
from workflow.catalogue.queries import Published
from workflow.circuit.standing import State
from workflow.dossiers import queries
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.signed_papers import signed_papers
from workflow.dossiers.pages.wording import day
from workflow.dossiers.queries.whom import may_have_paper
from workflow.errors import NotFound
from workflow.filing import queries as filing
from workflow.filing.models import READY, Paper
from workflow.web.sizes import size
from workflow.web.spoken import label


@dossiers.get("/dossiers/<reference>/papers")
def progress(reference: str) -> str:
    """The papers as they stand now: the page asks again until all are there."""
    return render_template("dossiers/_papers.html", papers=papers_of(Page(reference)))


@dossiers.get("/papers/<reference>/<form>")
def paper(reference: str, form: str) -> Response:
    """The bytes of a paper, for who may have it. NotFound for everybody else."""
    if form not in filing.FORMATS:
        raise NotFound()
    row = _paper(g.identity, reference)
    copy = filing.void_copies([row]).get(row.id)
    if row.void_at and copy is None:
        raise NotFound("This document was annulled.")
    answer = make_response(filing.bytes_of(copy or row, form))
    answer.mimetype = filing.FORMATS[form]
    name = f"{row.kind}-{row.audience}-{row.reference}{'-annule' if copy else ''}.{form}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _paper(identity: Identity, reference: str) -> Paper:
    row = filing.by_reference(reference)
    if row is None:
        raise NotFound()
    dossier = queries.dossier(identity, queries.by_subject(row.subject).reference)
    if not may_have_paper(identity, dossier, row.audience):
        raise NotFound()
    return row


def papers_of(page: Page) -> dict[str, Any]:
    """{expected, ready, failed, done, files, url}: only papers this reader may have, of the state of things now."""
    row, known = page.file.row, page.file.known
    mine = [
        paper
        for paper in filing.papers(row.subject)
        if may_have_paper(page.identity, row, paper.audience) and paper.void_at == row.void_at
    ]
    if row.void_at:
        return _annulled(page, mine)
    earlier = _earlier(known.state, mine)
    mine = [paper for paper in mine if paper not in earlier]
    on_the_way, final = ({}, {}) if not mine and known.state.phase != "approved" else foreseen(page.file.published)
    expected = sum((paper.kind, paper.audience) in on_the_way for paper in mine) + sum(
        may_have_paper(page.identity, row, audience) for _kind, audience in final if known.state.phase == "approved"
    )
    ready = [paper for paper in mine if paper.state == READY]
    return {
        "expected": expected,
        "ready": len(ready),
        "failed": _given_up(row.subject, mine),
        "done": len(ready) >= expected,
        "files": [card for paper in ready for card in _cards(page, paper)] + _replaced(page, earlier, mine),
        "to_sign": signed_papers(page, ready, {paper.id: _name(page, paper) for paper in ready}),
        "url": url_for("dossiers.progress", reference=page.reference),
    }


def standing(page: Page) -> list[tuple[Paper, Paper, str]]:
    """(paper, the row whose file it is now, what is said of it) of those this reader may have, in order: what counts;
    of an annulled dossier the copies that say so.
    """
    row = page.file.row
    known = [one for one in filing.papers(row.subject) if may_have_paper(page.identity, row, one.audience)]
    ready = [one for one in known if one.state == READY and one.void_at == row.void_at]
    ready.sort(key=lambda one: (one.made_at or one.asked_at, one.kind, one.audience))
    if row.void_at:
        copies = filing.void_copies(ready)
        return [(one, copies[one.id], _("annulled")) for one in ready if one.id in copies and _is_there(copies[one.id])]
    return [(one, one, _("sealed")) for one in _latest(ready)]


def _is_there(paper: Paper) -> bool:
    return paper.state == READY


def _latest(papers: list[Paper]) -> list[Paper]:
    """Of each kind for each audience, the paper that was made last."""
    told = {(one.kind, one.audience, one.lang): one for one in papers}
    return [one for one in papers if told[one.kind, one.audience, one.lang] is one]


def _earlier(state: State, papers: list[Paper]) -> list[Paper]:
    """Papers of the versions that were decided on before the file was last taken up again."""
    since = state.refreshed_at
    return [paper for paper in papers if since and paper.asked_at < since and paper.state == READY]


def _replaced(page: Page, earlier: list[Paper], present: list[Paper]) -> list[dict[str, Any]]:
    """The sealed papers of earlier versions: the latest of each kind holds until that of the new version is there."""
    there = {(paper.kind, paper.audience, paper.lang) for paper in present if paper.state == READY}
    found = []
    for paper in earlier:
        kind = (paper.kind, paper.audience, paper.lang)
        sealed = _cards(page, paper)[0]
        if kind in there:
            sealed |= {"state": "closed", "state_label": _("replaced by a newer version"), "note": ""}
        there.add(kind)
        found.append(sealed)
    return found


def _annulled(page: Page, papers: list[Paper]) -> dict[str, Any]:
    """Papers of an annulled dossier: only the copies that say so can be had."""
    copies = filing.void_copies(papers)
    issued = [paper for paper in papers if paper.id in copies]
    ready = [paper for paper in issued if copies[paper.id].state == READY]
    failed = outbox.given_up("dossiers.make_paper", [f"paper:{copy.id}" for copy in copies.values()])
    return {
        "expected": len(issued),
        "ready": len(ready),
        "failed": bool(failed),
        "done": len(ready) >= len(issued),
        "files": [_say_annulled(page, copies[paper.id], card) for paper in ready for card in _cards(page, paper)],
        "url": url_for("dossiers.progress", reference=page.reference),
    }


def _say_annulled(page: Page, copy: Paper, card: dict[str, Any]) -> dict[str, Any]:
    told = _("annulled on %(day)s", day=day(copy.void_at or copy.asked_at, page.zone))
    size_of = size(copy.pdf_size if card["format"] == "PDF" else copy.docx_size)
    return card | {"state": "refused", "state_label": told, "note": "", "size": size_of}


def _given_up(subject: str, papers: list[Paper]) -> bool:
    """Whether nobody works at it any more: a job failed for good, and the operator's page says so."""
    unwritten = [f"paper:{paper.id}" for paper in papers if paper.state != READY]
    return bool(outbox.given_up("dossiers.make_paper", unwritten) or outbox.given_up("dossiers.make_papers", [subject]))


Foreseen = dict[tuple[str, str], dict[str, Any]]


def foreseen(published: Published) -> tuple[Foreseen, Foreseen]:
    """{(document, audience): its labels} of the papers written on the way, and of those written at a good end."""
    on_the_way: Foreseen = {}
    final: Foreseen = {}
    for document in published.settings.get("documents", ()):
        kept = final if document.get("when") == "approved" else on_the_way
        kept |= {(document["name"], audience["name"]): audience for audience in document["audiences"]}
    return on_the_way, final


def _cards(page: Page, paper: Paper) -> list[dict[str, Any]]:
    """The sealed PDF, then the working copy."""
    named = _named(page, paper)
    told = {"name": label(named["label"]), "date": day(paper.made_at or paper.asked_at, page.zone)}
    sealed = {
        "format": "PDF",
        "note": label(named.get("describe") or {"fr": ""}),
        "state": "done",
        "state_label": _("sealed, reference %(reference)s", reference=paper.reference),
    }
    copy = {"format": "DOCX", "note": _("Working copy: only the PDF counts.")}
    return [
        told | sealed | {"url": _address(paper, "pdf"), "size": size(paper.pdf_size)},
        told | copy | {"url": _address(paper, "docx"), "size": size(paper.docx_size)},
    ]


def _named(page: Page, paper: Paper) -> dict[str, Any]:
    """How the procedure describes that version of a document."""
    on_the_way, final = foreseen(page.file.published)
    return (on_the_way | final).get((paper.kind, paper.audience), {"label": {"fr": paper.kind}})


def _name(page: Page, paper: Paper) -> str:
    return label(_named(page, paper)["label"])


def _address(paper: Paper, form: str) -> str:
    return url_for("dossiers.paper", reference=paper.reference, form=form)
