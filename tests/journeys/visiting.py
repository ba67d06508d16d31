"""Somebody before a browser: what they see and press, in the words of the page."""

import re
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Download, Locator, Page, expect

from tests.services.chromium import HOME_HOSTS

PATIENCE = 10_000  # milliseconds until what should be seen is seen
WORK = 30_000  # until the page that answers a form is there: a signature is set and sealed meanwhile


def open_context(browser: Browser, url: str, **wishes: Any) -> tuple[BrowserContext, list[str]]:
    """A fresh French visitor's browser, and the list of what went wrong behind the pages.

    Requests are watched, not intercepted: intercepting would switch the browser's cache off.
    """
    context = browser.new_context(base_url=url, locale="fr-FR", timezone_id="Europe/Paris", **wishes)
    context.set_default_timeout(PATIENCE)
    complaints: list[str] = []
    context.on("request", lambda request: complaints.extend(_foreign(request.url)))
    context.on("weberror", lambda error: complaints.append(f"script: {error.error}"))
    context.on("console", lambda said: complaints.extend(_policy(said.text)))
    return context, complaints


def _foreign(url: str) -> list[str]:
    address = urlsplit(url)
    known = address.scheme not in {"http", "https"} or address.hostname in HOME_HOSTS
    return [] if known else [f"foreign host: {url}"]


def _policy(text: str) -> list[str]:
    return [f"refused by the page's own policy: {text}"] if "Content Security Policy" in text else []


class Visitor:
    """One person and their window. Actions wait until what they need is there."""

    def __init__(self, page: Page, name: str = "") -> None:
        self.page, self.name = page, name

    # -- coming and going

    def signs_in(self) -> None:
        """One click on the demonstration's first page."""
        self.page.goto("/sign-in")
        self.page.get_by_role("button", name=re.compile("^" + re.escape(self.name))).click()
        expect(self.page.locator(".menu-person")).to_contain_text(self.name)

    def goes_to(self, path: str) -> int:
        """Open an address; the status of the answer."""
        answer = self.page.goto(path)
        return answer.status if answer else 0

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    # -- acting

    def follows(self, label: str | re.Pattern[str], inside: Locator | None = None) -> None:
        (inside or self.page).get_by_role("link", name=label).first.click()

    def presses(self, label: str | re.Pattern[str], inside: Locator | None = None) -> None:
        (inside or self.page).get_by_role("button", name=label).first.click(timeout=WORK)

    def writes(self, label: str | re.Pattern[str], words: str) -> None:
        self.page.get_by_label(label).first.fill(words)

    def ticks(self, label: str | re.Pattern[str]) -> None:
        self.page.locator("main").get_by_label(label).first.check()

    def searches(self, words: str) -> None:
        box = self.page.get_by_role("search").get_by_role("searchbox")
        box.fill(words)
        box.press("Enter")

    def downloads(self, link: Locator) -> Download:
        with self.page.expect_download() as download:
            link.click()
        return download.value

    # -- seeing

    def sees(self, words: str | re.Pattern[str], within: int = PATIENCE) -> None:
        expect(self.main).to_contain_text(words, timeout=within)

    def does_not_see(self, words: str) -> None:
        expect(self.main).not_to_contain_text(words)

    def is_told_that_it_is_done(self) -> None:
        """The green notice on top of the page that follows."""
        expect(self.main.locator("> .notice-done")).to_be_visible()

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    def title(self) -> str:
        return self.page.locator("h1").inner_text()
