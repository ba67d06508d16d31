"""Two texts of a model side by side: article by article, which words left and which came."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, LEFT, CAME = "same", "left", "came"
_HEADING = re.compile(r"#{1,6}\s+(.*?)\s*(?:\{#[\w-]+\})?\s*$")
_ANNEX = re.compile(r"\{%-?\s*annex\s+[\"']([^\"']*)[\"']")
_WORDS = re.compile(r"\s+|\{\{.*?\}\}|\{%.*?%\}|\w+|[^\w\s]")
_MOST_WORDS = 4000
_ALIKE = 0.4


@dataclass(frozen=True, slots=True)
class Piece:
    """Words in one state: same, left or came."""

    state: str
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """The lines under one heading that differ, each with the piece of it that does. title: "" before the first heading.

    state: changed, new or removed.
    """

    title: str
    state: str
    lines: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True, slots=True)
class _Stretch:
    title: str
    lines: tuple[str, ...]


def differences(old: str, new: str) -> tuple[Part, ...]:
    """What differs, in the order of the newer text; an article that is gone stands where it stood."""
    found = []
    for before, after in _pairs(_stretches(old), _stretches(new)):
        if before is None and after is not None:
            found.append(Part(after.title, "new", tuple((Piece(CAME, one),) for one in after.lines if one.strip())))
        elif after is None and before is not None:
            found.append(
                Part(before.title, "removed", tuple((Piece(LEFT, one),) for one in before.lines if one.strip()))
            )
        elif before is not None and after is not None and before.lines != after.lines:
            found.append(Part(after.title, "changed", tuple(_changed(before.lines, after.lines))))
    return tuple(found)


def _stretches(text: str) -> list[_Stretch]:
    """The text cut at its headings and annexes."""
    found: list[tuple[str, list[str]]] = [("", [])]
    for line in text.replace("\r\n", "\n").split("\n"):
        heading = _HEADING.fullmatch(line.strip()) or _ANNEX.match(line.strip())
        if heading:
            found.append((heading[1], []))
        found[-1][1].append(line.rstrip())
    return [_Stretch(title, tuple(lines)) for title, lines in found if title or any(lines)]


def _pairs(old: list[_Stretch], new: list[_Stretch]) -> Iterator[tuple[_Stretch | None, _Stretch | None]]:
    """The same article on both sides; none where there is no such article."""
    matcher = SequenceMatcher(None, [one.title for one in old], [one.title for one in new], autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            yield from zip(old[i1:i2], new[j1:j2], strict=True)
        else:
            yield from _alike(old[i1:i2], new[j1:j2])


def _alike(old: list[_Stretch], new: list[_Stretch]) -> Iterator[tuple[_Stretch | None, _Stretch | None]]:
    """Articles with other titles: the same one where most of its words are."""
    rest = list(old)
    for after in new:
        near = next((one for one in rest if _likeness(one, after) > _ALIKE), None)
        while near is not None and rest[0] is not near:
            yield rest.pop(0), None
        if near is not None:
            rest.remove(near)
        yield near, after
    yield from ((one, None) for one in rest)


def _likeness(one: _Stretch, other: _Stretch) -> float:
    """From 0 to 1, by the words under the headings."""
    before, after = (" ".join(each.lines[1:]).split()[:_MOST_WORDS] for each in (one, other))
    return SequenceMatcher(None, before, after, autojunk=False).quick_ratio()


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Piece, ...]]:
    """The lines that differ, word by word where a line took the place of another."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            continue
        gone = [one for one in old[i1:i2] if one.strip()]
        came = [one for one in new[j1:j2] if one.strip()]
        both = min(len(gone), len(came))
        yield from (_line(gone[at], came[at]) for at in range(both))
        yield from ((Piece(LEFT, one),) for one in gone[both:])
        yield from ((Piece(CAME, one),) for one in came[both:])


def _line(old: str, new: str) -> tuple[Piece, ...]:
    before, after = list(_words(old)), list(_words(new))
    if max(len(before), len(after)) > _MOST_WORDS:
        return (Piece(LEFT, old), Piece(CAME, new))
    pieces: list[Piece] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece(SAME, "".join(before[i1:i2])))
            continue
        pieces += [Piece(LEFT, "".join(before[i1:i2]))] if i2 > i1 else []
        pieces += [Piece(CAME, "".join(after[j1:j2]))] if j2 > j1 else []
    return tuple(_joined(pieces))


def _joined(pieces: list[Piece]) -> list[Piece]:
    """A space alone between two changes belongs to both: whole phrases are read more easily than words one by one."""
    found: list[Piece] = []
    for at, one in enumerate(pieces):
        bridge = one.state == SAME and not one.text.strip() and 0 < at < len(pieces) - 1
        if bridge:
            found += [Piece(LEFT, one.text), Piece(CAME, one.text)]
        else:
            found.append(one)
    return _gathered(found)


def _gathered(pieces: list[Piece]) -> list[Piece]:
    """Between two stretches that stay, what left stands in one piece before what came."""
    found: list[Piece] = []
    left, came = "", ""
    for one in [*pieces, Piece(SAME, "")]:
        if one.state == LEFT:
            left += one.text
        elif one.state == CAME:
            came += one.text
        else:
            found += [Piece(LEFT, left)] if left.strip() else []
            found += [Piece(CAME, came)] if came.strip() else ([Piece(SAME, " ")] if came and not left.strip() else [])
            found += [one] if one.text else []
            left = came = ""
    return found


def _words(text: str) -> Iterator[str]:
    return (found[0] for found in _WORDS.finditer(text))
