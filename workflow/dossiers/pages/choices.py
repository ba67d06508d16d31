"""What a reader may do now, as buttons with the consequence written under each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from forms.visibility import may_open
from workflow.approvals.queries import Offer
from workflow.approvals.queries.voices import WAITS, goes_on
from workflow.circuit.offers import CONSEQUENCES, Consequence
from workflow.dossiers.actions import editable
from workflow.dossiers.pages.course import CourseOf
from workflow.dossiers.pages.people_of import PeopleOf
from workflow.dossiers.pages.wording import one_of, verb
from workflow.dossiers.queries import File, form_lang
from workflow.dossiers.queries.freshness import is_stale
from workflow.web.spoken import label, lang

LABELS: Mapping[str, str] = {
    "Submit": "Go on filling in",
    "Advise": "Give my second opinion",
    "Approve": "Approve",
    "ApproveWithReservation": "Approve with a reservation",
    "GiveOpinion": "Give an opinion",
    "Sign": "Have the household read and confirm",
    "SendBack": "Send back for correction",
    "Refuse": "Refuse",
    "Refresh": "Bring this file up to date",
    "TakeBack": "Take back my last decision",
    "AskAdvice": "Ask for a second opinion",
    "Comment": "Leave a comment",
    "Reassign": "Pass this on to somebody else",
    "Remind": "Send a reminder",
    "ExtendDeadline": "Give more time",
    "Reopen": "Reopen this dossier",
    "Withdraw": "Give up this dossier",
    "Cancel": "Cancel this dossier",
}
"""Decisions that have a page, in the order in which they are offered."""

QUIET = frozenset(
    (
        *("Refresh", "TakeBack", "Withdraw", "Cancel"),
        *("AskAdvice", "Comment", "Reassign", "Remind", "ExtendDeadline", "Reopen"),
    )
)
"""Beside the work: offered as plain links."""

DANGER = frozenset(("Refuse", "Withdraw", "Cancel"))

PLAIN: Mapping[str, str] = {
    "Submit": "You check everything before it is sent.",
    "Refresh": "A new version opens with the present answers: what has not changed is confirmed, the rest corrected.",
    "TakeBack": "What your decision led to is undone. It is possible until somebody else acts.",
    "Withdraw": "The dossier is closed and can no longer be filled in. A new one may be started.",
    "Advise": "It helps whoever decides: it does not count as a voice and blocks nothing.",
    "AskAdvice": "The person is asked by mail. Their opinion binds nobody; you may decide without waiting for it.",
    "Comment": "It stays in the course of the dossier and changes nothing else.",
    "Reassign": "The other person is asked in that place, in the same role and for the same organisation.",
    "Remind": "Those it waits for receive a message now. The course of the dossier says so.",
    "ExtendDeadline": "The reminders follow the new last day.",
    "Cancel": "It counts no more for anybody, and its documents say so. A new one may be begun. You may undo this.",
}
"""Consequences that are always the same."""

GOES_BACK = CONSEQUENCES["returns"]

OUTCOMES: Mapping[str, str] = {"approved": "validated", "refused": "refused"}


class ChoicesOf:
    """The offers made to one reader of one dossier, as templates draw them."""

    def __init__(self, file: File, people: PeopleOf, course: CourseOf) -> None:
        self.file, self.people, self.course = file, people, course
        self.circuit = file.published.circuit
        self.stage_labels = {stage.id: label(stage.label) for stage in self.circuit.stages}
        self.step_labels = {step.id: label(step.label) for step in self.circuit.steps()}

    def main(self) -> list[dict[str, Any]]:
        """What is asked of this reader; the first is the primary action."""
        found = [self.button(offer) for offer in self._offered() if name(offer) not in QUIET]
        for rank, button in enumerate(found):
            button["primary"] = rank == 0
        return found

    def quiet(self) -> list[dict[str, Any]]:
        """Beside the work; what may be undone stands at the head of the page."""
        return [self.button(offer) for offer in self._offered() if name(offer) in QUIET and name(offer) != "TakeBack"]

    def take_back(self) -> Offer | None:
        """This reader's last decision, as long as nobody has acted after it."""
        return next((offer for offer in self._offered() if name(offer) == "TakeBack"), None)

    def _offered(self) -> list[Offer]:
        known = [offer for offer in self.file.offers if name(offer) in LABELS and self._to_the_point(offer)]
        return sorted(known, key=lambda offer: list(LABELS).index(name(offer)))

    def _to_the_point(self, offer: Offer) -> bool:
        """What is still being decided on is only taken up again when it has aged."""
        decided = self.file.known.state.closed
        return name(offer) != "Refresh" or decided or is_stale(self.file.row, self.course.zone)

    def offered(self, command: str, step: str) -> Offer | None:
        """step: its id, or WHOLE."""
        wanted = None if step == WHOLE else step
        found = (one for one in self.file.offers if name(one) == command and one.possible.step == wanted)
        return next(found, None)

    def others(self, offer: Offer) -> list[dict[str, Any]]:
        """What else this reader may decide at the same step."""
        beside = [one for one in self._offered() if name(one) not in QUIET and one is not offer]
        return [self.button(one) for one in beside if one.possible.step == offer.possible.step and offer.step]

    def button(self, offer: Offer) -> dict[str, Any]:
        return {
            "label": self.verb(offer),
            "consequence": self.consequence(offer),
            "url": self._address(offer),
            "danger": name(offer) in DANGER,
            "primary": False,
        }

    def verb(self, offer: Offer) -> str:
        if offer.actor.recorded_by and name(offer) == "SendBack":
            return _("Correct it, as the household asks")
        if name(offer) == "Sign" and self.file.row.household_id is None:
            return _("Attach a signed copy")
        if name(offer) == "Submit" and self.file.known.state.correction:
            return _("Correct what was sent back")
        told = _(LABELS[name(offer)])
        if name(offer) in QUIET and len(self.file.known.state.open) > 1 and offer.possible.step:
            return _("%(what)s: “%(step)s”", what=told, step=self.step_labels[offer.possible.step])
        return told

    def _address(self, offer: Offer) -> str:
        reference = self.file.row.reference
        if name(offer) == "Submit" and self._from_the_list():
            return url_for("dossiers.start_filling", reference=reference)
        if name(offer) == "Submit":
            return url_for("dossiers.fill", reference=reference, section=first_section(self.file))
        if name(offer) == "Sign":
            return url_for("dossiers.sign", reference=reference)
        if name(offer) == "Refresh":
            return url_for("dossiers.refresh", reference=reference)
        return url_for(
            "dossiers.decide",
            reference=reference,
            command=verb(name(offer)),
            step=offer.possible.step or WHOLE,
            version=self.file.known.course.version,
        )

    def _from_the_list(self) -> bool:
        """Whether filling goes on from the list of sections: there are several, and none is asked for."""
        return self.file.known.state.correction is None and len(self.file.published.form.sections) > 1

    # -- consequences

    def consequence(self, offer: Offer) -> str:
        """Plain sentences: names of persons, labels of stages."""
        if name(offer) in PLAIN:
            return _(PLAIN[name(offer)])
        told = [one for one in offer.possible.consequence if not self._goes_without_saying(one, offer)]
        return " ".join(dict.fromkeys(self.sentence(one) for one in told))

    def _goes_without_saying(self, one: Consequence, offer: Offer) -> bool:
        """A stage that opens again because the dossier goes back to it; one's own decision that falls with it."""
        back = {other.params["stage"] for other in offer.possible.consequence if other.code == "returns"}
        if one.code == "opens":
            return one.params["stage"] in back
        return one.code == "falls" and one.params["person"] == offer.actor.person

    def sentence(self, one: Consequence) -> str:
        if one.code == "opens":
            return self._opens(one)
        if one.code == "returns":
            return self._back(one.params["stage"])
        if one.code in WAITS:
            return goes_on(self.circuit.step(one.params["step"]), one.params)
        return _(one.message, **{key: self._said(key, value) for key, value in one.params.items()})

    def _opens(self, one: Consequence) -> str:
        if self.circuit.stage_index(one.params["stage"]) < self.file.known.state.stage:
            return self._back(one.params["stage"])
        steps = [self.circuit.step(step) for step in one.params["steps"]]
        who = "; ".join(filter(None, (self.course.asked(step) for step in steps)))
        stage = self.stage_labels[one.params["stage"]]
        if who in ("", stage):
            return _(one.message, stage=stage)
        return _("“%(stage)s” opens next: %(who)s.", stage=stage, who=who)

    def _back(self, stage_id: str) -> str:
        stage, rank = self.stage_labels[stage_id], self.circuit.stage_index(stage_id)
        if rank == self.circuit.author_stage:
            author = self.people.name(self.file.known.course.author)
            return _("The dossier goes back to %(person)s, for “%(stage)s”.", person=author, stage=stage)
        return _(GOES_BACK, stage=stage)

    def _said(self, key: str, value: Any) -> Any:
        """Ids become what people call these things."""
        if key in ("stage", "step", "other"):
            return (self.stage_labels if key == "stage" else self.step_labels).get(value, "")
        if key == "sections":
            form = self.file.published.form
            return ", ".join(found.label[form_lang(form, lang())] for found in form.sections if found.name in value)
        if key == "steps":
            return "; ".join(map(self._asked_at, value))
        if key in ("person", "left"):
            return one_of(map(self.people.name, (value,) if key == "person" else value))
        if key == "outcome":
            return _(OUTCOMES.get(value, value))
        return value

    def _asked_at(self, step: str) -> str:
        return f"{self.step_labels[step]} ({self.course.asked(self.circuit.step(step))})"

    def refusal(self, message: str, params: Mapping[str, Any], at: str = "") -> str:
        """A refusal of the judgement as a sentence. `at`: the instant it speaks of, already in words."""
        told = {key: self._said(key, value) for key, value in params.items()}
        return _(message, **(told | ({"at": at} if at else {}))) if message else ""


WHOLE = "dossier"
"""Stands in addresses for decisions that speak of the whole dossier, not of one step."""


def name(offer: Offer) -> str:
    return offer.possible.command.__name__


def first_section(file: File) -> str:
    """Where filling goes on: the first section that this reader sees and may change."""
    known, instance = editable(file.known, file.published), file.instance
    may_be = (group for group in file.published.form.sections if group.name in known)
    return next((one.name for one in may_be if instance is None or may_open(instance, one, file.lens)), "")
