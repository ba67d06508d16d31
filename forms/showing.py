"""What a page shows of the choices of a question, and what it asks from outside the form: pictures, files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from forms.appearances import style_of
from forms.choice_fields import RangeField, RankField, ranked
from forms.structure import NOTHING, Choice, Question, Wording

FEW = 40
"""Above as many choices, those that are searched by typing are no longer all drawn."""


@dataclass(frozen=True, slots=True)
class Also:
    """The same words in a second language; `lang` and `dir` mark them in the page."""

    label: str
    hint: str = ""
    lang: str = ""
    dir: str = "ltr"


@dataclass(frozen=True, slots=True)
class Seen:
    """The box "seen on a document" beside an answer: what it sends, and whether it is ticked."""

    value: str
    ticked: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """`image` is the address of its picture, or empty; `place` the place it was given in a ranking, as typed; `also`
    its label in a second language.
    """

    value: str
    label: str
    selected: bool
    image: str = ""
    place: str = ""
    also: Also | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A file given as an answer: its address, the name people gave it, its size as people read it."""

    url: str
    name: str
    size: str = ""
    image: bool = False


@dataclass(frozen=True, slots=True)
class Outside:
    """What the form does not hold itself. `media` gives the address of a picture or sound of the form, `kept` the file
    behind an answer (path, name of the file); empty and none where there is none.
    """

    media: Callable[[str], str]
    kept: Callable[[str, str], Kept | None]


NOTHING_OUTSIDE = Outside(lambda _name: "", lambda _path, _name: None)


def drawn_as(question: Question, count: int) -> str:
    """How a question is drawn (see `forms.appearances`); a long list that is searched becomes a box with proposals."""
    style = style_of(question.kind, question.appearance) if question.appearance else ""
    return "proposals" if style == "filter" and question.kind == "select_one" and count > FEW else style


def options(
    question: Question, offered: Iterable[Choice], text: str, lang: str, outside: Outside
) -> tuple[Option, ...]:
    """The choices of a question as they stand now, in the order of the answer when it is a ranking. An answer that is
    not offered any more stands among them: it is wrong, but not lost when the page is sent.
    """
    if question.kind == "rank":
        return _ranking(question, tuple(offered), text, lang, outside)
    chosen = [text] if question.kind == "select_one" else text.split()
    listed = tuple(offered)
    found = [_option(one, one.value in chosen, lang, outside) for one in listed]
    known = {choice.value: choice for choice in question.choices}
    strange = dict.fromkeys(value for value in chosen if value and value not in {one.value for one in listed})
    found += [_option(known.get(value, Choice(value, NOTHING)), True, lang, outside) for value in strange]
    return tuple(found)


def _option(choice: Choice, selected: bool, lang: str, outside: Outside, place: str = "") -> Option:
    image = first_of(choice.media, lang, "image", "big-image") if choice.media else ""
    label = choice.label[lang] if choice.label else ""
    return Option(choice.value, label or choice.value, selected, outside.media(image) if image else "", place)


def first_of(media: Mapping[str, Wording], lang: str, *mediums: str) -> str:
    """The name of the first file there is, in that language; empty when there is none."""
    return next((media[medium][lang] for medium in mediums if medium in media), "")


def _ranking(
    question: Question, offered: tuple[Choice, ...], text: str, lang: str, outside: Outside
) -> tuple[Option, ...]:
    places = RankField(question).parts(text, lang)
    known = {choice.value: choice for choice in offered}
    order = ranked("" if "=" in text else text, list(known))
    return tuple(_option(known[one], False, lang, outside, places.get(one, "")) for one in order)


def numbers(question: Question, text: str, lang: str) -> tuple[Option, ...]:
    """The numbers of a range, when it is answered by choosing one."""
    asked = RangeField(question)
    return tuple(Option(one, asked.show(one, lang), one == text) for one in asked.offered())
