"""What a question offers to choose from now."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zlib import crc32

from forms.checking import choice_from_answers
from forms.growing import address
from forms.structure import Choice, Question
from forms.tree import Node
from forms.wordings import instance_name

if TYPE_CHECKING:
    from forms.instance import Instance


def offered(instance: Instance, node: Node, question: Question) -> tuple[Choice, ...]:
    """The choices of a question in one row, filtered, in the order in which they are shown.

    An order drawn by chance (`randomize` without seed) is drawn once for each question of one set of answers: it stays
    the same however often the page is shown.
    """
    source = question.choice_filter
    if source is None or not source.filtered:
        return question.choices
    context = instance.at(node)
    drawn = _share(f"{instance.identity.instance_id} {address(node, instance.form)}")
    found = source.formula(replace(context, now=replace(context.now, random=lambda: drawn)))
    items = found if isinstance(found, list) else []
    if instance_name(source.formula.tree) is None:
        return tuple(choice_from_answers(item, source, instance.form.default_language) for item in items)
    return tuple(source.by_item[id(item)] for item in items if id(item) in source.by_item)


def _share(text: str) -> float:
    """A number in [0, 1) that depends on nothing but the text."""
    return crc32(text.encode()) / 2**32
