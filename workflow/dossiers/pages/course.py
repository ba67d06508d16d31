"""Where a dossier stands and who is next, for the line of stages at the top of its page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from workflow import clock
from workflow.approvals.queries import context_of
from workflow.circuit.deadlines import last_day
from workflow.circuit.decide import Context, Voice, nobody_left, voices
from workflow.circuit.model import AUTHOR, Kind, Stage, Step
from workflow.circuit.voting import count, unit
from workflow.dossiers.pages.people_of import PeopleOf
from workflow.dossiers.pages.wording import ago, day, full_day
from workflow.dossiers.queries import File
from workflow.dossiers.queries.freshness import is_stale
from workflow.dossiers.rules import FORM_STATES, aged, form_state
from workflow.web.spoken import label

WAITING = "Waiting for: %(who)s, to “%(what)s”"
DEAD_END = (
    "“%(what)s” waits for somebody else: whoever could do it has written this file. The person in charge has been told"
)


class CourseOf:
    """The stages of one dossier as its reader sees them."""

    def __init__(self, file: File, people: PeopleOf, zone: str, context: Context | None = None) -> None:
        self.file, self.people, self.zone = file, people, zone
        self.state, self.circuit = file.known.state, file.published.circuit
        self.context = context or context_of(file.known)

    # -- the badge

    def badge(self) -> tuple[str, str]:
        """(family of shape and colour, label)."""
        course = self.file.known.course
        first = next(stage.id for stage in self.circuit.stages if _fills(stage))
        sent_back, again = self.state.correction is not None, self.state.refreshed_at is not None
        found = form_state(course.phase, course.stage, sent_back, first, again=again)
        household = self.file.row.household.state
        told, family = FORM_STATES[aged(found, household, stale=is_stale(self.file.row, self.zone), newer=False)]
        if self.late():
            return "late", _("%(state)s, late", state=_(told))
        return family, _(told)

    def late(self) -> bool:
        return any(step.overdue or (step.due and step.due < clock.now()) for step in self.state.open.values())

    # -- the line of stages

    def stages(self) -> list[dict[str, Any]]:
        return [self._stage(rank, stage) for rank, stage in enumerate(self.circuit.stages)]

    def _stage(self, rank: int, stage: Stage) -> dict[str, Any]:
        told = {"label": label(stage.label), "state": self._state(rank, stage), "who": "", "when": "", "ago": ""}
        if told["state"] in ("current", "returned"):
            told |= {"who": self.waits_for(), "when": self.due(), "ago": self.late_since()}
        elif told["state"] == "done":
            told |= self._done(stage)
        return told

    def _state(self, rank: int, stage: Stage) -> str:
        ended = {self.state.outcomes.get(step.id) for step in stage.steps}
        if ended == {"not_needed"}:
            return "skipped"
        if self.state.closed:
            decided = (self.state.before or self.state).phase in ("approved", "refused")
            reached = rank <= self.state.stage if decided else rank < self.state.stage
            return "done" if reached else "skipped"
        if rank == self.state.stage:
            return "returned" if self.state.correction else "current"
        return "done" if rank < self.state.stage else "todo"

    def _done(self, stage: Stage) -> dict[str, str]:
        votes = [vote for step in stage.steps for vote in self.state.votes_at(step.id)]
        if not votes:
            return {}
        who = dict.fromkeys(self.people.named(vote.voice.person, vote.voice.organisation) for vote in votes)
        return {"who": ", ".join(who), "when": day(max(vote.at for vote in votes), self.zone)}

    # -- who is next

    def waits_for(self) -> str:
        """The persons, body or household the open steps wait for."""
        return "; ".join(self._waited(self.circuit.step(step)) for step in self.state.open)

    def _waited(self, step: Step) -> str:
        asked = self.asked(step)
        if self._dead_end(step):
            return _("nobody at the moment")
        if step.rule.kind in ("any", "all"):
            return asked
        counted = count(step, self.state.votes_at(step.id), self._voices(step))
        return _("%(who)s: %(given)s of %(needed)s voices", who=asked, given=counted.favourable, needed=counted.needed)

    def _dead_end(self, step: Step) -> bool:
        return nobody_left(self.circuit, self.state, step, self.context)

    def _voices(self, step: Step) -> list[Voice]:
        return sorted(voices(self.circuit, self.state, step, self.context), key=str)

    def asked(self, step: Step) -> str:
        """Whom a step asks, without those who have spoken and those who may not decide there."""
        spoken = {unit(step, vote.voice) for vote in self.state.votes_at(step.id)}
        waiting = tuple(seat for seat in self._voices(step) if unit(step, seat) not in spoken)
        recorders = tuple(sorted(self.context.recorders(step.id)))
        return self.people.asked(step, waiting, recorders)

    def due(self) -> str:
        due = self._deadline()
        return _due_words(due, self.zone) if due else ""

    def due_of(self, step: str) -> str:
        """The same for one step."""
        found = self.state.open.get(step)
        return _due_words(found.due, self.zone) if found and found.due else ""

    # -- where it may go back to

    def rank_of(self, to: str) -> int:
        """to: AUTHOR or the id of a stage."""
        return self.circuit.author_stage or 0 if to == AUTHOR else self.circuit.stage_index(to)

    def place_of(self, to: str) -> str:
        """A stage to which something goes back, and who is asked there: a person's name for the author."""
        rank = self.rank_of(to)
        stage = label(self.circuit.stages[rank].label)
        if rank == self.circuit.author_stage:
            return _("%(who)s, for “%(stage)s”", who=self.people.name(self.file.known.course.author), stage=stage)
        who = "; ".join(filter(None, (self.asked(step) for step in self.circuit.stages[rank].steps)))
        return _("%(who)s, for “%(stage)s”", who=who, stage=stage) if who and who != stage else stage

    def late_since(self) -> str:
        """il y a 3 jours; empty as long as nothing is late."""
        due = self._deadline()
        return ago(due) if due and due < clock.now() else ""

    def _deadline(self) -> datetime | None:
        return min((step.due for step in self.state.open.values() if step.due), default=None)

    def next_sentence(self) -> str:
        """What is asked of whom now and until when, in one sentence; empty once the dossier is closed."""
        found = []
        for step_id in self.state.open:
            step = self.circuit.step(step_id)
            said = DEAD_END if self._dead_end(step) else WAITING
            found.append(_(said, who=self._waited(step), what=label(step.label)))
        late = self.late_since()
        due = f"{self.due()} ({late})" if late else self.due()
        told = ". ".join(found)
        return f"{told} – {due}." if told and due else f"{told}." if told else ""


def _due_words(due: datetime, zone: str) -> str:
    day = full_day(last_day(due, zone))
    return _("was due on %(day)s", day=day) if due < clock.now() else _("to do by %(day)s", day=day)


def _fills(stage: Stage) -> bool:
    return any(step.kind is Kind.FILL for step in stage.steps)
