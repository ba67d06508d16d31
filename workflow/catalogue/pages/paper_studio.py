"""Doors: a model is written, its pages beside its text; saved as a draft, published or thrown away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, g, redirect, render_template, request
from flask_babel import gettext as _

from documents.differences import differences
from workflow.catalogue.actions import paper_drafts as actions
from workflow.catalogue.pages.paper_comparing import FILES, sent, shown, whole
from workflow.catalogue.pages.paper_fields import blocks, clauses_among, fields_of, figures_of
from workflow.catalogue.pages.paper_halves import halves, joined
from workflow.catalogue.pages.paper_pictures import snippet
from workflow.catalogue.pages.paper_places import Place, door, forget_kept, mine, shown_version
from workflow.catalogue.pages.paper_proofs import Judged, Proof, Wanted, judged_each, proof_of
from workflow.catalogue.queries import paper_drafts as known
from workflow.catalogue.queries.paper_content import front_of
from workflow.catalogue.queries.paper_drafts import Written, annexing, written
from workflow.catalogue.queries.paper_models import clauses_of
from workflow.db import db
from workflow.errors import Moved, Refused
from workflow.people import queries as people
from workflow.web import errors, kept, spoken
from workflow.web.dates import stamp
from workflow.web.editing import Step, confirm
from workflow.web.fields import Sheet, readable

ROOM = 8_000_000
LONGEST_LINE = 2000  # characters of the words whose page is looked for
for name in ("catalogue.paper_studio", "catalogue.paper_proof"):
    kept.WORDY[name] = ROOM
kept.KEEPING.add("catalogue.paper_studio")
errors.GIVING_BACK["catalogue.paper_studio"] = "text"


@dataclass(frozen=True)
class Typed:
    """What stands in the page: the text, the case it is tried with, how it is set, and the draft it was begun on."""

    text: str
    case: str
    large: bool
    seen: int

    def example(self, found: Written) -> dict[str, Any]:
        case = self.case if self.case in found.examples else next(iter(found.examples), "")
        return dict(found.examples.get(case, {}))

    def wanted(self, found: Written, **told: Any) -> Wanted:
        return Wanted(found.content(self.text), self.example(found), self.large, **told)


def _typed(sent: Mapping[str, str] | None = None) -> Typed:
    sent = request.form if sent is None else sent
    text = joined(readable(sent.get("settings", "")), readable(sent.get("text", "")))
    return Typed(text, sent.get("case", ""), "large" in sent, shown_version(sent))


@door("/write", "GET", "POST")
def paper_studio(slug: str, operation: str) -> Any:
    """The text and its pages. A page is sent to see them, to save, to take them away as a file, or to publish."""
    here, found = mine(operation), written(slug, operation)
    if request.method == "GET":
        waiting = kept.kept(g.identity.account, request.path)
        if waiting is not None:  # sent after the session had ended
            return _page(here, found, _typed(waiting), late=True)
        return _page(here, found, Typed(found.text, request.args.get("case", ""), large=False, seen=found.version))
    typed, do = _typed(), request.form.get("do", "see")
    if do == "drop":
        forget_kept()
        return redirect(here.url("paper_studio", slug=slug), code=303)
    if do in FILES:
        return _file(here, found, typed, do)
    if do == "see":
        return _page(here, found, typed, proof_of(typed.wanted(found), operation))
    return _save(here, found, typed, leads="paper_publish" if do == "publish" else "paper_studio")


@errors.shown_again("catalogue.paper_studio")
def _stale() -> tuple[str, int]:
    """The page was drawn for a session that has ended since: nothing is kept, what was typed stands in it."""
    told = request.view_args or {}
    return _page(mine(told["operation"]), written(told["slug"], told["operation"]), _typed(), late=True), 400


@door("/proof", "POST")
def paper_proof(slug: str, operation: str) -> Any:
    """The pages alone, for the script of the page: nothing is kept."""
    here, found, typed = mine(operation), written(slug, operation), _typed()
    wanted = typed.wanted(found, look=readable(request.form.get("look", ""))[:LONGEST_LINE])
    return render_template("catalogue/models/_proof.html", here=here, proof=proof_of(wanted, operation))


def _page(
    here: Place,
    found: Written,
    typed: Typed,
    proof: Proof | None = None,
    *,
    refusal: str = "",
    theirs: str | None = None,
    late: bool = False,
) -> str:
    """theirs: what somebody else saved meanwhile; late: the text came after the end of a session."""
    example = typed.example(found)
    case = typed.case if typed.case in found.examples else next(iter(found.examples), "")
    return render_template(
        "catalogue/models/studio.html",
        here=here,
        found=found,
        typed=typed,
        halves=halves(typed.text),
        proof=proof,
        refusal=refusal,
        late=late,
        theirs=theirs,
        conflict=shown(differences(typed.text, theirs)) if theirs is not None else [],
        cases=[(name, case_named(name)) for name in found.examples],
        case=case,
        fields=fields_of(example, front_of(typed.text).asks),
        figures=figures_of(here.operation, spoken.lang()),
        clauses=clauses_among(clauses_of(here.operation)),
        blocks=blocks(),
        pictures=[(name, snippet(name)) for name in sorted(found.files)],
        saved=_saved(found),
    )


def _saved(found: Written) -> str:
    if not found.version or found.changed_at is None:
        return _("No draft yet: this is the version in use.")
    who = people.names([found.changed_by]).get(found.changed_by, "")
    return _("Draft saved by %(name)s, %(when)s.", name=who, when=stamp(found.changed_at))


def _file(here: Place, found: Written, typed: Typed, kind: str) -> Any:
    """What is typed, as a file to look at or to send round."""
    proof = proof_of(typed.wanted(found, pages=False, docx=kind == "docx"), here.operation)
    content = proof.docx if kind == "docx" else proof.pdf
    if proof.refused:
        return _page(here, written(found.slug, found.operation), typed, proof), 422
    return sent(content, FILES[kind], f"exemple-{found.slug}.{kind}")


def _save(here: Place, found: Written, typed: Typed, leads: str) -> Any:
    """Keep the draft; with it what its proof says, for the list."""
    slug, operation = found.slug, here.operation
    findings = [one for each in _judged(found, typed.text) for one in each.findings]
    try:
        actions.save_draft(g.identity, slug, operation, typed.text, typed.seen, findings=_once(findings))
    except Moved as problem:
        db.session.rollback()
        now = written(slug, operation)
        again = Typed(typed.text, typed.case, typed.large, now.version)
        return _page(here, now, again, refusal=_(problem.message, **problem.params), theirs=now.text), 409
    except Refused as problem:
        db.session.rollback()
        refusal = _(problem.message, **problem.params)
        return _page(here, written(slug, operation), typed, refusal=refusal), 409
    forget_kept()
    if leads == "paper_studio":
        flash(_("The draft is saved. Nobody writes papers from it before you publish it."), "done")
    return redirect(here.url(leads, slug=slug, case=typed.case or None), code=303)


def _judged(found: Written, text: str) -> list[Judged]:
    """The text with every example."""
    content = found.content(text)
    several = [(case_named(name), content, example) for name, example in found.examples.items()]
    return judged_each(several or [(case_named(""), content, {})], found.operation)


def _judged_around(found: Written) -> list[Judged]:
    """The models that have this one compiled in, with its new text; only those that could not be written any more."""
    several = [
        (one.title, known.with_other_annex(one, found.operation, found.slug, found.text), example)
        for one in annexing(found.slug, found.operation)
        for example in one.examples.values()
    ]
    refused = (one for one in judged_each(several, found.operation) if one.refused) if several else ()
    return list({one.title: one for one in refused}.values())


def _once(findings: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """A remark that several examples bring about is one remark."""
    return list({(one["code"], one["line"], one["clause"], str(one["params"])): one for one in findings}.values())


def case_named(name: str) -> str:
    return name.replace("-", " ").capitalize() or _("First case")


# -- publish, throw away ----------------------------------------------------------------------------------------------


@door("/publish", "GET", "POST")
def paper_publish(slug: str, operation: str) -> Any:
    """What changes, what the check says, then the new version."""
    here, found = mine(operation), written(slug, operation)
    if not found.version:
        return redirect(here.url("paper_studio", slug=slug), code=303)
    note = readable(request.form.get("note", found.note))
    checked, title = found.content().hash, found.title
    told = _foreseen(here, found) | {"note": note}
    told["judged"] = [*_judged(found, found.text), *_judged_around(found)]
    if request.method == "GET" or any(one.refused for one in told["judged"]):
        return render_template("catalogue/models/publish.html", refusal="", **told)
    try:
        actions.publish_draft(g.identity, slug, operation, shown_version(), checked=checked, note=note)
    except (Moved, Refused) as problem:
        db.session.rollback()
        told |= _foreseen(here, written(slug, operation))
        refusal = _(problem.message, **problem.params)
        return render_template("catalogue/models/publish.html", refusal=refusal, **told), 409
    flash(_("“%(model)s” is published: new papers are written from this version.", model=title), "done")
    return redirect(here.url("paper_model", slug=slug), code=303)


def _foreseen(here: Place, found: Written) -> dict[str, Any]:
    content = found.content()
    return {
        "here": here,
        "found": found,
        "parts": shown(
            differences(whole(found.base.text, found.base.library.clauses), whole(found.text, content.clauses))
        ),
        "annexing": [one.title for one in annexing(found.slug, here.operation)],
        "first_own": bool(here.operation) and not found.base.operation,
    }


@door("/discard", "GET", "POST")
def paper_discard(slug: str, operation: str) -> Any:
    here, found = mine(operation), written(slug, operation)
    if request.method == "GET" and not found.version:
        return redirect(here.url("paper_model", slug=slug), code=303)
    begun = known.begun_row(slug, operation) is not None
    lost = _("What is written in the draft of “%(model)s” is lost. What is in use stays.", model=found.title)
    never_used = _("“%(model)s” was never published: nothing of it stays.", model=found.title)
    step = Step(
        title=_("Throw the draft away"),
        consequence=never_used if begun else lost,
        verb=_("Throw the draft away"),
        back=here.crumbs[0][0] if begun else here.url("paper_model", slug=slug),
        crumbs=[*here.crumbs, (here.url("paper_model", slug=slug), found.title)],
    )
    form = Sheet(data={"version": str(found.version)})
    done = _("The draft is thrown away. Nothing has changed.")
    return confirm(step, form, lambda: actions.discard_draft(g.identity, slug, operation, form.shown_version), done)
