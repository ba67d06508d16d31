"""The course of a dossier told in plain words, newest first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from workflow.approvals.queries.ways import LINK, way_of
from workflow.approvals.rules import ROUTINE
from workflow.circuit.deadlines import last_day
from workflow.circuit.model import Kind, Step
from workflow.dossiers.pages.people_of import PeopleOf
from workflow.dossiers.pages.wording import ago, full_day, stamp
from workflow.dossiers.queries import File, form_lang
from workflow.record.queries import Fact, text
from workflow.web.spoken import label

Line = dict[str, Any]
Told = tuple[str, str] | None
TOLD_ROUTINE = frozenset(("Opened", "StepOverdue", "Reminded", "Escalated"))
OPINIONS = {
    "favourable": "Favourable opinion",
    "reserved": "Favourable opinion with a reservation",
    "unfavourable": "Unfavourable opinion",
    "none": "No opinion",
}
ADVICE = {
    "favourable": "Second opinion: favourable",
    "reserved": "Second opinion: favourable with a reservation",
    "unfavourable": "Second opinion: unfavourable",
    "none": "Second opinion: no opinion",
}


class History:
    """Turns facts into lines; `people` names whom this reader may read."""

    def __init__(self, file: File, people: PeopleOf, zone: str, lang: str) -> None:
        self.file, self.people, self.zone = file, people, zone
        self.circuit = file.published.circuit
        self.form_lang = form_lang(file.published.form, lang)

    def lines(self, facts: Iterable[Fact]) -> list[Line]:
        """One line for each fact that says something to a person, newest first."""
        told = (self.line(fact) for fact in facts)
        return [line for line in told if line][::-1]

    def acts(self, facts: Iterable[Fact]) -> list[Line]:
        """Only what people did: what a page overtaken by somebody tells."""
        return self.lines(fact for fact in facts if fact.kind not in ROUTINE)

    def told(self, fact: Fact) -> Told:
        """(what it is, family of shape and colour); None for what says nothing to a person."""
        teller = _TELLERS.get(fact.kind)
        if teller is None or (fact.kind in ROUTINE and fact.kind not in TOLD_ROUTINE) or self._kept_from_me(fact):
            return None
        return teller(self, fact)

    def _kept_from_me(self, fact: Fact) -> bool:
        """A comment that colleagues keep among themselves: whether it is there at all is theirs to know."""
        internal = fact.kind == "Commented" and not fact.data.get("public")
        return internal and not self._of_my_organisation(fact)

    def _of_my_organisation(self, fact: Fact) -> bool:
        grants = self.file.identity.grants_in(self.file.row.operation_id)
        return fact.actor.get("organisation") in {grant.organisation for grant in grants if grant.organisation}

    def line(self, fact: Fact) -> Line | None:
        told = self.told(fact)
        if told is None:
            return None
        what, state = told
        return {
            "what": what,
            "state": state,
            "who": self.people.actor(fact.actor),
            "when": stamp(fact.at, self.zone),
            "ago": ago(fact.at),
            "iso": fact.at.isoformat(timespec="minutes"),
            "note": self.words(fact),
        }

    def words(self, fact: Fact) -> str:
        """A person's own words: free text may name people or amounts, so it is for who may read names; the members of
        a body also read what their own body said.
        """
        own = fact.kind == "Commented" and self._of_my_organisation(fact)
        if not self.file.names and not own and not self._of_my_body(fact):
            return ""
        ref = fact.data.get("reason_ref") or fact.data.get("remarks_ref") or fact.data.get("text_ref")
        return text(ref) or ""

    def may_read_words(self, step: Step, position: str = "") -> bool:
        """The same of what was said at a step; position: of a decision given there."""
        return self.file.names or (position != "signed" and self._is_of_my_body(step))

    def _of_my_body(self, fact: Fact) -> bool:
        step = self._step(fact)
        return bool(step and self._is_of_my_body(step) and not fact.data.get("remarks_ref"))

    def _is_of_my_body(self, step: Step) -> bool:
        return step.who.body is not None and step.who.body in self.file.identity.bodies_in(self.file.row.operation_id)

    # -- labels

    def step(self, fact: Fact) -> str:
        step = self._step(fact)
        return label(step.label) if step else ""

    def _step(self, fact: Fact) -> Any:
        return next((step for step in self.circuit.steps() if step.id == fact.data.get("step")), None)

    def fills(self, fact: Fact) -> bool:
        step = self._step(fact)
        return step is not None and step.kind is Kind.FILL

    def stage(self, stage_id: str) -> str:
        return next((label(stage.label) for stage in self.circuit.stages if stage.id == stage_id), "")

    def stage_of_step(self, fact: Fact) -> str:
        step_id = fact.data.get("step")
        owner = (stage for stage in self.circuit.stages if any(step.id == step_id for step in stage.steps))
        return next((label(stage.label) for stage in owner), "")

    def sections(self, names: Iterable[str]) -> str:
        known = {group.name: group.label[self.form_lang] for group in self.file.published.form.sections}
        return ", ".join(known[name] for name in names if name in known)


def _submitted(history: History, fact: Fact) -> Told:
    taken_up = history.file.known.state.refreshed_at
    if taken_up and fact.at >= taken_up:
        return _("Brought up to date and sent"), "done"
    if fact.data.get("round", 1) > 1:
        return _("Corrected and sent again"), "done"
    return _("Filled in and sent"), "done"


def _signed(_history: History, fact: Fact) -> Told:
    if fact.data.get("disagreement"):
        return _("Read by the household, who disagrees on some points"), "waiting"
    if way_of(fact.actor)[0] == LINK:
        return _("Read by the household and confirmed from its personal link"), "done"
    if fact.data.get("channel") == "paper":
        return _("Read by the household and confirmed on paper"), "done"
    return _("Read by the household and confirmed on the screen"), "done"


def _sent_back(history: History, fact: Fact) -> Told:
    sections = history.sections(fact.data.get("sections") or ())
    if sections:
        return _("Sent back for correction: %(sections)s", sections=sections), "waiting"
    return _("Sent back for correction"), "waiting"


def _version_changed(_history: History, _fact: Fact) -> Told:
    return _("The form has changed: this file goes on with its newer version"), ""


def _vote_fell(history: History, fact: Fact) -> Told:
    if history.fills(fact):
        return None
    who = history.people.named(fact.data["person"], fact.data.get("organisation"))
    return _("The decision of %(person)s at “%(step)s” no longer counts.", person=who, step=history.step(fact)), ""


def _extended(history: History, fact: Fact) -> Told:
    due = last_day(datetime.fromisoformat(fact.data["due"]), history.zone)
    return _("New deadline for “%(step)s”: %(day)s", step=history.step(fact), day=full_day(due)), ""


def _reassigned(history: History, fact: Fact) -> Told:
    before, after = (history.people.name(fact.data[key]) for key in ("from_person", "to_person"))
    return _("“%(step)s” passes from %(before)s to %(after)s", step=history.step(fact), before=before, after=after), ""


def _advice_asked(history: History, fact: Fact) -> Told:
    return _("Second opinion asked of %(person)s", person=history.people.name(fact.data["of_person"])), "waiting"


def _reopened(history: History, fact: Fact) -> Told:
    return _("Reopened, at “%(stage)s”", stage=history.stage(fact.data["to"])), "todo"


def _reminded(history: History, fact: Fact) -> Told:
    return _("Reminder for “%(step)s”", step=history.step(fact)), ""


def _escalated(history: History, fact: Fact) -> Told:
    if fact.data.get("because") == "nobody":
        return _("Nobody may decide at the moment: %(step)s", step=history.step(fact)), "late"
    if fact.data.get("because") == "too_few":
        return _("Too few people may decide at the moment: %(step)s", step=history.step(fact)), "late"
    return _("Still late: %(step)s", step=history.step(fact)), "late"


def _completed(_history: History, fact: Fact) -> Told:
    if fact.data.get("outcome") == "approved":
        return _("Dossier validated"), "done"
    return _("Dossier refused"), "refused"


_TELLERS: dict[str, Callable[[History, Fact], Told]] = {
    "Opened": lambda history, fact: (_("Dossier opened"), "todo"),
    "Submitted": _submitted,
    "Approved": lambda history, fact: (_("Approved: %(stage)s", stage=history.stage_of_step(fact)), "done"),
    "ApprovedWithReservation": lambda history, fact: (
        _("Approved with a reservation: %(stage)s", stage=history.stage_of_step(fact)),
        "done",
    ),
    "OpinionGiven": lambda history, fact: (_(OPINIONS.get(fact.data["opinion"], "No opinion")), "done"),
    "Signed": _signed,
    "Refused": lambda history, fact: (_("Refused: %(stage)s", stage=history.stage_of_step(fact)), "refused"),
    "SentBack": _sent_back,
    "Refreshed": lambda history, fact: (_("A new version is begun, to bring the file up to date"), "todo"),
    "VersionChanged": _version_changed,
    "TakenBack": lambda history, fact: (_("Last decision taken back"), "waiting"),
    "VoteFell": _vote_fell,
    "StageSkipped": lambda history, fact: (
        _("Not needed: %(stage)s", stage=history.stage(fact.data.get("stage", ""))),
        "",
    ),
    "StepOverdue": lambda history, fact: (_("Deadline passed: %(step)s", step=history.step(fact)), "late"),
    "Reminded": _reminded,
    "Escalated": _escalated,
    "TacitlyDecided": lambda history, fact: (_("Decided by silence: %(step)s", step=history.step(fact)), ""),
    "DeadlineExtended": _extended,
    "Reassigned": _reassigned,
    "AdviceAsked": _advice_asked,
    "Advised": lambda history, fact: (_(ADVICE.get(fact.data["opinion"], ADVICE["none"])), "done"),
    "Reopened": _reopened,
    "Commented": lambda history, fact: (
        _("Comment") if fact.data.get("public") else _("Comment among colleagues"),
        "",
    ),
    "Withdrawn": lambda history, fact: (_("Given up by its author"), "closed"),
    "Cancelled": lambda history, fact: (_("Cancelled"), "closed"),
    "Completed": _completed,
}
