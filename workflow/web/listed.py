"""A list in Relais is always the same thing: filters kept in its address, an order, pages, an A4 print, an .xlsx.

A door describes its columns once; the page and the workbook are made from the same description.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Response, g, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow import clock
from workflow.web import sheets
from workflow.web.dates import format_date, stamp

PAGE = 50
WHOLE = 1000  # rows that one page may show when all of them are asked; the workbook has no such limit
Cell = dict[str, Any]
"""{text, url, state, sub}: see the macro `table`."""


@dataclass(frozen=True)
class Column:
    """value: what the workbook holds; cell: what the page shows (the value as text when left out)."""

    label: str
    value: Callable[[Any], sheets.Value]
    cell: Callable[[Any], Cell] | None = None
    width: int = 20
    number: bool = False
    on_page: bool = True


@dataclass(frozen=True)
class Filter:
    """One filter of the address. choices: [(value, label)]; without them it is a search field; one of ("1", label)
    is shown as a box to tick."""

    name: str
    label: str
    choices: Sequence[tuple[str, str]] = ()
    tick: bool = False

    @property
    def asked(self) -> str:
        return request.args.get(self.name, "").strip()[:200]


@dataclass(frozen=True)
class Empty:
    """What a list without any row says: what it is for, and what to do first."""

    title: str
    text: str
    url: str = ""
    action: str = ""


@dataclass(frozen=True)
class Listed:
    """One list. rows: those the filters left, in order. known: how many there are without filters."""

    title: str
    lead: str
    columns: Sequence[Column]
    rows: Sequence[Any]
    known: int
    empty: Empty
    filters: Sequence[Filter] = ()
    counted: Callable[[int], str] = lambda count: ngettext("%(num)s line", "%(num)s lines", count)
    place: str = ""  # the operation, on prints
    file_name: str = "liste"
    primary: tuple[str, str] | None = None  # (url, label) of the main action of the page
    more: Mapping[str, Any] = field(default_factory=dict)  # for templates that extend listed.html
    private: bool = True  # holds personal data: prints say so
    page: int = PAGE  # rows of one page

    @property
    def filtered(self) -> bool:
        return any(one.asked for one in self.filters)


def show(shown: Listed, template: str = "listed.html") -> str | Response:
    """The page; the workbook when the address asks `format=xlsx`; every row on one page when it asks `all=1`
    and they are not too many."""
    shown = shown if shown.filters else _searchable(shown)
    if request.args.get("format") == "xlsx":
        return _workbook(shown)
    fits = len(shown.rows) <= WHOLE
    whole = fits and request.args.get("all") == "1"
    last = -(-len(shown.rows) // shown.page) or 1
    page = 1 if whole else max(1, min(_number(request.args.get("page", "1")), last))
    first = (page - 1) * shown.page
    rows = shown.rows if whole else shown.rows[first : first + shown.page]
    columns = [column for column in shown.columns if column.on_page]
    return render_template(
        template,
        listed=shown,
        columns=[{"label": column.label, "number": column.number} for column in columns],
        rows=[[_cell(column, row) for column in columns] for row in rows],
        on_page=rows,
        xlsx_url=_here(format="xlsx", page=None, all=None),
        all_url=_here(all="1", page=None) if fits and last > 1 and not whole else None,
        clear_url=url_for(request.endpoint or "", **(request.view_args or {})),
        pages=_pages(page, last, shown) if not whole and last > 1 else {},
        printed_by=g.identity.name if g.get("identity") else "",
        printed_at=_now_in_words(),
        **shown.more,
    )


def _searchable(shown: Listed) -> Listed:
    """A list without filters of its own can be searched for words, whatever their accents and case."""
    words = Filter("q", _("Words of a line"))
    terms = _folded(words.asked).split()
    kept = [row for row in shown.rows if all(term in _text(shown, row) for term in terms)] if terms else shown.rows
    return replace(shown, filters=(words,), rows=kept)


def _text(shown: Listed, row: Any) -> str:
    return _folded(" ".join(str(column.value(row) or "") for column in shown.columns))


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ı", "i"))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def _workbook(shown: Listed) -> Response:
    data = sheets.workbook(
        shown.title,
        [(column.label, column.width) for column in shown.columns],
        ([column.value(row) for column in shown.columns] for row in shown.rows),
        place=shown.place or shown.title,
        taken=sheets.taken_by(g.identity.name if g.get("identity") else "", _now_in_words()),
    )
    return sheets.download(data, f"{shown.file_name}-{clock.today().isoformat()}.xlsx")


def _cell(column: Column, row: Any) -> Cell:
    if column.cell:
        return column.cell(row)
    value = column.value(row)
    if value is None or value == "":
        return {"text": "—"}
    if hasattr(value, "isoformat"):
        return {"text": format_date(value, "d MMMM y")}
    return {"text": str(value)}


def _pages(page: int, last: int, shown: Listed) -> dict[str, Any]:
    count = len(shown.rows)
    return {
        "first": (page - 1) * shown.page + 1,
        "last": min(page * shown.page, count),
        "count": count,
        "previous_url": _here(page=page - 1) if page > 1 else None,
        "next_url": _here(page=page + 1) if page < last else None,
    }


def _here(**changed: Any) -> str:
    """The address of this list with something changed."""
    told = {**request.args.to_dict(), **(request.view_args or {}), **changed}
    return url_for(request.endpoint or "", **{name: value for name, value in told.items() if value not in (None, "")})


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def _now_in_words() -> str:
    """On paper nothing is "three days ago"."""
    return stamp(clock.now())
