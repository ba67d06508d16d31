"""One dossier before somebody without account who came by a personal link: what is asked, what they may read."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from flask import render_template
from flask_babel import gettext as _

from forms.visibility import Lens, narrowed, view
from workflow.access import LENSES
from workflow.approvals import queries as approvals
from workflow.approvals.models import PersonalLink
from workflow.approvals.queries import Standing
from workflow.circuit import commands as c
from workflow.circuit.deadlines import last_day
from workflow.circuit.model import AUTHOR, Step
from workflow.circuit.standing import Advice, Vote
from workflow.dossiers import queries
from workflow.dossiers.models import AnswerSet, Dossier
from workflow.dossiers.pages.answers import Drawing
from workflow.dossiers.pages.history import OPINIONS
from workflow.dossiers.pages.wording import day, full_day
from workflow.dossiers.queries import personal_links as links
from workflow.dossiers.queries.reaching import whom_to_call
from workflow.errors import NotFound
from workflow.operations.queries import operation
from workflow.people.queries import names, organisation_names
from workflow.record.queries import text
from workflow.web import spoken
from workflow.web.extensions import LANGUAGES


class Linked:
    """`token` stays in the address only: no template writes it out but as the address of the next page."""

    def __init__(self, link: PersonalLink, token: str) -> None:
        self.link, self.token = link, token

    @classmethod
    def again(cls, token: str) -> Linked:
        """After something was undone or committed, everything is read anew."""
        found = links.link_of(token)
        if found is None:
            raise NotFound()  # its letter was printed again meanwhile
        return cls(found, token)

    @cached_property
    def row(self) -> Dossier:
        return queries.by_subject(self.link.subject)

    @cached_property
    def known(self) -> Standing:
        return approvals.standing(self.link.subject)

    @cached_property
    def step(self) -> Step:
        return self.known.published.circuit.step(self.link.step)

    @cached_property
    def zone(self) -> str:
        place = operation(self.link.operation_id)
        return place.zone if place else "Europe/Paris"

    @property
    def asked(self) -> bool:
        """Whether this person may act now."""
        if not self.household:
            return self.advice is not None
        seats = {voice.person for voice in self.known.context.seats(self.link.step, self.known.state)}
        return self.link.step in self.known.state.open and self.link.person in seats

    @property
    def household(self) -> bool:
        return links.of_household(self.link)

    @property
    def advice(self) -> Advice | None:
        """What an expert is asked, and has not answered yet."""
        return self.known.state.awaited_advice(self.link.step, self.link.person)

    @property
    def version(self) -> int:
        return self.known.course.version

    @cached_property
    def stored(self) -> AnswerSet:
        return queries.present_set(self.row)

    @property
    def fingerprint(self) -> str:
        return self.stored.fingerprint

    # -- pages

    def page(self, name: str, **more: Any) -> str:
        contact = whom_to_call(self.row)
        return render_template(
            f"dossiers/link_{name}.html",
            **more,
            token=self.token,
            of_household=self.household,
            asking=contact.organisation,
            contact={"name": contact.name, "capacity": contact.organisation, "phone": contact.phone},
            until=full_day(last_day(self.link.expires_at, self.zone)),
        )

    def over(self) -> str:
        """What became of a link that opens nothing any more; of one that was used, what was said and when."""
        row = self.link
        when = day(row.used_at, self.zone) if row.used_at else ""
        return self.page("over", fate=links.fate(row), said=row.said, when=when)

    def moved_on(self, words: str = "") -> str:
        """The link is good, but nothing is asked here now: settled meanwhile, over, or being corrected."""
        vote = self._vote
        situation = "settled" if vote else "closed" if self.known.state.closed else "later"
        told = {"when": day(vote.at, self.zone), "entered_by": self._entered_by(vote)} if vote else {}
        return self.page("moved_on", situation=situation, words=words, **told)

    @property
    def _vote(self) -> Vote | None:
        mine = (vote for vote in self.known.state.votes_at(self.link.step) if vote.voice.person == self.link.person)
        return next(mine, None)

    def _entered_by(self, vote: Vote) -> str:
        by = vote.by.recorded_by
        return names([by]).get(by, "") if by else ""

    # -- what is asked

    def answers(self) -> dict[str, Any]:
        """The answers this step shows to its reader, in their own language where the form speaks it."""
        instance, _provenance = queries.opened(self.row, self.stored)
        foreign = self.link.lang not in LANGUAGES and self.link.lang in instance.form.languages
        wanted = self.link.lang if foreign else spoken.lang()
        lang = queries.form_lang(instance.form, wanted)
        sections = Drawing(brief=True).sections(view(instance, self._lens, lang))
        return {
            "sections": [one for one in sections if _says(one) and self.step.looks_at(one["name"])],
            "marks": spoken.written(wanted) if foreign else {},
            "version": self.version,
            "shown": self.fingerprint,
            **(self._of_household() if self.household else self._of_expert()),
        }

    @property
    def _lens(self) -> Lens:
        """What the step shows; to somebody from outside never whose file it is."""
        lens = LENSES[self.step.sees or "nothing"]
        return lens if self.household else narrowed(lens, LENSES["expert"])

    def _of_household(self) -> dict[str, Any]:
        return {"readers": self._readers()}

    def _of_expert(self) -> dict[str, Any]:
        asked = self.advice
        who = names([asked.by.person]).get(asked.by.person, "") if asked else ""
        return {"asker": who, "question": text(asked.text_ref) if asked else ""}

    def _readers(self) -> list[str]:
        known = organisation_names()
        return sorted(filter(None, (known.get(slug) for slug in queries.agreements(self.row))))

    def choices(self) -> list[dict[str, str]]:
        """What may be said here, the consequence under each."""
        if not self.household:
            return [{"value": one, "label": _(OPINIONS[one]), "note": ""} for one in c.OPINIONS]
        found = [
            {"value": "confirmed", "label": _("This is right"), "note": _("Your file goes on.")},
            {
                "value": "disagreed",
                "label": _("I disagree on some points"),
                "note": _("Your file goes on. What you write is kept with it."),
            },
        ]
        if AUTHOR in self.known.published.circuit.destinations(self.link.step):
            note = _("Your file waits. We correct it with you, then you read it again.")
            found.append({"value": "correction", "label": _("Something must be corrected first"), "note": note})
        return found


def _says(section: dict[str, Any]) -> bool:
    return bool(section["rows"] or section["tables"] or section["groups"])
