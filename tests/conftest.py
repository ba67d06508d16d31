"""The ground under every test: real databases, a real Redis, a real mailbox, a real browser, an empty home.

A test asks for what it needs by name; what is not asked for is not started. A missing program is a failure that names
it, never a skipped test.
"""

import gc
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, Page

from tests.services.chromium import open_browser, refuse_foreign_hosts
from tests.services.databases import ENGINES, Databases
from tests.services.keeper import end_all, end_all_once_gone
from tests.services.mailbox import Mailbox, open_mailbox
from tests.services.postgresql import PostgreSQL
from tests.services.redis_server import RedisServer

settings.register_profile("here", deadline=None, max_examples=100)
settings.register_profile("ci", deadline=None, max_examples=100, derandomize=True, print_blob=True)
settings.register_profile("proof", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile("proof" if os.environ.get("RELAIS_PROOF") else "ci" if os.environ.get("CI") else "here")

RUN = pytest.StashKey[Path]()
SELDOM = 50_000, 20, 20  # objects made until the young ones are looked through; rounds until the older ones are
OURS = ("RELAIS_", "DATABASE_URL", "REDIS_URL", "STORAGE_URL", "SMTP_URL", "SECRET_KEY")


def pytest_configure(config: pytest.Config) -> None:
    """Give the run one folder: made by the first process, told to its parallel workers."""
    config.addinivalue_line("markers", "proof: takes long; run by `make proof`")
    config.addinivalue_line("markers", "guide: takes the pictures of docs/guide; run by `make guide` only")
    told = getattr(config, "workerinput", None)
    config.stash[RUN] = Path(
        told["relais_run"] if told else tempfile.mkdtemp(prefix="relais-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT"))
    )
    if told is None:
        # PostgreSQL runs as another user when we are root: it must be able to walk through to its own folder.
        config.stash[RUN].chmod(0o711)
        end_all_once_gone(config.stash[RUN], os.getpid())


def pytest_collection_finish() -> None:
    """What was loaded until now stays until the end: looking through it again and again takes a sixth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:  # the type belongs to xdist, which may be absent
    """Tell a parallel worker the folder of the run."""
    node.workerinput["relais_run"] = str(node.config.stash[RUN])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what the workers share, when the run ends well or badly."""
    if not hasattr(config, "workerinput") and RUN in config.stash:
        end_all(config.stash[RUN])


@pytest.fixture(scope="session")
def worker_folder(pytestconfig: pytest.Config) -> Path:
    """A short-named folder of this worker (a Unix socket's path may not exceed 107 bytes)."""
    folder = pytestconfig.stash[RUN] / os.environ.get("PYTEST_XDIST_WORKER", "main")
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


@pytest.fixture(scope="session", params=ENGINES)
def database_engine(request: pytest.FixtureRequest) -> str:
    """Each test that needs a database runs once on SQLite and once on PostgreSQL."""
    return request.param


@pytest.fixture(scope="session")
def databases(pytestconfig: pytest.Config, worker_folder: Path) -> Databases:
    """Makes databases: `create(engine, like=None) -> url`, `drop(url)`."""
    return Databases(worker_folder, worker_folder.name, PostgreSQL(pytestconfig.stash[RUN]))


@pytest.fixture
def database_url(databases: Databases, database_engine: str) -> Iterator[str]:
    """The address of an empty database of this test's own."""
    url = databases.create(database_engine)
    yield url
    databases.drop(url)


@pytest.fixture(scope="session")
def _redis_of_this_worker(worker_folder: Path) -> Iterator[RedisServer]:
    server = RedisServer(worker_folder.parent, worker_folder.name)
    yield server
    server.stop()


@pytest.fixture
def redis_server(_redis_of_this_worker: RedisServer) -> RedisServer:
    """A running, empty Redis that the test may flush, kill and start again."""
    _redis_of_this_worker.start()
    _redis_of_this_worker.flush()
    return _redis_of_this_worker


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """The address of a running, empty Redis."""
    return redis_server.url


@pytest.fixture
def smtp() -> Iterator[Mailbox]:
    """A mail server on this machine that keeps what it receives."""
    with open_mailbox() as mailbox:
        yield mailbox


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty RELAIS_HOME, with no setting left over from the shell that runs the tests."""
    for name in [name for name in os.environ if name.startswith(OURS)]:
        monkeypatch.delenv(name)
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("RELAIS_HOME", str(folder))
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium. One per module: Playwright keeps an event loop running in this thread while it lives."""
    with open_browser() as chromium:
        yield chromium


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a fresh French visitor; the test fails if anything on it asked a foreign host."""
    context = browser.new_context(locale="fr-FR", timezone_id="Europe/Paris")
    refused = refuse_foreign_hosts(context)
    yield context.new_page()
    context.close()
    assert refused == [], "a page asked a foreign host"
