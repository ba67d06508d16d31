"""The bar of places on the narrowest phone: no label is cut or broken inside a word, and "More" needs no script."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Arrive
from tests.journeys.places import ADMINISTRATOR, ADVISER, MANAGER, OPERATOR
from tests.journeys.serving import Installation

LABELS = """() => [...document.querySelectorAll(".places > ul > li")].filter((item) => item.offsetParent !== null)
  .map((item) => item.querySelector(":scope > a > span, summary > span"))
  .map((label) => {
    const words = label.textContent.trim().split(/\\s+/);
    const style = getComputedStyle(label);
    const line = parseFloat(style.lineHeight);
    const brush = document.createElement("canvas").getContext("2d");
    brush.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const widest = Math.max(...words.map((word) => brush.measureText(word).width));
    return {label: words.join(" "), fits: widest <= label.closest("li").clientWidth + 0.5,
            lines: Math.round(label.offsetHeight / line), words: words.length};
  })"""


@pytest.mark.parametrize("name", [ADVISER, MANAGER, OPERATOR, ADMINISTRATOR])
def test_no_label_of_the_bar_is_broken_at_320_pixels(relais: Installation, arrive: Arrive, name: str) -> None:
    visitor = arrive(relais, name, viewport={"width": 320, "height": 640}, java_script_enabled=True)
    visitor.goes_to("/me")
    labels = visitor.page.evaluate(LABELS)
    assert 0 < len(labels) <= 5
    assert [one for one in labels if not one["fits"] or one["lines"] > min(one["words"], 3)] == []


def test_the_other_places_open_without_a_script(relais: Installation, arrive: Arrive) -> None:
    visitor = arrive(relais, MANAGER, viewport={"width": 320, "height": 640}, java_script_enabled=False)
    visitor.goes_to("/me")
    bar = visitor.page.get_by_role("navigation", name="Rubriques principales")
    link = bar.get_by_role("link", name="Personnes")
    expect(link).to_be_hidden()
    bar.locator("summary").click()
    link.click()
    expect(visitor.page.locator("h1")).to_have_text("Personnes")
