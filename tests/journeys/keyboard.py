"""Filling with the keyboard alone: from box to box as the Tab key goes, nothing is ever clicked."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.filling import Answers, as_typed, saved, written
from tests.journeys.visiting import Visitor

HERE = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const row = at.closest("[data-repeat]");
  return {
    tag: at.tagName, type: at.type || "", name: at.name || "", value: at.value || "", checked: at.checked || false,
    words: (at.textContent || "").trim(), main: !!at.closest("main form"),
    rows: row ? row.querySelectorAll("[data-row]").length : 0,
  };
}"""
STEPS, PASSES = 900, 6
GO_ON = "Enregistrer et continuer"


def fill_section_by_keyboard(visitor: Visitor, name: str, said: Answers) -> None:
    """Walk through the section shown now, giving each answer as its box comes, until all are given; then go on."""
    left, rows = dict(written(f"/data/{name}", said)), dict(_rows(f"/data/{name}", said))
    for _pass in range(PASSES):
        _walk(visitor.page, left, rows)
        if not left:
            break
        saved(visitor)  # what was given may have called for more, above or below
        visitor.page.reload()
    assert left == {}, left
    saved(visitor)
    assert _find(visitor.page, GO_ON)
    visitor.page.keyboard.press("Enter")


def _rows(path: str, said: Answers):
    """(path of a repeat, how many rows it has)."""
    for name, value in said.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            yield f"{path}/{name}", len(value)


def _walk(page: Page, left: dict[str, Any], rows: dict[str, int]) -> None:
    """Once through the boxes of the form, from its first to the button that goes on."""
    inside = False
    for _step in range(STEPS):
        page.keyboard.press("Tab")
        at = page.evaluate(HERE)
        inside = inside or bool(at and at["main"])
        if at is None or (inside and (not at["main"] or at["words"] == GO_ON)):
            return
        if at["name"] == "add_row" and at["rows"] < rows.get(at["value"], 0):
            _add_rows(page, at, rows[at["value"]])
        elif at["name"] in left:
            _give(page, at, left)


def _find(page: Page, words: str) -> bool:
    """Tab on until the button with these words has the focus."""
    for _step in range(STEPS):
        at = page.evaluate(HERE)
        if at and at["words"] == words:
            return True
        page.keyboard.press("Tab")
    return False


def _add_rows(page: Page, at: dict[str, Any], wanted: int) -> None:
    repeat = page.locator(f'[data-item="{at["value"]}"]')
    for number in range(at["rows"], wanted):
        page.keyboard.press("Enter")
        expect(repeat.locator("[data-row]")).to_have_count(number + 1)
        while (page.evaluate(HERE) or {}).get("name") != "add_row":
            page.keyboard.press("Tab")


def _give(page: Page, at: dict[str, Any], left: dict[str, Any]) -> None:
    value = left[at["name"]]
    if at["type"] == "checkbox":
        if at["value"] in _several(value) and not at["checked"]:
            page.keyboard.press("Space")
        if _ticked(page, at["name"]) >= len(_several(value)):
            del left[at["name"]]
        return
    del left[at["name"]]
    if at["type"] == "radio":
        _choose(page, at, str(value))
    elif at["tag"] == "SELECT":
        _pick(page, at["name"], str(value))
    else:
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(as_typed(value))


def _several(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _ticked(page: Page, name: str) -> int:
    return page.locator(f'[name="{name}"]:checked').count()


def _choose(page: Page, at: dict[str, Any], value: str) -> None:
    """Arrows go through the choices of a question; the first is chosen with the space bar."""
    if not at["checked"]:
        page.keyboard.press("Space")
    for _step in range(60):
        if page.evaluate(HERE)["value"] == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{at['name']} does not offer {value}")


def _pick(page: Page, name: str, value: str) -> None:
    box = page.locator(f'select[name="{name}"]')
    for _step in range(80):
        if box.input_value() == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{name} does not offer {value}")
