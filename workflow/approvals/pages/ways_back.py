"""Where several files may be sent back to together: the author, or a stage that all of them have behind them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from flask_babel import gettext as _

from workflow.approvals.pages.cards import key_of
from workflow.approvals.queries.mine import Mine
from workflow.catalogue.queries import version
from workflow.circuit.model import AUTHOR
from workflow.web.spoken import label as said


class Ways:
    """The destinations of one person's tasks, by what the circuits allow; whether a stage would open again for a file
    is judged when it is looked at.
    """

    def __init__(self, mine: Mine) -> None:
        self._mine = mine

    @cached_property
    def known(self) -> dict[str, str]:
        """{destination: what it is called} of all these tasks together; the author first."""
        found: dict[str, str] = {}
        for count in self._mine.counts:
            names = {stage.id: said(stage.label) for stage in count.published.circuit.stages}
            names[AUTHOR] = _("Whoever filled in the file")
            found |= {one: names[one] for one in _of(count.procedure, count.step) if one not in found}
        return dict(sorted(found.items(), key=lambda one: (one[0] != AUTHOR, one[1])))

    @property
    def first(self) -> str:
        """Where a return leads as long as nobody says otherwise."""
        return next(iter(self.known), AUTHOR)

    def shared(self, keys: Iterable[str]) -> dict[str, str]:
        """Those of them to which every one of the tasks with these keys may go back; one that can go nowhere is told
        so when it is looked at.
        """
        wanted = set(keys)
        tasks = {(one.procedure, one.step) for one in self._mine.everything if key_of(one.subject, one.step) in wanted}
        allowed = [ways for task in tasks if (ways := _of(*task))]
        return {to: name for to, name in self.known.items() if all(to in each for each in allowed)}


def _of(procedure: str, step: str) -> tuple[str, ...]:
    return version(procedure).circuit.destinations(step)
