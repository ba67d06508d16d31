"""What a decision asks for beside its button, and what is missing or wrong in what was typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask_babel import gettext as _

from workflow.approvals.queries import Offer
from workflow.circuit.offers import NEEDS
from workflow.dossiers.actions import Decision
from workflow.dossiers.pages import advice, comments, deadlines_of, passing_on, reopening
from workflow.dossiers.pages.choices import name
from workflow.dossiers.pages.history import OPINIONS
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.questions import LONGEST, Fault, Question, one_of_these, some_of_these, words

SAY_WHY = "Write why, in one or two sentences: this is what the others will read."
TOO_LONG = "Write at most 4,000 characters: what you wrote stands below, to be shortened."
MINDED = frozenset(("reserved", "unfavourable"))
"""Opinions that give their reason."""
OPINING = frozenset(("GiveOpinion", "Advise"))


def questions(page: Page, offer: Offer, errors: Iterable[Mapping[str, str]]) -> list[Question]:
    """In the order of the page; what was wrong stands beside each."""
    told = {error["id"]: error["message"] for error in errors}
    found = _ASKED.get(name(offer), _of_a_decision)(page, offer)
    return [question | {"path": question["id"], "error": told.get(question["id"], "")} for question in found]


def _of_a_decision(page: Page, offer: Offer) -> list[Question]:
    needs = needs_of(name(offer))
    found = [*_destination(page, offer), *_sections(page, offer), *_opinions(offer)]
    if "reason" in needs or found or name(offer) == "Withdraw":
        found.append(words("Reason", required="reason" in needs))
    return found


def needs_of(kind: str) -> tuple[str, ...]:
    return next((needs for one, needs in NEEDS.items() if one.__name__ == kind), ())


def _destination(page: Page, offer: Offer) -> list[Question]:
    """Only where there is a choice."""
    allowed = offer.possible.choices.get("to", ()) if name(offer) == "SendBack" else ()
    places = [(to, page.course.place_of(to)) for to in allowed]
    return [one_of_these("to", "To whom", places, first=True)] if len(places) > 1 else []


def _sections(page: Page, offer: Offer) -> list[Question]:
    """Sections that may be sent back: those the step looks at and its reader sees."""
    if name(offer) != "SendBack" or offer.step is None:
        return []
    answers = page.file.answers(page.lang)
    seen = {section.path for section in answers.sections} if answers else set()
    choices = [
        (group.name, group.label[page.form_lang])
        for group in page.file.published.form.sections
        if group.path in seen and offer.step.looks_at(group.name)
    ]
    hint = "Only the sections you tick can be changed. Tick nothing to send everything back."
    return [some_of_these("sections", "What must be corrected", choices, hint)] if choices else []


def _opinions(offer: Offer) -> list[Question]:
    known = [(one, _(OPINIONS[one])) for one in offer.possible.choices.get("opinion", ())]
    return [one_of_these("opinion", "Your opinion", known)] if known else []


_ASKED: Mapping[str, Callable[[Page, Offer], list[Question]]] = {
    "Reassign": passing_on.questions,
    "AskAdvice": advice.questions,
    "Comment": comments.questions,
    "ExtendDeadline": deadlines_of.questions,
    "Remind": lambda page, offer: [],
    "Reopen": reopening.questions,
}

# -- before one decides ---------------------------------------------------------------------------------------------


def known_before(page: Page, offer: Offer) -> list[str]:
    """Sentences to read first: the last reminder, the present deadline, who cannot be chosen and why."""
    return _KNOWN.get(name(offer), lambda page, offer: [])(page, offer)


_KNOWN: Mapping[str, Callable[[Page, Offer], list[str]]] = {
    "Reassign": passing_on.known_before,
    "Remind": deadlines_of.reminded_before,
    "ExtendDeadline": deadlines_of.known_before,
    "Advise": advice.known_before,
}

# -- what is missing or wrong ---------------------------------------------------------------------------------------


def wrong(decision: Decision) -> list[dict[str, str]]:
    """[{id, label, message}] of what was typed; whether the circuit accepts it is not looked at here."""
    return [fault.told() for fault in (*_wrong_choices(decision), *_wrong_words(decision))]


def _wrong_choices(decision: Decision) -> Iterable[Fault]:
    kind = decision.command
    if kind in OPINING and not decision.opinion:
        yield Fault("opinion", "Your opinion", "Choose your opinion.")
    if kind == "Reassign" and not decision.from_person:
        yield Fault("from_person", "Whose turn passes on", "Choose somebody in the list.")
    elif kind == "Reassign" and decision.from_person == decision.to_person:
        yield Fault("to_person", "Who", "Choose somebody else than the person whose turn passes on.")
    if kind in ("Reassign", "AskAdvice") and not decision.to_person:
        yield Fault("to_person", "Who", "Choose somebody in the list.")
    if kind == "ExtendDeadline" and not decision.due:
        yield Fault("due", "New last day", "Give a day, for example 24/12/2026.")


def _wrong_words(decision: Decision) -> Iterable[Fault]:
    kind = decision.command
    label, empty = _WORDS.get(kind, ("Reason", SAY_WHY))
    minded = kind in OPINING and decision.opinion in MINDED
    if not decision.reason and (minded or {"reason", "text"} & set(needs_of(kind))):
        yield Fault("reason", label, empty)
    if len(decision.reason) > LONGEST:
        yield Fault("reason", label, TOO_LONG)


_WORDS: Mapping[str, tuple[Any, str]] = {
    "Comment": ("Your comment", "Write your comment."),
    "AskAdvice": ("Your question", "Write your question."),
}
