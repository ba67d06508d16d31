"""Doors: every contribution to a draft, for who holds the pen: what waits, what was answered; as a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow.charter.models import ASIDE, UNREAD, Consultation, Contribution
from workflow.charter.pages.blueprint import charter
from workflow.charter.pages.papers import files_of
from workflow.charter.pages.words import KINDS, OUTCOMES, SOURCES, SPEAKERS, crumbs, headings, link_to, who
from workflow.charter.queries import drafts, said
from workflow.charter.queries.entitled import Reader, come_in
from workflow.charter.queries.said import Said
from workflow.errors import NotFound
from workflow.people.rules import folded
from workflow.web import listed

LEFT = "left"
STATES = (LEFT, UNREAD, "answered", ASIDE)


@charter.get("/drafts/<reference>/desk")
def desk(reference: str) -> Any:
    """Filtered by what waits, by article, by who speaks, by group; found by their words."""
    row, reader = come_in(g.identity, reference)
    if not reader.drafts:
        raise NotFound()
    named = _articles(row)
    known = said.every(row, reader)
    groups = said.themes(row)
    filters = _filters(row, named, groups)
    asked = {one.name: one.asked for one in filters}
    rows = Read([one for one in known if _wanted(one, asked)], reader)
    if words := folded(asked["q"]).split():
        rows = Read([one.row for one in rows if all(word in _told(one) for word in words)], reader)
    return listed.show(
        listed.Listed(
            title=_("Contributions to “%(title)s”", title=row.title),
            lead=_("Each gets an answer, with its reason, before the next version is settled."),
            columns=_columns(row, named, groups),
            rows=rows,
            known=len(known),
            empty=listed.Empty(
                _("Nobody contributed yet"),
                _("What organisations and inhabitants say stands here, ready to be grouped and answered."),
                url_for("charter.draft", reference=reference),
                _("Back to the text"),
            ),
            filters=filters,
            counted=lambda count: ngettext("%(num)s contribution", "%(num)s contributions", count),
            place=row.title,
            file_name="contributions",
            more={"row": row, "crumbs": crumbs(row), "files": files_of(row), "left": said.left(row)},
        ),
        "charter/desk.html",
    )


def _articles(row: Consultation) -> dict[str, str]:
    """How articles are called in the version everybody reads; those of the next one as well."""
    begun = drafts.written_now(row)
    later = headings(drafts.parts_of(begun)) if begun is not None else {}
    return later | headings(drafts.current_parts(row))


def _filters(row: Consultation, named: dict[str, str], groups: dict[str, str]) -> list[listed.Filter]:
    states = [
        (LEFT, _("to be answered")),
        (UNREAD, _("to be read first")),
        ("answered", _("answered")),
        (ASIDE, _("set aside")),
    ]
    speakers = [(code, str(words)) for code, words in SPEAKERS.items()]
    found = [
        listed.Filter("q", _("Words, name or number")),
        listed.Filter("state", _("State"), [("", _("All")), *states]),
        listed.Filter(
            "article", _("Article"), [("", _("All")), ("whole", _("The whole text, new articles")), *named.items()]
        ),
        listed.Filter("by", _("Who speaks"), [("", _("All")), *speakers]),
    ]
    if groups:
        found.append(listed.Filter("group", _("Group"), [("", _("All")), *groups.items()]))
    return found


class Read(Sequence[Said]):
    """Contributions whose words are read only where they are looked at."""

    def __init__(self, rows: Sequence[Contribution], reader: Reader) -> None:
        self._rows, self._reader = rows, reader

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, at: Any) -> Any:
        found = said.opened(self._rows[at] if isinstance(at, slice) else [self._rows[at]], self._reader)
        return found if isinstance(at, slice) else found[0]

    def __iter__(self) -> Iterator[Said]:
        return iter(said.opened(self._rows, self._reader))


def _told(one: Said) -> str:
    return folded(" ".join((str(one.row.number), one.words, one.title, one.author, one.organisation)))


def _wanted(row: Contribution, asked: dict[str, str]) -> bool:
    states = {
        LEFT: not row.outcome and row.state != ASIDE,
        UNREAD: row.state == UNREAD,
        "answered": bool(row.outcome),
        ASIDE: row.state == ASIDE,
    }
    article = asked["article"]
    return (
        states.get(asked["state"], True)
        and (not article or row.article == ("" if article == "whole" else article))
        and asked["by"] in ("", row.said_by)
        and asked.get("group", "") in ("", row.theme_id)
    )


def _columns(row: Consultation, named: dict[str, str], groups: dict[str, str]) -> list[listed.Column]:
    def about(one: Said) -> str:
        return named.get(one.row.article, _("The whole text")) if one.row.kind != "new" else _("One more article")

    def first(one: Said) -> listed.Cell:
        return {"text": _("No. %(number)s", number=one.row.number), "url": link_to(row, one.row), "sub": who(one)}

    return [
        listed.Column(_("Contribution"), lambda one: one.row.number, first, width=14),
        listed.Column(_("Who"), who, width=30, on_page=False),
        listed.Column(_("About"), about, width=34),
        listed.Column(_("Kind"), lambda one: str(KINDS[one.row.kind]), width=18, on_page=False),
        listed.Column(_("Words"), lambda one: one.words or _("erased"), _excerpt, width=60),
        listed.Column(_("How it came"), lambda one: str(SOURCES[one.row.source]), width=24, on_page=False),
        listed.Column(_("Group"), lambda one: groups.get(one.row.theme_id or "", ""), width=24, on_page=bool(groups)),
        listed.Column(_("State"), lambda one: state_of(one)[1], _state, width=26),
        listed.Column(_("Answer"), lambda one: one.reason, width=50, on_page=False),
    ]


def _excerpt(one: Said) -> listed.Cell:
    words = " ".join(one.words.split())
    return {"text": words if len(words) < 140 else f"{words[:140].rsplit(' ', 1)[0]}…"}


def state_of(one: Said) -> tuple[str, str]:
    """(shape and colour, words)."""
    if one.row.outcome:
        family, words = OUTCOMES[one.row.outcome]
        return family, str(words)
    told = {UNREAD: ("late", _("to be read first")), ASIDE: ("closed", _("set aside"))}
    return told.get(one.row.state, ("todo", _("to be answered")))


def _state(one: Said) -> listed.Cell:
    family, words = state_of(one)
    return {"text": words, "state": family}
