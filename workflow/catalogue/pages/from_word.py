"""Doors: a Word file comes back from a partner, is laid beside our text, taken over article by article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, flash, g, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_babel import ngettext
from flask_wtf.file import FileField, FileRequired

from workflow import clock
from workflow.catalogue.actions import paper_returns as actions
from workflow.catalogue.pages.from_word_shown import article_shown
from workflow.catalogue.pages.paper_places import Place, door, mine, shown_version
from workflow.catalogue.pages.paper_proofs import data_of
from workflow.catalogue.pages.paper_studio import case_named
from workflow.catalogue.queries import paper_returns as known
from workflow.catalogue.queries.paper_models import PaperModelInUse, frozen, model_in_use
from workflow.catalogue.queries.paper_returns import Comparison, Sent
from workflow.db import db
from workflow.errors import Moved, NotFound, Refused
from workflow.people import queries as people
from workflow.web import fields, kept
from workflow.web.dates import format_date, stamp
from workflow.web.editing import Step, confirm
from workflow.web.fields import Sheet, readable
from workflow.web.press import NotPrinted, returned

MOST_BYTES = 20_000_000
kept.ROOMY |= {"catalogue.paper_from_word": MOST_BYTES + 200_000, "catalogue.paper_return": MOST_BYTES}
kept.WORDY |= {"catalogue.paper_return": 8_000_000}
PAPER, CASE = "paper:", "case:"
LANG = "fr"
MOST_ARTICLES = 300
ELSEWHERE = "This file is our paper “%(paper)s”, which was written from another model: send it there."
FOREIGN = "This file has nothing in common with that document. Choose the document it comes from, or another model."
UNREAD = "This file could not be read. Open it in Word, save it again, and send it once more."


class CameForm(Sheet):
    file = FileField(
        later("The Word file that came back (.docx)"),
        [FileRequired(later("Choose the Word file that came back (.docx)."))],
        description=later("20 MB at most. Its tracked changes and comments are shown."),
    )
    partner = fields.name_field(later("Who sent it"), later("Write who sent this file."), 200)
    received = fields.day(later("Received on"), later("Write the day on which it came."))
    against = fields.choice(
        later("Which document of ours it was"),
        description=later("A file that was written here says so at its foot: it is recognised by itself."),
    )


class ElsewhereWritten(Exception):
    """The file is a paper of ours that was written from another model; `str()` is what it is called."""


@dataclass(frozen=True)
class Beside:
    """What a file is laid beside: a paper that was sent, or an example. told: how it was written."""

    model: PaperModelInUse
    told: Mapping[str, Any]
    reference: str = ""
    case: str = ""


@door("/from-word", "GET", "POST")
def paper_from_word(slug: str, operation: str) -> Any:
    """A file is sent. Those that wait to be gone through stand below."""
    here, now = mine(operation), model_in_use(operation, slug)
    if now.about == "household":
        raise NotFound()
    form, sent = CameForm(), known.sent_from(g.identity, operation)
    form.against.choices = [
        ("", _("Recognise it by itself")),
        *((PAPER + one.reference, one.title) for one in sent if one.slug == slug),
        *((CASE + name, _("Another one, compared with the example “%(name)s”", name=case_named(name)))
          for name in now.examples),
    ]  # fmt: skip
    if not form.is_submitted():
        form.received.data = clock.today()
        return _asked(here, now, form)
    if not form.validate():
        return _asked(here, now, form), 422
    return _laid(here, now, form, sent)


def _asked(here: Place, now: PaperModelInUse, form: CameForm) -> str:
    waiting = known.paper_returns(now.slug, here.operation)
    names = people.names([one.row.made_by for one in waiting])
    told = [
        {
            "url": here.url("paper_return", slug=now.slug, returned=one.row.id),
            "partner": one.row.partner,
            "day": format_date(one.row.received_on),
            "who": names.get(one.row.made_by, ""),
            "done": known.decided(one),
            "of": len(known.to_choose(one.articles)),
        }
        for one in waiting
    ]
    return render_template("catalogue/from_word/send.html", here=here, now=now, form=form, begun=told)


def _laid(here: Place, now: PaperModelInUse, form: CameForm, sent: list[Sent]) -> Any:
    """Read the file, find out what it was, lay it beside that. The transaction is given back meanwhile."""
    file = form.file.data
    word = file.read(MOST_BYTES + 1)
    db.session.rollback()
    try:
        read = returned("", {}, word=word)
        beside = None if "refused" in read else _beside(form.against.data or "", now, read, sent)
        made = _compared(beside, read) if beside is not None else read
    except ElsewhereWritten as other:
        form.refuse("against", ELSEWHERE, {"paper": str(other)})
        return _asked(here, now, form), 422
    except NotPrinted as fault:
        current_app.logger.error("word_not_read %s for %s", type(fault).__name__, g.identity.person)
        form.refuse("file", UNREAD)
        return _asked(here, now, form), 422
    if "refused" in made or beside is None:
        told = made["refused"]
        field = "file" if made["whose"] == "theirs" else "against"
        form.refuse(field, told["msgid"], {name: str(value)[:200] for name, value in told["params"].items()})
        return _asked(here, now, form), 422
    if _is_foreign(made["articles"]):
        form.refuse("against", FOREIGN)
        return _asked(here, now, form), 422
    came = actions.Came(
        word,
        file.filename or "",
        form.partner.data or "",
        form.received.data,
        beside.model.hash,
        dict(beside.told),
        made,
        beside.reference,
        beside.case,
    )
    row = actions.keep_return(g.identity, now.slug, here.operation, came)
    return redirect(here.url("paper_return", slug=now.slug, returned=row.id), code=303)


def _is_foreign(articles: list[Any]) -> bool:
    """Whether a file has so little in common with ours that choosing article by article would be of no use."""
    alone = [one for one in articles if one["state"] in ("new", "removed")]
    return len(known.to_choose(articles)) > MOST_ARTICLES or (len(alone) == len(articles) and bool(alone))


def _beside(against: str, now: PaperModelInUse, read: Mapping[str, Any], sent: list[Sent]) -> Beside:
    """The paper that was chosen, else the one the file says it is, else an example. Raises ElsewhereWritten."""
    foot = "".join(str(read["foot"]).split()) + str(read["about"].get("reference", ""))
    named = [one for one in sent if one.content and one.content in foot]
    named += [one for one in sent if one.reference and one.reference in foot]
    if against.startswith(PAPER):
        found = next(one for one in sent if PAPER + one.reference == against)
    elif against:
        return _example(now, against.removeprefix(CASE))
    elif not named:
        return _example(now, next(iter(now.examples), ""))
    else:
        found = named[0]
    if found.slug != now.slug:
        raise ElsewhereWritten(found.title)
    return Beside(frozen(found.model), found.told(), found.reference)


def _example(now: PaperModelInUse, case: str) -> Beside:
    data = data_of(now.examples.get(case, {}), now.operation)
    told = {
        "data": data,
        "lang": str(data.get("lang") or LANG),
        "reference": _("EXAMPLE"),
        "day": clock.today().isoformat(),
        "issuer": "",
        "organisation": "",
        "address": [],
        "invented": True,
    }
    return Beside(now, told, case=case)


def _compared(beside: Beside, read: Mapping[str, Any]) -> dict[str, Any]:
    library, told = beside.model.library, dict(beside.told)
    db.session.rollback()
    return returned(
        beside.model.text,
        told.pop("data"),
        **told,
        lines=read["lines"],
        clauses=dict(library.clauses),
        files=dict(library.files),
        models=dict(library.models),
    )


# -- what becomes of each article --------------------------------------------------------------------------------------


@door("/from-word/<returned>", "GET", "POST")
def paper_return(slug: str, operation: str, returned: str) -> Any:
    """Both texts article by article, and what is to become of each. What was chosen is kept."""
    here, came = mine(operation), known.paper_return(slug, operation, returned)
    if request.method == "GET":
        return _page(here, came, came.choices)
    typed = _typed(came.articles)
    try:
        actions.choose(g.identity, came.row, shown_version(), typed)
    except (Moved, Refused) as problem:
        db.session.rollback()
        came = known.paper_return(slug, operation, returned)
        return _page(here, came, {**came.choices, **typed}, _(problem.message, **problem.params)), 409
    if request.form.get("do") == "result":
        return redirect(here.url("paper_return_result", slug=slug, returned=returned), code=303)
    came = known.paper_return(slug, operation, returned)
    left = len(known.to_choose(came.articles)) - known.decided(came)
    told = ngettext("%(num)s article is left.", "%(num)s articles are left.", left) if left else ""
    flash(" ".join(filter(None, (_("Your choices are kept."), told))), "done")
    return redirect(here.url("paper_return", slug=slug, returned=returned), code=303)


def _typed(articles: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """What was ticked and written, by the number of the article."""
    typed: dict[str, dict[str, Any]] = {}
    for at in known.to_choose(articles):
        if do := request.form.get(f"do-{at}", ""):
            texts = [
                readable(request.form.get(f"text-{at}-{which}", one["after"]))
                for which, one in enumerate(articles[at]["replaced"])
            ]
            typed[str(at)] = {"do": do, "where": request.form.get(f"where-{at}", known.IN_MODEL), "texts": texts}
    return typed


def _page(here: Place, came: Comparison, choices: Mapping[str, Any], refusal: str = "") -> str:
    row = came.row
    base = frozen(row.model)
    articles = [article_shown(at, one, choices.get(str(at), {})) for at, one in enumerate(came.articles)]
    return render_template(
        "catalogue/from_word/compare.html",
        here=here,
        row=row,
        title=base.title,
        day=format_date(row.received_on),
        changed=stamp(row.changed_at),
        who=people.names([row.changed_by]).get(row.changed_by, ""),
        example=case_named(row.case) if not row.reference else "",
        open_ones=[one for one in articles if one["state"] != "same"],
        same_ones=[one for one in articles if one["state"] == "same"],
        noted=[one for one in articles if one["state"] == "same" and (one["notes"] or one["points"])],
        decided=sum(1 for at in known.to_choose(came.articles) if str(at) in choices),
        until=format_date(known.kept_until(row)),
        refusal=refusal,
    )


# -- done with it ------------------------------------------------------------------------------------------------------


@door("/from-word/<returned>/forget", "GET", "POST")
def paper_return_forget(slug: str, operation: str, returned: str) -> Any:
    here, row = mine(operation), known.paper_return(slug, operation, returned).row
    title = frozen(row.model).title
    step = Step(
        title=_("Throw this comparison away"),
        consequence=_("What was chosen for the file of %(partner)s is lost. “%(model)s” stays as it is.",
                      partner=row.partner, model=title),
        verb=_("Throw it away"),
        back=here.url("paper_return", slug=slug, returned=row.id),
        crumbs=[*here.crumbs, (here.url("paper_model", slug=slug), title)],
    )  # fmt: skip
    return confirm(step, Sheet(), lambda: actions.forget_return(g.identity, row), _("The comparison is thrown away."))
