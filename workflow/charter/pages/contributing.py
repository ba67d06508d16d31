"""Doors: somebody contributes for their organisation, or keys what somebody else said."""

from __future__ import annotations

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _

from workflow import clock
from workflow.charter.actions import contributing as actions
from workflow.charter.actions.contributing import Draft
from workflow.charter.models import COMMENT, NEW, ORGANISATION, WORDING, Consultation
from workflow.charter.pages.blueprint import charter
from workflow.charter.pages.forms import ContributeForm, RecordForm, languages, listed
from workflow.charter.pages.late import begun_with, forget_kept
from workflow.charter.pages.words import blocks, crumbs, headings
from workflow.charter.queries import drafts
from workflow.charter.queries.entitled import Reader, come_in, invited_to
from workflow.charter.rules import phases
from workflow.charter.rules.text import Part
from workflow.errors import NotFound, Refused
from workflow.people import queries as people
from workflow.web import errors, kept
from workflow.web.editing import Desk, edit

kept.KEEPING |= {"charter.contribute", "charter.record"}
kept.WORDY |= {"charter.contribute": 4_000_000, "charter.record": 4_000_000}
errors.GIVING_BACK |= {"charter.contribute": "words", "charter.record": "words"}


@charter.route("/drafts/<reference>/contribute/<kind>", methods=["GET", "POST"], defaults={"key": ""})
@charter.route("/drafts/<reference>/contribute/<kind>/<key>", methods=["GET", "POST"])
def contribute(reference: str, kind: str, key: str) -> Any:
    """An opinion on an article, other words for it, one more article, or a remark on the whole."""
    row, reader = come_in(g.identity, reference)
    part = _part(row, key, kind)
    if not reader.mine:
        raise NotFound()
    if request.method == "GET" and drafts.phase_of(row) != phases.OPEN:
        raise Refused("not_open", "Nobody can contribute to this draft now. Nothing was recorded.")
    form = ContributeForm(
        **begun_with({"words": part.words if part and kind == WORDING else "", "organisation": _only(reader)})
    )
    form.choose(organisation=_organisations(reader))
    if len(reader.mine) == 1:
        form.organisation.data = _only(reader)
        del form.organisation
    if kind != NEW:
        del form.title
    back = url_for("charter.draft", reference=reference, _anchor=key or "whole")
    desk = Desk(
        title=_heading(row, part, kind),
        lead=_lead(kind),
        back=back,
        crumbs=crumbs(row),
        verb=_("Send it"),
        template="charter/contribute.html",
        more={"now": blocks(part.words) if part else [], "wording": kind == WORDING},
    )

    def save() -> None:
        title = form.title.data or "" if kind == NEW else ""
        speaks = form.organisation.data if "organisation" in form else _only(reader)
        told = Draft(key, kind, form.words.data or "", title, organisation=speaks or "", consent=form.consent.data)
        actions.contribute(row, reader, told)
        forget_kept()

    return edit(desk, form, save, _("Your contribution is recorded. You are told what comes of it."))


def _part(row: Consultation, key: str, kind: str) -> Part | None:
    """The article it is about; none for one more article, or for the whole."""
    part = next((one for one in drafts.current_parts(row) if one.key == key), None) if key else None
    fits = {COMMENT: part is not None or not key, WORDING: part is not None, NEW: not key}
    if not fits.get(kind):
        raise NotFound()
    return part


def _organisations(reader: Reader) -> list[tuple[str, str]]:
    names = people.organisation_names()
    return sorted(((one, names.get(one, one)) for one in reader.mine), key=lambda one: one[1])


def _only(reader: Reader) -> str:
    return next(iter(reader.mine)) if len(reader.mine) == 1 else ""


def _heading(row: Consultation, part: Part | None, kind: str) -> str:
    if kind == NEW:
        return _("Propose one more article")
    if part is None:
        return _("Give an opinion on the whole text")
    name = headings(drafts.current_parts(row))[part.key]
    told = {WORDING: _("Other words for “%(article)s”", article=name)}
    return told.get(kind, _("Give an opinion on “%(article)s”", article=name))


def _lead(kind: str) -> str:
    if kind == WORDING:
        return _("Change the words below as you wish them. What is written now stays beside yours.")
    return _("Your words are kept as they are. Whoever writes the text answers each contribution, and says why.")


@charter.route("/drafts/<reference>/record", methods=["GET", "POST"])
def record(reference: str) -> Any:
    """Somebody said or wrote it elsewhere: on paper, in a meeting, at the desk."""
    row, reader = come_in(g.identity, reference)
    if not reader.records:
        raise NotFound()
    parts = drafts.current_parts(row)
    named = headings(parts)
    today = clock.today(drafts.zone_of(row))
    last = min(row.closes, today) if row.closes else today
    form = RecordForm(**begun_with({"said_on": last, "article": request.args.get("article", "")}))
    names = people.organisation_names()
    form.organisation.choices = listed([(one, names.get(one, one)) for one in invited_to(row.id)], _("None"))
    form.article.choices = listed(list(named.items()), _("The whole text, or one more article"))
    form.lang.choices = languages()
    desk = Desk(
        title=_("Key what somebody said"),
        lead=_("From paper, a meeting or the desk: word for word. Your name stands beside it as the one who keyed it."),
        back=url_for("charter.draft", reference=reference),
        crumbs=crumbs(row),
        verb=_("Record it"),
    )

    def save() -> None:
        actions.record_for(row, reader, _recorded(form))
        forget_kept()

    return edit(desk, form, save, _("It is recorded."))


def _recorded(form: RecordForm) -> Draft:
    """As it was keyed. What does not go with who speaks is left out."""
    kind, speaker = form.kind.data, form.said_by.data
    return Draft(
        article="" if kind == NEW else form.article.data or "",
        kind=kind,
        words=form.words.data or "",
        title=(form.title.data or "") if kind == NEW else "",
        lang=form.lang.data or "",
        said_by=speaker,
        organisation=(form.organisation.data or "") if speaker == ORGANISATION else "",
        author=form.author.data or "",
        address=form.address.data or "",
        people=form.people.data if speaker == "group" else None,
        source=form.source.data,
        said_on=form.said_on.data,
        consent=form.consent.data,
    )
