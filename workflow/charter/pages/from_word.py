"""Doors: somebody worked on the text in Word: what their file says otherwise becomes contributions, one by one."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_babel import ngettext
from flask_wtf.file import FileField, FileRequired

from workflow.charter.actions import contributing as actions
from workflow.charter.actions.contributing import LONGEST, Draft
from workflow.charter.models import COMMENT, NEW, WORD, WORDING, Consultation
from workflow.charter.pages.blueprint import charter
from workflow.charter.pages.forms import listed
from workflow.charter.pages.papers import files_of
from workflow.charter.pages.words import CONSENTS, crumbs, headings
from workflow.charter.queries import drafts
from workflow.charter.queries.entitled import Reader, come_in
from workflow.charter.rules import phases
from workflow.charter.rules.came_back import ADDED, LEFT_OUT, REMARKED, WORDED, Found, found, is_the_draft
from workflow.charter.rules.differing import between
from workflow.db import db
from workflow.errors import Invalid, NotFound, Refused
from workflow.people import queries as people
from workflow.web import fields, kept
from workflow.web.fields import Sheet, readable
from workflow.web.press import NotPrinted, returned

MOST_BYTES = 20_000_000
MOST = 120  # contributions of one file
kept.ROOMY |= {"charter.from_word": MOST_BYTES + 200_000}
kept.WORDY |= {"charter.from_word": 8_000_000}
FOREIGN = later(
    "This file is not the text under discussion: none of its articles is in it. Download the text below, change it in "
    "Word, and send that file."
)
NOTHING = later("This file says the same as the text: nothing in it was changed, and nobody commented on it.")
UNREAD = "This file could not be read. Open it in Word, save it again, and send it once more."
KINDS = {WORDED: WORDING, ADDED: NEW, LEFT_OUT: COMMENT, REMARKED: COMMENT}


class FileForm(Sheet):
    file = FileField(
        later("Your Word file (.docx)"),
        [FileRequired(later("Choose your Word file (.docx)."))],
        description=later("The text of this page, downloaded as DOCX and changed in Word. 20 MB at most."),
    )
    organisation = fields.choice(later("You speak for"))


@charter.route("/drafts/<reference>/from-word", methods=["GET", "POST"])
def from_word(reference: str) -> Any:
    """A file is sent, its changes are looked at, those that are ticked are recorded. Nothing is kept in between."""
    row, reader = come_in(g.identity, reference)
    if not reader.mine:
        raise NotFound()
    if request.method == "GET" and drafts.phase_of(row) != phases.OPEN:
        raise Refused("not_open", "Nobody can contribute to this draft now. Nothing was recorded.")
    if request.form.get("do") == "record":
        return _record(row, reader)
    form = _form(reader)
    if not form.is_submitted():
        return _asked(row, form)
    if not form.validate():
        return _asked(row, form), 422
    return _read(row, reader, form)


def _form(reader: Reader) -> FileForm:
    names = people.organisation_names()
    form = FileForm()
    form.organisation.choices = [(one, names.get(one, one)) for one in sorted(reader.mine)]
    if len(form.organisation.choices) > 1:
        form.organisation.choices = listed(form.organisation.choices, _("Choose in the list"))
    return form


def _asked(row: Consultation, form: FileForm) -> str:
    texts = [one for one in files_of(row) if one["ready"]][:1]
    return render_template("charter/from_word.html", row=row, form=form, texts=texts, crumbs=crumbs(row))


def _read(row: Consultation, reader: Reader, form: FileForm) -> Any:
    """What the file says otherwise. No transaction is open while it is read."""
    word, reference, speaks = form.file.data.read(MOST_BYTES + 1), row.reference, form.organisation.data or ""
    db.session.rollback()
    try:
        told = returned("", {}, word=word)
    except NotPrinted as fault:
        current_app.logger.error("word_not_read %s for %s", type(fault).__name__, g.identity.person)
        told = {"refused": {"msgid": UNREAD, "params": {}}}
    row, _reader = come_in(g.identity, reference)
    parts = drafts.current_parts(row)
    if "refused" in told:
        why = told["refused"]
        form.refuse("file", why["msgid"], {name: str(value)[:200] for name, value in why["params"].items()})
    elif not is_the_draft(parts, told["lines"]):
        form.refuse("file", str(FOREIGN))
    elif not (some := found(parts, told["lines"])[:MOST]):
        form.refuse("file", str(NOTHING))
    else:
        return _chosen(row, [_proposal(one) for one in some], speaks)
    return _asked(row, form), 422


def _proposal(one: Found) -> dict[str, Any]:
    words = one.words or _("We propose to take this article out.")
    kind = KINDS[one.what]
    return {"kind": kind, "key": one.key, "title": one.title, "words": words[:LONGEST], "ticked": True, "error": ""}


def _chosen(
    row: Consultation, some: list[dict[str, Any]], speaks: str, consent: str = "named", refusal: str = ""
) -> str:
    """Each change with a box to tick, its words in a field: nothing else keeps them."""
    parts = {one.key: one for one in drafts.current_parts(row)}
    named = headings(list(parts.values()))
    for one in some:
        part = parts.get(one["key"])
        one["heading"] = named.get(one["key"]) or _("One more article: %(title)s", title=one["title"])
        one["lines"] = between(part.words, one["words"]) if part and one["kind"] == WORDING else []
    return render_template(
        "charter/from_word_chosen.html",
        row=row,
        some=some,
        speaks=speaks,
        consent=consent,
        consents=[(code, str(words)) for code, words in CONSENTS.items()],
        refusal=refusal,
        crumbs=crumbs(row),
    )


def _record(row: Consultation, reader: Reader) -> Any:
    some, speaks = _typed(), request.form.get("organisation", "")
    speaks = speaks or (next(iter(reader.mine)) if len(reader.mine) == 1 else "")
    consent, reference = request.form.get("consent", "named"), row.reference
    ticked = [one for one in some if one["ticked"]]
    if not ticked:
        return _chosen(row, some, speaks, consent, _("Tick at least one change.")), 422
    if consent not in CONSENTS:
        raise NotFound()
    for one in ticked:
        told = Draft(
            one["key"], one["kind"], one["words"], one["title"], organisation=speaks, source=WORD, consent=consent
        )
        try:
            actions.contribute(row, reader, told)
        except Invalid as problem:
            db.session.rollback()
            one["error"] = _(problem.errors[0].message, **problem.errors[0].params)
            return _chosen(come_in(g.identity, reference)[0], some, speaks, consent, one["error"]), 422
        except Refused as problem:
            db.session.rollback()
            refusal = _(problem.message, **problem.params)
            return _chosen(come_in(g.identity, reference)[0], some, speaks, consent, refusal), 409
    count = len(ticked)
    flash(ngettext("%(num)s contribution is recorded.", "%(num)s contributions are recorded.", count), "done")
    return redirect(url_for("charter.draft", reference=reference), code=303)


def _typed() -> list[dict[str, Any]]:
    """The changes as the page sent them back."""
    told = request.form
    return [
        {
            "kind": told.get(f"kind-{at}", ""),
            "key": told.get(f"key-{at}", "")[:40],
            "title": " ".join(readable(told.get(f"title-{at}", "")).split())[:300],
            "words": readable(told.get(f"words-{at}", "")),
            "ticked": told.get(f"take-{at}") == "1",
            "error": "",
        }
        for at in range(MOST)
        if told.get(f"kind-{at}") in (WORDING, NEW, COMMENT)
    ]
