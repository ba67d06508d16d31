"""What stands round the text of a Word file: styles, numbering, comments, notes, footers, properties.

Element names are those of ECMA-376 part 1 (WordprocessingML).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from docx.oxml.ns import qn
from lxml.etree import _Element

from documents.harmless import TEXT, WordRefused, read_xml

_STYLES, _NUMBERING, _COMMENTS = "word/styles.xml", "word/numbering.xml", "word/comments.xml"
_NOTES = {"footnote": "word/footnotes.xml", "endnote": "word/endnotes.xml"}
_HEADING = re.compile(r"(?:heading|titre|überschrift|intestazione|título) (\d)", re.IGNORECASE)
_TITLES = ("title", "titre", "titel")
_CONTENTS = re.compile(
    r"(?:toc|tm|table des matières) (?:heading|\d)|toc heading|en-tête de table des matières", re.IGNORECASE
)
_DEEPEST_STYLE = 12
_FOOTER = re.compile(r"word/footer\d*\.xml")


@dataclass(frozen=True, slots=True)
class Style:
    """`level`: of a heading, from 1, 0 for anything else; `numbering`: what its paragraphs count in, and how deep."""

    name: str = ""
    level: int = 0
    numbering: tuple[str, int] = ("", 0)


@dataclass(frozen=True, slots=True)
class Parts:
    """`formats`: how a list counts, by its id and level; `notes`: the words of comments and notes, by kind and id."""

    body: _Element
    styles: Mapping[str, Style] = field(default_factory=dict)
    normal: Style = field(default_factory=Style)
    formats: Mapping[tuple[str, int], str] = field(default_factory=dict)
    comments: Mapping[str, _Element] = field(default_factory=dict)
    notes: Mapping[tuple[str, str], _Element] = field(default_factory=dict)
    foot: str = ""
    about: Mapping[str, str] = field(default_factory=dict)


def parts(files: Mapping[str, bytes]) -> Parts:
    """The parts of a judged file (`documents.harmless.parts_of`). Raises WordRefused when it holds no text."""
    body = read_xml(files[TEXT]).find(qn("w:body"))
    if body is None:
        raise WordRefused("not_docx")
    styles, normal = _styles(files)
    return Parts(
        body,
        styles,
        normal,
        dict(_formats(files)),
        {one.get(qn("w:id"), ""): one for one in _of(files, _COMMENTS, "w:comment")},
        dict(_notes(files)),
        _foot(files),
        dict(_about(files)),
    )


def _of(files: Mapping[str, bytes], name: str, tag: str) -> Iterator[_Element]:
    if name in files:
        yield from read_xml(files[name]).iter(qn(tag))


def value(parent: _Element | None, *path: str) -> str:
    """The `w:val` at the end of a path of elements, "" when there is none."""
    for tag in path:
        parent = parent.find(qn(tag)) if parent is not None else None
    return "" if parent is None else parent.get(qn("w:val"), "")


def number(text: str, otherwise: int = 0) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else otherwise


def _styles(files: Mapping[str, bytes]) -> tuple[dict[str, Style], Style]:
    known = {one.get(qn("w:styleId"), ""): one for one in _of(files, _STYLES, "w:style")}
    styles = {key: _style(key, known) for key in known}
    usual = [key for key, one in known.items() if one.get(qn("w:default")) in ("1", "true")
             and one.get(qn("w:type")) == "paragraph"]  # fmt: skip
    return styles, styles[usual[0]] if usual else Style()


def _style(key: str, known: Mapping[str, _Element]) -> Style:
    """A style with what it takes from those it is based on."""
    name, level, numbering = value(known[key], "w:name"), 0, ("", 0)
    for _ in range(_DEEPEST_STYLE):
        one = known.get(key)
        if one is None:
            break
        named = _HEADING.fullmatch(value(one, "w:name"))
        outline = value(one, "w:pPr", "w:outlineLvl")
        level = level or (int(named[1]) if named else number(outline, 9) + 1 if outline else 0)
        numbering = numbering if numbering[0] else counted(one)
        key = value(one, "w:basedOn")
    return Style(name, level if level <= 9 else 0, numbering)


def counted(one: _Element | None) -> tuple[str, int]:
    """In which list a paragraph or style counts, and how deep; no list is "" or "0"."""
    return value(one, "w:pPr", "w:numPr", "w:numId"), number(value(one, "w:pPr", "w:numPr", "w:ilvl"))


def is_title(style: Style) -> bool:
    return style.name.lower() in _TITLES


def is_contents(style: Style) -> bool:
    """A line of a table of contents, which Word makes anew."""
    return _CONTENTS.fullmatch(style.name) is not None


def _formats(files: Mapping[str, bytes]) -> Iterator[tuple[tuple[str, int], str]]:
    """How each level of each list counts: “decimal”, “bullet”…"""
    known = {one.get(qn("w:abstractNumId"), ""): one for one in _of(files, _NUMBERING, "w:abstractNum")}
    for one in _of(files, _NUMBERING, "w:num"):
        abstract = known.get(value(one, "w:abstractNumId"))
        for level in abstract.findall(qn("w:lvl")) if abstract is not None else ():
            depth = number(level.get(qn("w:ilvl"), ""))
            yield (one.get(qn("w:numId"), ""), depth), value(level, "w:numFmt")


def _notes(files: Mapping[str, bytes]) -> Iterator[tuple[tuple[str, str], _Element]]:
    for kind, name in _NOTES.items():
        for one in _of(files, name, f"w:{kind}"):
            yield (kind, one.get(qn("w:id"), "")), one


def _foot(files: Mapping[str, bytes]) -> str:
    roots = [read_xml(files[name]) for name in sorted(files) if _FOOTER.fullmatch(name)]
    return "\n".join("".join(one.text or "" for one in line.iter(qn("w:t"))) for root in roots
                     for line in root.iter(qn("w:p")))  # fmt: skip


def _about(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    names = {"title": "title", "creator": "author", "keywords": "reference", "lastModifiedBy": "changed_by"}
    if "docProps/core.xml" in files:
        for one in read_xml(files["docProps/core.xml"]):
            if isinstance(one.tag, str) and one.tag.rpartition("}")[2] in names:
                yield names[one.tag.rpartition("}")[2]], (one.text or "").strip()[:300]
