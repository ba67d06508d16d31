"""Door: what depends on a form: its steps, documents, other forms, the operations that use it, files under way."""

from __future__ import annotations

from typing import Any

from flask import g, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow import access
from workflow.catalogue import queries
from workflow.catalogue.pages.blueprint import catalogue
from workflow.catalogue.pages.versions import visible
from workflow.catalogue.queries import Published
from workflow.catalogue.queries.breaking import asking, read_by, read_in_steps
from workflow.operations import queries as operations
from workflow.web import spoken


@catalogue.get("/forms/<slug>/uses")
def uses(slug: str) -> Any:
    rows = visible(slug)
    current = next((row for row in rows if row.current), rows[0])
    published = queries.version(current.hash)
    return render_template(
        "catalogue/uses.html",
        slug=slug,
        label=spoken.label(published.label),
        retired=queries.retired(slug),
        mine="" in queries.places(g.identity, slug),
        steps=_steps(published),
        documents=_documents(published),
        others=[spoken.label(row.label) for row, _asked in asking(slug)],
        operations=_operations(slug),
    )


def _steps(published: Published) -> list[dict[str, str]]:
    """The steps whose conditions read answers, with the questions they read."""
    found = read_in_steps(published.circuit)
    return [{"label": spoken.label(label), "reads": _named(published, paths)} for label, paths in found if paths]


def _documents(published: Published) -> list[dict[str, str]]:
    labels = {one["name"]: one.get("label", {}) for one in published.settings.get("documents", ())}
    return [
        {"label": spoken.label(labels.get(name, {})) or name, "reads": _count(published, texts)}
        for name, texts in published.models.items()
    ]


def _count(published: Published, texts: dict[str, str]) -> str:
    found = len([path for path in read_by(texts.values(), published.form) if path in published.form.questions])
    return ngettext("%(num)s question", "%(num)s questions", found)


def _named(published: Published, paths: set[str]) -> str:
    form = published.form
    lang = spoken.lang() if spoken.lang() in form.languages else form.default_language
    known = [form.questions[path] for path in sorted(paths) if path in form.questions]
    told = [question.label[lang] for question in known if question.label]
    return ", ".join(told or [question.name for question in known])


def _operations(slug: str) -> list[dict[str, Any]]:
    """The operations of this reader that use the form, with what is open in each."""
    mine = [row for row in operations.every_operation() if slug in queries.adopted(row.id)]
    return [_operation(slug, row) for row in mine if access.may_set_up(g.identity, row.id)]


def _operation(slug: str, row: Any) -> dict[str, Any]:
    declined = next((offer for offer in queries.declined(row.id) if offer.slug == slug), None)
    known = declined or next((offer for offer in queries.offers(row.id) if offer.slug == slug), None)
    retired = queries.retired(slug, row.id)
    return {
        "name": row.name,
        "url": url_for("exchange.overview", operation=row.id),
        "state": ("closed", _("retired")) if retired else ("done", _("in use")),
        "retired": retired,
        "offer": known,
        "declined": declined is not None,
        "stay_url": url_for("catalogue.stay", slug=slug, operation=row.id),
        "look_url": url_for("catalogue.look_again", slug=slug, operation=row.id),
        "newer_url": url_for("dossiers.change_version", operation=row.id, slug=slug),
        "compare_url": url_for("catalogue.compare", slug=slug, older=known.base, newer=known.common) if known else "",
        "take_url": url_for("catalogue.use_version", slug=slug, version=known.common) if known else "",
        "where": f"{row.id}:{known.base}" if known else "",
        "operation": row.id,
    }
