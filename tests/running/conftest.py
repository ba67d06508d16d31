"""Real processes of Relais on a home of their own, which tests may kill."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path

import pytest
from flask import Flask

from tests.services.databases import Databases
from workflow import config, outbox
from workflow.app import ROOT, create_app
from workflow.db import EVERYTHING, db, enter_scope
from workflow.exchange import actions as exchange
from workflow.serve.release import make_ready

HOUSEHOLDS = 3


def until(holds: Callable[[], object], seconds: float = 20, what: str = "") -> None:
    """Wait until something holds; say what did not."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"not within {seconds} s: {what or holds}"
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(port: int, path: str, headers: dict[str, str] | None = None) -> HTTPResponse | None:
    """The answer of a server on this machine; None while there is none."""
    return ask(port, "GET", path, headers=headers)


def ask(
    port: int, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
) -> HTTPResponse | None:
    connection = HTTPConnection("127.0.0.1", port, timeout=15)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        answer.read()
        return answer
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()


@dataclass
class Station:
    """A home, its settings, and the processes started on it."""

    home: Path
    environ: dict[str, str]
    port: int
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _app: Flask | None = None

    def start(self, *names: str, module: str = "tests.running.station") -> None:
        for name in names:
            with (self.home / f"{name}.log").open("ab") as log:
                self.processes[name] = subprocess.Popen(
                    [sys.executable, "-m", module, name],
                    env=self.environ,
                    cwd=ROOT,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )

    def log(self, name: str) -> str:
        return (self.home / f"{name}.log").read_text()

    def answers(self) -> bool:
        answer = get(self.port, "/health")
        return answer is not None and answer.status == 200

    def kill(self, name: str) -> None:
        """The process and everything it started, at once."""
        process = self.processes.pop(name)
        end_session(process.pid)
        process.wait()

    def began(self) -> list[str]:
        """One line for each time a slow job was taken up."""
        file = self.home / "began"
        return file.read_text().splitlines() if file.exists() else []

    def give_leave(self) -> None:
        (self.home / "leave").touch()

    def app(self) -> Flask:
        """The application of this home, inside the test's own process."""
        if self._app is None:  # putting it together takes longer than many a job that is watched through it
            self._app = create_app(config.load(self.environ), RELAIS_QUIET=True)
        self._app.config["RELAIS_QUIET"] = True
        return self._app

    def stop(self) -> None:
        for name in list(self.processes):
            self.kill(name)


def end_session(leader: int) -> None:
    """SIGKILL for every process of a session: a job runs in a process group of its own."""
    for pid in members(leader):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def members(leader: int) -> list[int]:
    """The processes of a session that still live."""
    return [pid for pid, _parent, session in _living() if session == leader]


def members_of_parent(parent: int) -> list[int]:
    """The living children of a process."""
    return [pid for pid, its_parent, _session in _living() if its_parent == parent]


def _living() -> Iterator[tuple[int, int, int]]:
    """(process, parent, session) of every process that still lives."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if fields[0] not in "ZX":
            yield int(stat.parent.name), int(fields[1]), int(fields[3])


def furnish(app: Flask) -> None:
    """Mistral with its people and a few households; no dossier, no job left to do."""
    with app.app_context():
        make_ready(app.config["RELAIS"])
        enter_scope(EVERYTHING)
        exchange.publish_procedures(ROOT / "templates" / "procedures")
        description = exchange.read_operation(ROOT / "templates" / "operations" / "mistral.yaml")
        exchange.install(description)
        exchange.put_households(description, HOUSEHOLDS)
        db.session.commit()
        outbox.drain()
        enter_scope(None)
        db.session.remove()
        db.engine.dispose()


Furnished = Callable[[str], tuple[str, Path]]


@pytest.fixture(scope="session")
def furnished(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    """`furnished("sqlite")` → a database and the home with its keys, made once for each engine, to be copied."""

    @cache
    def make(engine: str) -> tuple[str, Path]:
        url, home = databases.create(engine), tmp_path_factory.mktemp("furnished")
        furnish(create_app(config.load({"RELAIS_HOME": str(home), "DATABASE_URL": url}), RELAIS_QUIET=True))
        return url, home

    return make


MakeStation = Callable[..., Station]


@contextmanager
def stations(folder: Path) -> Iterator[MakeStation]:
    """`make(home, DATABASE_URL=…)` → processes to come on a home of their own; they end with this context."""
    made: list[Station] = []

    def make(home: Path | None = None, **settings: str) -> Station:
        port = free_port()
        home = home or folder / "h"
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        own = {"RELAIS_HOME": str(home), "PORT": str(port), "WEB_WORKERS": "1", "DEMONSTRATION": "1"}
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        station = Station(home, {**inherited, **own, **settings}, port)
        made.append(station)
        return station

    try:
        yield make
    finally:
        for station in made:
            station.stop()
            for log in sorted(station.home.glob("*.log")):
                print(f"--- {log.name}\n{log.read_text()[-4000:]}")  # shown when the test failed


@pytest.fixture
def make_station(tmp_path: Path) -> Iterator[MakeStation]:
    with stations(tmp_path) as make:
        yield make


@pytest.fixture
def station_on(
    furnished: Furnished, databases: Databases, redis_url: str, make_station: MakeStation, tmp_path: Path
) -> Iterator[Callable[[str], Station]]:
    """`station_on("postgresql")` → furnished, on a real Redis; nothing is started yet."""
    urls = []

    def make(engine: str) -> Station:
        like, keys = furnished(engine)
        urls.append(databases.create(engine, like=like))
        shutil.copytree(keys, tmp_path / "h")
        return make_station(tmp_path / "h", DATABASE_URL=urls[-1], REDIS_URL=redis_url)

    yield make
    for url in urls:
        databases.drop(url)
