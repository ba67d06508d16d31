"""What a page sends is written into the answers: texts by name, rows added and removed, choices moved.

Required answers and constraints come from the evaluator, because relevance decides what is asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from forms.checking import AnswerError
from forms.choice_fields import ranked
from forms.consequences import may_be_none, written_or_none
from forms.fields import field_for
from forms.growing import UnknownPath
from forms.instance import Instance
from forms.pages import PART, name_of
from forms.plain_fields import Posted
from forms.structure import Question
from forms.tree import Node
from forms.visibility import EVERYTHING, Lens, errors_for, may_see_at

_BOXES = frozenset({"select_multiple", "acknowledge"})


def apply(
    instance: Instance,
    formdata: Any,
    section_path: str,
    whole: bool = True,
    lens: Lens = EVERYTHING,
    *,
    leave: Collection[str] = (),
) -> list[AnswerError]:
    """Write a posted page into the instance; the errors of that page afterwards. Raises KeyError.

    `formdata` is a MultiDict or a mapping from names to a text or a list of texts. Unticked boxes are not sent by
    browsers: with `whole`, boxes that were on the page and are missing are unticked. Questions the page did not show to
    this reader, calculated and read-only ones, names of other pages and the paths in `leave` are left alone.
    """
    for said in changes(instance, formdata, section_path, whole, lens):
        if said.path not in leave:
            instance.set(said.path, said.text)
    return errors_for(instance, instance.errors(section_path), lens)


@dataclass(frozen=True, slots=True)
class Said:
    """A page says `text` where the answers say `before`, both as canonical texts."""

    path: str
    before: str
    text: str


def changes(
    instance: Instance, formdata: Any, section_path: str, whole: bool = True, lens: Lens = EVERYTHING
) -> Iterator[Said]:
    """Every answer that a posted page says otherwise, read one after the other: what is written meanwhile counts.

    The arguments are those of `apply`. Raises KeyError.
    """
    instance.form.section(section_path)
    sent = posted_of(formdata)
    # What reads as it did when the page was shown is no new answer: what another answer has set off meanwhile stands.
    shown = [(path, node, question, node.text) for path, node, question in askable(instance, section_path, lens)]
    for path, node, question, before in shown:
        posted = sent.get(name_of(path), Posted())
        if posted.values is None and whole and question.kind in _BOXES and node.relevant:
            posted = Posted((), posted.parts)
        field = field_for(question)
        text = field.read(_chosen(question, posted), partial(instance.choices_at, node, question))
        if text is not None and not field.sent_back(text, before):
            yield Said(path, before, text)


def askable(instance: Instance, section_path: str, lens: Lens) -> list[tuple[str, Node, Question]]:
    """(path, node, question) of what a page may ask this reader, relevant or not."""
    return [
        (path, node, question)
        for path, node, question in instance.leaves()
        if question.page == section_path
        and question.asked
        and may_see_at(instance.form, question, node, lens)
        and not instance.holds(question.readonly, node)
    ]


def posted_of(formdata: Any) -> dict[str, Posted]:
    """What was sent, by HTML name; `name!part` belongs to `name`."""
    values: dict[str, list[str]] = {}
    parts: dict[str, dict[str, str]] = {}
    for name in formdata:
        sent = _texts(formdata, name)
        first, mark, part = name.partition(PART)
        if mark:
            parts.setdefault(first, {})[part] = sent[-1] if sent else ""
        else:
            values[first] = sent
    return {name: Posted(values.get(name), parts.get(name, {})) for name in (*values, *(parts.keys() - values.keys()))}


def _texts(formdata: Any, name: str) -> list[str]:
    if hasattr(formdata, "getlist"):
        return [str(value) for value in formdata.getlist(name)]
    value = formdata[name]
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]


def _chosen(question: Question, posted: Posted) -> Posted:
    """A box "no consequence" stands beside some texts, under the same name."""
    if posted.values is None or not may_be_none(question):
        return posted
    return Posted(written_or_none(list(posted.values)), posted.parts)


def change_rows(instance: Instance, formdata: Mapping[str, Any]) -> str | None:
    """Do what the buttons `add_row` (path of a repeat), `remove_row` (path of a row), `move_up` and `move_down` (path
    of a question that ranks its choices, a space, the choice) ask, after `apply`.

    Gives the path of the new row, of the repeat that has lost one, or of the question; none when no such button was
    used or the path does not exist. Raises RowLimit.
    """
    try:
        for button, step in (("move_up", -1), ("move_down", 1)):
            if formdata.get(button):
                path, _space, choice = str(formdata[button]).partition(" ")
                return path if move(instance, path, choice, step) else None
        if formdata.get("add_row"):
            path = str(formdata["add_row"])
            return f"{path}[{instance.add_row(path)}]"
        if formdata.get("remove_row"):
            path, _, row = str(formdata["remove_row"]).removesuffix("]").rpartition("[")
            instance.remove_row(path, int(row) if row.isascii() and row.isdigit() else 0)
            return path
    except UnknownPath:
        return None
    return None


def move(instance: Instance, path: str, choice: str, step: int) -> bool:
    """Move one choice of a ranking up (-1) or down (1); a ranking without an answer begins in the order of the list.

    False when the question does not rank that choice.
    """
    question = instance.question(path)
    order = ranked(instance.get(path), [one.value for one in instance.choices(path)])
    if question.kind != "rank" or choice not in order:
        return False
    place = order.index(choice)
    other = max(0, min(len(order) - 1, place + step))
    order.insert(other, order.pop(place))
    instance.set(path, " ".join(order))
    return True
