"""Ours and theirs laid side by side, article by article, with what taking theirs over would change in the model."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from documents import docx, model
from documents.findings import Finding
from documents.from_word import phrases
from documents.from_word.articles import Article, Match, articles, matched
from documents.from_word.comparing import NEW, SAME, Answer, Piece, answers, pieces
from documents.from_word.lines import PICTURE, Change, Left, Line, Remark
from documents.from_word.places import Holder, Marking
from documents.from_word.reading import read
from documents.from_word.segments import Segment, Segments, segments
from documents.from_word.taken import Replaced, as_read
from documents.from_word.taking import Edit, OurLine, Point, Taking
from documents.from_word.words import words
from documents.house import HouseStyle
from documents.library import Library

CHANGED, REMOVED, MOVED = "changed", "removed", "moved"


@dataclass(frozen=True, slots=True)
class Written:
    """How a paper was written: the model, what it calls for, its data, and what stands round it.

    `invented`: the data are those of an example, because the paper that was sent is not known.
    """

    text: str
    data: Mapping[str, object]
    library: Library
    lang: str
    reference: str
    day: datetime.date
    issuer: str
    verify_url: str | None = None
    invented: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the comparison: for each of its cells, pieces that are the same, gone or new."""

    kind: str
    level: int
    cells: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True, slots=True)
class Laid:
    """One article. `state`: same, changed, new, removed or moved; a moved one may say other words (`rewritten`).

    `clause`: the clause it comes from, "" for the model; `rows`: both sides as one text; `points`: what somebody must
    look at; `replaced`: what taking theirs over does; `changes`, `remarks`, `left`: what Word notes.
    """

    state: str
    title: str
    number: str
    clause: str = ""
    rewritten: bool = False
    rows: tuple[Row, ...] = ()
    points: tuple[Point, ...] = ()
    replaced: tuple[Replaced, ...] = ()
    changes: tuple[Change, ...] = ()
    remarks: tuple[Remark, ...] = ()
    left: tuple[Left, ...] = ()


@dataclass(slots=True)
class _Ours:
    """Our side: its lines with the source of every word, and the texts they come from."""

    lines: list[OurLine]
    segments: Segments
    findings: tuple[Finding, ...]


def laid(theirs: Sequence[Line], written: Written, house: HouseStyle) -> tuple[tuple[Laid, ...], tuple[Finding, ...]]:
    """Every article once, in the order of theirs, and the findings of our own paper. Raises ModelRefused.

    theirs: `documents.from_word.reading.read` of the file that came back.
    """
    ours = _ours(written, house)
    mine, yours = articles([one.line for one in ours.lines], house), articles(theirs, house)
    side = _Side(ours, theirs, mine, yours, matched(mine, yours), written.invented)
    return tuple(side.all()), ours.findings


def _ours(written: Written, house: HouseStyle) -> _Ours:
    """Our paper written twice, without and with signs for where its words come from, and read back like theirs."""
    texts = {"": as_read(written.text)} | {name: as_read(text) for name, text in written.library.clauses.items()}
    begins = {name: _begin(text, is_clause=bool(name)) for name, text in texts.items()}
    marking = Marking(texts)
    plain, findings = _lines(written, texts, house)
    signed, _ = _lines(written, {name: marking.marked(name, begins[name]) for name in texts}, house)
    return _Ours(list(_traced(plain, signed, marking)), segments(texts, begins), findings)


def _traced(plain: Sequence[Line], signed: Sequence[Line], marking: Marking) -> Iterator[OurLine]:
    """The lines as they are, each word with its source; where signs changed what was written, nothing is known."""
    as_told = len(plain) == len(signed)
    for at, line in enumerate(plain):
        told = [marking.traced(cell) for cell in signed[at].cells] if as_told else []
        if len(told) == len(line.cells) and all(
            [one.same for one in words(cell)] == [one.same for one, _ in traced]
            for cell, (_, traced) in zip(line.cells, told, strict=True)
        ):
            fresh = [
                tuple(zip(words(cell), (source for _, source in traced), strict=True))
                for cell, (_, traced) in zip(line.cells, told, strict=True)
            ]
            yield OurLine(line, tuple(fresh))
        else:
            yield OurLine(line, tuple(tuple((one, None) for one in words(cell)) for cell in line.cells))


