"""The rows of a survey as the questions and groups they stand for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from forms.adapting.bench import Bench
from forms.vocabulary import snake


@dataclass(frozen=True, slots=True)
class Part:
    """A question, or a group with all that stands in it: rows `first` to `last` of the survey, counted from 0.

    `around` is the place of the group it stands in, "" outside any.
    """

    at: str
    kind: str
    first: int
    last: int
    around: str

    @property
    def name(self) -> str:
        return self.at.rpartition("/")[2]

    @property
    def group(self) -> bool:
        return self.kind.startswith("begin_")


def outline(bench: Bench) -> dict[str, Part]:
    """Place → part, in the order of the sheet."""
    return {part.at: part for part in sorted(_parts(bench), key=lambda part: part.first)}


def _parts(bench: Bench) -> Iterator[Part]:
    around: list[tuple[str, str, int]] = []
    for number, row in enumerate(bench.rows["survey"]):
        kind, name = snake(bench.cell("survey", row, "type")), bench.cell("survey", row, "name")
        above = around[-1][0] if around else ""
        at = f"{above}/{name}" if above else name
        if kind.startswith("begin_"):
            around.append((at, kind, number))
        elif kind.startswith("end_"):
            if around:
                begun, opened, first = around.pop()
                yield Part(begun, opened, first, number, around[-1][0] if around else "")
        elif name:
            yield Part(at, kind, number, number, above)


def found(parts: Mapping[str, Part], at: str) -> Part | None:
    """The part at a place; when it went elsewhere, the only one of that name."""
    if at in parts:
        return parts[at]
    named = [part for part in parts.values() if part.name == at.rpartition("/")[2]]
    return named[0] if len(named) == 1 else None
