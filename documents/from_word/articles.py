"""The articles of two texts, and which is which, whatever their numbers and their order."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from documents.from_word.lines import HEADING, ROW, TITLE, Line
from documents.from_word.words import number_of, same, without_number
from documents.house import HouseStyle

_ALIKE, _ALIKE_BY_NUMBER = 0.5, 0.25
_MOST_PAIRS = 40_000
_LONGEST_REFERENCE = 30
_SAID = ("specimen_text", "draft_text", "void_text", "copy_text", "attached", "attached_text")
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Article:
    """A heading with the lines under it, or what stands before the first one. `lines`: numbers of the text's lines,
    the heading first where `titled`.
    """

    lines: tuple[int, ...]
    title: str = ""
    number: str = ""
    titled: bool = False
    words: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Match:
    """`ours`, `theirs`: numbers of articles, None on the side that lacks it; `moved`: it stands elsewhere now."""

    ours: int | None
    theirs: int | None
    moved: bool = False


def articles(lines: Sequence[Line], house: HouseStyle) -> tuple[Article, ...]:
    """The articles of a text, without what the house writes round every paper (letterhead, reference, seal)."""
    kept = [at for at in range(_begin(lines), len(lines)) if not _is_of_the_house(lines[at], house)]
    groups: list[list[int]] = [[]]
    for at in kept:
        if lines[at].kind == HEADING:
            groups.append([])
        groups[-1].append(at)
    return tuple(_article(lines, group) for group in groups if group)


def _article(lines: Sequence[Line], group: list[int]) -> Article:
    first, told = lines[group[0]], Counter(word for at in group for cell in lines[at].cells for word in same(cell))
    if first.kind != HEADING:
        return Article(tuple(group), words=told)
    return Article(tuple(group), without_number(first.text).strip(), number_of(first.text), True, told)


def _begin(lines: Sequence[Line]) -> int:
    """Before the title stands the letterhead."""
    heads = (at for at, line in enumerate(lines[:12]) if line.kind in (TITLE, HEADING))
    return next(heads, 0)


def _is_of_the_house(line: Line, house: HouseStyle) -> bool:
    """Warnings, the reference under the title, the code to verify, the list of attached files."""
    if line.kind == ROW and _HASH.fullmatch(re.sub(r"\s", "", line.cells[-1])):
        return True
    return any(_is_said(line, words) for words in house.words.values())


def _is_said(line: Line, words: Mapping[str, str]) -> bool:
    told, verify = same(line.text), _known(words["verify_title"])
    if line.kind == ROW and (same(line.cells[-1])[: len(verify)] == verify or _heads_files(line, words)):
        return True
    if any(told == _known(words[name]) for name in _SAID):
        return True
    before = _known(words["dated"].partition("%")[0])
    return told[: len(before)] == before and "·" in told and len(told) < _LONGEST_REFERENCE


@lru_cache(maxsize=64)
def _known(text: str) -> tuple[str, ...]:
    return same(text)


def _heads_files(line: Line, words: Mapping[str, str]) -> bool:
    names = ("attached_annex", "attached_file", "attached_size", "attached_hash")
    return tuple(same(cell) for cell in line.cells) == tuple(_known(words[name]) for name in names)


def matched(ours: Sequence[Article], theirs: Sequence[Article]) -> tuple[Match, ...]:
    """Every article once, in the order of theirs; one they took out follows the one it followed with us."""
    pairs = dict(_pairs(ours, theirs))
    staying = _staying([pairs[at] for at in sorted(pairs)])
    back = {mine: yours for yours, mine in pairs.items()}
    done: list[Match] = []
    gone = [at for at in range(len(ours)) if at not in back]
    for mine in _leading(gone):
        done.append(Match(mine, None))
    for yours in range(len(theirs)):
        mine = pairs.get(yours)
        done.append(Match(mine, yours, mine is not None and mine not in staying))
        follower = mine + 1 if mine is not None else -1
        while follower in gone:
            done.append(Match(follower, None))
            follower += 1
    return tuple(done)


def _leading(gone: list[int]) -> Iterator[int]:
    yield from (one for at, one in enumerate(gone) if one == at)


def _pairs(ours: Sequence[Article], theirs: Sequence[Article]) -> Iterator[tuple[int, int]]:
    """(theirs, ours): first what bears the same title, then what says much the same."""
    free, open_ones = list(range(len(ours))), []
    for yours, article in enumerate(theirs):
        key = (same(article.title), article.titled)
        alike = [at for at in free if (same(ours[at].title), ours[at].titled) == key]
        if not alike:
            open_ones.append(yours)
            continue
        best = max(alike, key=lambda at: (round(_likeness(ours[at], article), 2), -at))
        free.remove(best)
        yield yours, best
    if len(free) * len(open_ones) > _MOST_PAIRS:
        return
    rated = sorted(
        ((_likeness(ours[mine], theirs[yours]), -yours, -mine) for yours in open_ones for mine in free), reverse=True
    )
    taken: set[tuple[str, int]] = set()
    for likeness, yours, mine in ((one, -two, -three) for one, two, three in rated):
        enough = _ALIKE_BY_NUMBER if ours[mine].number and ours[mine].number == theirs[yours].number else _ALIKE
        if likeness >= enough and not {("y", yours), ("m", mine)} & taken and ours[mine].titled == theirs[yours].titled:
            taken |= {("y", yours), ("m", mine)}
            yield yours, mine


def _likeness(one: Article, other: Article) -> float:
    """Dice's coefficient over the words of both, from 0 to 1."""
    return alike(one.words, other.words)


def alike(one: Counter[str], other: Counter[str]) -> float:
    count = one.total() + other.total()
    return 2 * (one & other).total() / count if count else 1.0


def _staying(order: Sequence[int]) -> set[int]:
    """The longest stretch of our articles that stand in our order: every other one was moved."""
    ends: list[int] = []
    last: list[int] = []
    before: dict[int, int | None] = {}
    for one in order:
        at = bisect_left(ends, one)
        before[one] = last[at - 1] if at else None
        if at == len(ends):
            ends.append(one)
            last.append(one)
        else:
            ends[at] = last[at] = one
    kept: set[int] = set()
    step = last[-1] if last else None
    while step is not None:
        kept.add(step)
        step = before[step]
    return kept
