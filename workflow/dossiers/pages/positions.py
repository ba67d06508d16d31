"""Who has said what so far: decisions and opinions that count, second opinions, those that no longer count."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _

from workflow.circuit.model import Kind, Step
from workflow.circuit.standing import Advice, Vote
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.turns_told import why_it_fell
from workflow.dossiers.pages.wording import ago, day
from workflow.record.queries import texts
from workflow.web.spoken import label

SAID = {
    "approved": ("Favourable", "done"),
    "reserved": ("Favourable with a reservation", "waiting"),
    "refused": ("Unfavourable", "refused"),
    "signed": ("Read and confirmed", "done"),
    "favourable": ("Favourable", "done"),
    "unfavourable": ("Unfavourable", "refused"),
    "none": ("No opinion", "closed"),
}


def positions(page: Page) -> list[dict[str, Any]]:
    """[{who, step, said, state, when, ago, words, about}] in the order in which they were given."""
    found = [*_votes(page), *_advice(page)]
    words = texts(ref for _at, _row, ref in found if ref)
    return [row | {"words": words.get(ref or "", "")} for _at, row, ref in sorted(found, key=lambda one: one[0])]


def _votes(page: Page) -> Iterator[tuple[Any, dict[str, Any], str | None]]:
    for step in page.file.published.circuit.steps():
        if step.kind is Kind.FILL:
            continue
        for vote in page.file.known.state.votes_at(step.id):
            yield (
                vote.at,
                _vote(page, step, vote),
                vote.reason_ref if page.history.may_read_words(step, vote.position) else None,
            )


def _vote(page: Page, step: Step, vote: Vote) -> dict[str, Any]:
    said, state = SAID.get(vote.position, (vote.position, ""))
    return {
        "who": page.people.actor(vars(vote.by)),
        "step": label(step.label),
        "said": _(said),
        "state": state,
        "when": day(vote.at, page.zone),
        "ago": ago(vote.at),
        "about": "",
    }


def _advice(page: Page) -> Iterator[tuple[Any, dict[str, Any], str | None]]:
    for one in page.file.known.state.advice:
        step = page.file.published.circuit.step(one.step)
        yield (
            one.given_at or one.at,
            _second(page, step, one),
            one.reason_ref if page.history.may_read_words(step) else None,
        )


def _second(page: Page, step: Step, one: Advice) -> dict[str, Any]:
    said, state = SAID[one.opinion] if one.opinion else ("Asked, not given yet", "todo")
    who = page.people.actor(vars(one.given_by)) if one.given_by else page.people.name(one.person)
    at = one.given_at or one.at
    about = _("Second opinion, asked by %(who)s", who=page.people.actor(vars(one.by)))
    return {
        "who": who,
        "step": label(step.label),
        "said": _(said),
        "state": state,
        "when": day(at, page.zone),
        "ago": ago(at),
        "about": about,
    }


def fallen(page: Page) -> list[str]:
    """Sentences: whose decision no longer counts, and why; those who decided again since are left out."""
    state, found = page.file.known.state, []
    for one in state.fallen:
        if any(vote.voice == one.voice for vote in state.votes_at(one.step)):
            continue
        who = page.people.named(one.voice.person, one.voice.organisation)
        why = why_it_fell(page.history, one.because, one.sections)
        step = page.choices.step_labels.get(one.step, "")
        found.append(_("%(who)s at “%(step)s”: %(why)s.", who=who, step=step, why=why))
    return list(dict.fromkeys(found))
