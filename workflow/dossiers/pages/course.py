"""Where a dossier stands and who is next, for the line of stages at the top of its page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from workflow import clock
from workflow.approvals.queries import context_of
from workflow.circuit.deadlines import last_day
from workflow.circuit.decide import Context, DeadEnd, Voice, dead_end, voices
from workflow.circuit.model import AUTHOR, Kind, Stage, Step
from workflow.circuit.voting import count, unit
from workflow.dossiers.pages.people_of import PeopleOf
from workflow.dossiers.pages.wording import day, full_day, late_by
from workflow.dossiers.queries import File
from workflow.dossiers.queries.freshness import is_stale
from workflow.dossiers.rules import FORM_STATES, aged, form_state
from workflow.web.spoken import label

WAITING = "Waiting for: %(who)s, to “%(what)s”"
DEAD_END = "“%(what)s” cannot be decided as things stand. %(why)s"


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
        household = self.file.row.about.state
        told, family = FORM_STATES[aged(found, household, stale=is_stale(self.file.row, self.zone), newer=False)]
        told = self._stage_of_now() or _(told)
        if self.late():
            return "late", _("%(state)s, late", state=told)
        return family, told

    def _stage_of_now(self) -> str:
        """What is agreed by many in many stages says in which one it is; “submitted” would say nothing."""
        whole, state = self.file.row.household_id is None, self.state
        open_now = not state.closed and state.correction is None and state.stage is not None
        return label(self.circuit.stages[state.stage].label) if whole and open_now else ""

    def late(self) -> bool:
        return any(step.overdue or (step.due and step.due < clock.now()) for step in self.state.open.values())

    # -- the line of stages

    def stages(self) -> list[dict[str, Any]]:
        return [self._stage(rank, stage) for rank, stage in enumerate(self.circuit.stages)]

    def _stage(self, rank: int, stage: Stage) -> dict[str, Any]:
        told = {"label": label(stage.label), "state": self._state(rank, stage), "who": "", "when": "", "ago": ""}
        if told["state"] in ("current", "returned"):
            told |= {"who": self.waits_for(), "when": self.due(), "ago": self.late_by()}
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
        if step.rule.quorum is not None:
            told = {"who": asked, "given": counted.heard, "of": counted.of, "needed": counted.needed}
            return _("%(who)s: %(given)s of %(of)s have spoken, at least %(needed)s must", **told)
        return _("%(who)s: %(given)s of %(needed)s voices", who=asked, given=counted.favourable, needed=counted.needed)

    def _dead_end(self, step: Step) -> bool:
        found = self._stuck(step)
        return found is not None and found.code == "nobody"

    def _stuck(self, step: Step) -> DeadEnd | None:
        return dead_end(self.circuit, self.state, step, self.context)

    def dead_ends(self) -> list[str]:
        """What holds up the open steps that can come to no good end as things stand, and what may be done about it."""
        steps = [self.circuit.step(step_id) for step_id in self.state.open]
        told = [(step, found) for step in steps if (found := self._stuck(step))]
        return [_(DEAD_END, what=label(step.label), why=_(found.message, **found.params)) for step, found in told]

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
        return _("to do by %(day)s", day=full_day(last_day(due, self.zone))) if due else ""

    def late_by(self) -> str:
        """en retard de 3 jours ouvrés; empty as long as nothing is late. Never printed: it changes every day."""
        due = self._deadline()
        return self._late_by(due) if due else ""

    def due_of(self, step: str) -> str:
        """Both for one step."""
        found = self.state.open.get(step)
        return self._due_words(found.due) if found and found.due else ""

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

    def _deadline(self) -> datetime | None:
        return min((step.due for step in self.state.open.values() if step.due), default=None)

    def next_sentence(self, *, stuck: bool = True) -> str:
        """What is asked of whom now and until when, in one sentence; empty once the dossier is closed. stuck: with what
        holds it up.
        """
        found = []
        for step_id in self.state.open:
            step = self.circuit.step(step_id)
            if not self._dead_end(step):
                found.append(_(WAITING, who=self._waited(step), what=label(step.label)))
        deadline, told = self._deadline(), ". ".join(found)
        due = self._due_words(deadline) if deadline else ""
        waiting = f"{told} – {due}." if told and due else f"{told}." if told else ""
        return " ".join(filter(None, (waiting, *(self.dead_ends() if stuck else ()))))

    def _due_words(self, due: datetime) -> str:
        """à faire au plus tard le lundi 23 novembre 2026 (en retard de 3 jours ouvrés)."""
        last, late = full_day(last_day(due, self.zone)), self._late_by(due)
        return _("to do by %(day)s (%(late)s)", day=last, late=late) if late else _("to do by %(day)s", day=last)

    def _late_by(self, due: datetime) -> str:
        if due >= clock.now():
            return ""
        return late_by(self.context.calendar.count(last_day(due, self.zone), clock.today(self.zone)))


def _fills(stage: Stage) -> bool:
    return any(step.kind is Kind.FILL for step in stage.steps)
