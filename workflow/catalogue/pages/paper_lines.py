"""What the list of models shows: common ones, those of operations, those only begun, and the sheets of forms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from workflow.catalogue import queries
from workflow.catalogue.models import PaperDraft
from workflow.catalogue.pages.paper_places import ABOUT, KINDS, administers, named, own_places
from workflow.catalogue.queries import paper_drafts as known
from workflow.catalogue.queries.paper_content import title_of
from workflow.catalogue.queries.paper_models import PaperModelInUse, frozen, models_in_use
from workflow.web import spoken

BEGUN, RETIRED, DRAFT, BEHIND, OWN, COMMON = "begun", "retired", "draft", "behind", "own", "common"
STATES = {
    BEGUN: (later("begun, never published"), "waiting"),
    RETIRED: (later("retired"), "closed"),
    DRAFT: (later("being written"), "waiting"),
    BEHIND: (later("the common model has changed since"), "waiting"),
    OWN: (later("own version"), "done"),
    COMMON: (later("common model"), "done"),
}
OF_A_FORM = "form"  # kind of the sheets that are written from a form


@dataclass(frozen=True)
class Line:
    """One model in one place. form: what the form is called of which it is a sheet."""

    title: str
    url: str
    about: str
    kind: str
    place: str
    number: int | None
    state: tuple[str, str]
    draft: PaperDraft | None = None
    form: str = ""

    @property
    def where(self) -> str:
        return self.form or named(self.place)

    @property
    def kind_words(self) -> str:
        return _("Sheet of a form") if self.form else str(KINDS.get(self.kind, "—"))

    @property
    def about_words(self) -> str:
        return str(ABOUT.get(self.about, "—"))

    @property
    def remarks(self) -> int:
        return len(self.draft.findings) if self.draft else 0


def lines() -> list[Line]:
    """For whoever words the common models: those, and what operations have of their own. For whoever sets operations
    up: every model as each of them uses it. For both the sheets of the forms.
    """
    drafts = {(row.slug, row.operation): row for row in known.drafts()}
    found = [*_common(drafts), *_own(drafts), *_begun(drafts), *_of_forms()]
    return sorted(found, key=lambda line: (line.title, line.url, line.place))


Drafts = dict[tuple[str, str], PaperDraft]


def _line(model: PaperModelInUse, place: str, state: str, draft: PaperDraft | None = None) -> Line:
    url = url_for("catalogue.paper_model", slug=model.slug, operation=place)
    said, family = STATES[state]
    return Line(model.title, url, model.about, model.kind, place, model.number, (str(said), family), draft)


def _common(drafts: Drafts) -> Iterator[Line]:
    if administers():
        for one in models_in_use(""):
            draft = drafts.get((one.slug, ""))
            yield _line(one, "", DRAFT if draft else COMMON, draft)
        yield from (_line(frozen(row.current), "", RETIRED) for row in known.common_rows() if row.retired_at)


def _own(drafts: Drafts) -> Iterator[Line]:
    common = {row.slug: row.current for row in known.common_rows()}
    rows, places = known.own_rows(), [one for one, _name in own_places()]
    behind = {(row.slug, row.operation) for row in rows if row.base != common.get(row.slug, row.base)}
    for place in places:
        for one in models_in_use(place):
            draft = drafts.get((one.slug, place))
            if not administers() or one.operation == place or draft:
                state = BEHIND if (one.slug, place) in behind else OWN if one.operation else COMMON
                yield _line(one, place, DRAFT if draft else state, draft)
    for row in rows:
        if row.retired_at and row.operation in places and row.slug not in common:
            yield _line(frozen(row.current), row.operation, RETIRED)


def _begun(drafts: Drafts) -> Iterator[Line]:
    mine = {"" if administers() else None, *(one for one, _name in own_places())}
    for row in known.begun_rows():
        if row.operation in mine:
            yield _line(frozen(row.current), row.operation, BEGUN, drafts.get((row.slug, row.operation)))


def _of_forms() -> Iterator[Line]:
    """The sheets that are written from a form, in the words of its version in use: they are changed with the form."""
    for slug in queries.slugs():
        found = queries.current(slug)
        for name, texts in (found.models if found else {}).items():
            text = texts.get(spoken.lang()) or next(iter(texts.values()), "")
            state = (_("changes with its form"), "closed")
            label, url = spoken.label(found.label), url_for("catalogue.versions", slug=slug)
            yield Line(title_of(text, name), url, "", OF_A_FORM, "", None, state, form=label)
