"""One decision on a dossier that was returned twenty times: read what happened, fold it, judge, write what follows.

The peer of the same run restores, runs and saves the same course in SpiffWorkflow (`pip install SpiffWorkflow`; without
it the peer's column is empty). Then the same decision at the first round and at the twentieth return: by a process that
knows the dossier; by one that has never seen it and reads what the database keeps of it, as far behind as the rule lets
it be, at a decision after which that is written anew; and from the first event on.
"""

import gc
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import click
from measuring import Figure, around, show

from workflow.approvals.queries.kept import TURN as KEPT_FOR
from workflow.circuit import commands as c
from workflow.circuit import events as e
from workflow.circuit.decide import Actor, Context, Refusal, decide
from workflow.circuit.definition import load
from workflow.circuit.snapshot import plain, state_of
from workflow.circuit.state import State, fold

try:
    from spiff_peer import Peer
except ModuleNotFoundError:
    Peer = None

RETURNS = 20
ROUNDS = 60
TURN = 5
CIRCUIT = load("""
circuit: course
label: {fr: Parcours, en: Course}
stages:
  - id: fill
    label: {fr: Remplir, en: Fill in}
    steps: [{id: fill, label: {fr: Remplir, en: Fill in}, kind: fill, who: {role: officer}, delay: 30}]
  - id: visa
    label: {fr: Visa, en: Check}
    steps: [{id: visa, label: {fr: Visa, en: Check}, kind: visa, who: {role: referent}, delay: 5, reminders: [-2, 1]}]
  - id: committee
    label: {fr: Commission, en: Committee}
    steps:
      - id: committee
        label: {fr: Valider, en: Validate}
        kind: approval
        who: {body: committee}
        rule: {per_organisation: true, quorum: 3}
        delay: 15
""")
OFFICER, REFERENT = Actor("claire", "officer", "city"), Actor("karim", "referent", "landlord")
SEATS = tuple(Actor(f"seat-{name}", "seat", name) for name in ("city", "landlord", "state"))
ROUND = (
    (OFFICER, c.Submit, "fill"),
    (REFERENT, c.Approve, "visa"),
    *((seat, c.Approve, "committee") for seat in SEATS),
)
CONTEXT = Context(
    now=datetime(2026, 3, 2, 9, tzinfo=UTC),
    holders={"fill": {OFFICER.voice}, "visa": {REFERENT.voice}, "committee": {seat.voice for seat in SEATS}},
    shown_now="r1",
    section_hashes={section: f"{section}1" for section in "ABCDEFGHIJ"},
    author="claire",
)


def happened(returns: int) -> list[list[str]]:
    """A dossier that came back so many times and waits for its check, as it is stored: for each decision, one text for
    each of its events.
    """
    told: list[list[str]] = []
    course = [(OFFICER, c.Open(), 0)]
    for turn in range(returns):
        course += [(actor, kind(step=step, shown="r1"), turn) for actor, kind, step in ROUND[:-1]]
        course.append((SEATS[-1], c.SendBack(step="committee", shown="r1", reason_ref="r"), turn))
    course.append((OFFICER, c.Submit(step="fill", shown="r1"), returns))
    state = State()
    for actor, command, turn in course:
        new = decide(CIRCUIT, state, command, actor, replace(CONTEXT, now=CONTEXT.now + timedelta(days=turn)))
        if isinstance(new, Refusal):
            raise SystemExit(f"the course of the measure was refused: {new.code}")
        told.append([json.dumps(event.to_dict()) for event in new])
        state = fold(CIRCUIT, new, state)
    return told


def texts(course: list[list[str]]) -> list[str]:
    return [text for decision in course for text in decision]


def folded(state: State, stored: list[str]) -> State:
    return fold(CIRCUIT, (e.from_dict(json.loads(text)) for text in stored), state)


