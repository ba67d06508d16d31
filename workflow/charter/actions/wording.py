"""The version that is being written: its articles are worded, added, taken out; then it is frozen."""

from __future__ import annotations

from workflow.access import Identity
from workflow.charter.actions.beginning import add_edition, note, seal_edition
from workflow.charter.models import PREPARING, SETTLED, Consultation, Edition, Passage
from workflow.charter.queries import drafts, said
from workflow.charter.queries.entitled import may_draft
from workflow.charter.rules import phases
from workflow.charter.rules.text import LONGEST_WORDS, MOST_ARTICLES, Part, key_for
from workflow.db import db, new_id
from workflow.errors import FieldError, Invalid, Moved, NotFound, Refused


def working(identity: Identity, row: Consultation) -> Edition:
    """The version that is being written, begun now from the one everybody reads where there is none. Raises Refused
    once the draft is settled.
    """
    if not may_draft(identity, row.operation_id):
        raise NotFound()
    held = drafts.held(row)
    if held.state == SETTLED:
        raise Refused("settled", "This draft is settled: open it for contributions again to change it.")
    found = drafts.written_now(held)
    if found is not None:
        return found
    made = add_edition(held, held.current + 1, drafts.current_parts(held))
    note(held, "VersionBegun", identity.person, edition=made.number)
    return made


def word(identity: Identity, row: Consultation, seen: int, told: Part, after: str | None = None) -> str:
    """Put an article of that key, or a new one where the key is ""; after: behind which one it stands. Answers its key.

    seen: version of what is being written as it was shown. Raises Moved, Invalid.
    """
    held = _shown(identity, row, seen)
    if not told.title.strip():
        raise Invalid([FieldError("title", "Give the article a title.")])
    if len(told.words) > LONGEST_WORDS:
        raise Invalid([FieldError("words", "Write at most %(count)s characters.", {"count": LONGEST_WORDS})])
    taken = {one.key for one in drafts.parts_of(held)}
    if told.key and told.key not in taken:
        raise NotFound()
    if not told.key and len(taken) >= MOST_ARTICLES:
        raise Refused("too_many", "A draft has at most %(count)s articles.", count=MOST_ARTICLES)
    key = told.key or key_for(told.title, taken)
    put_passage(row, held, Part(key, told.numbered, " ".join(told.title.split()), told.words), after)
    note(row, "ArticleWorded", identity.person, edition=held.number, article=key)
    return key


def put_passage(row: Consultation, held: Edition, told: Part, after: str | None = None) -> None:
    """Write it; where it is new, at the end or behind another one."""
    rows = drafts.passages(held)
    found = next((one for one in rows if one.key == told.key), None)
    if found is None:
        last = rows[-1].rank if rows else 0
        found = Passage(id=new_id(), operation_id=row.operation_id, edition_id=held.id, key=told.key, rank=last + 10)
        rows.append(found)
        db.session.add(found)
    found.numbered, found.title, found.words = told.numbered, told.title, told.words
    if after is not None:
        others = [one for one in rows if one is not found]
        at = next((place for place, one in enumerate(others, start=1) if one.key == after), 0)
        for rank, one in enumerate([*others[:at], found, *others[at:]], start=1):
            one.rank = 10 * rank
    held.version += 1
    db.session.flush()


def take_out(identity: Identity, row: Consultation, seen: int, key: str) -> None:
    """The next version has this article no more; earlier ones keep it, with what was said of it."""
    held = _shown(identity, row, seen)
    found = next((one for one in drafts.passages(held) if one.key == key), None)
    if found is None:
        raise NotFound()
    db.session.delete(found)
    held.version += 1
    db.session.flush()
    note(row, "ArticleTakenOut", identity.person, edition=held.number, article=key)


def freeze(identity: Identity, row: Consultation, seen: int) -> Edition:
    """The version that is written becomes the one everybody reads. Raises Moved, Refused: contributions are still
    taken, or one of them waits to be read or answered.
    """
    held = _shown(identity, row, seen)
    row = drafts.held(row)
    if row.state == PREPARING:
        raise Refused("not_open", "Nobody contributed yet: open the draft first.")
    if drafts.phase_of(row) != phases.ANSWERING:
        raise Refused("still_open", "Contributions are still taken: the next version waits until the last day is over.")
    if left := said.left(row):
        raise Refused(
            "unanswered",
            "%(count)s contributions wait for an answer: each of their authors gets one first.",
            count=left,
        )
    seal_edition(identity, held)
    row.current, row.state, row.version = held.number, SETTLED, row.version + 1
    note(row, "VersionFrozen", identity.person, edition=held.number, text=held.hash)
    return held


def open_again(identity: Identity, row: Consultation, seen: int) -> None:
    """A settled version is submitted once more; its days are chosen next."""
    if not may_draft(identity, row.operation_id):
        raise NotFound()
    held = drafts.held(row)
    if held.version != seen:
        raise Moved("Somebody changed this draft meanwhile.")
    if held.state != SETTLED or held.published_at is not None:
        raise Refused("not_settled", "Only a settled draft that is not published yet is opened again.")
    held.state, held.opens, held.closes, held.version = PREPARING, None, None, held.version + 1
    note(held, "DraftTakenUpAgain", identity.person, edition=held.current)


def _shown(identity: Identity, row: Consultation, seen: int) -> Edition:
    """What is being written, as it was shown; seen 0: nobody had begun it. Raises Moved."""
    begun = drafts.written_now(drafts.held(row))
    shown = begun.version if begun is not None else 0
    if shown != seen:
        raise Moved("Somebody changed the next version meanwhile.")
    return working(identity, row)
