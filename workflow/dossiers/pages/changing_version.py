"""Doors: open dossiers of an operation go on with the newer version of a form; what found no place is read beside."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from forms.carrying import carry, place_of
from forms.visibility import may_see_at
from workflow import access
from workflow.catalogue.queries import adopted, current, version
from workflow.dossiers import queries
from workflow.dossiers.actions import version_changes as actions
from workflow.dossiers.models import SET_ASIDE, AnswerSet, VersionChange
from workflow.dossiers.pages.answers import SENSITIVE
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.wording import stamp
from workflow.dossiers.queries import version_changes as reading
from workflow.dossiers.queries.answers import circumstances
from workflow.dossiers.queries.fates import behind
from workflow.dossiers.rules import FATES, LOSES, MOVES
from workflow.errors import NotFound
from workflow.operations.queries import operation as find_operation
from workflow.people import queries as people
from workflow.web import spoken
from workflow.web.journals import note_sensitive_read
from workflow.web.places import here

PATH = "/operations/<operation>/forms/<slug>/newer"


@dossiers.route(PATH, methods=["GET", "POST"])
def change_version(operation: str, slug: str) -> Any:
    """How many open files are behind; sent, what would become of each is looked at."""
    _may(operation, slug)
    if request.method == "POST":
        run = actions.look(g.identity, operation, slug)
        return redirect(_url(run), code=303)
    return render_template(
        "dossiers/change_version.html",
        **_head(operation, slug),
        behind=len(behind(operation, slug)),
        runs=[_told(run) for run in reading.runs(operation, slug)],
    )


@dossiers.get(f"{PATH}/<run>")
def version_change(operation: str, slug: str, run: str) -> Any:
    """What would become of each file, then what did."""
    row = _run(operation, slug, run)
    return render_template(
        "dossiers/version_change.html", **_head(operation, slug), **_state(row), problem=request.args.get("problem")
    )


@dossiers.get(f"{PATH}/<run>/progress")
def version_change_progress(operation: str, slug: str, run: str) -> Any:
    """The fragment the page asks for again and again."""
    return render_template("dossiers/_version_change.html", **_state(_run(operation, slug, run)))


@dossiers.post(f"{PATH}/<run>/start")
def start_version_change(operation: str, slug: str, run: str) -> Any:
    """Move those that were chosen, or all that can go on."""
    row = _run(operation, slug, run)
    able = [line["dossier"] for line in row.lines if line["code"] in (MOVES, LOSES)]
    chosen = able if request.form.get("all") else request.form.getlist("dossier")
    if not set(chosen) & set(able):
        shown = render_template(
            "dossiers/version_change.html", **_head(operation, slug), **_state(row), problem="none_chosen"
        )
        return shown, 422
    actions.start(row, chosen)
    return redirect(_url(row), code=303)


# -- who, and which -----------------------------------------------------------------------------------------------


def _may(operation: str, slug: str) -> None:
    if not access.may_set_up(g.identity, here(g.identity)) or slug not in adopted(operation):
        raise NotFound()


def _run(operation: str, slug: str, run: str) -> VersionChange:
    _may(operation, slug)
    row = reading.run(g.identity, operation, run)
    if row.slug != slug:
        raise NotFound()
    return row


def _url(row: VersionChange) -> str:
    return url_for("dossiers.version_change", operation=row.operation_id, slug=row.slug, run=row.id)


# -- the pages ----------------------------------------------------------------------------------------------------


def _head(operation: str, slug: str) -> dict[str, Any]:
    published, place = current(slug, operation), find_operation(operation)
    if published is None or place is None:
        raise NotFound()
    return {
        "label": spoken.label(published.label),
        "place": place,
        "slug": slug,
        "here_url": url_for("dossiers.change_version", operation=operation, slug=slug),
        "forms_url": url_for("catalogue.versions", slug=slug),
    }


def _told(row: VersionChange) -> dict[str, Any]:
    place = find_operation(row.operation_id)
    zone = place.zone if place else "Europe/Paris"
    moved = sum(line["code"] in (MOVES, LOSES) for line in row.lines)
    return {
        "url": _url(row),
        "when": stamp(row.made_at, zone),
        "who": people.names([row.made_by]).get(row.made_by, ""),
        "state": row.state,
        "moved": moved if row.state == reading.DONE else None,
    }


def _state(row: VersionChange) -> dict[str, Any]:
    lines = [_line(line) for line in sorted(row.lines, key=lambda line: line["reference"])]
    at = {"operation": row.operation_id, "slug": row.slug, "run": row.id}
    counts = {code: sum(line["code"] == code for line in lines) for code in FATES}
    return {
        "run": row,
        "told": _told(row),
        "columns": _columns(row.state == reading.LOOKED),
        "rows": [_cells(line, row.state == reading.LOOKED) for line in lines],
        "able": counts[MOVES] + counts[LOSES],
        "counts": [(_(FATES[code][0]), FATES[code][1], count) for code, count in counts.items() if count],
        "gave_up": reading.gave_up(row),
        "total": len(row.chosen),
        "progress_url": url_for("dossiers.version_change_progress", **at),
        "start_url": url_for("dossiers.start_version_change", **at),
        "moves_url": url_for("catalogue.compare", slug=row.slug, newer=row.target),
    }


def _line(line: dict[str, Any]) -> dict[str, Any]:
    words, family = FATES[line["code"]]
    return {**line, "words": _(words), "family": family, "able": line["code"] in (MOVES, LOSES), "names": _names(line)}


def _columns(choosing: bool) -> list[dict[str, str]]:
    labels = [
        _("Reference"),
        _("What becomes of it"),
        _("Answers without a place"),
        *([_("Choose")] if choosing else []),
    ]
    return [{"label": label} for label in labels]


def _cells(line: dict[str, Any], choosing: bool) -> list[dict[str, Any]]:
    label = _("Move %(reference)s", reference=line["reference"])
    check = {"form": "move", "name": "dossier", "value": line["dossier"], "label": label, "checked": False}
    lost = _("%(count)s: %(names)s", count=len(line["names"]), names=", ".join(line["names"]))
    return [
        {"text": line["reference"], "url": url_for("dossiers.dossier", reference=line["reference"])},
        {"text": line["words"], "state": line["family"]},
        {"text": lost if line["names"] else "—"},
        *([{"check": check} if line["able"] else {"text": ""}] if choosing else []),
    ]


def _names(line: dict[str, Any]) -> list[str]:
    """The questions whose answers find no place, by their wording."""
    if not line["lost"]:
        return []
    form = version(line["left"]).form
    lang = queries.form_lang(form, spoken.lang())
    return [form.questions[path].label[lang] or form.questions[path].name for path in line["lost"]]


# -- what found no place ------------------------------------------------------------------------------------------


@dossiers.get("/dossiers/<reference>/earlier")
def earlier_answers(reference: str) -> Any:
    """Answers given under earlier versions of the form that found no place in the newer one, for who may read them."""
    page = Page(reference)
    told = left_behind(page)
    levels = {row["level"] for one in told for row in one["rows"]} & set(SENSITIVE)
    note_sensitive_read(page.file.row.subject, page.identity.person, levels)
    return render_template("dossiers/earlier_answers.html", **page.frame(), earlier=told)


def left_behind(page: Page) -> list[dict[str, Any]]:
    """The same as data: one entry for each earlier version, the latest first; empty for who does not fill in."""
    if not access.may_fill(page.identity, page.file.row.operation_id):
        return []
    known = queries.sets(page.file.row)
    found = [
        _aside(page, stored, known[rank + 1]) for rank, stored in enumerate(known[:-1]) if stored.state == SET_ASIDE
    ]
    return [one for one in reversed(found) if one["rows"]]


def _aside(page: Page, stored: AnswerSet, newer: AnswerSet) -> dict[str, Any]:
    """What one earlier set held that found no place in the next version, through the reader's lens."""
    row = page.file.row
    before, _provenance = queries.opened(row, stored)
    form, lang = before.form, queries.form_lang(before.form, page.lang)
    lost = carry(before, version(newer.procedure).form, circumstances(row.operation_id), lang).lost
    kept = [(fate, form.questions[place_of(fate.path)]) for fate in lost]
    return {
        "when": stamp(stored.saved_at, page.zone),
        "rows": [
            {
                "label": question.label[lang] or question.name,
                "value": fate.before,
                "why": _(fate.reason),
                "level": question.level,
            }
            for fate, question in kept
            if may_see_at(form, question, before.node(fate.path), page.file.lens)
        ],
    }
