"""What keeps somebody out of a page: found by axe, or running out of the screen sideways."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

DESK = ({"width": 1280, "height": 900}, "light")
PHONE = ({"width": 320, "height": 700}, "dark")
GRAVE = ("serious", "critical")
THERE = "() => 'axe' in window"
LOOK = "() => axe.run({resultTypes: ['violations']}).then(told => told.violations)"
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
axe = Axe()


def faults(page: Page) -> list[str]:
    """What axe finds serious here, and what runs out of the page sideways, on both screens."""
    found = []
    page.wait_for_load_state()  # of a page on its way there is nothing to look at yet
    for size, scheme in (DESK, PHONE):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        at = f"{page.url} at {size['width']} px"
        found += [f"{at}: {told}" for told in _grave(_violations(page))]
        found += [f"{at}: {page.evaluate(WIDER)} px too wide"] if page.evaluate(WIDER) > 0 else []
    page.set_viewport_size(DESK[0])
    page.emulate_media(color_scheme=DESK[1])
    return found


def _violations(page: Page) -> list[dict[str, Any]]:
    """What axe holds against the page; of what it passes nothing is carried over, there is a lot of it."""
    if not page.evaluate(THERE):
        page.evaluate(axe.axe_script)
    return page.evaluate(LOOK)


def _grave(told: list[dict[str, Any]]) -> list[str]:
    return [
        f"{fault['id']} ({fault['impact']}): {node['target']} {node['html'][:120]}"
        for fault in told
        if fault["impact"] in GRAVE
        for node in fault["nodes"][:3]
    ]
