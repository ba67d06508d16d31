"""One small change to a form, and the list of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Do = Literal["text", "choices", "required", "hide", "move", "add"]
DOING: tuple[Do, ...] = ("text", "choices", "required", "hide", "move", "add")


@dataclass(frozen=True, slots=True)
class Change:
    """`at` is a place below the root of the form (`A/A_logement/A1`): that of a question or a group, for `add` the one
    the new question gets. `told`, by `do`:

    text      {"label": {language: text}, "hint": {language: text}}; an empty hint takes it away
    choices   {"labels": {value: {language: text}}, "hidden": [value], "added": [{"name": value, "label": {…}}]}
    required  {"required": bool}
    hide      {}
    move      {"into": place of a group or "", "after": place of a question or group in it, "" to stand first}
    add       {"kind", "label", "hint", "required", "choices": [{"name", "label"}], "only_if": {"question", "value"},
               "level", "purpose", "into", "after"}; all but kind, label, into and after may be missing
    """

    do: Do
    at: str
    told: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.at.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class NotPossible:
    """Why a change cannot be made, and what follows from it: two English msgids, filled from `params`."""

    code: str
    why: str
    so: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


def stored(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """As JSON keeps them."""
    return [{"do": one.do, "at": one.at, **one.told} for one in changes]


def told(kept: Iterable[Mapping[str, Any]]) -> tuple[Change, ...]:
    """From what `stored` gave. Raises KeyError for what no version of it ever wrote."""
    found = []
    for one in kept:
        rest = {name: value for name, value in one.items() if name not in {"do", "at"}}
        found.append(Change(DOING[DOING.index(one["do"])], one["at"], rest))
    return tuple(found)


def with_change(changes: Sequence[Change], new: Change) -> tuple[Change, ...]:
    """The list with one more; what was said before about the same thing is replaced where it stood.

    A question that moves again moves last: it may go behind one that was moved meanwhile.
    """
    new = Change(new.do, home(changes, new.at), new.told)
    place = next((at for at, one in enumerate(changes) if (one.do, one.at) == (new.do, new.at)), None)
    if place is None:
        return (*changes, new)
    if new.do == "move":
        return (*changes[:place], *changes[place + 1 :], new)
    merged = Change(new.do, new.at, _merged(changes[place].told, new.told)) if new.do == "text" else new
    return (*changes[:place], merged, *changes[place + 1 :])


def home(changes: Sequence[Change], at: str) -> str:
    """Where something that was moved stood at first: changes name it by that place."""
    for one in reversed(changes):
        if one.do == "move" and f"{one.told['into']}/{one.name}".lstrip("/") == at:
            return one.at
    return at


def _merged(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Texts said before, in languages that are not said again, stay."""
    return {
        aspect: {**before.get(aspect, {}), **after.get(aspect, {})}
        for aspect in ("label", "hint")
        if aspect in before or aspect in after
    }


def taken_back(changes: Sequence[Change], place: int) -> tuple[Change, ...]:
    """The list without one; without a question that was added, what was said about it goes too."""
    gone = changes[place]
    rest = [one for at, one in enumerate(changes) if at != place]
    if gone.do != "add":
        return tuple(rest)
    return tuple(one for one in rest if one.name != gone.name)
