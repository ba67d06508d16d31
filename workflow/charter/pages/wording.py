"""Doors: the next version is written article by article, then frozen."""

from __future__ import annotations

from typing import Any

from flask import g, render_template, url_for
from flask_babel import gettext as _

from workflow.charter.actions import wording as actions
from workflow.charter.models import SETTLED, Consultation
from workflow.charter.pages.blueprint import charter
from workflow.charter.pages.forms import PassageForm
from workflow.charter.pages.late import begun_with, forget_kept
from workflow.charter.pages.words import blocks, card, crumbs, edition_version, headings, link_to, version_name
from workflow.charter.queries import drafts, said
from workflow.charter.queries.entitled import come_in, draft_in
from workflow.charter.rules import phases
from workflow.charter.rules.differing import changes
from workflow.charter.rules.text import Part
from workflow.errors import NotFound, Refused
from workflow.web import kept
from workflow.web.editing import Desk, Step, confirm, edit
from workflow.web.fields import Sheet

kept.KEEPING |= {"charter.passage", "charter.new_passage"}
FIRST = "-"


@charter.get("/drafts/<reference>/wording")
def wording(reference: str) -> Any:
    """The version that is being written, beside the one everybody reads."""
    row, reader = come_in(g.identity, reference)
    if not reader.drafts:
        raise NotFound()
    held = drafts.written_now(row)
    parts = _parts(row)
    named = headings(parts)
    before = drafts.current_parts(row) if held is not None and held.number > row.current else parts
    states = {one.key: one.state for one in changes(before, parts)}
    behind = said.behind(row, reader, drafts.next_number(row))
    lines = [
        {
            "key": one.key,
            "heading": named[one.key],
            "state": states.get(one.key, "same"),
            "url": url_for("charter.passage", reference=reference, key=one.key),
            "behind": len(behind.get(one.key, ())),
        }
        for one in parts
    ]
    went = [one.title for one in changes(before, parts) if one.state == "removed"]
    return render_template(
        "charter/wording.html",
        row=row,
        name=version_name(held.number if held else row.current + 1),
        begun=held is not None,
        first=row.state == "preparing",
        lines=lines,
        went=went,
        left=said.left(row),
        may_freeze=held is not None and drafts.phase_of(row) == phases.ANSWERING,
        still_open=drafts.phase_of(row) in (phases.OPEN, phases.COMING),
        crumbs=crumbs(row),
    )


def _parts(row: Consultation) -> list[Part]:
    held = drafts.written_now(row)
    return drafts.parts_of(held) if held is not None else drafts.current_parts(row)


@charter.route("/drafts/<reference>/wording/<key>", methods=["GET", "POST"])
def passage(reference: str, key: str) -> Any:
    """One article is worded otherwise."""
    return _edit(draft_in(g.identity, reference), key)


@charter.route("/drafts/<reference>/add", methods=["GET", "POST"])
def new_passage(reference: str) -> Any:
    """One more article."""
    return _edit(draft_in(g.identity, reference), "")


def _edit(row: Consultation, key: str) -> Any:
    if row.state == SETTLED:
        raise Refused("settled", "This draft is settled: open it for contributions again to change it.")
    parts, reference = _parts(row), row.reference
    part = next((one for one in parts if one.key == key), None)
    if key and part is None:
        raise NotFound()
    form = PassageForm(**_given(row, part, parts))
    form.after.choices = _places(parts, key)
    back = url_for("charter.wording", reference=reference)
    named = headings(parts)
    desk = Desk(
        title=named[key] if part else _("One more article"),
        lead=_("Nobody else reads this before the version is frozen."),
        back=back,
        crumbs=crumbs(row, (back, _("Next version"))),
        verb=_("Save"),
        remove=(url_for("charter.take_out", reference=reference, key=key), _("Take this article out…"))
        if key
        else None,
        template="charter/passage.html",
        more={"beside": _asked_of(row, key), "now": blocks(part.words) if part else []},
    )

    def save() -> None:
        words, title = (form.words.data or "").strip(), form.title.data or ""
        after = form.after.data or None
        told = Part(key, part.numbered if part else True, title, words)
        actions.word(g.identity, row, form.shown_version, told, "" if after == FIRST else after)
        forget_kept()

    return edit(desk, form, save, _("Saved."), lambda: _fresh(reference, key))


def _given(row: Consultation, part: Part | None, parts: list[Part]) -> dict[str, Any]:
    """What the form begins with."""
    told = {"title": part.title, "words": part.words} if part else {}
    version = str(edition_version(drafts.written_now(row)))
    return begun_with(told | {"after": _before(parts, part), "version": version})


def _before(parts: list[Part], part: Part | None) -> str:
    """Behind which article one stands."""
    if part is None:
        return parts[-1].key if parts else FIRST
    at = parts.index(part)
    return parts[at - 1].key if at else FIRST


def _places(parts: list[Part], key: str) -> list[tuple[str, str]]:
    named = headings(parts)
    behind = [(one.key, _("After: %(title)s", title=named[one.key])) for one in parts if one.key != key]
    return [(FIRST, _("First of all")), *behind]


def _asked_of(row: Consultation, key: str) -> list[dict[str, Any]]:
    """What is said of it, beside the words that are changed."""
    _row, reader = come_in(g.identity, row.reference)
    some = said.about(row, reader, key)[:20] if key else []
    return [card(one, link_to(row, one.row)) for one in said.opened(some, reader)]


def _fresh(reference: str, key: str) -> tuple[Sheet, int]:
    row = draft_in(g.identity, reference)
    part = next((one for one in _parts(row) if one.key == key), None)
    form = PassageForm(formdata=None, data={"title": part.title, "words": part.words} if part else {})
    form.after.choices = _places(_parts(row), key)
    return form, edition_version(drafts.written_now(row))


@charter.route("/drafts/<reference>/wording/<key>/take-out", methods=["GET", "POST"])
def take_out(reference: str, key: str) -> Any:
    row = draft_in(g.identity, reference)
    part = next((one for one in _parts(row) if one.key == key), None)
    if part is None:
        raise NotFound()
    form = Sheet(data={"version": str(edition_version(drafts.written_now(row)))})
    back = url_for("charter.wording", reference=reference)
    step = Step(
        title=_("Take out “%(title)s”", title=part.title),
        consequence=_("The next version has this article no more. Earlier versions, and what was said of it, stay."),
        verb=_("Take it out"),
        back=back,
        crumbs=crumbs(row, (back, _("Next version"))),
    )
    act = lambda: actions.take_out(g.identity, row, form.shown_version, key)  # noqa: E731
    return confirm(step, form, act, _("The article is taken out."))


@charter.route("/drafts/<reference>/freeze", methods=["GET", "POST"])
def freeze(reference: str) -> Any:
    """The next version becomes the one everybody reads."""
    row = draft_in(g.identity, reference)
    held = drafts.written_now(row)
    if held is None or held.number == row.current:
        raise NotFound()
    form = Sheet(data={"version": str(held.version)})
    step = Step(
        title=_("Settle on %(version)s", version=version_name(held.number)),
        consequence=_(
            "Everybody who contributed reads this version, with what changed and after whose words. It is not changed "
            "any more, unless it is submitted once more."
        ),
        verb=_("Settle on this version"),
        back=url_for("charter.draft", reference=reference),
        crumbs=crumbs(row),
        danger=False,
    )
    act = lambda: actions.freeze(g.identity, row, form.shown_version)  # noqa: E731
    return confirm(step, form, act, _("This version is settled."))
