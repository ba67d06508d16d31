"""A partner's words written into the model: what did not change keeps its values, conditions and loops.

Every change becomes an edit of one stretch of one text, or a point somebody must look at, with both texts. A change is
only written where the words of the model itself changed; what stands in a value, a loop or a tag is left to a person.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from documents.from_word import phrases
from documents.from_word.comparing import Step, changes
from documents.from_word.lines import HEADING, ITEM, PICTURE, ROW, Line
from documents.from_word.places import Holder, Source, Traced
from documents.from_word.segments import Segments
from documents.from_word.words import Word, without_number, words

VALUE, CONDITION, REPEATED, SCATTERED, BY_TAG, FORM = "value", "condition", "repeated", "scattered", "by_tag", "form"
"""Why somebody must look: words of a value; words written only in some cases; words written many times; words from
several places; words that a tag or the house writes; another form of table or picture.
"""
_SPACE_BEFORE, _SPACE_AFTER = re.compile(r"(?:^|[\s(|])[*_]*\Z"), re.compile(r"[*_]*(?:\s|\Z)")
_OPENING = re.compile(r"(?:^|[\s(|])[*_]+\Z")
_ENDING = re.compile(r"[*_]*(?:[\s.,)]|\Z)")


@dataclass(frozen=True, slots=True)
class Edit:
    origin: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Point:
    """`taken`: the words were taken over, and somebody must see whether that is right; else they were not."""

    why: str
    ours: str
    theirs: str
    taken: bool = False


@dataclass(frozen=True, slots=True)
class OurLine:
    """A line of ours with where the words of each of its cells come from."""

    line: Line
    cells: tuple[tuple[Traced, ...], ...]

    def sources(self) -> Iterator[Source]:
        yield from (source for cell in self.cells for _, source in cell if source is not None)


@dataclass(slots=True)
class Taking:
    """What one article needs. `base`: the conditions its heading stands in; `numbers`: ours of articles → theirs;
    `invented`: our values are those of an example, so that other ones are no difference.
    """

    segments: Segments
    base: tuple[Holder, ...] = ()
    numbers: dict[str, str] = field(default_factory=dict)
    invented: bool = False
    edits: list[Edit] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    differs: bool = False

    # ---- words of a line that stands on both sides

    def answer(self, ours: OurLine, theirs: Line) -> None:
        if len(ours.line.cells) != len(theirs.cells):
            self.differs = True
            self.points.append(Point(FORM, ours.line.text, theirs.text))
            return
        heading = ours.line.kind == HEADING
        for cell, text, traced in zip(theirs.cells, ours.line.cells, ours.cells, strict=True):
            mine, yours = list(traced), list(words(cell))
            if heading:
                mine = [one for one in mine if one[0].start >= len(text) - len(without_number(text))]
                yours = [one for one in yours if one.start >= len(cell) - len(without_number(cell))]
            self._cell(text, mine, cell, yours)

    def _cell(self, text: str, mine: list[Traced], cell: str, yours: list[Word]) -> None:
        for step in changes([word for word, _ in mine], yours):
            if step.changed and not self._renumbered(mine, yours, step) and not self._only_values(mine, step):
                self.differs = True
                self._step(_Changed(text, mine, cell, yours, step))

    def _renumbered(self, mine: list[Traced], yours: list[Word], step: Step) -> bool:
        """Whether only the number of an article changed that a reference leads to, because the article has it now."""
        told = mine[step.ours_from : step.ours_to]
        if len(told) != 1 or step.theirs_to - step.theirs_from != 1 or told[0][1] is None:
            return False
        source = told[0][1]
        is_reference = self.segments.texts[source.origin].startswith("{%", source.start)
        return is_reference and self.numbers.get(told[0][0].same) == yours[step.theirs_from].same

    def _only_values(self, mine: list[Traced], step: Step) -> bool:
        """Whether invented values became real ones and nothing else."""
        told = [source for _, source in mine[step.ours_from : step.ours_to]]
        return self.invented and bool(told) and all(one is not None and one.place is not None for one in told)

    def _step(self, change: "_Changed") -> None:
        why = change.why_not(self.segments)
        if why:
            self.points.append(Point(why, change.ours, change.theirs))
            return
        edit = change.edit(self.segments)
        if edit is None:
            self.points.append(Point(SCATTERED, change.ours, change.theirs))
            return
        if change.in_condition(self.base):
            self.points.append(Point(CONDITION, change.ours, change.theirs, taken=True))
        self.edits.append(edit)

    # ---- lines that stand on one side only

    def gone(self, ours: OurLine, others: Sequence[OurLine]) -> None:
        """A line they took out. `others`: every other line of the text."""
        self.differs = True
        told = list(ours.sources())
        why = self._why_whole(ours, told)
        if not why:
            origin, text = told[0].origin, self.segments.texts[told[0].origin]
            start = text.rfind("\n", 0, min(one.start for one in told)) + 1
            end = _line_end(text, max(one.end for one in told))
            shared = any(
                one.origin == origin and start <= one.start < end
                for other in others if other is not ours for one in other.sources()
            )  # fmt: skip
            if not shared and "{%" not in text[start:end].replace("{% ref", ""):
                self.edits.append(Edit(origin, start, min(end + 1, len(text)), ""))
                return
            why = SCATTERED
        self.points.append(Point(why, ours.line.text, ""))

    def _why_whole(self, ours: OurLine, told: list[Source]) -> str:
        if ours.line.kind == PICTURE:
            return FORM
        if not told or len(told) < sum(len(cell) for cell in ours.cells) / 2:
            return BY_TAG
        if len({one.origin for one in told}) > 1:
            return SCATTERED
        extra = [one for source in told for one in source.inside if one.controls and one not in self.base]
        return (REPEATED if any(one.tag == "for" for one in extra) else CONDITION) if extra else ""

    def new(self, theirs: Line, after: OurLine | None, before: OurLine | None) -> None:
        """A line they added behind one of ours, and before another one."""
        self.differs = True
        place = self._behind(after, before) if after is not None else None
        if theirs.kind == PICTURE:
            self.points.append(Point(FORM, "", theirs.text))
        elif place is None or after is None:
            self.points.append(Point(SCATTERED if after is not None else BY_TAG, "", theirs.text))
        else:
            origin, at = place
            self.edits.append(Edit(origin, at, at, self._added(theirs, after.line)))

    def _added(self, theirs: Line, after: Line) -> str:
        close = theirs.kind == after.kind and theirs.kind in (ITEM, ROW)
        if theirs.kind == ROW and not (close and len(theirs.cells) == len(after.cells)):
            return f"\n\n{phrases.blocks([theirs])}"
        return ("\n" if close else "\n\n") + phrases.alone(theirs)

    def _behind(self, ours: OurLine, before: OurLine | None) -> tuple[str, int] | None:
        """Behind the line of the source that wrote it: behind the condition or loop it stands in where the next line
        of ours stands there too, else within the condition, which somebody must look at.
        """
        told = list(ours.sources())
        if not told or len({one.origin for one in told}) > 1:
            return None
        last = max(told, key=lambda one: one.end)
        text = self.segments.texts[last.origin]
        extra = [one for one in last.inside if one.controls and one not in self.base]
        at = max((one.end for one in extra), default=last.end)
        follows = [one.start for one in before.sources() if one.origin == last.origin] if before is not None else []
        if extra and before is not None and not (follows and min(follows) >= at):
            if any(one.tag == "for" for one in extra):
                return None
            self.points.append(Point(CONDITION, ours.line.text, "", taken=True))
            at = last.end
        return last.origin, _line_end(text, at)


@dataclass(frozen=True, slots=True)
class _Changed:
    """One change inside a text: our words and theirs, with what stands before and behind."""

    text: str
    mine: Sequence[Traced]
    cell: str
    yours: Sequence[Word]
    step: Step

    @property
    def told(self) -> list[Traced]:
        return list(self.mine[self.step.ours_from : self.step.ours_to])

    @property
    def ours(self) -> str:
        told = self.told
        return self.text[told[0][0].start : told[-1][0].end] if told else ""

    @property
    def theirs(self) -> str:
        told = self.yours[self.step.theirs_from : self.step.theirs_to]
        return self.cell[told[0].start : told[-1].end] if told else ""

    def sources(self) -> list[Source]:
        """Of the words that changed, or of those beside the place where some were added."""
        told = [source for _, source in self.told]
        if not told:
            beside = (*self.mine[max(self.step.ours_from - 1, 0) : self.step.ours_from],
                      *self.mine[self.step.ours_to : self.step.ours_to + 1])  # fmt: skip
            told = [source for _, source in beside if source is not None][:1]
        return [source for source in told if source is not None]

    def why_not(self, segments: Segments) -> str:
        """Why the change cannot be written, "" when it can."""
        sources = self.sources()
        if not sources or any(source is None for _, source in self.told):
            return BY_TAG
        if any(one.tag == "for" for source in sources for one in source.inside):
            return REPEATED
        if not self.told:
            return VALUE if self._inside_a_value() else ""
        if len({one.origin for one in sources}) > 1:
            return SCATTERED
        if any(one.place is not None for one in sources) and (self.theirs or not self._whole_values()):
            return VALUE
        start, end = min(one.start for one in sources), max(one.end for one in sources)
        cut = segments.texts[sources[0].origin][start:end].replace("{% ref", "")
        return SCATTERED if "{%" in cut or cut.count("**") % 2 or cut.replace("**", "").count("*") % 2 else ""

    def _inside_a_value(self) -> bool:
        at = self.step.ours_from
        if not 0 < at < len(self.mine):
            return False
        left, right = self.mine[at - 1][1], self.mine[at][1]
        return left is not None and right is not None and left.place is not None and left.place == right.place

    def _whole_values(self) -> bool:
        """Whether no value is cut in two by the change."""
        first, last = self.step.ours_from, self.step.ours_to
        for outside, inside in ((first - 1, first), (last, last - 1)):
            if 0 <= outside < len(self.mine):
                one, other = self.mine[outside][1], self.mine[inside][1]
                if one is not None and other is not None and one.place is not None and one.place == other.place:
                    return False
        return True

    def in_condition(self, base: tuple[Holder, ...]) -> bool:
        return any(one.controls and one not in base for source in self.sources() for one in source.inside)

    def edit(self, segments: Segments) -> Edit | None:
        if not self.told:
            return self._insertion(segments)
        sources = self.sources()
        origin = sources[0].origin
        text, start, end = segments.texts[origin], min(s.start for s in sources), max(s.end for s in sources)
        put = phrases.words(self.theirs, at_the_head=True, one_line=True)
        if not put:
            while text[start - 2 : start] == text[end : end + 2] == "**":
                start, end = start - 2, end + 2
            if text[start - 1 : start] in (" ", "\u00a0") and _ENDING.match(text, end):
                start -= 1
            elif text[end : end + 1] in (" ", "\u00a0") and _OPENING.search(text, max(start - 8, 0), start):
                end += 1
            return Edit(origin, start, end, "")
        before, after = self._gaps()
        if before and not _SPACE_BEFORE.search(text, max(start - 8, 0), start):
            put = f" {put}"
        if before is False and text[start - 1 : start] == " ":
            start -= 1
        if after and not _SPACE_AFTER.match(text, end):
            put = f"{put} "
        return Edit(origin, start, end, put)

    def _insertion(self, segments: Segments) -> Edit | None:
        """New words between two of ours: behind the left one, else before the right one."""
        at, put = self.step.ours_from, phrases.words(self.theirs, at_the_head=True, one_line=True)
        left = self.mine[at - 1][1] if at else None
        right = self.mine[at][1] if at < len(self.mine) else None
        before, after = self._gaps()
        if left is not None and not (left.place is not None and right is not None and right.place is None):
            text = segments.texts[left.origin]
            glued = after and not _SPACE_AFTER.match(text, left.end)
            return Edit(left.origin, left.end, left.end, (" " if before else "") + put + (" " if glued else ""))
        if right is not None:
            text = segments.texts[right.origin]
            glued = before and not _SPACE_BEFORE.search(text, max(right.start - 8, 0), right.start)
            return Edit(right.origin, right.start, right.start, (" " if glued else "") + put + (" " if after else ""))
        return None

    def _gaps(self) -> tuple[bool | None, bool | None]:
        """Whether a space stands before and behind their words; None at the ends, where it does not matter."""
        first, last = self.step.theirs_from, self.step.theirs_to
        start, end = self.yours[first].start, self.yours[last - 1].end
        before = self.cell[start - 1 : start].isspace() if first else None
        after = self.cell[end : end + 1].isspace() if last < len(self.yours) else None
        return before, after


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end
