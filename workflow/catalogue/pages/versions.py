"""Doors: the published forms, and the versions of each."""

from __future__ import annotations

from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow import access
from workflow.catalogue import queries
from workflow.catalogue.pages.blueprint import catalogue
from workflow.catalogue.pages.places import adaptable, closed_here, told
from workflow.catalogue.queries import Known
from workflow.errors import NotFound
from workflow.web import listed, spoken
from workflow.web.dates import stamp


def visible(slug: str) -> list[Known]:
    """Versions this person may know of, newest first: those of the library, those fitted to operations they set up.

    Raises NotFound.
    """
    mine = {one for one in g.identity.operations if access.may_set_up(g.identity, one)}
    found = queries.known_versions(slug, None if access.administers(g.identity) else frozenset(mine))
    if not found:
        raise NotFound()
    return found


def seen_version(slug: str, version: str) -> Known:
    """One of them. NotFound for a version this person may not know of."""
    found = next((row for row in visible(slug) if row.hash == version), None)
    if found is None:
        raise NotFound()
    return found


@catalogue.get("/forms")
def procedures() -> Any:
    rows = [found for slug in queries.slugs() if (found := queries.current(slug))]
    return listed.show(
        listed.Listed(
            title=_("Forms"),
            lead=_(
                "What is asked in the operations: the published forms, and what changed from one version to the next."
            ),
            columns=[
                listed.Column(
                    _("Form"),
                    lambda row: spoken.label(row.label),
                    lambda row: {
                        "text": spoken.label(row.label),
                        "url": url_for("catalogue.versions", slug=row.slug),
                    },
                    width=40,
                ),
                listed.Column(_("Questions"), _questions, number=True),
                listed.Column(_("Sections"), lambda row: len(row.form.sections), number=True),
                listed.Column(_("State"), lambda row: _state(row.slug)[1], lambda row: _as_state(*_state(row.slug))),
                listed.Column(_("Adapt"), lambda row: "", lambda row: _adapt(row.slug)),
            ],
            rows=rows,
            known=len(rows),
            counted=lambda count: ngettext("%(num)s form", "%(num)s forms", count),
            empty=listed.Empty(_("No form yet"), _("No form is published on this installation yet.")),
            primary=(url_for("catalogue.try_form"), _("Try a form")),
            file_name="formulaires",
            private=False,
        ),
        "catalogue/procedures.html",
    )


def _state(slug: str) -> tuple[str, str]:
    """(family of shape and colour, words)."""
    if queries.retired(slug):
        return "closed", _("retired")
    places, all_of_them = queries.retired_in(g.identity, slug)
    if places:
        told = {"places": ", ".join(places)}
        return (
            ("closed", _("retired in %(places)s", **told))
            if all_of_them
            else ("waiting", _("in use, retired in %(places)s", **told))
        )
    return "done", _("in use")


def _as_state(family: str, words: str) -> listed.Cell:
    return {"text": words, "state": family}


def _adapt(slug: str) -> listed.Cell:
    """Straight to the form of the only operation of this reader; with several, to the page where one is chosen."""
    found = adaptable(slug)
    if not found["operations"] and not found["landlords"]:
        return {"text": "—"}
    places = found["operations"]
    url = places[0][0] if len(places) == 1 and not found["landlords"] else url_for("catalogue.versions", slug=slug)
    return {"text": _("Adapt without Excel"), "url": url}


def _questions(row: queries.Published) -> int:
    return sum(1 for question in row.form.questions.values() if question.asked)


@catalogue.get("/forms/<slug>")
def versions(slug: str) -> Any:
    rows = visible(slug)
    open_now = queries.under_way(slug)
    before = {row.hash: rows[place + 1] for place, row in enumerate(rows[:-1])}
    return listed.show(
        listed.Listed(
            title=spoken.label(rows[0].label),
            lead=_("Versions of this form, the latest first. A file stays on the version on which it began."),
            columns=[
                listed.Column(_("Published"), _day, lambda row: _opened(slug, row), width=30),
                listed.Column(_("Used"), used, width=40),
                listed.Column(_("Open files"), lambda row: open_now.get(row.hash, 0), number=True),
                listed.Column(_("Questions"), lambda row: _questions(queries.version(row.hash)), number=True),
                listed.Column(_("Compare"), lambda row: "", lambda row: _compare(slug, row, before.get(row.hash))),
                listed.Column(
                    _("Try"),
                    lambda row: "",
                    lambda row: {
                        "text": _("Fill it for a try"),
                        "url": url_for("catalogue.try_version", slug=slug, version=row.hash),
                    },
                ),
                listed.Column(
                    _("Print"),
                    lambda row: "",
                    lambda row: {
                        "text": _("On paper"),
                        "url": url_for("catalogue.print_version", slug=slug, version=row.hash),
                    },
                ),
            ],
            rows=rows,
            known=len(rows),
            counted=lambda count: ngettext("%(num)s version", "%(num)s versions", count),
            empty=listed.Empty(_("No form yet"), ""),
            file_name=slug,
            private=False,
            more=_around(slug),
        ),
        "catalogue/versions.html",
    )


def _day(row: Known) -> str:
    return stamp(row.published_at)


def _opened(slug: str, row: Known) -> listed.Cell:
    return {"text": _day(row), "url": url_for("catalogue.version", slug=slug, version=row.hash)}


def used(row: Known) -> str:
    """Where new files begin on this version."""
    if row.retired:
        return _("retired")
    names = [_("every operation without its own lists")] if row.current else []
    return ", ".join([*names, *row.operations]) or _("earlier files only")


def _compare(slug: str, row: Known, before: Known | None) -> dict[str, str]:
    if before is None:
        return {"text": _("first version")}
    url = url_for("catalogue.compare", slug=slug, older=before.hash, newer=row.hash)
    return {"text": _("with the one before"), "url": url}


def _around(slug: str) -> dict[str, Any]:
    """What stands around the list: versions that wait, and what this person may do with the form."""
    places = queries.places(g.identity, slug)
    return {
        "slug": slug,
        "proposed": told(slug),
        "proposing": bool(places),
        "uses_url": url_for("catalogue.uses", slug=slug),
        "closed": closed_here(slug),
        "adaptable": adaptable(slug),
    }
