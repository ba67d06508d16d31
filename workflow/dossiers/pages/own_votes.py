"""After a correction: which of the reader's own decisions on a dossier still count, which fell, and why."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from workflow.circuit.events import Voice
from workflow.circuit.standing import Fallen, Vote
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.turns_told import why_it_fell
from workflow.dossiers.pages.wording import day
from workflow.web.spoken import label

KEPT = "Your decision of %(day)s at “%(step)s” still counts."
UNTIL_CORRECTED = {
    "all": KEPT,
    "untouched_sections": "Your decision of %(day)s at “%(step)s” counts as long as what it was about stays the same.",
    "none": "Your decision of %(day)s at “%(step)s” will be asked of you again once the file is corrected.",
}
"""What becomes of a decision while the form is being corrected: `survives` of its step → English msgid."""


def own_votes(page: Page) -> dict[str, list[str]]:
    """{fell, kept}: sentences about what this reader decided, or somebody for them, or they for somebody away."""
    if page.file.known.state.closed:
        return {"fell": [], "kept": []}
    return {"fell": list(_fell(page)), "kept": list(_kept(page))}


def _fell(page: Page) -> Iterator[str]:
    """The last one at each step, unless a newer one was given there since."""
    state = page.file.known.state
    last: dict[tuple[str, Voice], Fallen] = {(one.step, one.voice): one for one in state.fallen}
    for (step, voice), gone in last.items():
        again = any(vote.voice == voice for vote in state.votes_at(step))
        if not again and voice.person in _mine(page):
            told = {"day": _when(page, step, voice), "step": label(page.file.published.circuit.step(step).label)}
            why = why_it_fell(page.history, gone.because, gone.sections)
            yield _("Your decision of %(day)s at “%(step)s” no longer counts: %(why)s.", why=why, **told)


def _kept(page: Page) -> Iterator[str]:
    """Those of an earlier round, at the steps after the one that is corrected."""
    state, circuit = page.file.known.state, page.file.published.circuit
    for step in circuit.steps():
        after = circuit.index_of_step(step.id) > (circuit.author_stage or 0)
        for vote in state.votes_at(step.id) if after else ():
            if vote.round < state.round and _is_mine(page, vote):
                said = KEPT if state.stage > (circuit.author_stage or 0) else UNTIL_CORRECTED[step.survives]
                yield _(said, day=_when(page, step.id, vote.voice), step=label(step.label))


def _mine(page: Page) -> set[str]:
    """This reader, and whoever they stand in for today."""
    lent = {grant.on_behalf_of for grant in page.identity.grants_in(page.file.row.operation_id) if grant.on_behalf_of}
    return {page.identity.person, *lent}


def _is_mine(page: Page, vote: Vote) -> bool:
    return vote.voice.person in _mine(page) or vote.by.person == page.identity.person


def _when(page: Page, step: str, voice: Voice) -> str:
    """The day on which a voice last decided at a step."""
    return day(page.file.known.state.looked[step][voice].at, page.zone)
