"""One household, four ways to fill its diagnosis: a narrow screen, the keyboard, no script, paper. One result."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import expect

from forms.instance import Instance
from forms.keying.typed import shown
from forms.pages import name_of
from tests import factories
from tests.journeys.conftest import Arrive
from tests.journeys.filling import fill_section, give, is_there, written
from tests.journeys.homes import Home
from tests.journeys.keyboard import fill_section_by_keyboard
from tests.journeys.serving import Installation
from tests.journeys.visiting import Visitor
from workflow.dossiers import queries

WHOSE = Home.WHOSE  # whose answers are given in the dossiers of four others
RANKS = (Home.IN_BROWSER, Home.ON_PAPER, Home.BY_PHONE, Home.IMPORTED)
SOME = ("A", "F")
NARROW = {"width": 320, "height": 640}
Said = Mapping[str, Any]


@dataclass(frozen=True)
class Told:
    """What a household says: its answers by section, and the same as an instance of the form."""

    said: Said
    instance: Instance


Way = Callable[[Visitor, str, Told], None]


@pytest.mark.parametrize(
    "sections", [pytest.param(SOME, id="some sections"), pytest.param((), id="all", marks=pytest.mark.proof)]
)
def test_a_diagnosis_is_the_same_however_it_was_filled(
    relais: Installation, arrive: Arrive, sections: tuple[str, ...]
) -> None:
    with relais.inside():
        said = factories.said(factories.a_household(WHOSE))
        said = {name: said[name] for name in sections or said}
        rows = [factories.a_dossier(rank) for rank in RANKS]
        assert all(queries.present_set(row).saves == 1 for row in rows), "somebody else writes in these dossiers"
        form, now = queries.form_of(rows[0]), queries.circumstances(rows[0].operation_id)
        told, references = Told(said, Instance.from_answers(form, said, now)), [row.reference for row in rows]
    found = []
    for reference, (fill, wishes) in zip(references, WAYS, strict=True):
        fill(arrive(relais, "Claire Maurin", **wishes), reference, told)
        found.append(stored(relais, reference, tuple(said)))
        empty(relais, reference)
    narrow, keyboard, plain, paper = found
    assert len(narrow) > 15 * len(said)
    assert keyboard == narrow
    assert plain == narrow
    assert paper == narrow


def stored(relais: Installation, reference: str, sections: tuple[str, ...]) -> dict[str, Any]:
    """Every value that counts, by path; several choices whatever their order."""
    with relais.inside():
        row = queries.by_reference(reference)
        instance = queries.opened(row, queries.present_set(row))[0]
        return {
            path: sorted(value) if isinstance(value, tuple) else value
            for path, value in instance.values().items()
            if path.split("/")[2] in sections and instance.question(path).kind != "hidden"
        }


def empty(relais: Installation, reference: str) -> None:
    """The same households serve again: an open dossier of theirs would be offered instead of a new one."""
    with relais.inside():
        row = queries.by_reference(reference)
        row.closed, row.open_key = True, None


# -- the ways -------------------------------------------------------------------------------------------------------


def on_a_narrow_screen(claire: Visitor, reference: str, told: Told) -> None:
    for name, answers in told.said.items():
        claire.goes_to(f"/dossiers/{reference}/fill/{name}")
        fill_section(claire, name, answers)
        wide = claire.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"section {name} is wider than the screen"


def by_keyboard(claire: Visitor, reference: str, told: Told) -> None:
    for name, answers in told.said.items():
        claire.goes_to(f"/dossiers/{reference}/fill/{name}")
        fill_section_by_keyboard(claire, name, answers)
        expect(claire.page).not_to_have_url(re.compile(f"/fill/{name}$"))


def without_a_script(claire: Visitor, reference: str, told: Told) -> None:
    for name, answers in told.said.items():
        claire.goes_to(f"/dossiers/{reference}/fill/{name}")
        left = dict(written(f"/data/{name}", answers))
        for _turn in range(12):
            for field in [field for field in left if is_there(claire.page, field)]:
                give(claire.page, field, left.pop(field))
            if not _one_more_row(claire, f"/data/{name}", answers):
                claire.page.locator("noscript button, button[name=update]:visible").last.click()
            if not left:
                break
        assert left == {}, left


def _one_more_row(claire: Visitor, path: str, answers: Said) -> bool:
    """Without a script each line is added by sending the page."""
    for name, rows in answers.items():
        if isinstance(rows, list) and rows and isinstance(rows[0], Mapping):
            part = claire.page.locator(f'[data-item="{path}/{name}"]')
            if part.count() and part.locator("[data-row]").count() < len(rows):
                part.locator("button[name=add_row]").click()
                return True
    return False


def on_paper(claire: Visitor, reference: str, told: Told) -> None:
    """What the pen wrote is typed in: numbers for choices, days as eight digits."""
    claire.goes_to(f"/dossiers/{reference}/key")
    claire.writes("Référence du papier", reference)
    claire.page.locator("#on").fill("20112026")
    claire.page.locator("#by").select_option("household")
    for name, text in as_keyed(told.instance).items():
        box = claire.page.locator(f'[name="{name}"]')
        if not box.is_visible():
            box.locator("xpath=ancestor::details[not(@open)]").first.locator("summary").first.click()
        box.fill(text)
    claire.page.locator("button[name=finish]").click()
    claire.sees(re.compile("Saisi par Claire Maurin d’après le papier du vendredi 20 novembre 2026"))


def as_keyed(instance: Instance) -> dict[str, str]:
    """What is typed for these answers, by name of the box."""
    asked = instance.leaves()
    return {
        name_of(path): _typed(question, node.text)
        for path, node, question in asked
        if question.asked and node.text and node.relevant
    }


def _typed(question: Any, text: str) -> str:
    found = shown(question, text, "fr")
    return found.replace("/", "") if question.kind == "date" else found


WAYS: tuple[tuple[Way, dict[str, Any]], ...] = (
    (on_a_narrow_screen, {"viewport": NARROW}),
    (by_keyboard, {}),
    (without_a_script, {"java_script_enabled": False}),
    (on_paper, {}),
)
