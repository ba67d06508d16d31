"""Filling a questionnaire as an adviser does: field after field, each as it appears on the page."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from playwright.sync_api import Locator, Page, expect

from forms.pages import name_of
from tests.journeys.visiting import Visitor

Answers = Mapping[str, Any]
KIND = "node => node.tagName === 'INPUT' ? node.type : node.tagName.toLowerCase()"


def fill_section(visitor: Visitor, name: str, said: Answers) -> None:
    """Fill the section `name`, shown now, with the answers of its group; then all is saved.

    A question may show only after another is answered, a row only after it is added: hence in passes.
    """
    left = dict(written(f"/data/{name}", said))
    while left:
        shown = [field for field in left if is_there(visitor.page, field)]
        for field in shown:
            give(visitor.page, field, left.pop(field))
        saved(visitor)
        added = left and _add_rows(visitor.page, f"/data/{name}", said)
        if left and not shown and not added:
            _await_any(visitor.page, left)


def _add_rows(page: Page, path: str, said: Answers) -> bool:
    """Press "add" until the repeats of the section have as many rows as the answers. Whether there was any to add."""
    added = False
    for name, rows in said.items():
        if not (isinstance(rows, list) and rows and isinstance(rows[0], Mapping)):
            continue
        part = page.locator(f'[data-item="{path}/{name}"]')
        for number in range(part.locator("[data-row]").count(), len(rows)):
            part.locator("button[name=add_row]").click()
            expect(part.locator("[data-row]")).to_have_count(number + 1)
            added = True
    return added


def written(path: str, said: Answers) -> Iterator[tuple[str, Any]]:
    """(name of the field, answer) for every answer under a path; rows of repeats are counted from 1."""
    for name, value in said.items():
        below = f"{path}/{name}"
        if isinstance(value, Mapping):
            yield from written(below, value)
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            for number, row in enumerate(value, start=1):
                yield from written(f"{below}[{number}]", row)
        elif value not in (None, "", []):
            yield name_of(below), value


def saved(visitor: Visitor) -> None:
    """Leave the last field and wait until nothing typed is unsaved."""
    visitor.page.keyboard.press("Tab")
    line = visitor.page.locator("[data-saved-line]")
    expect(line).not_to_have_attribute("data-state", re.compile("waiting|saving"), timeout=20_000)
    expect(line).not_to_have_attribute("data-state", re.compile("offline|expired|moved|refused"))


def _fields(page: Page, name: str) -> Locator:
    return page.locator(f'[name="{name}"]')


def is_there(page: Page, name: str) -> bool:
    """Whether a question is asked now."""
    return _fields(page, name).count() > 0


def _await_any(page: Page, names: Mapping[str, Any]) -> None:
    selector = ", ".join(f'[name="{name}"]' for name in names)
    expect(page.locator(selector).first, f"none of {list(names)} is asked").to_be_attached()


def give(page: Page, name: str, value: Any) -> None:
    """Answer the question of this name, whatever its kind."""
    fields = _fields(page, name)
    kind = fields.first.evaluate(KIND)
    if kind in ("radio", "checkbox"):
        for one in value if isinstance(value, list) else [value]:
            page.locator(f'[name="{name}"][value="{one}"]').check()
    elif kind == "select":
        fields.select_option(str(value))
    else:
        fields.first.fill(as_typed(value))  # beside some texts stands a box "no consequence" of the same name


def as_typed(value: Any) -> str:
    """As a French reader writes it: 14/03/1998, 412,50."""
    if isinstance(value, float | Decimal):
        return str(value).replace(".", ",")
    text = str(value)
    try:
        return date.fromisoformat(text).strftime("%d/%m/%Y") if len(text) == len("1998-03-14") else text
    except ValueError:
        return text
