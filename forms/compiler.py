"""One page of a form as a WTForms form. The instance stays the truth: the form only carries what was typed into it.

Required answers and constraints come from the evaluator, because relevance decides what is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from wtforms import BooleanField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice
from wtforms.fields.core import UnboundField
from wtforms.form import BaseForm

from forms.checking import AnswerError
from forms.fields import field_for
from forms.growing import UnknownPath, address, leaves
from forms.instance import Instance
from forms.pages import Item, Option, Row, name_of, page, path_of
from forms.structure import Question
from forms.tree import Node
from forms.visibility import EVERYTHING, Lens, may_see

__all__ = ["Item", "Option", "PageForm", "Row", "apply", "change_rows", "name_of", "page", "page_form", "path_of"]

_BOXES = frozenset({"select_multiple", "acknowledge"})
_FIELDS: dict[str, type[Field]] = {
    "multiline": TextAreaField,
    "select_one": RadioField,
    "select_multiple": SelectMultipleField,
    "acknowledge": BooleanField,
}


class PageForm(BaseForm):
    """The WTForms form of one page: one field per question asked now, named as in the page.

    `bind(formdata)` reads a request; `save()` writes what was read into the instance and ties the errors to the fields.
    """

    def __init__(self, instance: Instance, section_path: str, lang: str, lens: Lens = EVERYTHING) -> None:
        self.instance = instance
        self.section_path = section_path
        self.lang = lang
        self.lens = lens
        self.formdata: Any = {}
        items = {item.name: item for item in _questions(page(instance, section_path, lang, (), lens))}
        super().__init__({name: _field(item) for name, item in items.items() if not item.readonly})
        self.process(data={name: _data(item) for name, item in items.items()})

    def bind(self, formdata: Any) -> PageForm:
        self.formdata = formdata
        self.process(formdata)
        return self

    def save(self) -> list[AnswerError]:
        errors = apply(self.instance, self.formdata, self.section_path, lens=self.lens)
        for error in errors:
            name = name_of(error.path)
            if name in self._fields:
                self._fields[name].errors = [error]
        return errors


def page_form(instance: Instance, section_path: str, lang: str, lens: Lens = EVERYTHING) -> PageForm:
    """Raises KeyError when the form has no such page."""
    return PageForm(instance, section_path, lang, lens)


def _questions(items: Iterable[Item]) -> Iterator[Item]:
    for item in items:
        if item.kind == "question" and item.kind_of_question != "note":
            yield item
        yield from _questions(item.children)
        for row in item.rows:
            yield from _questions(row.children)


def _field(item: Item) -> UnboundField:
    kind = _FIELDS.get(item.kind_of_question, StringField)
    options: dict[str, Any] = {}
    if kind in {RadioField, SelectMultipleField}:
        choices = [SelectChoice(one.value, one.label) for one in item.choices]
        options = {"choices": choices, "validate_choice": False}
    return kind(label=item.label, description=item.hint, **options)


def _data(item: Item) -> Any:
    return bool(item.value) if item.kind_of_question == "acknowledge" else item.value


def apply(
    instance: Instance, formdata: Any, section_path: str, whole: bool = True, lens: Lens = EVERYTHING
) -> list[AnswerError]:
    """Write a posted page into the instance; the errors of that page afterwards. Raises KeyError.

    `formdata` is a MultiDict or a mapping from names to a text or a list of texts. Unticked boxes are not sent by
    browsers: with `whole`, boxes that were on the page and are missing are unticked. Questions the page did not show to
    this reader, calculated and read-only ones, and names of other pages are left alone.
    """
    instance.form.section(section_path)
    for node, question in _askable(instance, section_path, lens):
        path = address(node, instance.form)
        posted = _posted(formdata, name_of(path))
        if posted is None and whole and question.kind in _BOXES and node.relevant:
            posted = []
        if posted is not None:
            instance.set(path, _canonical(question, posted))
    return [error for error in instance.errors(section_path) if may_see(instance.question(error.path), lens)]


def _askable(instance: Instance, section_path: str, lens: Lens) -> list[tuple[Node, Question]]:
    instance.recompute()
    return [
        (node, question)
        for node, question in leaves(instance.root, instance.form)
        if question.page == section_path
        and question.asked
        and may_see(question, lens)
        and not instance.holds(question.readonly, node)
    ]


def _posted(formdata: Any, name: str) -> list[str] | None:
    if name not in formdata:
        return None
    if hasattr(formdata, "getlist"):
        return [str(value) for value in formdata.getlist(name)]
    value = formdata[name]
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]


def _canonical(question: Question, posted: list[str]) -> str:
    if question.kind in {"select_multiple", "rank"}:
        return " ".join(dict.fromkeys(word for value in posted for word in value.split()))
    if question.kind == "acknowledge":
        return "OK" if any(value.strip() for value in posted) else ""
    return field_for(question).parse(posted[-1] if posted else "")


def change_rows(instance: Instance, formdata: Mapping[str, Any]) -> str | None:
    """Do what the buttons `add_row` (path of a repeat) and `remove_row` (path of a row) ask, after `apply`.

    Gives the path of the new row, or of the repeat that has lost one; none when no such button was used or the path
    does not exist. Raises RowLimit.
    """
    try:
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
