"""Whether a change may be made: a question that something else needs is neither hidden nor made optional."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from forms.adapting.bench import Bench
from forms.adapting.changes import Change, NotPossible
from forms.adapting.offering import list_of, looked_up, values_of
from forms.adapting.outline import Part, found
from forms.adapting.readers import Readers, Reading
from forms.structure import Group, Question

Why = tuple[str, Mapping[str, Any]]
"""An English msgid that says what needs a question, and what fills it."""

GONE = NotPossible("gone", "This is no longer in the common form: the change has no object.")
NOT_HIDDEN = "It cannot be hidden."
NOT_OPTIONAL = "Its answer must stay obligatory."
NOT_MOVED = "It cannot be put there."
NOT_TAKEN = "This choice cannot be taken away."
LISTED = "Lists and figures use its answer."
STANDS_FOR = "It says for others what follows from a confidential answer."
_ASPECTS = {
    "relevant": "It decides whether “%(other)s” is asked.",
    "required": "It decides whether “%(other)s” must be answered.",
    "constraint": "It serves to check the answer to “%(other)s”.",
    "calculation": "It serves to calculate “%(other)s”.",
    "readonly": "It decides whether “%(other)s” can still be changed.",
    "default": "It gives “%(other)s” its first answer.",
    "choice_filter": "It decides what “%(other)s” offers.",
    "text": "It is quoted in “%(other)s”.",
}
_CALCULATED = frozenset({"calculation"})
_ORDERED = frozenset({"relevant", "required", "constraint", "choice_filter"})
_PLAIN = frozenset({"", "yes", "no", "true", "false", "true()", "false()"})


@dataclass(frozen=True, slots=True)
class Needs:
    """What leans on a form from outside. `of`: path → reasons; `lists`: names of lists the operation fills itself."""

    of: Mapping[str, tuple[Why, ...]] = field(default_factory=dict)
    lists: frozenset[str] = frozenset()


class Judge:
    """The workbook as it is when a change is to be made. parts: its outline."""

    def __init__(self, bench: Bench, parts: Mapping[str, Part], readers: Readers, needs: Needs) -> None:
        self.bench, self.parts, self.readers, self.needs = bench, parts, readers, needs

    def refusal(self, change: Change) -> NotPossible | None:
        """Why this change cannot be made now; None when it can."""
        if change.do == "add":
            return self._add(change)
        part = found(self.parts, change.at)
        if part is None:
            return GONE
        judge = {
            "text": self._text,
            "choices": self._choices,
            "required": self._required,
            "hide": self._hide,
            "move": self._move,
        }[change.do]
        return judge(part, self.readers.part(change.at), change)

    # -- one kind after the other --------------------------------------------------------------------------------

    def _text(self, part: Part, _: Question | Group | None, change: Change) -> NotPossible | None:
        label, default = change.told.get("label", {}), self.bench.default
        if default in label and not str(label[default]).strip():
            return NotPossible("no_label", "A question needs words.")
        if part.group and any(change.told.get("hint", {}).values()):
            return NotPossible("no_hint", "A group of questions has no hint.")
        return None

    def _add(self, change: Change) -> NotPossible | None:
        into = change.told.get("into", "")
        if into and found(self.parts, into) is None:
            return GONE
        if any(part.name == change.name for part in self.parts.values()):
            return NotPossible("taken", "Another question bears the same inner name.")
        asked = (change.told.get("only_if") or {}).get("question")
        if asked and found(self.parts, asked) is None:
            return NotPossible("gone", "The question on which it depends is no longer in the common form.")
        return None

    def _required(self, part: Part, known: Question | Group | None, change: Change) -> NotPossible | None:
        if part.group or (isinstance(known, Question) and not known.asked):
            return NotPossible("not_asked", "Nobody answers this.")
        if self._cell(part, "required").lower() not in _PLAIN:
            return NotPossible("depends", "Whether an answer is needed depends on other answers here.")
        if change.told["required"] or known is None:
            return None
        return self._outside(known, NOT_OPTIONAL) or self._read(known, NOT_OPTIONAL, {known.path}, _CALCULATED)

    def _hide(self, part: Part, known: Question | Group | None, _: Change) -> NotPossible | None:
        if known is None:
            return NotPossible(
                "own", "“%(question)s” was added here.", "Take it away instead.", {"question": part.name}
            )
        inside = self.readers.within(known)
        but = set(inside) | self._hidden()
        for path in inside:
            one = self.readers.form.questions.get(path) or self.readers.form.groups[path]
            no = self._outside(one, NOT_HIDDEN) or self._read(one, NOT_HIDDEN, but, frozenset(_ASPECTS))
            if no:
                return no
        return None

    def _choices(self, part: Part, known: Question | Group | None, change: Change) -> NotPossible | None:
        name = list_of(self.bench, part)
        hidden, added = set(change.told.get("hidden", ())), change.told.get("added", ())
        no = self._list(name, touched=bool(hidden or added))
        if no:
            return no
        values = values_of(self.bench, name)
        if len([value for value in values if value not in hidden]) + len(added) < min(2, len(values)):
            return NotPossible("too_few", "At least two choices must remain.")
        if known is None or not hidden.intersection(values):
            return None
        named = self.needs.of.get(known.path)
        if named:
            return NotPossible("needed", named[0][0], NOT_TAKEN, named[0][1])
        return self._asked_about(known, hidden)

    def _list(self, name: str, *, touched: bool) -> NotPossible | None:
        if not name:
            return NotPossible("no_list", "This question has no list of choices that can be changed here.")
        if name in self.needs.lists:
            return NotPossible("fitted", "The operation itself fills this list: change its partners, zones or places.")
        if touched and looked_up(self.bench, name):
            return NotPossible("looked_up", "A calculation reads this list: its choices can only be reworded.")
        return None

    def _asked_about(self, known: Question | Group, hidden: set[str]) -> NotPossible | None:
        """Rules that wait for a choice that would no longer be offered."""
        for one in self.readers.of.get(known.path, ()):
            if any(f"'{value}'" in one.text or f'"{value}"' in one.text for value in hidden):
                return NotPossible("read", _ASPECTS[one.aspect], NOT_TAKEN, self._by(one))
        return None

    def _move(self, part: Part, known: Question | Group | None, change: Change) -> NotPossible | None:
        into, after = change.told["into"], change.told["after"]
        target, before = (found(self.parts, at) if at else None for at in (into, after))
        if (into and (target is None or not target.group)) or (after and before is None):
            return NotPossible("gone", "The place it was put at is no longer in the common form.")
        if part.at == into or into.startswith(f"{part.at}/") or (before and before.at == part.at):
            return NotPossible("itself", "It cannot stand inside itself.")
        if (target.at if target else "") == part.around:
            return None
        return self._elsewhere(part, known, target)

    def _elsewhere(self, part: Part, known: Question | Group | None, target: Part | None) -> NotPossible | None:
        """Into another group: the place of its answers changes."""
        if part.group:
            return NotPossible("group", "A group of questions stays where it is; its questions can be moved.")
        if sum(1 for one in self.parts.values() if one.name == part.name) > 1:
            return NotPossible("twin", "Another question bears the same inner name.", NOT_MOVED)
        root, rows = self.readers.root, self.readers.form.repeats_above
        if rows(f"{root}/{part.around}") != rows(f"{root}/{target.at}" if target else root):
            return NotPossible("rows", "It is asked line by line in one place, and once in the other.", NOT_MOVED)
        named = self.needs.of.get(known.path) if known else None
        return NotPossible("needed", named[0][0], NOT_MOVED, named[0][1]) if named else None

    # -- who needs it --------------------------------------------------------------------------------------------

    def _outside(self, known: Question | Group, so: str) -> NotPossible | None:
        """What needs an answer besides the form."""
        named = self.needs.of.get(known.path)
        if named:
            return NotPossible("needed", named[0][0], so, named[0][1])
        if isinstance(known, Question) and known.index:
            return NotPossible("listed", LISTED, so)
        if isinstance(known, Question) and known.causes:
            return NotPossible("stands_for", STANDS_FOR, so)
        return None

    def _read(self, known: Question | Group, so: str, but: set[str], aspects: frozenset[str]) -> NotPossible | None:
        """What in the form needs it, besides the questions of `but`."""
        for one in self.readers.of.get(known.path, ()):
            if one.by not in but and one.aspect in aspects:
                return NotPossible("read", _ASPECTS[one.aspect], so, self._by(one))
        return None

    def _by(self, one: Reading) -> dict[str, str]:
        return {"other": self.readers.label(one.by)}

    def _hidden(self) -> set[str]:
        """What is hidden already needs nothing any more."""
        tops = {part.at: part for part in self.parts.values() if self._cell(part, "relevant") == "false()"}
        known = (self.readers.part(at) for at in tops)
        return {path for one in known if one is not None for path in self.readers.within(one)}

    def _cell(self, part: Part, column: str) -> str:
        return self.bench.cell("survey", self.bench.rows["survey"][part.first], column)


def overtaken(readers: Readers, before: list[str], after: list[str]) -> NotPossible | None:
    """A question that would come behind one whose rule reads it. before, after: the names of the parts in order."""
    was, now = _ranks(before), _ranks(after)
    for path, readings in readers.of.items():
        name = path.rpartition("/")[2]
        for one in (one for one in readings if one.aspect in _ORDERED):
            by = one.by.rpartition("/")[2]
            known = {name, by} <= was.keys() & now.keys()
            if known and was[name] < was[by] and now[name] > now[by]:
                params = {"question": readers.label(path), "other": readers.label(one.by)}
                why = "“%(question)s” must come before “%(other)s”, which depends on it."
                return NotPossible("overtaken", why, NOT_MOVED, params)
    return None


def _ranks(names: list[str]) -> dict[str, int]:
    """Name → place, of names that stand once."""
    return {name: place for place, name in enumerate(names) if names.count(name) == 1}
