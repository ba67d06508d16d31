"""A version as files: its workbook, its XForm, what stands beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forms.definition import Choice as Offered
from forms.definition import Form
from forms.fitting import Choice, with_choices
from forms.rewriting import as_xlsx
from forms.sheets import tables_of
from forms.workbook import read_book
from forms.workbook.writing import write_book
from workflow.catalogue.models import ProcedureVersion
from workflow.catalogue.queries.use import row_of
from workflow.catalogue.queries.versions import files, version
from workflow.errors import NotFound


def downloads(hash_: str) -> list[str]:
    """Names of what may be downloaded of a version: form.xlsx, form.xml, then the files beside."""
    return [*(["form.xlsx"] if row_of(hash_).source is not None else []), "form.xml", *sorted(files(hash_))]


def download(hash_: str, name: str) -> bytes:
    """The bytes of one of them; the workbook compiles to the very form that is used. Raises NotFound."""
    row = row_of(hash_)
    if name == "form.xml":
        return row.form_xml.encode()
    if name == "form.xlsx" and row.source is not None:
        return _workbook(row, row.source)
    found = files(hash_).get(name)
    if found is None:
        raise NotFound()
    return found


def _workbook(row: ProcedureVersion, source: bytes) -> bytes:
    """The source itself when it is an .xlsx without lists of an operation; otherwise written with those lists."""
    tables, _findings = tables_of(read_book(source, row.source_name))
    lists = _lists(version(row.hash).form, list(row.settings.get("lists", {})), tables)
    if lists:
        return write_book(with_choices(tables, lists))
    return source if row.source_name.endswith(".xlsx") else as_xlsx(source, row.source_name)[0]


def _lists(form: Form, names: list[str], tables: Mapping[str, Any]) -> dict[str, list[Choice]]:
    """The choices of those lists that are no longer the workbook's own."""
    found = {}
    for name in names:
        own = {str(row.get("name")): row for row in tables.get("choices") or () if _list(row) == name}
        choices = [_choice(one, own) for one in _offered(form, name)]
        if choices and choices != [{"name": one} for one in own]:
            found[name] = choices
    return found


def _list(row: Mapping[str, Any]) -> str:
    return str(row.get("list_name", row.get("list name", "")))


def _offered(form: Form, name: str) -> tuple[Offered, ...]:
    """The choices of a list, as the questions that ask it have them."""
    asked = (one for one in form.questions.values() if one.choice_filter is not None and one.choices)
    reads = f"instance('{name}')"
    return next((one.choices for one in asked if reads in one.choice_filter.formula.text), ())


def _choice(one: Offered, own: Mapping[str, Mapping[str, Any]]) -> Choice:
    """By its name alone where the workbook says the same of it: its row then stays as it is."""
    known = set(own.get(one.value, {}).values())
    label = dict(one.label)
    return {"name": one.value} if set(label.values()) <= known else {"name": one.value, "label": label}
