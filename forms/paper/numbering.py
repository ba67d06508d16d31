"""The number of every question and the short code of every choice, the same on paper and on the keying screen."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from string import ascii_lowercase, ascii_uppercase

from forms.structure import Form, Group, Question

_OWN = re.compile(r"([A-Za-z]{1,2})(\d{1,3})(?:_(\w+))?\Z", re.ASCII)
_LETTER = re.compile(r"([A-Z]{1,2})(?:_|\Z)", re.ASCII)
_MOST_OWN = 0.5


def numbers(form: Form) -> Mapping[str, str]:
    """Form path → number of every question that is asked, in the order of the pages. Each number is given once.

    A form whose names are codes keeps them: A1 is A1; A5_heure and A5_lieu, which go with A5, are A5a and A5b; a
    question without a code stands under the letter of its page (E.1). Other forms are numbered by pages: A1, A2, B1.
    """
    asked = [(place, section, question) for place, section, question in _asked(form)]
    own = [_OWN.match(question.name) for _, _, question in asked]
    found = [match for match in own if match]
    if found and len(found) >= _MOST_OWN * len(asked):
        return _by_code(asked, own)
    return _by_page(asked)


def choice_codes(question: Question) -> Mapping[str, str]:
    """Value → the number printed before a choice: its place in the whole list, whatever is offered at the moment."""
    return {choice.value: str(place) for place, choice in enumerate(question.choices, 1)}


_Asked = tuple[int, Group, Question]


def _asked(form: Form) -> Iterator[_Asked]:
    for place, section in enumerate(form.sections):
        for question in section.questions():
            if question.asked:
                yield place, section, question


def _by_page(asked: Iterable[_Asked]) -> dict[str, str]:
    ranks: Counter[int] = Counter()
    found = {}
    for place, _, question in asked:
        ranks[place] += 1
        found[question.path] = f"{letters(place)}{ranks[place]}"
    return found


def _by_code(asked: list[_Asked], own: list[re.Match[str] | None]) -> dict[str, str]:
    ranks: Counter[str] = Counter()
    found: dict[str, str] = {}
    taken: set[str] = set()
    for (place, section, question), match in zip(asked, own, strict=True):
        number = _coded(match, ranks) if match else ""
        while not number or number in taken:
            number = _uncoded(place, section, ranks)
        taken.add(number)
        found[question.path] = number
    return found


def _coded(match: re.Match[str], ranks: Counter[str]) -> str:
    code, more = match.group(1).upper() + match.group(2), match.group(3)
    if not more:
        return code
    ranks[code] += 1
    return f"{code}{letters(ranks[code] - 1, ascii_lowercase)}"


def _uncoded(place: int, section: Group, ranks: Counter[str]) -> str:
    letter = _LETTER.match(section.name)
    start = letter.group(1) if letter else str(place + 1)
    ranks[f"{start}."] += 1
    return f"{start}.{ranks[f'{start}.']}"


def letters(place: int, alphabet: str = ascii_uppercase) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    rest = place // len(alphabet)
    return (letters(rest - 1, alphabet) if rest else "") + alphabet[place % len(alphabet)]
