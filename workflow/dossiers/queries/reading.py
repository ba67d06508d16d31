"""One dossier before one reader."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from forms.instance import Instance
from forms.visibility import Lens, View, view
from workflow import access
from workflow.access import Identity
from workflow.approvals import queries as approvals
from workflow.approvals.queries import Standing
from workflow.catalogue.queries import Published
from workflow.circuit.commands import Submit
from workflow.dossiers.models import HANDED_ON, AnswerSet, Dossier
from workflow.dossiers.queries.answers import decided_on_set, form_lang, handed_on_set, opened, present_set
from workflow.dossiers.queries.dossiers import dossier
from workflow.dossiers.queries.whom import lens_of


@dataclass
class File:
    """One dossier before one reader: the standing, the lens, the answers they may read."""

    identity: Identity
    row: Dossier
    known: Standing

    @cached_property
    def published(self) -> Published:
        return self.known.published

    @cached_property
    def lens_name(self) -> str:
        return lens_of(self.identity, self.row)

    @property
    def lens(self) -> Lens:
        return access.LENSES[self.lens_name]

    @cached_property
    def filling(self) -> str | None:
        """The open step at which this reader may write the draft now."""
        return approvals.possible_at(self.identity, self.known, Submit)

    @property
    def fills(self) -> bool:
        return self.filling is not None

    @cached_property
    def offers(self) -> list[approvals.Offer]:
        return approvals.offers(self.identity, self.known)

    @cached_property
    def stored(self) -> AnswerSet | None:
        """The draft for who writes it; what was handed on for everybody else."""
        latest = present_set(self.row)
        if self._out_of_turn:
            return decided_on_set(self.row, self.known.state)
        if latest.state == HANDED_ON or self._of_the_team or self.fills:
            return latest
        return handed_on_set(self.row)

    @property
    def _of_the_team(self) -> bool:
        """Whoever interviews households reads each other's drafts; what is written for all, only those asked for it."""
        return self.row.household_id is not None and access.may_fill(self.identity, self.row.operation_id)

    @property
    def _out_of_turn(self) -> bool:
        """Who only reads in the turn of their body goes on reading what was decided, while a newer version comes."""
        state = self.known.state
        if self.names or state.decided_at is None or state.closed:
            return False
        asked = (voice for step in state.open for voice in self.known.context.seats(step, state))
        return self.identity.person not in {voice.person for voice in asked}

    @cached_property
    def _opened(self) -> tuple[Instance | None, dict[str, Any]]:
        return opened(self.row, self.stored) if self.stored else (None, {})

    @cached_property
    def instance(self) -> Instance | None:
        return self._opened[0]

    @cached_property
    def lines(self) -> dict[str, Any]:
        """Where each answer comes from, by path: see `forms.provenance`."""
        return self._opened[1]

    def answers(self, lang: str) -> View | None:
        """The answers cut by this reader's lens."""
        if self.instance is None:
            return None
        return view(self.instance, self.lens, form_lang(self.instance.form, lang))

    @property
    def names(self) -> bool:
        """Whether the household's name may be read; a whole operation has nothing to hide behind a reference."""
        if self.row.household_id is None:
            return True
        return access.may_read_names(self.identity, self.row.operation_id)


def file(identity: Identity, reference: str) -> File:
    row = dossier(identity, reference)
    return File(identity.at(row.slug), row, approvals.standing(row.subject))
