"""Door: the household's copy: what it may read of its own file, in its language, with where each answer comes from."""

from __future__ import annotations

from typing import Any

from flask import render_template

from forms.visibility import Lens, View, narrowed, view
from workflow import clock
from workflow.access import LENSES
from workflow.dossiers.pages.answers import Drawing, sensitive_levels
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.origins import Origins
from workflow.dossiers.pages.tongues import enter, of_household, panel
from workflow.dossiers.pages.uploads import outside
from workflow.dossiers.pages.wording import stamp
from workflow.errors import NotFound
from workflow.web import spoken
from workflow.web.journals import note_sensitive_read


@dossiers.get("/dossiers/<reference>/copy")
def copy(reference: str) -> str:
    """To read with the household, or to print for it. For who may read as much as the household does."""
    page = Page(reference)
    if page.file.instance is None or not page.file.names or page.whole:
        raise NotFound()
    lens = narrowed(LENSES["household"], page.file.lens)
    page.tongue = of_household(page.file.published.form, page.reference, page.file.row.about.lang)
    enter(page.tongue)
    first = _view(page, lens, page.tongue.lang)
    note_sensitive_read(page.file.row.subject, page.identity.person, sensitive_levels(first))
    origins = Origins(page, lens, household=True)
    drawing = Drawing(kept=outside(page.file).kept, origin=origins.of, brief=True)
    sections = drawing.sections(first)
    if page.tongue.also:
        under(sections, Drawing(brief=True).sections(_view(page, lens, page.tongue.also)), page.tongue.also)
    for section in sections:
        _without_what_is_empty(section)
    return render_template(
        "dossiers/copy.html",
        **page.frame(),
        sections=[section for section in sections if _says(section)],
        tongue=panel(page.file.published.form, page.tongue),
        marks=page.tongue.marks,
        printed_at=stamp(clock.now(), page.zone),
    )


def _view(page: Page, lens: Lens, lang: str) -> View:
    return view(page.file.instance, lens, lang)


def _without_what_is_empty(section: dict[str, Any]) -> None:
    for table in section["tables"]:
        table["members"] = [member for member in table["members"] if member]
    section["tables"] = [table for table in section["tables"] if table["members"]]
    for group in section["groups"]:
        _without_what_is_empty(group)
    section["groups"] = [group for group in section["groups"] if _says(group)]


def _says(section: dict[str, Any]) -> bool:
    return bool(section["rows"] or section["tables"] or any(map(_says, section["groups"])))


def under(sections: list[dict[str, Any]], others: list[dict[str, Any]], lang: str) -> None:
    """Put the words of the same sections, drawn in a second language, under the first."""
    for section, other in zip(sections, others, strict=True):
        _beside(section, other, lang)
        _lines(section["rows"], other["rows"], lang)
        for table, twin in zip(section["tables"], other["tables"], strict=True):
            for member, same in zip(table["members"], twin["members"], strict=True):
                _lines(member, same, lang)
        under(section["groups"], other["groups"], lang)


def _lines(rows: list[dict[str, Any]], others: list[dict[str, Any]], lang: str) -> None:
    for row, other in zip(rows, others, strict=True):
        _beside(row, other, lang)
        if row["value"] != other["value"]:
            row["also_value"] = other["value"]


def _beside(line: dict[str, Any], other: dict[str, Any], lang: str) -> None:
    if line["label"] != other["label"]:
        line["also"] = {"label": other["label"], **spoken.written(lang)}
