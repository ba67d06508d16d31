"""A model cut at its headings: which stretch of which text holds an article."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from documents.source import uses

_LINE = re.compile(r"[^\n]*\n?")
_HEADING = re.compile(r"(#{1,6})[ \t]")
_TAGS = re.compile(r"\{%-?\s*([a-z_]+|#)\s*(.*?)\s*-?%\}")
_ONLY_TAGS = re.compile(r"(?:\s|\{%.*?%\})*")
_OPENING = ("if", "unless", "case", "for", "comment", "notice", "parties", "lead", "annex", "keyvalues")


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a text; `origin`: "" for the model, else the clause. `called`: the clause it calls for."""

    origin: str
    start: int
    end: int
    called: str = ""


@dataclass(frozen=True, slots=True)
class Segments:
    """`texts`: the model under "", its clauses by name; `begins`: where their words begin, behind front matter."""

    texts: Mapping[str, str]
    begins: Mapping[str, int]
    cut: Mapping[str, tuple[Segment, ...]]

    def at(self, origin: str, offset: int) -> Segment | None:
        found = self.cut.get(origin, ())
        place = bisect_right([one.start for one in found], offset) - 1
        return found[place] if place >= 0 else None

    def text(self, segment: Segment) -> str:
        return self.texts[segment.origin][segment.start : segment.end]

    def hashes(self, segment: Segment) -> str:
        """The signs before its heading, “##” where it has none."""
        found = _HEADING.match(self.texts[segment.origin], segment.start)
        return found[1] if found else "##"

    def call_of(self, clause: str) -> Segment | None:
        """Where the model calls for a clause that holds headings."""
        bare = clause.partition(".")[0]
        return next((one for one in self.cut.get("", ()) if one.called == bare), None)


def segments(texts: Mapping[str, str], begins: Mapping[str, int]) -> Segments:
    """The texts cut. `begins`: offset of the first word behind the front matter, by origin."""
    headed = {name.partition(".")[0] for name, text in texts.items() if name and _has_headings(text)}
    return Segments(texts, begins, {name: tuple(_cut(name, texts[name], begins[name], headed)) for name in texts})


def _has_headings(text: str) -> bool:
    return any(_HEADING.match(line) for line in text.split("\n"))


def _cut(origin: str, text: str, begin: int, headed: set[str]) -> Iterator[Segment]:
    starts: list[tuple[int, str]] = [(begin, "")]
    for found in _LINE.finditer(text, begin):
        line = found[0]
        called = next((name for name, _ in uses(line) if name in headed), "") if not origin else ""
        if called:
            starts += [(found.start(), called), (found.end(), "")]
        elif _HEADING.match(line) or line.lstrip().startswith("{% annex"):
            starts.append((found.start(), ""))
    for at, (start, called) in enumerate(starts):
        until = starts[at + 1][0] if at + 1 < len(starts) else len(text)
        end = start + len(text[start:until].rstrip()) if called else _end(text, start, until)
        yield Segment(origin, start, max(end, start), called)


def _end(text: str, start: int, until: int) -> int:
    """Behind the last line that belongs to what begins at `start`: tags that open or close something else do not."""
    depth, end = 0, start
    for found in _LINE.finditer(text, start, until):
        line = found[0]
        if not line:
            break
        for tag in _TAGS.finditer(line):
            name, rest = tag[1], tag[2]
            if name in _OPENING and not (name == "keyvalues" and rest):
                depth += 1
            elif name.startswith("end"):
                depth -= 1
            if depth < 0:
                return end
        alone = _ONLY_TAGS.fullmatch(line) is not None
        closes = alone and line.strip() and depth == 0 and "{% end" in line
        if depth == 0 and line.strip() and (not alone or closes or _writes(line)):
            end = found.start() + len(line.rstrip())
    return end


def _writes(line: str) -> bool:
    """Whether a line of tags alone writes something by itself."""
    return (
        re.search(r"\{%-?\s*(?:clause|signatures?|figure|picture|table|qr|keyvalues|ref|caption)\b", line) is not None
    )
