"""Journeys: real people's browsers before a real server with its worker, its queue and its clock."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.journeys.places import Scene, set_up
from tests.journeys.serving import Installation
from tests.journeys.visiting import Visitor, open_context
from tests.services.databases import Databases
from tests.services.redis_server import RedisServer

HERE = Path(__file__).parent
Arrive = Callable[..., Visitor]


LOOKED_AT = frozenset(("test_every_page_is_accessible", "test_inner_words"))
"""Where each test leaves everything as it found it."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives a browser. Journeys of one file share an installation, so they stay together; those who
    only look go wherever there is time for them.
    """
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.journey)
            together = item.path.stem
            item.add_marker(pytest.mark.xdist_group(item.name if together in LOOKED_AT else together))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A failed journey also tells what the server said."""
    report = yield
    if report.failed:
        for name in ("on_one_machine", "on_several", "to_look_at"):
            if name in getattr(item, "funcargs", {}):
                report.sections.append((f"server {name}", item.funcargs[name].told()))
    return report


@pytest.fixture(scope="session")
def on_one_machine(worker_folder: Path) -> Iterator[Installation]:
    """`relais serve`: SQLite and the queue it brings along."""
    yield from _running(Installation(worker_folder.parent, worker_folder / "alone", {}, ("serve",)))


@pytest.fixture(scope="session")
def on_several(worker_folder: Path, databases: Databases) -> Iterator[Installation]:
    """The processes of the Procfile, on PostgreSQL and a Redis of their own."""
    redis = RedisServer(worker_folder.parent, f"{worker_folder.name}-journeys")
    redis.start()
    url = databases.create("postgresql")
    settings = {"DATABASE_URL": url, "REDIS_URL": redis.url}
    several = Installation(worker_folder.parent, worker_folder / "several", settings, ("web", "worker", "clock"))
    try:
        yield from _running(several)
    finally:
        databases.drop(url)
        redis.stop()


def _running(installation: Installation) -> Iterator[Installation]:
    installation.furnish()
    installation.start()
    yield installation
    installation.stop()


@pytest.fixture
def relais(on_one_machine: Installation) -> Installation:
    """The installation of most journeys; each takes households that no other touches."""
    return on_one_machine


@pytest.fixture(scope="session")
def to_look_at(worker_folder: Path) -> Iterator[Installation]:
    """One in which nobody does anything: what stands on its pages is what the scene put there."""
    yield from _running(Installation(worker_folder.parent, worker_folder / "looked-at", {}, ("serve",)))


@pytest.fixture(scope="session")
def scene(to_look_at: Installation) -> Scene:
    """Dossiers in every situation, made once: tests that look at pages leave them as they are."""
    return set_up(to_look_at)


@pytest.fixture
def arrive(browser: Browser) -> Iterator[Arrive]:
    """`arrive(installation, "Claire Maurin")` → somebody signed in, before a browser of their own.

    Without a name nobody is signed in. Further words go to the browser (`java_script_enabled=False`, `viewport=…`).
    """
    opened: list[tuple[BrowserContext, list[str]]] = []

    def come(installation: Installation, name: str = "", **wishes: object) -> Visitor:
        context, complaints = open_context(browser, installation.url, **wishes)
        opened.append((context, complaints))
        visitor = Visitor(context.new_page(), name)
        if name:
            visitor.signs_in()
        return visitor

    yield come
    for context, _complaints in opened:
        context.close()
    assert [complaint for _context, complaints in opened for complaint in complaints] == []
