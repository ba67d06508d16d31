"""Doors: the clauses that several models call for; one of them worded otherwise, seen in a document, published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_babel import ngettext

from documents.differences import differences
from workflow.catalogue.actions import paper_clauses as actions
from workflow.catalogue.pages.paper_comparing import shown
from workflow.catalogue.pages.paper_models import clause_title
from workflow.catalogue.pages.paper_places import (
    Place,
    door,
    forget_kept,
    mine,
    named,
    own_places,
    place,
    shown_version,
)
from workflow.catalogue.pages.paper_proofs import Judged, Proof, Wanted, judged_each, proof_of
from workflow.catalogue.queries import paper_drafts as known
from workflow.catalogue.queries.paper_drafts import Clause
from workflow.catalogue.queries.paper_models import PaperModelInUse
from workflow.db import db
from workflow.errors import Moved, NotFound, Refused
from workflow.people import queries as people
from workflow.web import errors, kept, listed
from workflow.web.dates import stamp
from workflow.web.editing import Step, confirm
from workflow.web.fields import Sheet, readable

ROOM = 4_000_000
for name in ("catalogue.paper_clause", "catalogue.paper_clause_proof"):
    kept.WORDY[name] = ROOM
kept.KEEPING.add("catalogue.paper_clause")
errors.GIVING_BACK["catalogue.paper_clause"] = "text"
ROOT, ONE = "/clauses", "/clauses/<name>"
STATES = {True: later("being changed"), False: later("in use")}


@door("", root=ROOT)
def paper_clauses(operation: str) -> Any:
    """Every clause as it is worded in one place."""
    here = place(operation)
    rows, uses = known.clauses(operation), known.uses_of_clauses(operation)
    return listed.show(
        listed.Listed(
            title=_("Clauses"),
            lead=_("Words that several models share: change them once, and each model takes them."),
            columns=[
                listed.Column(
                    _("Clause"),
                    lambda row: clause_title(row.name, row.words),
                    lambda row: _opened(here, row),
                    width=45,
                ),
                listed.Column(_("For whom"), _for_whom, width=30),
                listed.Column(_("Models"), lambda row: uses.get(row.bare, 0), number=True),
                listed.Column(_("State"), _state, lambda row: {"text": _state(row), "state": _family(row)}, width=25),
            ],
            rows=rows,
            known=len(rows),
            counted=lambda count: ngettext("%(num)s clause", "%(num)s clauses", count),
            empty=listed.Empty(_("No clause yet"), _("Clauses come with the program.")),
            place=here.name,
            file_name="clauses",
            private=False,
            more={"here": here, "places": _places(operation)},
        ),
        "catalogue/models/clauses.html",
    )


def _opened(here: Place, row: Clause) -> listed.Cell:
    text = clause_title(row.name, row.words)
    return {"text": text, "url": here.url("paper_clause", name=row.name)} if here.may else {"text": text}


def _places(operation: str) -> list[tuple[str, str]]:
    found = [("", named("")), *own_places()]
    return [(url_for("catalogue.paper_clauses", operation=one), name) for one, name in found if one != operation]


def _for_whom(row: Clause) -> str:
    if not row.landlord:
        return _("everybody")
    name = people.organisation_names().get(row.landlord, row.landlord)
    return _("households of %(landlord)s", landlord=name)


def _state(row: Clause) -> str:
    if row.pending is not None:
        return str(STATES[True])
    return _("own words") if row.own else str(STATES[False])


def _family(row: Clause) -> str:
    return "waiting" if row.pending is not None else "done"


# -- one clause -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Typed:
    """What stands in the page: the words, in which model they are seen, and the version they were begun on."""

    text: str
    model: str
    seen: int


@door("", "GET", "POST", root=ONE)
def paper_clause(name: str, operation: str) -> Any:
    """Its words, and a document with them. A page is sent to see it, to save, or to go on to publishing."""
    here, found = mine(operation), _clause(name, operation)
    if request.method == "GET":
        waiting = kept.kept(g.identity.account, request.path)
        if waiting is not None:  # sent after the session had ended
            return _page(here, found, _typed(waiting), late=True)
        return _page(here, found, Typed(found.words, request.args.get("model", ""), found.version))
    typed, do = _typed(request.form), request.form.get("do", "see")
    if do == "drop":
        forget_kept()
        return redirect(here.url("paper_clause", name=name), code=303)
    if do == "see":
        return _page(here, found, typed, _proof(found, typed))
    return _save(here, found, typed, publish=do == "publish")


@door("/proof", "POST", root=ONE)
def paper_clause_proof(name: str, operation: str) -> Any:
    """The document alone, for the script of the page: nothing is kept."""
    here, found = mine(operation), _clause(name, operation)
    proof = _proof(found, _typed(request.form))
    return render_template("catalogue/models/_proof.html", here=here, proof=proof, clause=name)


def _typed(sent: Mapping[str, str]) -> Typed:
    return Typed(readable(sent.get("text", "")), sent.get("model", ""), shown_version(sent))


@errors.shown_again("catalogue.paper_clause")
def _stale() -> tuple[str, int]:
    """The page was drawn for a session that has ended since: nothing is kept, what was typed stands in it."""
    told = request.view_args or {}
    found = _clause(told["name"], told["operation"])
    return _page(mine(told["operation"]), found, _typed(request.form), late=True), 400


def _clause(name: str, operation: str) -> Clause:
    """The clause; words for one landlord begin with those for everybody."""
    try:
        return known.clause(name, operation)
    except NotFound:
        bare, dot, landlord = name.partition(".")
        if not dot or landlord not in people.organisation_names():
            raise
        return Clause(name, operation, known.clause(bare, operation).text, None, own=False, version=0)


def _shown_in(found: Clause, wanted: str) -> PaperModelInUse | None:
    """The model in which the clause is seen: the one asked for, else the first that calls for it."""
    models = known.concerned(found.name, found.operation)
    return next((one for one in models if one.slug == wanted), next(iter(models), None))


def _proof(found: Clause, typed: Typed) -> Proof | None:
    seen_in = _shown_in(found, typed.model)
    if seen_in is None:
        return None
    content = known.with_other_words(seen_in, found.operation, found.name, typed.text)
    example = dict(seen_in.example)
    if found.landlord:
        example["landlord"] = {**example.get("landlord", {}), "slug": found.landlord}
    return proof_of(Wanted(content, example, look=typed.text), found.operation)


def _page(
    here: Place,
    found: Clause,
    typed: Typed,
    proof: Proof | None = None,
    *,
    refusal: str = "",
    theirs: str | None = None,
    late: bool = False,
) -> str:
    models = known.concerned(found.name, here.operation)
    seen_in = _shown_in(found, typed.model)
    return render_template(
        "catalogue/models/clause.html",
        here=here,
        found=found,
        title=clause_title(found.name, found.words),
        typed=typed,
        proof=proof,
        models=[(one.slug, one.title) for one in models],
        model=seen_in.slug if seen_in else "",
        back=_back(here, typed.model, models),
        for_whom=_for_whom(found),
        saved=_saved(found),
        variants=_variants(here, found, typed.model),
        landlords=_landlords(here, found, typed.model),
        refusal=refusal,
        late=late,
        theirs=theirs,
        conflict=shown(differences(typed.text, theirs)) if theirs is not None else [],
    )


def _back(here: Place, model: str, models: list[PaperModelInUse]) -> tuple[str, str]:
    """Where one came from: the model, or the list of clauses."""
    came = next((one for one in models if one.slug == model), None)
    if came is None:
        return here.url("paper_clauses"), _("Clauses")
    return here.url("paper_model", slug=came.slug), came.title


def _saved(found: Clause) -> str:
    if found.pending is None or found.changed_at is None:
        return ""
    who = people.names([found.changed_by]).get(found.changed_by, "")
    return _("Other words wait, saved by %(name)s, %(when)s.", name=who, when=stamp(found.changed_at))


def _variants(here: Place, found: Clause, model: str) -> list[tuple[str, str]]:
    """The same clause for everybody, and for the households of each landlord that has other words."""
    rows = [one for one in known.clauses(here.operation) if one.bare == found.bare and one.name != found.name]
    return [(here.url("paper_clause", name=one.name, model=model or None), _for_whom(one)) for one in rows]


def _landlords(here: Place, found: Clause, model: str) -> list[tuple[str, str]]:
    """Landlords for whose households other words may be written."""
    have = {one.landlord for one in known.clauses(here.operation) if one.bare == found.bare}
    return [
        (here.url("paper_clause", name=f"{found.bare}.{row.slug}", model=model or None), row.name)
        for row in people.organisation_rows().values()
        if row.kind == "landlord" and row.slug not in have and not found.landlord
    ]


def _save(here: Place, found: Clause, typed: Typed, *, publish: bool) -> Any:
    name, operation = found.name, here.operation
    try:
        row = actions.save_clause(g.identity, name, operation, typed.text, typed.seen)
    except Moved as problem:
        db.session.rollback()
        now = _clause(name, operation)
        again = Typed(typed.text, typed.model, now.version)
        return _page(here, now, again, refusal=_(problem.message, **problem.params), theirs=now.words), 409
    except Refused as problem:
        db.session.rollback()
        return _page(here, _clause(name, operation), typed, refusal=_(problem.message, **problem.params)), 409
    waits = row.pending is not None
    forget_kept()
    if not waits:
        flash(_("These are the words in use: nothing waits."), "info")
    elif not publish:
        flash(_("Your words are saved. Nothing changes before you publish them."), "done")
    leads = "paper_clause_publish" if publish and waits else "paper_clause"
    return redirect(here.url(leads, name=name, model=typed.model or None), code=303)


# -- publish, throw away, give up -----------------------------------------------------------------------------------


@door("/publish", "GET", "POST", root=ONE)
def paper_clause_publish(name: str, operation: str) -> Any:
    """What changes, and every model that takes the new words; then they are in use."""
    here, found, model = mine(operation), _clause(name, operation), request.args.get("model", "")
    back = here.url("paper_clause", name=name, model=model or None)
    if found.pending is None:
        return redirect(back, code=303)
    told = _foreseen(here, found) | {"back": back, "note": readable(request.form.get("note", ""))}
    faults = _faults(found)
    if request.method == "GET" or faults:
        return render_template("catalogue/models/clause_publish.html", faults=faults, refusal="", **told)
    try:
        agreed = request.form.getlist("models")
        made = actions.publish_clause(g.identity, name, operation, shown_version(), agreed=agreed, note=told["note"])
    except (Moved, Refused) as problem:
        db.session.rollback()
        told |= _foreseen(here, _clause(name, operation))
        refusal = _(problem.message, **problem.params)
        return render_template("catalogue/models/clause_publish.html", faults=[], refusal=refusal, **told), 409
    flash(
        ngettext(
            "The clause is published: %(num)s model has a new version.",
            "The clause is published: %(num)s models have a new version.",
            len(made),
        ),
        "done",
    )
    leads = here.url("paper_model", slug=model) if model else here.url("paper_clauses")
    return redirect(leads, code=303)


def _foreseen(here: Place, found: Clause) -> dict[str, Any]:
    return {
        "here": here,
        "found": found,
        "title": clause_title(found.name, found.words),
        "for_whom": _for_whom(found),
        "parts": shown(differences(found.text, found.words)),
        "models": [
            {"slug": one.slug, "title": one.title, "becomes_own": bool(here.operation) and not one.operation}
            for one in known.concerned(found.name, here.operation)
        ],
    }


def _faults(found: Clause) -> list[Judged]:
    """The models that could not be written with these words, each once."""
    several = [
        (one.title, known.with_other_words(one, found.operation, found.name, found.words), example)
        for one in known.concerned(found.name, found.operation)
        for example in one.examples.values()
    ]
    return list({one.title: one for one in judged_each(several, found.operation) if one.refused}.values())


def _drop(found: Clause, seen: int) -> None:
    """Raises Refused where a model could not be written with the words that would be used again."""
    several = [
        (one.title, known.without_words(one, found.operation, found.name), example)
        for one in known.concerned(found.name, found.operation)
        for example in one.examples.values()
    ]
    faults = {one.title for one in judged_each(several, found.operation) if one.refused} if several else set()
    if faults:
        msgid = "With the common words these documents cannot be written any more: %(models)s."
        raise Refused("cannot_be_written", msgid, models=", ".join(sorted(faults)))
    actions.drop_clause(g.identity, found.name, found.operation, seen)


@door("/discard", "GET", "POST", root=ONE)
def paper_clause_discard(name: str, operation: str) -> Any:
    here, found = mine(operation), known.clause(name, operation)
    back = here.url("paper_clause", name=name)
    if request.method == "GET" and found.pending is None:
        return redirect(back, code=303)
    title = clause_title(name, found.words)
    step = Step(
        title=_("Forget the words that wait"),
        consequence=_("The words saved for “%(clause)s” are lost. Those in use stay.", clause=title),
        verb=_("Forget them"),
        back=back if known.has_clause(name, operation) else here.url("paper_clauses"),
        crumbs=[*here.crumbs, (back, title)],
    )
    form = Sheet(data={"version": str(found.version)})
    done = _("The words that waited are forgotten.")
    return confirm(step, form, lambda: actions.discard_clause(g.identity, name, operation, form.shown_version), done)


@door("/give-up", "GET", "POST", root=ONE)
def paper_clause_drop(name: str, operation: str) -> Any:
    """Words of one's own are given up: those for everybody are used again."""
    here, found = mine(operation), known.clause(name, operation)
    if not (found.own or found.landlord) or not found.version:
        raise NotFound()
    title = clause_title(name, found.words)
    models = [one.title for one in known.concerned(name, operation)]
    step = Step(
        title=_("Give up these words"),
        consequence=_(
            "The common words of “%(clause)s” are used again, in new papers from: %(models)s.",
            clause=title,
            models=", ".join(models),
        ),
        verb=_("Use the common words"),
        back=here.url("paper_clauses"),
        crumbs=[*here.crumbs, (here.url("paper_clause", name=name), title)],
    )
    form = Sheet(data={"version": str(found.version)})
    done = _("The common words are used again.")
    return confirm(step, form, lambda: _drop(found, form.shown_version), done)
