"""The words of a model with its clauses in place, and from which file and line each of its lines comes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from documents.findings import Finding
from documents.values import MOST_TEXT, TooLong

_CLAUSE = re.compile(r"\{%-?\s*clause\s+([\"'])([a-z0-9-]+)\1\s*-?%\}")


@dataclass(frozen=True, slots=True)
class Place:
    """`clause`: the name of the clause the line comes from, "" for the model itself; `line` counts from 1."""

    clause: str
    line: int


@dataclass(frozen=True, slots=True)
class Source:
    """Liquid and Markdown, and the place of every line."""

    text: str
    places: tuple[Place, ...]

    def located(self, found: Finding) -> Finding:
        """The finding with the line of the file instead of the line of this text."""
        if found.line is None or not 0 < found.line <= len(self.places):
            return found
        place = self.place(found.line)
        return replace(found, line=place.line, clause=place.clause)

    def place(self, line: int) -> Place:
        """Where a line of this text, from 1, stands."""
        return self.places[min(max(line, 1), len(self.places)) - 1]


def plain_source(text: str, first_line: int, clause: str = "") -> Source:
    """A text whose first line is line `first_line` of its file."""
    lines = text.count("\n") + 1
    return Source(text, tuple(Place(clause, first_line + number) for number in range(lines)))


def uses(text: str) -> Iterator[tuple[str, int]]:
    """The clauses a text asks for, each with its line in the text, from 1."""
    for found in _CLAUSE.finditer(text):
        yield found[2], text.count("\n", 0, found.start()) + 1


def chosen(clauses: Mapping[str, Source], name: str, landlord: str) -> Source:
    """The clause of that landlord where there is one, the clause for everybody otherwise."""
    return clauses.get(f"{name}.{landlord}", clauses[name])


def with_clauses(body: Source, clauses: Mapping[str, Source], landlord: str) -> Source:
    """Every `{% clause "name" %}` exchanged for the words of that clause, which stand as blocks of their own.

    Raises TooLong.
    """
    called = [chosen(clauses, found[2], landlord) for found in _CLAUSE.finditer(body.text)]
    if not called:
        return body
    if len(body.text) + sum(len(clause.text) for clause in called) > MOST_TEXT:
        raise TooLong
    lines: list[str] = []
    places: list[Place] = []
    for text, place in zip(body.text.split("\n"), body.places, strict=True):
        rest = 0
        for found in _CLAUSE.finditer(text):
            clause = chosen(clauses, found[2], landlord)
            lines += [text[rest : found.start()], "", *clause.text.split("\n"), ""]
            places += [place, place, *clause.places, place]
            rest = found.end()
        lines.append(text[rest:])
        places.append(place)
    return Source("\n".join(lines), tuple(places))
