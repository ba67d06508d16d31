"""Where in a model each word of a written paper comes from.

Before a model is written, signs of a private area are put into its own words and round its values; they travel through
Liquid, Markdown and Word, and are taken out again when the file is read. A sign of ours in somebody else's text is
taken out before anything is compared.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from documents.from_word.words import Word, words

_WORDS, _VALUE, _AFTER, _END = "\ue010", "\ue012", "\ue013", "\ue011"
_MARK = re.compile(f"([{_WORDS}{_VALUE}{_AFTER}])([0-9]{{1,7}}){_END}")
_STRAY = re.compile("[\ue000-\ue0ff]")
_LIQUID = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_TAG = re.compile(r"\{%-?\s*([a-z_]+|#)\s*(.*?)\s*-?%\}", re.DOTALL)
_PIECE = re.compile(r"[^\n|]+")
_LEAD = re.compile(r"[ \t]*(?:(?:[-*+]|\d{1,9}[.)]|>|#{1,6})[ \t]+)*[ \t]*[*_]*")
_ARTICLE = re.compile(r"Article\b[\s\u00a0]*[–—:.-]?[\s\u00a0]*")
_ONLY_FORM = re.compile(r"[-=:_*~`#>+\s]*")
_SYNTAX = re.compile(r"\]\([^)\s]*\)?|\{#[A-Za-z0-9_-]+\}|&[a-zA-Z]+;")
_CONTROL = ("if", "unless", "case", "for")
_HOLDING = ("comment", "notice", "parties", "lead", "annex", "keyvalues")


@dataclass(frozen=True, slots=True)
class Holder:
    """A tag with an end: from `start`, where it opens, to `end`, behind its end."""

    tag: str
    start: int
    end: int

    @property
    def controls(self) -> bool:
        """Whether what stands inside is written once, never, or many times."""
        return self.tag in _CONTROL


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a text: its own words, or a value with its braces. `origin`: "" for the model, else the clause."""

    origin: str
    start: int
    end: int
    value: bool
    inside: tuple[Holder, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Where one word comes from; `place`: the number of the value it belongs to, None for a word of the text's own."""

    origin: str
    start: int
    end: int
    inside: tuple[Holder, ...]
    place: int | None = None


Traced = tuple[Word, Source | None]


@dataclass(slots=True)
class Marking:
    """The texts of one model with its signs, and what each sign stands for."""

    texts: Mapping[str, str]
    places: list[Place] = field(default_factory=list)

    def marked(self, origin: str, begin: int = 0) -> str:
        """The text of that origin with signs from offset `begin` on."""
        text = self.texts[origin]
        holders = tuple(held_in(text, begin))
        done, at, after = [text[:begin]], begin, False
        for start, end, liquid in _pieces(text, begin):
            inside = tuple(one for one in holders if one.start < start < one.end)
            if liquid and _is_value(text[start:end]):
                done.append(self._sign(_VALUE, Place(origin, start, end, True, inside)) + text[start:end])
                until = _PIECE.match(text, end)
                rest = min(until.end() if until else end, _next(text, end))
                done.append(self._sign(_AFTER, Place(origin, end, rest, False, inside)))
                after = True
            elif liquid:
                done.append(text[start:end])
                after = False
            else:
                done.append(self._own(origin, start, end, inside, after))
                after = False
            at = end
        return "".join(done) + text[at:]

    def _sign(self, kind: str, place: Place) -> str:
        self.places.append(place)
        return f"{kind}{len(self.places) - 1}{_END}"

    def _own(self, origin: str, start: int, end: int, inside: tuple[Holder, ...], after: bool) -> str:
        """Words of the text's own with a sign at the head of each piece; none where a value's end has put one."""
        text, done, at = self.texts[origin], [], start
        for piece in _PIECE.finditer(text, start, end):
            head = _head(text, *piece.span())
            done.append(text[at:head])
            if not (after and piece.start() == start) and not _ONLY_FORM.fullmatch(text, head, piece.end()):
                done.append(self._sign(_WORDS, Place(origin, head, piece.end(), False, inside)))
            at = head
        return "".join(done) + text[at:end]

    def traced(self, text: str) -> tuple[str, tuple[Traced, ...]]:
        """A read text without signs, and each of its words with where it comes from, as far as that is known."""
        plain, spans = _unmarked(text)
        found = words(plain)
        sources: list[Source | None] = [None] * len(found)
        for place, start, end in spans:
            within = [at for at, word in enumerate(found) if word.start < end and word.end > start]
            whole = [at for at in within if found[at].start >= start and found[at].end <= end]
            if self.places[place].value:
                for at in within:
                    sources[at] = self._value(place)
            else:
                told = [at for at in whole if sources[at] is None]
                for at, source in self._matched(place, [found[at] for at in told], told):
                    sources[at] = source
        return plain, tuple(zip(found, sources, strict=True))

    def _value(self, number: int) -> Source:
        place = self.places[number]
        return Source(place.origin, place.start, place.end, place.inside, number)

    def _matched(self, number: int, read: list[Word], at: list[int]) -> Iterator[tuple[int, Source]]:
        """Each read word with the same word of the source; what lies between may only be signs of Markdown."""
        place = self.places[number]
        told = list(_own_words(self.texts[place.origin], place.start, place.end))
        next_one = 0
        for word, position in zip(read, at, strict=True):
            while next_one < len(told) and told[next_one].same != word.same:
                if told[next_one].same.isalnum():
                    return
                next_one += 1
            if next_one == len(told):
                return
            yield position, Source(place.origin, told[next_one].start, told[next_one].end, place.inside)
            next_one += 1


def unmarked(text: str) -> str:
    """A text without signs of ours, whoever put them there."""
    return _STRAY.sub("", text)


def held_in(text: str, begin: int = 0) -> Iterator[Holder]:
    """The tags with an end, in the order of their ends."""
    open_tags: list[tuple[str, int]] = []
    for found in _TAG.finditer(text, begin):
        name, rest = found[1], found[2]
        if name in _CONTROL or (name in _HOLDING and not (name == "keyvalues" and rest)):
            open_tags.append((name, found.start()))
        elif name.startswith("end") and open_tags and open_tags[-1][0] == name[3:]:
            tag, start = open_tags.pop()
            yield Holder(tag, start, found.end())


def _pieces(text: str, begin: int) -> Iterator[tuple[int, int, bool]]:
    at = begin
    for found in _LIQUID.finditer(text, begin):
        if found.start() > at:
            yield at, found.start(), False
        yield *found.span(), True
        at = found.end()
    if at < len(text):
        yield at, len(text), False


def _is_value(liquid: str) -> bool:
    tag = _TAG.fullmatch(liquid)
    return liquid.startswith("{{") or (tag is not None and tag[1] == "ref")


def _next(text: str, at: int) -> int:
    found = _LIQUID.search(text, at)
    return found.start() if found else len(text)


def _head(text: str, start: int, end: int) -> int:
    """Where the first word of a piece stands, behind what makes it a heading, an item, a quotation or bold."""
    lead = _LEAD.match(text, start, end)
    head = lead.end() if lead else start
    if "#" in text[start:head]:
        article = _ARTICLE.match(text, head, end)
        head = article.end() if article else head
    return head


def _own_words(text: str, start: int, end: int) -> Iterator[Word]:
    """The words of a stretch of source without addresses of links and anchors, at their places in the whole text."""
    hidden = [found.span() for found in _SYNTAX.finditer(text, start, end)]
    for word in words(text[start:end]):
        from_here, to_here = word.start + start, word.end + start
        if not any(one <= from_here < other for one, other in hidden):
            yield Word(word.same, from_here, to_here)


def _unmarked(text: str) -> tuple[str, list[tuple[int, int, int]]]:
    """The text without signs, and each stretch between two signs: (number of the place, start, end)."""
    done: list[str] = []
    spans: list[tuple[int, int, int]] = []
    length, at, place = 0, 0, -1
    for found in (*_MARK.finditer(text), None):
        piece = _STRAY.sub("", text[at : found.start() if found else len(text)])
        if piece and place >= 0:
            spans.append((place, length, length + len(piece)))
        done.append(piece)
        length += len(piece)
        if found:
            place, at = int(found[2]), found.end()
    return "".join(done), spans