def decided(stored: list[str], state: State | None = None) -> tuple[list[str], State]:
    """The check is given: from the stored texts to those that are added, and to where the dossier stands then.
    `state`: what is known before them.
    """
    state = folded(state or State(), stored)
    new = decide(CIRCUIT, state, c.Approve(step="visa", shown="r1"), REFERENT, CONTEXT)
    if isinstance(new, Refusal):
        raise SystemExit(f"the decision that is measured was refused: {new.code}")
    return [json.dumps(event.to_dict()) for event in new], fold(CIRCUIT, new, state)


def decided_from(kept: str, stored: list[str]) -> tuple[list[str], State]:
    """The same where what is known is kept as text."""
    return decided(stored, state_of(json.loads(kept)))


def decided_and_kept(kept: str, stored: list[str]) -> tuple[list[str], str]:
    """The same, and where the dossier stands is kept as text again."""
    added, state = decided_from(kept, stored)
    return added, json.dumps(plain(state))


def furthest(course: list[list[str]]) -> tuple[list[str], list[str]]:
    """The events of a course until what is kept of it at worst, and those since."""
    whole = texts(course)
    since: list[str] = []
    for decision in reversed(course):
        if len(since) + len(decision) >= KEPT_FOR:
            break
        since = decision + since
    return whole[: len(whole) - len(since)], since


def side_by_side(*works: Callable[[], object]) -> list[float]:
    """The median of each in milliseconds of processor time. They take turns, so that other work falls on all alike."""
    found: list[list[float]] = [[] for _ in works]
    for _ in range(ROUNDS // TURN):
        for seconds, work in zip(found, works, strict=True):
            for _ in range(TURN):
                began = time.thread_time()
                work()
                seconds.append(time.thread_time() - began)
    return [1000 * statistics.median(seconds) for seconds in found]


def peer_at(returns: int) -> Callable[[], object]:
    """The same decision on the same course in SpiffWorkflow."""
    peer = Peer()
    for _ in range(returns):
        for word in (*("approve" for _ in ROUND[:-1]), "send_back"):
            peer.stored = peer.said(word)
    peer.stored = peer.said("approve")
    if peer.waits_at() != ["visa"]:
        raise SystemExit(f"the peer stands elsewhere: {peer.waits_at()}")
    return lambda: peer.said("approve")


@click.command()
@click.option("--returns", default=RETURNS, show_default=True, help="How often the dossier came back.")
@click.option("--json", "as_json", is_flag=True)
def main(returns: int, as_json: bool) -> None:
    """Measure one decision."""
    course, notes = happened(returns), [around()]
    first, before, late = (texts(each) for each in (happened(0), happened(max(returns - 1, 0)), course))
    known, since = folded(State(), before), late[len(before) :]
    long_ago, after = furthest(course)
    kept = json.dumps(plain(folded(State(), long_ago)))
    works: list[Callable[[], object]] = [
        lambda: decided(first),
        lambda: decided(since, known),
        lambda: decided_from(kept, after),
        lambda: decided_and_kept(kept, after),
        lambda: decided(late),
    ]
    works += [peer_at(0), peer_at(returns)] if Peer else []
    gc.collect()
    gc.freeze()
    here, back, read, anew, afresh, *there = side_by_side(*works)
    at_first, at_last = there or [None, None]
    figures = [
        Figure("a first decision", here, "ms", at_first),
        Figure(f"after {returns} returns ({len(late)} events), known to the process", back, "ms", at_last),
        Figure(f"read from what is kept, {len(after)} events ago", read, "ms", at_last),
        Figure("the same, and what is kept written anew", anew, "ms", at_last),
        Figure("all of its events read again", afresh, "ms", at_last),
        Figure("known to the process, beside a first decision", back, "ms", here),
        Figure("read from what is kept, beside a first decision", read, "ms", here),
        Figure("and written anew, beside a first decision", anew, "ms", here),
    ]
    if Peer is None:
        notes.append("SpiffWorkflow is not installed: no peer")
    show("One decision: stored course read, folded, judged, what follows written", figures, notes, as_json=as_json)


if __name__ == "__main__":
    main()
