"""The questions of one page as they are drawn: in one language or two, with boxes for documents, with their remarks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from flask import g

from forms.bilingual import together
from forms.instance import AnswerError, Instance
from forms.pages import Item, page
from forms.provenance import box, is_seen
from forms.showing import Outside, Seen
from forms.visibility import Lens
from workflow.dossiers.pages.remarking import posted, remembered
from workflow.dossiers.pages.tongues import Tongue, enter
from workflow.web import spoken

Dress = Callable[[Item], Item]


def drawn(
    instance: Instance, path: str, tongue: Tongue, errors: Iterable[AnswerError], lens: Lens, *, outside: Outside
) -> tuple[Item, ...]:
    """One page in the language that was chosen; with the second one under it where there is one."""
    enter(tongue)
    found = list(errors)
    items = page(instance, path, tongue.lang, found, lens, outside=outside)
    if not tongue.also:
        return items
    others = page(instance, path, tongue.also, found, lens, outside=outside)
    return together(items, others, spoken.written(tongue.also))


def dressed(items: tuple[Item, ...], dress: Dress) -> tuple[Item, ...]:
    """Every question of a page changed by `dress`, those of rows included."""
    return tuple(_dressed(item, dress) for item in items)


def _dressed(item: Item, dress: Dress) -> Item:
    if item.kind == "question":
        return dress(item)
    rows = tuple(replace(row, children=dressed(row.children, dress)) for row in item.rows)
    return replace(item, children=dressed(item.children, dress), rows=rows)


def to_fill(instance: Instance, items: tuple[Item, ...], lines: Mapping[str, Any], told: Any) -> tuple[Item, ...]:
    """A page one writes in: beside the answers that may be seen on a document, whether they were (`lines`); beside open
    texts, what the page `told` of them already.
    """
    g.tells_why = True
    documents = {question.path for question in instance.form.questions.values() if question.document}
    before = posted(told)

    def dress(item: Item) -> Item:
        if item.question in documents and not item.readonly:
            line = lines.get(item.path)
            item = replace(item, seen=Seen(box(item.path, line), is_seen(line)))
        return remembered(item, before)

    return dressed(items, dress)
