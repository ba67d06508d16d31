"""What was chosen, put into the texts of a model: stretches replaced, clauses written out where they are called for."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from documents.from_word.places import unmarked
from documents.values import clean, without_marks

_LONGEST_HOLD = 400


@dataclass(frozen=True, slots=True)
class Replaced:
    """A stretch of the model ("" as `origin`) or of a clause, and what it becomes when theirs is taken over."""

    origin: str
    start: int
    end: int
    before: str
    after: str


def as_read(text: str) -> str:
    """A text as the engine reads it: places of `Replaced` are places in this one."""
    return without_marks(clean(unmarked(text).lstrip("\ufeff")))


def taken(texts: Mapping[str, str], replaced: Sequence[Replaced]) -> dict[str, str]:
    """The texts, by origin, with those stretches replaced; what is put in at one place stands in the order given."""
    done = dict(texts)
    for origin in {one.origin for one in replaced}:
        text = as_read(texts[origin])
        mine = [one for one in replaced if one.origin == origin]
        for one in sorted(reversed(mine), key=lambda one: (one.start, one.end), reverse=True):
            text = text[: one.start] + one.after + text[one.end :]
        done[origin] = _tidy(text)
    return done


def relocated(
    base: Mapping[str, str], now: Mapping[str, str], replaced: Sequence[Replaced]
) -> tuple[list[Replaced], list[Replaced]]:
    """The same replacements in texts that somebody changed meanwhile, and those whose place is not found any more."""
    found, lost = [], []
    for one in replaced:
        before, after = as_read(base[one.origin]), as_read(now.get(one.origin, ""))
        start = one.start if before == after else _place(before, after, one)
        if start is None:
            lost.append(one)
        else:
            found.append(Replaced(one.origin, start, start + one.end - one.start, one.before, one.after))
    return found, lost


def _place(before: str, after: str, one: Replaced) -> int | None:
    """Where a stretch stands now: its words, or what stands before a place where words are put in, exactly once."""
    if one.before:
        return after.find(one.before) if after.count(one.before) == 1 else None
    hold = before[max(one.start - _LONGEST_HOLD, 0) : one.start]
    while hold.strip():
        if after.count(hold) == 1:
            return after.find(hold) + len(hold)
        _, cut, hold = hold.partition("\n")
        if not cut:
            return None
    return None


def inlined(text: str, clause: str, words: str) -> str:
    """The model with the words of a clause written where it calls for it. `clause`: with or without its landlord."""
    bare = re.escape(clause.partition(".")[0])
    called = re.compile(r"\{%-?\s*clause\s+([\"'])" + bare + r"\1\s*-?%\}")
    return called.sub(lambda _: words.strip("\n"), text)


def _tidy(text: str) -> str:
    """No more than one empty line where something was taken out."""
    return re.sub(r"\n{3,}", "\n\n", text)
