"""Where the pen answers: one kind of space for each kind of question."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from forms.appearances import style_of, words_of
from forms.choice_fields import AcknowledgeField, RangeField
from forms.consequences import may_be_none, says_none
from forms.expressions.nodes import Binary, Call, Expression, Number, Path, every
from forms.expressions.values import number_to_text
from forms.paper.numbering import choice_codes
from forms.paper.sheet import Option, Space
from forms.structure import Question

MOST_CHOICES = 24
"""A longer list is not printed: the answer is written in words."""

TICKED = "x"
_LINES = 4
_BOXES = 4
_MOST_BOXES = 20
_EUROS = 5


def space_of(question: Question, lang: str, text: str = "") -> Space:
    """The space of a question; `text` is the answer known already, as it is stored."""
    return _SPACES.get(question.kind, _line)(question, lang, text)


def coded(question: Question, lang: str, text: str) -> str:
    """A known choice as it stands in the cell of a table: `2 Monsieur`."""
    known = {choice.value: choice for choice in question.choices}
    codes = choice_codes(question)
    chosen = [text] if question.kind == "select_one" else text.split()
    found = [(codes.get(value, ""), known[value].label[lang] if value in known else value) for value in chosen]
    return ", ".join(f"{code} {label}".strip() for code, label in found)


# -- by kind ------------------------------------------------------------------------------------------------------


def _line(question: Question, _lang: str, text: str) -> Space:
    length = _exact_length(question)
    if length:
        return Space("boxes", count=length)
    none = {"none": may_be_none(question), "none_said": bool(text) and says_none(question, text)}
    if "multiline" in words_of(question.appearance):
        return Space("lines", count=_LINES, **none)
    return Space("lines", count=2, **none) if none["none"] else Space("line")


def _lines(question: Question, _lang: str, text: str) -> Space:
    none = {"none": may_be_none(question), "none_said": bool(text) and says_none(question, text)}
    return Space("lines", count=_LINES, **none)


def _digits(question: Question, _lang: str, _text: str) -> Space:
    money = "money" in words_of(question.appearance)
    most = _most(question)
    usual = _EUROS if money else _BOXES
    count = min(max(len(str(int(most))), 1), 9) if most is not None else usual
    decimals = 2 if question.kind == "decimal" else 0
    return Space("digits", count=count, decimals=decimals, unit="€" if money else "")


def _range(question: Question, lang: str, text: str) -> Space:
    field, limits = RangeField(question), question.limits
    low, high = (number_to_text(limits.get(name, 0.0)) for name in ("start", "end"))
    offered = field.offered()
    if 0 < len(offered) <= MOST_CHOICES // 2:
        marked = (Option("", field.show(one, lang), TICKED if one == text else "") for one in offered)
        return Space("one", tuple(marked), low=low, high=high)
    whole = max(len(low.partition(".")[0]), len(high.partition(".")[0]))
    after = len(number_to_text(limits.get("step", 1.0)).partition(".")[2])
    return Space("digits", count=whole, decimals=after, low=low, high=high)


def _date(question: Question, _lang: str, _text: str) -> Space:
    return Space({"month": "month", "year": "year"}.get(style_of(question.kind, question.appearance), "date"))


def _chosen(question: Question, lang: str, text: str) -> Space:
    if not 0 < len(question.choices) <= MOST_CHOICES:
        return Space("listed", count=1 if question.kind == "select_one" else 2)
    chosen = [text] if question.kind == "select_one" else text.split()
    kind = "one" if question.kind == "select_one" else "several"
    return Space(kind, tuple(options(question, lang, {value: TICKED for value in chosen})))


def _rank(question: Question, lang: str, text: str) -> Space:
    places = {value: str(place) for place, value in enumerate(text.split(), 1)}
    return Space("rank", tuple(options(question, lang, places)))


def options(question: Question, lang: str, marks: Mapping[str, str]) -> Iterator[Option]:
    """The choices with their codes, marked where something is known."""
    codes = choice_codes(question)
    for choice in question.choices:
        label = choice.label[lang] if choice.label else ""
        yield Option(codes[choice.value], label or choice.value, marks.get(choice.value, ""))


def _tick(_question: Question, _lang: str, text: str) -> Space:
    return Space("tick", (Option("", "", TICKED if text == AcknowledgeField.ticked else ""),))


def _file(_question: Question, _lang: str, text: str) -> Space:
    return Space("file", (Option("", "", TICKED if text else ""),))


def _kind(kind: str, count: int = 1) -> Callable[[Question, str, str], Space]:
    return lambda _question, _lang, _text: Space(kind, count=count)


def _image(question: Question, lang: str, text: str) -> Space:
    signed = style_of(question.kind, question.appearance) == "signature"
    return Space("signature") if signed else _file(question, lang, text)


_SPACES: Mapping[str, Callable[[Question, str, str], Space]] = {
    "multiline": _lines,
    "integer": _digits,
    "decimal": _digits,
    "range": _range,
    "date": _date,
    "time": _kind("time"),
    "datetime": _kind("datetime"),
    "select_one": _chosen,
    "select_multiple": _chosen,
    "rank": _rank,
    "acknowledge": _tick,
    "geopoint": _kind("place"),
    "geotrace": _kind("points", 2),
    "geoshape": _kind("points", 2),
    "image": _image,
    "audio": _file,
    "video": _file,
    "file": _file,
}


# -- what the constraint says of the length -------------------------------------------------------------------------


def _most(question: Question) -> float | None:
    """The largest number that the constraint lets through, when it says so plainly (`. <= 30`)."""
    ends = [
        node.right.value
        for node in _tests(question)
        if node.operator in ("<", "<=") and _itself(node.left) and isinstance(node.right, Number)
    ]
    return min(ends, default=None)


def _exact_length(question: Question) -> int:
    """How many signs the answer has (`string-length(.) = 18`); 0 when that is not said, or too many for boxes."""
    for node in _tests(question):
        match node:
            case Binary(
                operator="=",
                left=Call(name="string-length", arguments=(Path() as path,)),
                right=Number(value=number),
            ) if _itself(path) and 0 < number <= _MOST_BOXES:
                return int(number)
    return 0


def _tests(question: Question) -> Iterator[Binary]:
    if question.constraint is not None:
        yield from (node for node in every(question.constraint.tree) if isinstance(node, Binary))


def _itself(tree: Expression) -> bool:
    if not isinstance(tree, Path) or tree.base is not None or tree.absolute:
        return False
    return all(step.axis == "self" for step in tree.steps)
