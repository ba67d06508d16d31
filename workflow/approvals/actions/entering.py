"""What a body says of the dossiers before it is entered, taken back, and in the end carried out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from workflow import clock
from workflow.access import Identity
from workflow.approvals.actions.deciding import append
from workflow.approvals.actions.sittings import at_work, kept_words, note, subject_of
from workflow.approvals.actions.withdrawing import followed
from workflow.approvals.models import Item, Sitting
from workflow.approvals.queries import attending
from workflow.approvals.queries.sitting_before import foreseen, gone, spoken_before
from workflow.approvals.queries.sittings import SPOKE, Case
from workflow.approvals.rules import ADJOURN, NONE, OVER, POSITIONS, SEND_BACK, VOICES, WAITING, WITH_A_REASON
from workflow.circuit.decide import Event, Refusal
from workflow.errors import FieldError, Forbidden, Invalid, Moved, Problem, Refused
from workflow.filing import actions as filing

ALL = "*"
"""Stands for every seat that gives a voice: one common position."""


@dataclass(frozen=True)
class Entry:
    """What is entered for one dossier. said: voices | send_back | adjourn.

    positions: {seat, or ALL: (position, words)}. words: why it is sent back or adjourned. sections: what is to be
    corrected, none meaning the whole. withdrawn: {seat: words} of those who withdraw for this dossier. seen: how often
    something had been entered when the page was drawn; shown: fingerprint of the answers it showed.
    """

    subject: str
    said: str
    positions: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    words: str = ""
    sections: tuple[str, ...] = ()
    withdrawn: Mapping[str, str] = field(default_factory=dict)
    seen: int = 0
    shown: str = ""


def enter(identity: Identity, sitting_id: str, told: Entry) -> str:
    """Keep what was said of one dossier; answers what it would come to: approved, refused, given, sent_back, adjourned,
    or "" when the dossier would go on waiting.

    Raises Moved (another secretary was faster; the answers changed), Invalid (a reason lacks), Refused (no quorum, what
    the rules of the step say).
    """
    row = at_work(identity, sitting_id)
    on_it = _untouched(row, told)
    _withdraw(row, on_it, told)
    on_it.said, on_it.shown, on_it.problem = told.said, told.shown, []
    case = Case(row, on_it, lock=bool(told.withdrawn))
    if not case.is_open:
        raise Moved("This dossier does not wait for this body any more: it was decided, or sent back, meanwhile.")
    _not_after_speaking(case)
    outcome = ADJOURN if told.said == ADJOURN else _judged(identity, case, told)
    if told.said == ADJOURN:
        on_it.positions, on_it.sections = {}, []
        on_it.reason = kept_words(on_it.subject, told.words, "words")
    on_it.entries += 1
    on_it.entered_by, on_it.entered_at = identity.person, clock.now()
    told_now = {"said": on_it.said, "positions": _codes(on_it), "outcome": outcome or WAITING}
    note(row, "PositionsEntered", identity, dossier=on_it.subject, **told_now)
    return outcome


def _untouched(row: Sitting, told: Entry) -> Item:
    on_it = attending.item(row, told.subject)
    if on_it.carried:
        raise Refused("carried_already", "What was decided on this dossier has already taken effect.")
    if on_it.entries != told.seen:
        at = on_it.entered_at.isoformat() if on_it.entered_at else ""
        raise Moved("%(person)s entered something for this dossier meanwhile.", person=on_it.entered_by, at=at)
    return on_it


def _withdraw(row: Sitting, on_it: Item, told: Entry) -> None:
    if told.withdrawn or on_it.withdrawn:
        with followed(row):
            on_it.withdrawn = {seat: _sealed(row, words, f"why-{seat}") for seat, words in told.withdrawn.items()}


def _sealed(row: Sitting, words: str, name: str) -> str:
    if not words.strip():
        raise Invalid([FieldError(name, "Say why this person withdraws: the record keeps it.")])
    return kept_words(subject_of(row), words, name)


def _not_after_speaking(case: Case) -> None:
    """A voice given at a desk counts: whoever gave it withdraws by taking it back there."""
    spoke = [place for place in case.places if place.standing == SPOKE and place.seat in case.item.withdrawn]
    if spoke:
        message = "%(person)s has already decided on this dossier: nobody withdraws after speaking."
        raise Refused("spoke_already", message, person=spoke[0].person)


def _judged(identity: Identity, case: Case, told: Entry) -> str:
    """Write the positions of those who sit, then let the rules of the step say what they come to."""
    if not case.quorate:
        message = "The quorum is not reached for this dossier: %(there)s of %(quorum)s. It can be adjourned."
        raise Refused("no_quorum", message, there=case.voices, quorum=max(case.quorum, 1))
    on_it = case.item
    on_it.sections, on_it.positions, on_it.reason = [], {}, ""
    if told.said == SEND_BACK:
        on_it.sections = list(told.sections)
        on_it.reason = _with_words(on_it, told.words, SEND_BACK, "words")
    elif told.said == VOICES:
        on_it.positions = _positions(case, told)
    else:
        raise Refused("unknown", "This decision is not known.")
    verdict = case.verdict(identity.person)
    if verdict is None:
        raise Invalid([FieldError("position", "Enter at least one position.")])
    if isinstance(verdict, Refusal):
        raise refused(verdict)
    return case.outcome(verdict)


def _positions(case: Case, told: Entry) -> dict[str, list[str]]:
    found = {}
    for place in case.sitting:
        position, words = told.positions.get(place.seat) or told.positions.get(ALL) or (NONE, "")
        if position not in POSITIONS:
            raise Refused("unknown", "This decision is not known.")
        found[place.seat] = [position, _with_words(case.item, words, position, f"reason-{place.seat}")]
    stranger = set(told.positions) - {ALL} - {place.seat for place in case.places}
    if stranger:
        raise Refused("not_present", "A position was entered for somebody who is not there.")
    return found


def _with_words(on_it: Item, words: str, position: str, name: str) -> str:
    if position in WITH_A_REASON and not words.strip():
        raise Invalid([FieldError(name, "Write why, in one or two sentences: this is what the others will read.")])
    return kept_words(on_it.subject, words, name) if position in WITH_A_REASON else ""


def refused(verdict: Refusal) -> Moved | Refused:
    """A refusal of the judgement: what was shown has changed, or the rules say no."""
    if verdict.code in ("moved", "not_open", "closed"):
        return Moved(verdict.message, **verdict.params)
    return Refused(verdict.code, verdict.message, **verdict.params)


def _codes(on_it: Item) -> dict[str, str]:
    return {seat: position for seat, (position, _reason) in on_it.positions.items()}


def take_back(identity: Identity, sitting_id: str, subject: str, seen: int) -> None:
    """Nothing is entered for this dossier any more; the record keeps that something was."""
    row = at_work(identity, sitting_id)
    on_it = _untouched(row, Entry(subject, VOICES, seen=seen))
    with followed(row):
        on_it.said, on_it.positions, on_it.sections, on_it.withdrawn, on_it.problem = None, {}, [], {}, []
    on_it.reason, on_it.shown = "", ""
    on_it.entries += 1
    note(row, "EntryTakenBack", identity, dossier=subject)


# -- carried out --------------------------------------------------------------------------------------------------


def carry_out(identity: Identity, sitting_id: str, subject: str, seen: int | None = None) -> str:
    """Let what was entered for one dossier take effect; the caller commits. Answers what became of it. `seen`: how
    often something had been entered when the page was drawn.

    What cannot take effect is said in the item and changes nothing else: the answers changed since, they have become
    too old, somebody whose position was entered left or decided at a desk, it would come to something else now.
    """
    row = _of_the_day(at_work(identity, sitting_id))
    on_it = attending.item(row, subject)
    if on_it.carried or not on_it.said:
        return on_it.carried or ""
    if seen is not None and seen != on_it.entries:
        raise Moved("Something else was entered for this dossier meanwhile: look at it, then close the sitting.")
    if on_it.said == ADJOURN:
        on_it.carried = "adjourned"
        return on_it.carried
    case = Case(row, on_it, lock=True)
    verdict = _as_entered(identity, case)
    if isinstance(verdict, Refusal):
        on_it.problem = [verdict.message, {key: _plain(value) for key, value in verdict.params.items()}]
        return ""
    append(case.known, verdict)
    on_it.carried, on_it.problem = case.outcome(verdict) or WAITING, []
    return on_it.carried


def _as_entered(identity: Identity, case: Case) -> Sequence[Event] | Refusal:
    """What follows from what was entered, as long as it is what it was to come to when it was entered."""
    if case.is_open and (left := _left(case)):
        return left
    if not case.quorate:
        return Refusal("no_quorum", "The quorum is not reached.")
    verdict = case.verdict(_secretary(identity, case))
    if verdict is None:
        return Refusal("not_open", "This step does not wait for anybody now.")
    if isinstance(verdict, Refusal):
        return verdict
    entered, now = foreseen(case.row).get(case.item.subject), case.outcome(verdict) or WAITING
    if entered and entered != now:
        message = "Entered as: %(entered)s. It would come to this now: %(now)s. Enter it again, as it was decided."
        return Refusal("enter_again", message, {"entered": entered, "now": now})
    return verdict


def _left(case: Case) -> Refusal | None:
    """Why what was entered is entered again: the first whose position was entered and who does not give it here now."""
    places = {place.seat: place for place in case.places}
    sits = {place.seat for place in case.sitting}
    for one in attending.attendance(case.row):
        if one.seat in case.item.positions and one.seat not in sits:
            message = "%(person)s has no voice on this dossier any more: enter again what the others decided."
            if one.seat in places and places[one.seat].standing == SPOKE:
                message = "%(person)s decided at a desk after this was entered: enter again what the others decided."
            return Refusal("enter_again", message, {"person": one.person})
    return None


def _of_the_day(row: Sitting) -> Sitting:
    """Raises Refused before its day: nobody was there yet."""
    if attending.is_ahead(row):
        message = "This sitting is planned for %(day)s: it is closed on that day, or its day is changed first."
        raise Refused("too_early", message, day=row.held_on.isoformat())
    return row


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else str(value)


def could_not(identity: Identity, sitting_id: str, subject: str, problem: Problem) -> None:
    """An entry could not take effect because somebody was faster: said in the sitting, like what the rules refuse."""
    row = at_work(identity, sitting_id)
    on_it = attending.item(row, subject)
    on_it.problem = [problem.message, {key: _plain(value) for key, value in problem.params.items()}]


def _secretary(identity: Identity, case: Case) -> str:
    """Who entered it, as long as they keep this body; else whoever closes the sitting."""
    by = case.item.entered_by
    return by if by and case.known.context.is_secretary(case.step.id, by) else identity.person


def close_sitting(identity: Identity, sitting_id: str, version: int | None = None) -> Sitting:
    """Everything entered has taken effect; what was left open is adjourned. Raises Refused while an entry could not."""
    row = _of_the_day(at_work(identity, sitting_id, version))
    agenda = attending.items(row)
    left = [one for one in agenda if one.said and not one.carried]
    if left:
        message = "%(count)s entries could not take effect: enter them again, adjourn them or take them back."
        raise Refused("entries_left", message, count=len(left))
    vacant = sorted(gone(row))
    for one in agenda:
        one.carried = one.carried or "adjourned"
    row.state, row.closed_by, row.closed_at = OVER, identity.person, clock.now()
    row.version += 1
    carried = {one.subject: one.carried for one in agenda}
    note(row, "SittingClosed", identity, carried=carried, before=spoken_before(row, agenda), gone=vacant)
    return row


def keep_scan(identity: Identity, sitting_id: str, data: bytes, mime: str) -> None:
    """The signed list, scanned. Raises Invalid when it is no scan, Refused while the sitting is open."""
    row = attending.sitting(sitting_id, lock=True)
    if not attending.keeps(identity, attending.body_of(row)):
        raise Forbidden()
    if row.state != OVER:
        raise Refused("sitting_open", "Close the sitting first: the list is signed afterwards.")
    kept = filing.keep_file(row.operation_id, subject_of(row), data, mime, identity.person)
    note(row, "SittingScanned", identity, sha256=kept.sha256)
