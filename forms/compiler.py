"""One page of a form as a WTForms form. The instance stays the truth: the form only carries what was typed into it.

Each page has its class, made from its group: a group inside is a `FormField`, a repeat a `FieldList(FormField)`, and
the names of the fields are those of the page (`data:C:person~2:age`). A form made from the class holds the questions
asked now: those that are not relevant, not asked or hidden from the reader are taken out of it. Required answers and
constraints come from the evaluator, because relevance decides what is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from wtforms import BooleanField, FieldList, FileField, FormField, RadioField, StringField, TextAreaField
from wtforms import SelectMultipleField as BoxesField
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice
from wtforms.fields.core import UnboundField
from wtforms.form import BaseForm
from wtforms.meta import DefaultMeta
from wtforms.utils import unset_value

from forms.answering import apply, change_rows, posted_of
from forms.checking import AnswerError
from forms.instance import Instance
from forms.pages import Item, Option, Row, name_of, page, path_of
from forms.structure import Group, Question, Repeat
from forms.tree import Node
from forms.visibility import EVERYTHING, Lens

__all__ = [
    "Item",
    "Option",
    "PageForm",
    "Row",
    "apply",
    "change_rows",
    "name_of",
    "page",
    "page_class",
    "page_form",
    "path_of",
    "posted_of",
]

_STEP, _ROW = ":", "~"
_FIELDS: Mapping[str, type[Field]] = {
    "multiline": TextAreaField,
    "select_one": RadioField,
    "select_multiple": BoxesField,
    "acknowledge": BooleanField,
    "file": FileField,
    "image": FileField,
    "audio": FileField,
    "video": FileField,
}


class Part(BaseForm):
    """The questions of one group, or of one row of a repeat; `fields` is filled by `page_class`."""

    fields: ClassVar[Mapping[str, UnboundField]] = {}

    def __init__(self, formdata: Any = None, obj: Any = None, prefix: str = "", meta: Any = None) -> None:
        super().__init__(self.fields, prefix=prefix, meta=_Meta())
        if meta:
            self.meta.update_values(meta)
        answers = obj or {}
        for name, field in self._fields.items():
            field.process(formdata, answers.get(name, unset_value))


class _Meta(DefaultMeta):
    """Without a token of its own: the page carries one."""

    csrf = False


class Rows(FieldList):
    """The rows of a repeat: as many as the answers hold, numbered from 1 as in the paths of a form."""

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        self.last_index, self.entries = 0, []
        self.object_data = () if data is unset_value else data
        for row in self.object_data:
            self._add_entry(formdata, row)


class PageForm:
    """The WTForms form of one page: one field per question asked now, by its HTML name.

    `bind(formdata)` reads a request; `save()` writes what was read into the instance and ties the errors to the fields.
    `form` is the form as WTForms nests it.
    """

    def __init__(self, instance: Instance, section_path: str, lang: str, lens: Lens = EVERYTHING) -> None:
        self.instance = instance
        self.section_path = section_path
        self.lang = lang
        self.lens = lens
        self.formdata: Any = {}
        drawn = _questions(page(instance, section_path, lang, (), lens))
        self.items = {item.name: item for item in drawn if not item.readonly}
        self.form = self._made(None)

    def _made(self, formdata: Any) -> Part:
        section = self.instance.form.section(self.section_path)
        made = page_class(section)(formdata, _answers(section, self._nodes(section)), _prefix(section))
        _keep(made, self.items, sent=formdata is not None)
        return made

    def _nodes(self, section: Group) -> list[Node]:
        found = self.instance.engine.nodes(section.path)
        return found if isinstance(section, Repeat) else found[:1]

    def bind(self, formdata: Any) -> PageForm:
        self.formdata = formdata
        self.form = self._made(formdata)
        return self

    def save(self) -> list[AnswerError]:
        errors = apply(self.instance, self.formdata, self.section_path, lens=self.lens)
        fields = {field.name: field for field in leaves_of(self.form)}
        for error in errors:
            found = fields.get(name_of(error.path))
            if found is not None:
                found.errors = [error]
        return errors

    def __iter__(self) -> Iterator[Field]:
        return leaves_of(self.form)

    def __getitem__(self, name: str) -> Field:
        """Raises KeyError for a question that is not asked now."""
        return next((field for field in self if field.name == name), None) or _missing(name)

    def __contains__(self, name: str) -> bool:
        return any(field.name == name for field in self)


def _missing(name: str) -> Field:
    raise KeyError(name)


def page_form(instance: Instance, section_path: str, lang: str, lens: Lens = EVERYTHING) -> PageForm:
    """Raises KeyError when the form has no such page."""
    return PageForm(instance, section_path, lang, lens)


def page_class(section: Group) -> type[Part]:
    """The class of a page: a field per question somebody answers, nested as the form is."""
    fields = {section.name: _rows(section)} if isinstance(section, Repeat) else _fields(section)
    return type(f"Page_{section.name}", (Part,), {"fields": fields, "__doc__": section.path})


def _fields(group: Group) -> dict[str, UnboundField]:
    found: dict[str, UnboundField] = {}
    for part in group.children:
        if isinstance(part, Repeat):
            found[part.name] = _rows(part)
        elif isinstance(part, Group):
            found[part.name] = FormField(_part(part), separator=_STEP)
        elif part.asked:
            found[part.name] = _field(part)
    return found


def _part(group: Group) -> type[Part]:
    return type(f"Part_{group.name}", (Part,), {"fields": _fields(group), "__doc__": group.path})


def _rows(repeat: Repeat) -> UnboundField:
    return Rows(FormField(_part(repeat), separator=_STEP), separator=_ROW)


def _field(question: Question) -> UnboundField:
    kind = _FIELDS.get(question.kind, StringField)
    return kind(choices=[], validate_choice=False) if kind in {RadioField, BoxesField} else kind()


def _prefix(section: Group) -> str:
    """What stands before the names of the fields of a page."""
    path = section.path.rpartition("/")[0] if isinstance(section, Repeat) else section.path
    return f"{name_of(path)}{_STEP}"


def _answers(group: Group, nodes: list[Node]) -> dict[str, Any]:
    """The nodes of a page by name, nested as its class is."""
    if isinstance(group, Repeat):
        return {group.name: [_row(group, node) for node in nodes]}
    return dict(_row(group, nodes[0])) if nodes else {}


def _row(group: Group, node: Node) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    for part in group.children:
        below = node.children.get(part.name, [])
        if isinstance(part, Repeat):
            found[part.name] = [_row(part, row) for row in below]
        elif isinstance(part, Group) and below:
            found[part.name] = _row(part, below[0])
    return MappingProxyType(found)  # a plain dict would be taken apart into arguments


def _keep(form: Part, items: Mapping[str, Item], *, sent: bool) -> None:
    """Take out what is not asked now; dress the rest with its words, choices and present answer."""
    for name, field in list(form._fields.items()):
        if isinstance(field, FormField):
            _keep(field.form, items, sent=sent)
        elif isinstance(field, Rows):
            for row in field.entries:
                _keep(row.form, items, sent=sent)
        elif field.name not in items:
            del form[name]
        else:
            _dress(field, items[field.name], sent=sent)


def _dress(field: Field, item: Item, *, sent: bool) -> None:
    field.label.text, field.description = item.label, item.hint
    if isinstance(field, RadioField | BoxesField):
        field.choices = [SelectChoice(one.value, one.label) for one in item.choices]
    if not sent or (not field.raw_data and not isinstance(field, BooleanField | BoxesField)):
        field.data = bool(item.value) if isinstance(field, BooleanField) else item.value


def leaves_of(form: Part) -> Iterator[Field]:
    """Every question of a page, those of groups and rows included, in the order of the form."""
    for field in form._fields.values():
        if isinstance(field, FormField):
            yield from leaves_of(field.form)
        elif isinstance(field, Rows):
            for row in field.entries:
                yield from leaves_of(row.form)
        else:
            yield field


def _questions(items: Iterable[Item]) -> Iterator[Item]:
    for item in items:
        if item.kind == "question" and item.kind_of_question != "note":
            yield item
        yield from _questions(item.children)
        for row in item.rows:
            yield from _questions(row.children)
