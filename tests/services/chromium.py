"""Debian's Chromium, driven by Playwright; nothing is downloaded and no page reaches a foreign host."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Request, sync_playwright

from tests.services.keeper import program

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # No name of a foreign host is ever resolved. A route of Playwright's would do too, but every file of every page
    # would go through Python then, and the browser would keep none of them.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
HOME_HOSTS = {"127.0.0.1", "localhost", "::1"}


@contextmanager
def open_browser() -> Iterator[Browser]:
    """A headless browser; `CHROMIUM` names another program than the one in PATH."""
    path = os.environ.get("CHROMIUM") or program("chromium", "chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def refuse_foreign_hosts(context: BrowserContext) -> list[str]:
    """The list returned fills with the addresses of requests that would have left this machine."""
    refused: list[str] = []

    def look(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https"} and address.hostname not in HOME_HOSTS:
            refused.append(request.url)

    context.on("request", look)
    return refused
