"""Doors: several people on one form: who is there, who took which section."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from forms.visibility import may_open
from workflow.access import Identity
from workflow.dossiers.actions import taking
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.wording import moment
from workflow.dossiers.queries.together import Hold, holds
from workflow.errors import NotFound
from workflow.web.presence import note_present, present
from workflow.web.spoken import label


class Together:
    """The others on one dossier, before one of those who fill it in."""

    def __init__(self, page: Page) -> None:
        self.page, self.me = page, page.identity.person

    @cached_property
    def _holds(self) -> dict[str, Hold]:
        return holds(self.page.file.row)

    @cached_property
    def others(self) -> list[tuple[str, str]]:
        """(person, section) of everybody else who has this dossier open to fill it in."""
        return present(self.page.file.row.subject, self.me)

    def held(self, section: str) -> Hold | None:
        """Who else took a section."""
        hold = self._holds.get(section)
        return hold if hold and hold.person != self.me else None

    def line(self, section: str) -> str:
        """Beside a section: who is in it, who took it."""
        hold = self._holds.get(section)
        told = [_("%(who)s is here now", who=self.page.people.name(who)) for who, at in self.others if at == section]
        if hold:
            mine = hold.person == self.me
            told.append(_("taken by you") if mine else _("taken by %(who)s", who=self.page.people.name(hold.person)))
        return ", ".join(told)

    def told(self, section: str) -> dict[str, Any]:
        """Of the section shown now: who is on the dossier, who took the section, what one may do about it."""
        hold, address = self._holds.get(section), {"reference": self.page.reference, "section": section}
        mine = hold is not None and hold.person == self.me
        return {
            "people": self.people(),
            "poll_url": url_for("dossiers.present_now", **address),
            "mine": mine,
            "who": self.page.people.name(hold.person) if hold and not mine else "",
            "when": moment(hold.since, self.page.zone) if hold else "",
            "take_url": url_for("dossiers.take_section", **address),
            "give_back_url": url_for("dossiers.give_section_back", **address),
        }

    def people(self) -> list[str]:
        """One sentence for each of the others."""
        return [self._where(who, at) for who, at in self.others]

    def _where(self, who: str, at: str) -> str:
        name, form = self.page.people.name(who), self.page.file.published.form
        found = next((group for group in form.sections if group.name == at), None)
        instance, lens = self.page.file.instance, self.page.file.lens
        if found is None or instance is None or not may_open(instance, found, lens):
            return _("%(who)s is on this dossier too.", who=name)
        title = found.label[self.page.form_lang] or label(self.page.file.published.label)
        return _("%(who)s is on this dossier too, in “%(section)s”.", who=name, section=title)


@dossiers.get("/dossiers/<reference>/present/<section>")
def present_now(reference: str, section: str) -> str:
    """Asked by an open page every twenty seconds: says that it is open, and who else is there."""
    page = Page(reference)
    if not page.file.fills:
        raise NotFound()
    note_present(page.file.row.subject, page.identity.person, section[:80])
    g.bare = True
    return render_template("dossiers/_present.html", together=Together(page).told(section))


@dossiers.post("/dossiers/<reference>/take/<section>")
def take_section(reference: str, section: str) -> Any:
    said = _("You have taken this section: the others read it. Give it back when you have finished.")
    return _done(taking.take, reference, section, said)


@dossiers.post("/dossiers/<reference>/give-back/<section>")
def give_section_back(reference: str, section: str) -> Any:
    return _done(taking.give_back, reference, section, _("The section is free again for everybody."))


def _done(act: Callable[[Identity, str, str], None], reference: str, section: str, said: str) -> Any:
    act(g.identity, reference, section)
    flash(said, "done")
    if "list" in request.form:
        return redirect(url_for("dossiers.start_filling", reference=reference), code=303)
    return redirect(url_for("dossiers.fill", reference=reference, section=section), code=303)
