"""A person at work on one dossier: the pages are asked, the forms on them are sent as a browser would send them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

from forms.compiler import name_of
from forms.instance import Instance
from workflow.db import db


@dataclass
class Desk:
    """One person before one dossier."""

    client: FlaskClient
    reference: str
    last: TestResponse | None = field(default=None)

    def get(self, path: str = "") -> "Desk":
        self.last = self.client.get(f"/dossiers/{self.reference}{path}")
        return self

    @property
    def text(self) -> str:
        """What one reads of the page itself, in one line; the words beside it are folded."""
        tree = html.fromstring(self.last.text)
        for unread in tree.xpath("//script|//style|//noscript|//aside[contains(@class, 'help-beside')]"):
            unread.drop_tree()
        return " ".join(tree.text_content().split())

    @property
    def status(self) -> int:
        return self.last.status_code

    def form(self, action: str) -> dict[str, Any]:
        """What the browser would send of the form that goes to an address ending with `action`."""
        tree = html.fromstring(self.last.text)
        found = next(form for form in tree.forms if form.get("action", "").endswith(action))
        return {name: values for name, values in _grouped(found.form_values())}

    def send(self, path: str, form: str | None = None, headers: dict[str, str] | None = None, **typed: Any) -> "Desk":
        """Fill the form that stands on the last page and send it."""
        data = self.form(form or path) | typed
        self.last = self.client.post(f"/dossiers/{self.reference}{path}", data=data, headers=headers)
        return self

    def follow(self) -> "Desk":
        assert self.status == 303, self.text
        self.last = self.client.get(self.last.location)
        return self


def _grouped(pairs: Iterator[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return list(found.items())


@pytest.fixture
def desk(sign_in: Callable[[str], FlaskClient]) -> Callable[[str, Any], Desk]:
    """`desk("claire-maurin", dossier)`: that person, signed in, before that dossier."""

    def sit(slug: str, row: Any) -> Desk:
        reference = row if isinstance(row, str) else row.reference
        db.session.rollback()
        return Desk(sign_in(slug), reference)

    return sit


@pytest.fixture
def typed() -> Callable[[Instance, str], dict[str, list[str]]]:
    """The answers of one section as a person types them in the page."""

    def of(instance: Instance, section: str) -> dict[str, list[str]]:
        path = next(group.path for group in instance.form.sections if group.name == section)
        return {
            name_of(found): instance.get(found).split() if _several(instance, found) else [instance.get(found)]
            for found in instance.values()
            if instance.question(found).page == path and instance.question(found).asked and instance.get(found)
        }

    return of


def _several(instance: Instance, path: str) -> bool:
    return instance.question(path).kind == "select_multiple"