def _lines(
    written: Written, texts: Mapping[str, str], house: HouseStyle
) -> tuple[tuple[Line, ...], tuple[Finding, ...]]:
    clauses = {name: text for name, text in texts.items() if name}
    library = Library(clauses, written.library.files, written.library.models)
    rendered = model.render(
        model.load(texts[""], library),
        written.data,
        lang=written.lang,
        reference=written.reference,
        date=written.day,
        verify_url=written.verify_url,
        issuer=written.issuer,
    )
    return read(docx.write(rendered.document, house, content_hash="")).lines, rendered.findings


def _begin(text: str, *, is_clause: bool) -> int:
    """Where the words begin, behind the front matter."""
    if is_clause and not text.startswith("---\n"):
        return 0
    at = text.find("\n---", 3)
    line_end = text.find("\n", at + 1) if at >= 0 else -1
    return line_end + 1 if line_end >= 0 else len(text) if at >= 0 else 0


@dataclass(slots=True)
class _Side:
    """One comparison: articles of both sides, and which is which."""

    ours: _Ours
    their: Sequence[Line]
    mine: Sequence[Article]
    yours: Sequence[Article]
    matches: Sequence[Match]
    invented: bool = False
    homes: dict[int, tuple[Segment, ...]] = field(default_factory=dict)

    def all(self) -> Iterator[Laid]:
        self.homes = {at: self._homes(article) for at, article in enumerate(self.mine)}
        numbers = {
            self.mine[one.ours].number: self.yours[one.theirs].number
            for one in self.matches
            if one.ours is not None and one.theirs is not None and self.mine[one.ours].number
        }
        before: int | None = None
        for match in self.matches:
            if match.ours is None and match.theirs is not None:
                yield self._new(self.yours[match.theirs], before)
            elif match.theirs is None and match.ours is not None:
                yield self._removed(match.ours)
            elif match.ours is not None and match.theirs is not None:
                yield self._both(match, numbers, before)
                before = match.ours

    def _homes(self, article: Article) -> tuple[Segment, ...]:
        """The stretches its words come from, that of its heading first."""
        found: dict[Segment, None] = {}
        for at in article.lines:
            for source in self.ours.lines[at].sources():
                segment = self.ours.segments.at(source.origin, source.start)
                if segment is not None:
                    found.setdefault(segment)
        return tuple(found)

    def _shared(self, article: int, segment: Segment) -> bool:
        """Whether the stretch writes more than this one article."""
        return any(segment in homes for other, homes in self.homes.items() if other != article)

    def _base(self, article: int) -> tuple[Holder, ...]:
        first = next((source for at in self.mine[article].lines for source in self.ours.lines[at].sources()), None)
        return tuple(one for one in first.inside if one.controls) if first is not None else ()

    # ---- an article on both sides

    def _both(self, match: Match, numbers: dict[str, str], before: int | None) -> Laid:
        assert match.ours is not None
        assert match.theirs is not None
        mine, yours = self.mine[match.ours], self.yours[match.theirs]
        taking = Taking(self.ours.segments, self._base(match.ours), numbers, self.invented)
        found = list(self._answers(mine, yours))
        for at, answer in enumerate(found):
            self._take(taking, answer, self._nearest(found[:at][::-1]), self._nearest(found[at:]))
        noted = _noted(self.their[at] for at in yours.lines)
        replaced = tuple(self._replaced(match.ours, taking))
        if match.moved:
            replaced, points = self._elsewhere(match.ours, before, replaced, taking.points)
            taking.points = points
        state = MOVED if match.moved else CHANGED if taking.differs else SAME
        rows = tuple(self._row(answer) for answer in found)
        title = yours.title or mine.title
        return Laid(
            state, title, yours.number, self._clause(match.ours), taking.differs, rows, tuple(taking.points), replaced,
            *noted,
        )  # fmt: skip

    def _answers(self, mine: Article, yours: Article) -> Iterator[Answer]:
        """The headings answer each other; the rest is aligned."""
        skip = 1 if mine.titled and yours.titled else 0
        if skip:
            yield Answer(mine.lines[0], yours.lines[0])
        our = [one.line for one in self.ours.lines]
        yield from answers(mine.lines[skip:], yours.lines[skip:], our, self.their)

    def _nearest(self, found: Sequence[Answer]) -> OurLine | None:
        """The first line of ours among some answers."""
        return next((self.ours.lines[one.ours] for one in found if one.ours is not None), None)

    def _take(self, taking: Taking, answer: Answer, behind: OurLine | None, before: OurLine | None) -> None:
        ours = self.ours.lines[answer.ours] if answer.ours is not None else None
        theirs = self.their[answer.theirs] if answer.theirs is not None else None
        if ours is not None and theirs is not None:
            taking.answer(ours, theirs)
        elif ours is not None:
            taking.gone(ours, self.ours.lines)
        elif theirs is not None:
            taking.new(theirs, behind, before)

    def _row(self, answer: Answer) -> Row:
        line = self.their[answer.theirs] if answer.theirs is not None else None
        ours = self.ours.lines[answer.ours].line if answer.ours is not None else None
        told = line or ours
        assert told is not None
        if line is not None and ours is not None and len(line.cells) != len(ours.cells):
            return Row(told.kind, told.level, (pieces(ours.text, line.text, words(ours.text), words(line.text)),))
        cells = zip(
            ours.cells if ours is not None else ("",) * len(told.cells),
            line.cells if line is not None else ("",) * len(told.cells),
            strict=True,
        )
        return Row(told.kind, told.level, tuple(pieces(one, two, words(one), words(two)) for one, two in cells))

    def _replaced(self, article: int, taking: Taking) -> Iterator[Replaced]:
        """The stretches of the article with the edits made in them; edits elsewhere become points."""
        homes = [one for one in self.homes[article] if not self._shared(article, one)]
        for segment in homes:
            inside = [one for one in taking.edits if one.origin == segment.origin
                      and segment.start <= one.start and one.end <= max(segment.end + 1, one.start)
                      and one.start <= segment.end]  # fmt: skip
            text, lost = _edited(self.ours.segments.text(segment), segment.start, inside)
            taking.points += lost
            taking.edits = [one for one in taking.edits if one not in inside]
            before = self.ours.segments.text(segment)
            yield Replaced(segment.origin, segment.start, segment.end, before, text.rstrip("\n"))
        taking.points += [Point("scattered", "", one.text.strip()) for one in taking.edits]

    def _clause(self, article: int) -> str:
        return next((one.origin for one in self.homes[article]), "")

    # ---- an article on one side

    def _new(self, article: Article, before: int | None) -> Laid:
        lines = [self.their[at] for at in article.lines]
        rows = tuple(Row(one.kind, one.level, tuple(((NEW, cell),) for cell in one.cells)) for one in lines)
        place = self._behind(before)
        noted = _noted(lines)
        points = tuple(Point("form", "", one.text) for one in lines if one.kind == PICTURE)
        if place is None:
            points = (*points, Point("scattered", "", article.title))
            return Laid(NEW, article.title, article.number, "", True, rows, points, (), *noted)
        hashes = self.ours.segments.hashes(place) if place.origin else self._hashes_before(place)
        head = [phrases.heading(lines[0], hashes)] if article.titled else []
        text = "\n\n".join((*head, phrases.blocks(lines[1:] if article.titled else lines)))
        put = Replaced(place.origin, place.end, place.end, "", f"\n\n{text}")
        return Laid(NEW, article.title, article.number, "", True, rows, points, (put,), *noted)

    def _hashes_before(self, place: Segment) -> str:
        """The level of the heading before that place."""
        return self.ours.segments.hashes(place) if not place.called else "##"

    def _behind(self, article: int | None) -> Segment | None:
        """The stretch of the model behind which a new article stands: the call, where a clause wrote the last one."""
        if article is None:
            return next(iter(self.ours.segments.cut.get("", ())), None)
        home = next(iter(self.homes[article]), None)
        if home is not None and home.origin:
            home = self.ours.segments.call_of(home.origin)
        return home

    def _removed(self, article: int) -> Laid:
        mine = self.mine[article]
        lines = [self.ours.lines[at].line for at in mine.lines]
        rows = tuple(Row(one.kind, one.level, tuple((("gone", cell),) for cell in one.cells)) for one in lines)
        homes = self.homes[article]
        home = next(iter(homes), None)
        if home is not None and home.origin and self._is_whole_clause(home, article):
            home = self.ours.segments.call_of(home.origin)
        clause = self._clause(article)
        if home is None or self._shared(article, home) or not mine.titled:
            points = (Point("by_tag" if home is None else "repeated", mine.title, ""),)
            return Laid(REMOVED, mine.title, mine.number, clause, True, rows, points)
        put = Replaced(home.origin, home.start, home.end, self.ours.segments.text(home), "")
        return Laid(REMOVED, mine.title, mine.number, clause, True, rows, (), (put,))

    def _is_whole_clause(self, home: Segment, article: int) -> bool:
        cut = [one for one in self.ours.segments.cut.get(home.origin, ()) if self.ours.segments.text(one).strip()]
        return cut == [home] and not self._shared(article, home)

    def _elsewhere(
        self, article: int, before: int | None, replaced: tuple[Replaced, ...], points: list[Point]
    ) -> tuple[tuple[Replaced, ...], list[Point]]:
        """The article cut out where it stood and put where theirs stands; a clause moves with its call."""
        home, place = next(iter(self.homes[article]), None), self._behind(before)
        if home is not None and home.origin:
            call = self.ours.segments.call_of(home.origin) if self._is_whole_clause(home, article) else None
            moved, kept = call, replaced
            text = self.ours.segments.text(call) if call is not None else ""
        else:
            moved = home if home is not None and not self._shared(article, home) else None
            kept = tuple(one for one in replaced if moved is None or (one.origin, one.start) != ("", moved.start))
            text = next((one.after for one in replaced if one not in kept), "")
        if moved is None or place is None or place == moved:
            return replaced, [*points, Point("scattered", self.mine[article].title, "")]
        gone = Replaced(moved.origin, moved.start, moved.end, self.ours.segments.text(moved), "")
        return (*kept, gone, Replaced(place.origin, place.end, place.end, "", f"\n\n{text}")), points


def _edited(text: str, start: int, edits: Sequence[Edit]) -> tuple[str, list[Point]]:
    """A stretch with its edits, the first of two that overlap."""
    done, at, lost = [], 0, []
    for one in sorted(edits, key=lambda edit: (edit.start, edit.end != edit.start)):
        begin, end = one.start - start, one.end - start
        if begin < at:
            lost.append(Point("scattered", text[max(begin, 0) : end], one.text.strip()))
            continue
        done += [text[at:begin], one.text]
        at = end
    return "".join(done) + text[at:], lost


def _noted(lines: Iterator[Line] | Sequence[Line]) -> tuple[tuple[Change, ...], tuple[Remark, ...], tuple[Left, ...]]:
    told = list(lines)
    return (
        tuple(one for line in told for one in line.changes),
        tuple(one for line in told for one in line.remarks),
        tuple(one for line in told for one in line.left),
    )
