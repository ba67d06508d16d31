"""The inside of a paragraph: runs, fields, tracked changes, comments, and what is no text."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from docx.oxml.ns import qn
from lxml.etree import _Element

from documents.from_word import parts
from documents.from_word.lines import Change, Left, Remark
from documents.from_word.parts import Parts
from documents.from_word.words import readable

_MATHS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_ALTERNATIVE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DRAWN = ("w:drawing", "w:pict")
_GONE, _CAME = {"w:del": "deleted", "w:moveFrom": "moved_away"}, {"w:ins": "inserted", "w:moveTo": "moved"}
_LONGEST = 2000
_DEEPEST = 60


@dataclass(slots=True)
class Read:
    """One paragraph: its accepted words, and what Word notes of them."""

    words: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    said: list[Remark] = field(default_factory=list)
    lacking: list[Left] = field(default_factory=list)

    @property
    def text(self) -> str:
        return readable("".join(self.words))

    @property
    def changes(self) -> tuple[Change, ...]:
        return tuple(self.changed)

    @property
    def remarks(self) -> tuple[Remark, ...]:
        return tuple(self.said)

    @property
    def left(self) -> tuple[Left, ...]:
        return tuple(self.lacking)


class Inside:
    """Reads the paragraphs of one text in their order: fields and comments may last over several of them."""

    def __init__(self, found: Parts) -> None:
        self.parts = found
        self.fields: list[list[str]] = []  # for each open field: its instruction, then "shown" once its words follow
        self.about: dict[str, list[str]] = {}
        self.remarked: set[str] = set()

    def paragraph(self, block: _Element) -> Read:
        read = Read()
        style = self.parts.styles.get(parts.value(block, "w:pPr", "w:pStyle"), self.parts.normal)
        if style.level:  # no field lasts over a heading: one that was never closed must not hide what follows
            self.fields.clear()
        self._walk(block, read, 0)
        if parts.is_contents(style):
            read.words.clear()
        return read

    def _walk(self, place: _Element, read: Read, depth: int) -> None:
        if depth > _DEEPEST:
            return
        for one in place:
            self._one(one, read, depth)

    def _one(self, one: _Element, read: Read, depth: int) -> None:
        tag = _short(one)
        if tag in _GONE:
            self._track(_GONE[tag], one, "".join(_texts(one)), read)
        elif tag in _CAME:
            before = len(read.words)
            self._walk(one, read, depth + 1)
            self._track(_CAME[tag], one, "".join(read.words[before:]), read)
        elif tag == "w:r":
            self._run(one, read, depth)
        elif tag in ("w:commentRangeStart", "w:commentRangeEnd"):
            self._range(tag, one, read)
        elif tag == "w:sdt":
            content = one.find(qn("w:sdtContent"))
            self._walk(content if content is not None else one, read, depth + 1)
        elif one.tag == f"{_ALTERNATIVE}AlternateContent":
            for way in one[:1]:  # the same thing in several ways; any of them says the words
                self._walk(way, read, depth + 1)
        elif one.tag in (f"{_MATHS}oMath", f"{_MATHS}oMathPara"):
            self._equation(one, read)
        elif tag in ("w:hyperlink", "w:smartTag", "w:fldSimple", "w:customXml", "w:dir", "w:bdo"):
            self._walk(one, read, depth + 1)

    def _track(self, kind: str, one: _Element, text: str, read: Read) -> None:
        if text.strip():
            who, when = one.get(qn("w:author"), ""), one.get(qn("w:date"), "")
            read.changed.append(Change(kind, text[:_LONGEST], who[:200], when[:30]))

    def _range(self, tag: str, one: _Element, read: Read) -> None:
        identity = one.get(qn("w:id"), "")
        if tag == "w:commentRangeStart":
            self.about[identity] = []
        elif identity in self.about:
            self._remark(identity, "".join(self.about.pop(identity)), read)

    def _remark(self, identity: str, on: str, read: Read) -> None:
        comment = self.parts.comments.get(identity) if identity not in self.remarked else None
        self.remarked.add(identity)
        text = _paragraphs(comment) if comment is not None else ""
        if comment is not None and text:
            who, when = comment.get(qn("w:author"), ""), comment.get(qn("w:date"), "")
            read.said.append(Remark(text[:_LONGEST], who[:200], when[:30], on.strip()[:_LONGEST]))

    def _equation(self, one: _Element, read: Read) -> None:
        read.lacking.append(Left("equation", "".join(t.text or "" for t in one.iter(f"{_MATHS}t"))[:_LONGEST]))

    # ---- runs

    def _run(self, run: _Element, read: Read, depth: int) -> None:
        if _is_hidden(run):
            text = "".join(_texts(run)).strip()
            read.lacking += [Left("hidden", text[:_LONGEST])] if text else []
            return
        for one in run:
            tag = _short(one)
            if tag == "w:fldChar":
                self._field(one)
            elif tag == "w:instrText" and self.fields:
                self.fields[-1][0] += one.text or ""
            elif tag in _DRAWN or one.tag == f"{_ALTERNATIVE}AlternateContent":
                self._drawn(one, read)
            elif tag in ("w:footnoteReference", "w:endnoteReference"):
                self._note(tag, one, read)
            elif tag == "w:commentReference":
                self._remark(one.get(qn("w:id"), ""), "", read)
            elif tag in ("w:ruby",):
                self._walk(one, read, depth + 1)
            elif self._is_shown():
                self._say(_said(one, tag), read)

    def _field(self, one: _Element) -> None:
        match one.get(qn("w:fldCharType")):
            case "begin":
                self.fields.append(["", ""])
            case "separate" if self.fields:
                self.fields[-1][1] = "shown"
            case "end" if self.fields:
                self.fields.pop()

    def _is_shown(self) -> bool:
        """Instructions are never shown, nor what a table of contents gives."""
        return all(shown and instruction.split()[:1] != ["TOC"] for instruction, shown in self.fields)

    def _say(self, text: str, read: Read) -> None:
        if text:
            read.words.append(text)
            for words in self.about.values():
                words.append(text)

    def _drawn(self, one: _Element, read: Read) -> None:
        """A picture is known by its alternative text; the words of a text box are kept as what cannot be taken over."""
        boxes = dict.fromkeys(_paragraphs(box) for box in one.iter(qn("w:txbxContent")))
        if boxes:  # Word writes each of them twice, for newer and for older programs
            read.lacking += [Left("text_box", text[:_LONGEST]) for text in boxes if text]
            return
        told = [named.get("descr") or "" for named in one.iter(qn("wp:docPr"))]
        read.pictures.append(f"[{next((text for text in told if text), '?')[:_LONGEST]}]")

    def _note(self, tag: str, one: _Element, read: Read) -> None:
        kind = tag.removeprefix("w:").removesuffix("Reference")
        note = self.parts.notes.get((kind, one.get(qn("w:id"), "")))
        if note is not None:
            read.lacking.append(Left("footnote", _paragraphs(note)[:_LONGEST]))


def _said(one: _Element, tag: str) -> str:
    match tag:
        case "w:t" | "w:delText":
            return one.text or ""
        case "w:br":
            return "" if one.get(qn("w:type")) in ("page", "column") else "\n"
        case "w:sym":
            return _symbol(one)
    return {"w:tab": " ", "w:ptab": " ", "w:cr": "\n", "w:noBreakHyphen": "-"}.get(tag, "")


def _symbol(one: _Element) -> str:
    """A sign of a symbol font. Its codes lie in a private area: 0xF0 and a code of that font (ECMA-376 17.3.3.30)."""
    code = one.get(qn("w:char"), "")
    number = (
        int(code, 16) if code and all(sign in "0123456789abcdefABCDEF" for sign in code[:8]) and len(code) < 7 else 0
    )
    return "•" if 0xF000 <= number <= 0xF0FF else chr(number) if 32 <= number < 0xD800 else ""


def _short(one: _Element) -> str:
    """“w:p” for an element of Word's own; "" for a comment or one of another kind."""
    tag = one.tag if isinstance(one.tag, str) else ""
    space, _, name = tag.rpartition("}")
    return f"w:{name}" if space == qn("w:p").rpartition("}")[0] else ""


def _is_hidden(run: _Element) -> bool:
    hidden = run.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
    return hidden is not None and hidden.get(qn("w:val"), "1") not in ("0", "false", "off")


def _texts(place: _Element) -> Iterator[str]:
    for one in place.iter(qn("w:t"), qn("w:delText"), qn("w:tab"), qn("w:br")):
        yield one.text or "" if one.tag in (qn("w:t"), qn("w:delText")) else " "


def _paragraphs(place: _Element) -> str:
    return "\n".join("".join(_texts(one)).strip() for one in place.iter(qn("w:p"))).strip()
