"""A Word file somebody sends: which articles of the draft it words otherwise, which it adds or leaves out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from documents.from_word.articles import alike
from documents.from_word.lines import HEADING, ITEM, PICTURE, TITLE
from documents.from_word.words import same, typed_number, without_number
from workflow.charter.rules.text import Part

WORDED, ADDED, LEFT_OUT, REMARKED = "worded", "added", "left_out", "remarked"
_ALIKE = 0.5
_AFTER = ("signatures", "fait à")


@dataclass(frozen=True)
class Found:
    """One thing the file says. key: the article it is about, "" of a new one; remark: a comment in its margin."""

    what: str
    key: str
    title: str
    words: str


@dataclass(frozen=True)
class _Section:
    title: str
    lines: tuple[str, ...]
    remarks: tuple[str, ...]

    @property
    def words(self) -> str:
        return "\n".join(self.lines)


def is_the_draft(parts: Sequence[Part], lines: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a file has articles of ours at all."""
    mine = [_title(one.title) for one in parts]
    return any(_title(one.title) in mine for one in _sections(lines))


def found(parts: Sequence[Part], lines: Sequence[Mapping[str, Any]]) -> list[Found]:
    """What differs, in the order of our articles; then new articles. Mere typography is no difference."""
    theirs = _sections(lines)
    met = _met(parts, theirs)
    told: list[Found] = []
    for one in parts:
        section = met.get(one.key)
        if section is None:
            told += [Found(LEFT_OUT, one.key, one.title, "")] if one.numbered else []
            continue
        if same(section.words) != same(one.words) or _title(section.title) != _title(one.title):
            told.append(Found(WORDED, one.key, without_number(section.title).strip(), section.words))
        told += [Found(REMARKED, one.key, one.title, remark) for remark in section.remarks]
    known = {id(one) for one in met.values()}
    return told + [
        Found(ADDED, "", without_number(one.title).strip(), one.words)
        for one in theirs
        if id(one) not in known and one.lines and typed_number(one.title)
    ]


def _met(parts: Sequence[Part], theirs: Sequence[_Section]) -> dict[str, _Section]:
    """Which section stands for which article: by title, else by what it says."""
    left, met = list(theirs), dict[str, _Section]()
    for one in parts:
        section = next((each for each in left if _title(each.title) == _title(one.title)), None)
        if section is not None:
            met[one.key] = section
            left.remove(section)
    for one in parts:
        if one.key not in met and left:
            counted = Counter(same(one.words))
            likest = max(left, key=lambda each: alike(counted, Counter(same(each.words))))
            if alike(counted, Counter(same(likest.words))) >= _ALIKE:
                met[one.key] = likest
                left.remove(likest)
    return met


def _title(words: str) -> tuple[str, ...]:
    return same(without_number(words).casefold())


def _sections(lines: Sequence[Mapping[str, Any]]) -> list[_Section]:
    done: list[_Section] = []
    title, told, remarks = "", list[str](), list[str]()
    for line in lines:
        words = " : ".join(cell.strip() for cell in line["cells"] if cell.strip())
        if line["kind"] == TITLE or line["kind"] == PICTURE:
            continue
        if line["kind"] == HEADING or typed_number(words):
            done.append(_Section(title, tuple(told), tuple(remarks)))
            title, told, remarks = words, [], []
        elif words:
            told += _typed(line, words, told)
        remarks += [str(one["text"]) for one in line.get("remarks", ()) if one["text"]]
    done.append(_Section(title, tuple(told), tuple(remarks)))
    return [one for one in done if one.title and not one.title.casefold().startswith(_AFTER)]


def _typed(line: Mapping[str, Any], words: str, before: Sequence[str]) -> list[str]:
    """A line as we write it: items bear their sign."""
    if line["kind"] != ITEM:
        return [one.strip() for one in words.split("\n") if one.strip()]
    flat = " ".join(words.split())
    if not line.get("ordered"):
        return [f"- {flat}"]
    count = 1
    for one in reversed(before):
        if not one[:1].isdigit():
            break
        count += 1
    return [f"{count}. {flat}"]
