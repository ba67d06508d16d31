"""What was keyed is written into the answers, whether the rules ask it or not: the paper has it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from forms.growing import UnknownPath
from forms.instance import Instance
from forms.keying.typed import read, shown
from forms.pages import name_of, path_of
from forms.structure import Question, Repeat
from forms.tree import Node
from forms.upload_fields import KINDS
from forms.visibility import Lens, may_see_at

_ROW = re.compile(r"\A(.*?)\[([0-9]{1,4})\]")


def keyed_here(instance: Instance, question: Question, node: Node, lens: Lens, closed: Collection[str]) -> bool:
    """Whether this question is keyed: asked on paper, of who may answer it, on a page that may be changed."""
    asked = question.asked and question.kind not in KINDS and question.page not in closed
    return asked and may_see_at(instance.form, question, node, lens) and not instance.holds(question.readonly, node)


def key_in(instance: Instance, posted: Mapping[str, str], lens: Lens, closed: Collection[str] = ()) -> None:
    """Write what was typed, by HTML name, as canonical text; rows that are typed in come to be, blank ones at the
    end of a list go. Nothing is set off: on paper every answer was given by hand.

    closed: paths of pages that may not be changed. Raises RowLimit.
    """
    typed = {path_of(name): text for name, text in posted.items() if name.startswith(f"{instance.form.root.name}:")}
    for path, text in typed.items():
        if text.strip():
            _grow(instance, path)
    for path, node, question in instance.leaves():
        text = typed.get(path)
        if text is None or not keyed_here(instance, question, node, lens, closed):
            continue
        if text.strip() not in {shown(question, node.text, lang).strip() for lang in ("fr", "en")}:
            instance.put(path, read(question, text))
    _drop_blank_rows(instance, typed)


def _grow(instance: Instance, path: str) -> None:
    """The rows on the way to a path."""
    done = ""
    while found := _ROW.match(path[len(done) :]):
        repeat, place = done + found.group(1), int(found.group(2))
        try:
            while instance.raw_rows(repeat) < min(place, instance.row_limit + 1):
                instance.add_row(repeat)
        except UnknownPath:
            return
        done += found.group(0)


def _drop_blank_rows(instance: Instance, typed: Mapping[str, str]) -> None:
    """A row that was on the page and in which nothing stands any more is no row, unless the form begins with it."""
    for path in sorted({row for name in typed for row in _rows_of(name)}, key=_last_first):
        repeat, _, number = path.removesuffix("]").rpartition("[")
        try:
            node = instance.node(path)
        except UnknownPath:
            continue
        group = instance.form.groups.get(node.path)
        if not isinstance(group, Repeat) or group.count is not None:
            continue
        last = int(number) == instance.raw_rows(repeat)
        if last and int(number) > group.rows and not _said(instance, node):
            instance.remove_row(repeat, int(number))


def _rows_of(path: str) -> list[str]:
    return [path[: found.end()] for found in re.finditer(r"\[[0-9]{1,4}\]", path)]


def _last_first(row: str) -> tuple[str, int]:
    repeat, _, number = row.removesuffix("]").rpartition("[")
    return repeat, -int(number)


def _said(instance: Instance, row: Node) -> bool:
    questions = instance.form.questions
    return any(
        leaf.text and not questions[leaf.path].computed and leaf.text != questions[leaf.path].default
        for leaf in row.descendants()
        if leaf.path in questions
    )


def ignored(instance: Instance, lens: Lens) -> list[str]:
    """Paths of what was keyed and is not asked: kept, and not taken into account."""
    return [
        path
        for path, node, question in instance.leaves()
        if node.text and not node.relevant and question.asked and node.text != question.default
        and may_see_at(instance.form, question, node, lens)
    ]  # fmt: skip


__all__ = ["ignored", "key_in", "keyed_here", "name_of"]
