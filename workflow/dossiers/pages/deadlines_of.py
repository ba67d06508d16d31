"""Time at a step: a reminder, a later deadline; what was done before stands beside it."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _

from workflow import clock
from workflow.approvals.queries import Offer
from workflow.circuit.deadlines import last_day
from workflow.dossiers.actions.commanding import furthest_day
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.questions import Question, a_day, words
from workflow.dossiers.pages.wording import full_day, moment
from workflow.record.queries import Fact, facts

MORE = 5  # working days proposed


def questions(page: Page, offer: Offer) -> list[Question]:
    """Until when, and why."""
    furthest = full_day(furthest_day(page.zone))
    hint = _("Until midnight, %(day)s at the latest. A working day is best.", day=furthest)
    return [
        a_day("due", "New last day", hint, _proposed(page, offer).isoformat()),
        words("Reason (if you want to give one)", required=False),
    ]


def _proposed(page: Page, offer: Offer) -> date:
    """Some working days after the present deadline, or from today when that is past."""
    today, due = clock.today(page.zone), _due(page, offer)
    start = max(today, due) if due else today
    return page.file.known.context.calendar.shift(start, MORE)


def _due(page: Page, offer: Offer) -> date | None:
    found = page.file.known.state.open[offer.possible.step or ""].due
    return last_day(found, page.zone) if found else None


def known_before(page: Page, offer: Offer) -> list[str]:
    due = _due(page, offer)
    return [_("The present deadline: %(day)s.", day=full_day(due))] if due else [_("There is no deadline at present.")]


def reminded_before(page: Page, offer: Offer) -> list[str]:
    """When somebody was last reminded, so that nobody is reminded every hour."""
    last = _last_reminder(page, offer)
    if last is None:
        return [_("Nobody has been reminded yet at this step.")]
    told: dict[str, Any] = {"when": moment(last.at, page.zone)}
    if last.actor.get("person"):
        return [_("Last reminder: %(when)s, by %(who)s.", who=page.people.actor(last.actor), **told)]
    return [_("Last reminder, sent by itself: %(when)s.", **told)]


def _last_reminder(page: Page, offer: Offer) -> Fact | None:
    """Since the step was opened for the last time."""
    step = offer.possible.step or ""
    since = page.file.known.state.open[step].since
    told = (fact for fact in reversed(facts(page.file.row.subject)) if fact.kind == "Reminded" and fact.at >= since)
    return next((fact for fact in told if fact.data.get("step") == step), None)
