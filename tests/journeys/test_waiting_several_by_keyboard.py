"""Several files decided at once without ever touching the mouse: ticked, looked at, confirmed, read in the report."""

import re

from playwright.sync_api import expect

from tests import factories
from tests.journeys.conftest import Arrive
from tests.journeys.homes import Home
from tests.journeys.keyboard import HERE
from tests.journeys.serving import Installation
from tests.journeys.visiting import Visitor
from workflow.approvals import queries

RANKS = (Home.SEVERAL_1, Home.SEVERAL_2, Home.SEVERAL_3)
STEPS = 200  # as often as one presses Tab before giving up


def test_three_files_are_validated_by_keyboard_after_a_preview(relais: Installation, arrive: Arrive) -> None:
    with relais.inside():
        rows = [factories.a_submitted_dossier(rank) for rank in RANKS]
        keys, references = [f"{row.subject}/visa_bailleur" for row in rows], [row.reference for row in rows]
    sonia = arrive(relais, "Sonia Mendès")
    sonia.goes_to("/waiting?step=diagnostic-social/visa_bailleur")
    for key in keys:
        tab_to(sonia, "file", key)
        sonia.page.keyboard.press("Space")
    tab_to(sonia, "deed", "Approve")
    sonia.page.keyboard.press("Space")
    tab_to_words(sonia, "Voir ce qui va se passer")
    sonia.page.keyboard.press("Enter")
    expect(sonia.page).to_have_url(re.compile("/several/[0-9a-f]{32}$"))
    for reference in references:
        sonia.sees(reference)
    sonia.sees(re.compile("Rien n’est encore fait|Nothing is done yet"))
    tab_to(sonia, "line", "2")
    sonia.page.keyboard.press("Space")  # this one may wait
    tab_to_words(sonia, re.compile("^(Le faire|Do it)"))
    sonia.page.keyboard.press("Enter")
    expect(sonia.main.locator(".state-done").first).to_be_visible(timeout=30_000)
    expect(sonia.main.locator("tbody .state-done")).to_have_count(2)
    relais.wait_for_jobs()
    with relais.inside():
        phases = [queries.course(key.partition("/")[0]).stage for key in keys]
    assert phases[0] == phases[1] != phases[2]
    sonia.goes_to("/several")
    sonia.follows(re.compile("2026|20[0-9]{2}"), sonia.main.locator("table"))
    sonia.sees(references[2])


def tab_to(visitor: Visitor, name: str, value: str) -> None:
    """Tab on until the box of that name and value has the focus."""
    for _step in range(STEPS):
        at = visitor.page.evaluate(HERE)
        if at and (at["name"], at["value"]) == (name, value):
            return
        visitor.page.keyboard.press("Tab")
    raise AssertionError(f"no way to {name} {value} by keyboard")


def tab_to_words(visitor: Visitor, words: str | re.Pattern[str]) -> None:
    for _step in range(STEPS):
        at = visitor.page.evaluate(HERE)
        if at and re.search(words, at["words"]):
            return
        visitor.page.keyboard.press("Tab")
    raise AssertionError(f"no way to {words} by keyboard")
