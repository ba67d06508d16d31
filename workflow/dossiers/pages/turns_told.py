"""Each turn of a dossier in plain words: who, for whom, in what capacity, on which answers, when, what it led to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from workflow.approvals.queries import DONE
from workflow.approvals.queries.turns import Turn
from workflow.circuit.deadlines import last_day
from workflow.circuit.model import Kind, Step
from workflow.dossiers.models import DRAFT, SET_ASIDE, AnswerSet
from workflow.dossiers.pages.history import History
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.wording import full_day, stamp
from workflow.dossiers.queries import sets
from workflow.people import queries as people
from workflow.record.queries import Fact
from workflow.web.spoken import label

WHY_IT_FELL = {
    "correction": "the file was corrected",
    "sections_changed": "what it was about has changed",
    "asked_again": "the question is asked again",
    "refusal": "the file was refused and goes back",
    "own_work": "who gave it has since filled in the file",
    "other_version": "the form has changed",
}
"""Why a decision no longer counts: English msgids."""

INTERVENTIONS = frozenset(("Cancelled", "Reassigned", "DeadlineExtended", "Reopened", "VersionChanged", "Reminded"))
"""What whoever runs the procedure does beside its steps."""


def why_it_fell(history: History, because: str, sections: Iterable[str] = ()) -> str:
    """the file was corrected; what it was about has changed (Logement, Budget)."""
    said, names = _(WHY_IT_FELL.get(because, "the file was corrected")), history.sections(sections)
    return f"{said} ({names})" if names else said


class TurnsTold:
    """The turns of one dossier for one reader: texts, names and sections as its history says them."""

    def __init__(self, page: Page) -> None:
        self.page, self.people, self.history = page, page.people, page.history
        self.versions = list(enumerate(_handed_on(page), 1))

    def told(self, turns: Iterable[Turn]) -> list[dict[str, Any]]:
        found = ((turn, self.history.told(turn.head)) for turn in turns)
        return [self._turn(turn, *said) for turn, said in found if said]

    def _turn(self, turn: Turn, what: str, state: str) -> dict[str, Any]:
        head = turn.head
        return {
            "what": what,
            "state": state,
            "how": self._how(turn),
            "when": stamp(head.at, self.page.zone),
            "iso": head.at.isoformat(timespec="minutes"),
            "who": self.people.actor(head.actor, self._capacity(turn)),
            "on": self._answers(head),
            "late": self._late(turn),
            "note": self.history.words(head),
            "led_to": list(dict.fromkeys(filter(None, self._led_to(turn)))),
        }

    def _how(self, turn: Turn) -> str:
        """What is no step of the procedure is told apart: what came by itself, what whoever runs it did beside."""
        actor = turn.head.actor
        if not actor.get("person"):
            return _("by itself")
        runs = turn.circuit.managed_by
        beside = turn.head.kind in INTERVENTIONS and not self._own_seat(turn.head)
        if beside and (turn.head.kind == "VersionChanged" or (runs and actor.get("role") in runs.role)):
            return _("intervention")
        return ""

    def _own_seat(self, fact: Fact) -> bool:
        return fact.kind == "Reassigned" and fact.data["from_person"] == fact.actor.get("person")

    # -- in what capacity, on what

    def _capacity(self, turn: Turn) -> str:
        """The body in which one sits, or the role one holds, as the procedure calls it."""
        step, role = _step(turn), turn.head.actor.get("role") or ""
        if step and step.who.body and turn.head.actor.get("person"):
            return self.people.asked(step, ())
        if role in ("", "household"):
            return _("person concerned") if role else ""
        told = self.page.file.published.settings.get("roles", {}).get(role, {}).get("label")
        return label(told) if told else _(people.role_label(role))

    def _answers(self, fact: Fact) -> str:
        """Version 2 of the answers, of 20 November 2026."""
        shown = fact.data.get("shown_hash")
        same = [(rank, row) for rank, row in self.versions if row.fingerprint == shown and row.saved_at <= fact.at]
        if not same:
            return ""
        rank, row = same[-1]  # handed on again without a change, it is another version with the same answers
        return _("version %(number)s of the answers, of %(day)s", number=rank, day=stamp(row.saved_at, self.page.zone))

    def _late(self, turn: Turn) -> str:
        """A decision that came after its deadline."""
        waited = turn.before.open.get(turn.head.data.get("step") or "")
        acted = turn.head.kind in DONE
        if not (acted and waited and waited.due and waited.due < turn.head.at):
            return ""
        return _("After the deadline, which was %(day)s", day=full_day(last_day(waited.due, self.page.zone)))

    # -- what it led to

    def _led_to(self, turn: Turn) -> Iterator[str]:
        for fact in turn.follows:
            teller = getattr(self, f"_{fact.kind.lower()}", None)
            if teller:
                yield from teller(turn, fact.data)

    def _stepclosed(self, turn: Turn, data: Mapping[str, Any]) -> Iterator[str]:
        step = _named(turn, data["step"])
        if data["outcome"] == "set_aside" and step:
            yield _("“%(step)s” is not asked any more", step=label(step.label))

    def _stageskipped(self, turn: Turn, data: Mapping[str, Any]) -> Iterator[str]:
        yield _("Not needed: %(stage)s", stage=self.history.stage(data["stage"]))

    def _stageentered(self, turn: Turn, data: Mapping[str, Any]) -> Iterator[str]:
        stage = self.history.stage(data["stage"])
        opened = [opening for opening in data["opened"] if _waits(turn, opening["step"])]
        if opened:
            back = turn.circuit.stage_index(data["stage"]) <= turn.before.stage and turn.head.kind != "Opened"
            said = _("Goes back to: %(stage)s", stage=stage) if back else _("Next: %(stage)s", stage=stage)
            yield said + self._until(opened)
        for kept in data["kept"]:
            yield from self._kept(turn, kept)

    def _until(self, opened: Iterable[Mapping[str, Any]]) -> str:
        due = min((one["due"] for one in opened if one["due"]), default=None)
        if due is None:
            return ""
        return _(", to do by %(day)s", day=full_day(last_day(datetime.fromisoformat(due), self.page.zone)))

    def _kept(self, turn: Turn, step_id: str) -> Iterator[str]:
        step = _named(turn, step_id)
        for vote in turn.after.votes_at(step_id) if step and step.kind is not Kind.FILL else ():
            who = self.people.named(vote.voice.person, vote.voice.organisation)
            yield _("The decision of %(person)s at “%(step)s” still counts", person=who, step=label(step.label))

    def _votefell(self, turn: Turn, data: Mapping[str, Any]) -> Iterator[str]:
        step = _named(turn, data["step"])
        if step is None or step.kind is Kind.FILL:
            return
        yield _(
            "The decision of %(person)s at “%(step)s” no longer counts: %(why)s",
            person=self.people.named(data["person"], data.get("organisation")),
            step=label(step.label),
            why=why_it_fell(self.history, data["because"], data["sections"]),
        )

    def _completed(self, turn: Turn, data: Mapping[str, Any]) -> Iterator[str]:
        yield _("Dossier validated") if data["outcome"] == "approved" else _("Dossier refused")


def _step(turn: Turn) -> Step | None:
    return _named(turn, turn.head.data.get("step"))


def _named(turn: Turn, step_id: str | None) -> Step | None:
    return next((step for step in turn.circuit.steps() if step.id == step_id), None)


def _waits(turn: Turn, step_id: str) -> bool:
    """Information needs nobody: it closes as it opens."""
    step = _named(turn, step_id)
    return step is not None and step.kind is not Kind.INFORMATION


def _handed_on(page: Page) -> list[AnswerSet]:
    """Versions as the page of versions numbers them."""
    return [row for row in sets(page.file.row) if row.state not in (SET_ASIDE, DRAFT)]
