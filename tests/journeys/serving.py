"""A whole Relais as people meet it: its processes, its home, its database, and a way to look behind its doors."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from flask import Flask
from sqlalchemy import func, select

from tests.journeys.homes import HOUSEHOLDS
from tests.services.keeper import remember
from workflow import config
from workflow.app import ROOT, create_app
from workflow.config import DEMONSTRATION, private_dir, private_file
from workflow.db import EVERYTHING, database_now, db, enter_scope, own_transaction
from workflow.exchange import actions as exchange
from workflow.filing import actions as filing
from workflow.migrations import running
from workflow.outbox import PENDING, RUNNING, Outbox

RELAIS = (sys.executable, "-m", "workflow.serve")
READY_WITHIN, STOPPED_WITHIN = 120, 20  # seconds
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TZ")  # nothing else of the shell that runs the tests reaches the server


class Installation:
    """One running Relais with invented people. `url` is where it answers, `home` where it keeps what it writes."""

    def __init__(self, run: Path, home: Path, settings: Mapping[str, str], commands: tuple[str, ...]) -> None:
        self.run, self.home, self.commands = run, home, commands
        self.url = f"http://127.0.0.1:{_free_port()}"
        self.settings = {
            **{name: os.environ[name] for name in KEPT if name in os.environ},
            "RELAIS_HOME": str(private_dir(home)),
            "HOST": "127.0.0.1",
            "PORT": self.url.rpartition(":")[2],
            "BASE_URL": self.url,
            "WEB_WORKERS": "1",
            "PYTHONUNBUFFERED": "1",
            **settings,
        }
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._app: Flask | None = None

    # -- behind its doors

    @contextmanager
    def inside(self) -> Iterator[Flask]:
        """The same installation seen from the code: its database, its actions, every household in reach."""
        if self._app is None:
            self._app = create_app(config.load(self.settings), TESTING=True, RELAIS_QUIET=True)
        with self._app.app_context():
            enter_scope(EVERYTHING)
            try:
                yield self._app
                db.session.commit()
            finally:
                enter_scope(None)
                db.session.remove()
                db.engine.dispose()

    def furnish(self, households: int = HOUSEHOLDS) -> None:
        """The procedure, the operation Mistral with its people, and households without any diagnosis."""
        with self.inside() as app:
            running.upgrade()
            filing.ensure_authority(app.config["RELAIS"])
            exchange.publish_procedures(ROOT / "templates" / "procedures")
            description = exchange.read_operation(ROOT / "templates" / "operations" / "mistral.yaml")
            exchange.install(description)
            exchange.put_households(description, households)
        private_file(self.home / DEMONSTRATION, b"invented data\n")

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """`relais WORDS`, as somebody at the keyboard of this server."""
        return subprocess.run(
            [*RELAIS, *words], cwd=ROOT, env=self.settings, capture_output=True, text=True, timeout=60, check=False
        )

    def wait_for_jobs(self) -> None:
        """Until its worker has done all that is due."""
        end = time.monotonic() + READY_WITHIN
        while self._jobs_due():
            if time.monotonic() > end:
                raise AssertionError(f"jobs are still waiting\n{self.told()}")
            time.sleep(0.2)

    def _jobs_due(self) -> int:
        with self.inside(), own_transaction(read_only=True) as session:  # not in line with those who write
            open_rows = select(func.count()).where(Outbox.state.in_((PENDING, RUNNING)))
            return session.scalar(open_rows.where(Outbox.next_at <= database_now(session))) or 0

    # -- its processes

    def start(self) -> None:
        """Start it and wait until it answers."""
        for name in self.commands:
            with self._log(name).open("ab") as log:
                self.processes[name] = subprocess.Popen(
                    [*RELAIS, name], cwd=ROOT, env=self.settings, stdin=subprocess.DEVNULL, stdout=log, stderr=log
                )
            remember(self.run, self._note(name).name, ["kill", str(self.processes[name].pid)])
        self._wait()

    def stop(self) -> None:
        """As an operator does; what does not listen is ended all the same. Fails when it did not end by itself."""
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        deaf = [name for name, process in self.processes.items() if not _ended(process)]
        for name in self.processes:
            self._note(name).unlink(missing_ok=True)
        self.processes.clear()
        if deaf:
            raise AssertionError(f"{', '.join(deaf)} did not stop within {STOPPED_WITHIN} s\n{self.told()}")

    def told(self) -> str:
        """The last words of its processes."""
        logs = {name: self._log(name) for name in self.commands}
        return "\n".join(f"--- {name}\n{log.read_text()[-3000:]}" for name, log in logs.items() if log.exists())

    def _wait(self) -> None:
        end = time.monotonic() + READY_WITHIN
        while not self._answers():
            dead = [name for name, process in self.processes.items() if process.poll() is not None]
            if dead or time.monotonic() > end:
                self.stop()
                raise AssertionError(f"no answer from {self.url}; ended: {dead or 'nothing'}\n{self.told()}")
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.url}/health", timeout=2) as answer:
                return answer.status == 200
        except (URLError, OSError):
            return False

    def _log(self, name: str) -> Path:
        return self.home / f"{name}.log"

    def _note(self, name: str) -> Path:
        return self.run / "at-end" / f"{self.home.name}-{name}"


def _ended(process: subprocess.Popen[bytes]) -> bool:
    """Whether it ended by itself in time; afterwards it has ended in any case."""
    try:
        process.wait(STOPPED_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)
        return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
