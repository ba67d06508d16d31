"""Starts processes, starts again what dies, ends them all together."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import structlog

from workflow.outbox.orphans import not_without_parent

LOOK_EVERY = 0.2  # seconds
STEADY = 30.0  # seconds: who lived this long starts again at once
LONGEST_PAUSE = 15.0  # seconds between two starts of what dies again and again
WARM, COLD, LAST = 8.0, 3.0, 3.0  # seconds: finish your work; leave it; then you are ended. 14 in all
log = structlog.get_logger()


@dataclass
class Child:
    """One process to keep alive. `last`: ended after the others, because they need it to end well."""

    name: str
    command: list[str]
    environ: Mapping[str, str] = field(default_factory=dict)
    last: bool = False
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    started_at: float = 0.0
    again_at: float = 0.0

    def start(self) -> None:
        """In a session of its own: an interrupt at the keyboard reaches the supervisor alone."""
        self.process = subprocess.Popen(  # noqa: S603 - our own commands
            self.command,
            env={**os.environ, **self.environ},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=not_without_parent,  # noqa: PLW1509 - the supervisor has one thread
        )
        self.started_at = time.monotonic()

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def look(self) -> None:
        """Start again what died, after a pause that grows with each death in a row."""
        now = time.monotonic()
        if self.alive:
            return
        if self.process is not None:
            self.deaths = 1 if now - self.started_at >= STEADY else self.deaths + 1
            self.again_at = now + (0.0 if self.deaths == 1 else min(2.0 ** (self.deaths - 2), LONGEST_PAUSE))
            log.warning("process_died", process=self.name, code=self.process.returncode, count=self.deaths)
            self.process = None
        if now >= self.again_at:
            self.start()

    def send(self, number: signal.Signals) -> None:
        """To the process and to all it started."""
        if self.process is not None and self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)

    def kill(self) -> None:
        self.send(signal.SIGKILL)
        if self.process is not None:
            self.process.wait()


class Supervisor:
    """Keeps `children` alive, in their order, until told to stop."""

    def __init__(self, children: list[Child]) -> None:
        self.children = children
        self.stop = threading.Event()

    def listen(self) -> None:
        """From now on SIGINT, SIGTERM and SIGHUP ask to stop; asked twice is asked once."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stop.set())

    def run(self, each_look: Callable[[], None] = lambda: None) -> None:
        """Until told to stop; then nothing is started any more."""
        while not self.stop.is_set():
            for child in self.children:
                child.look()
            each_look()
            self.stop.wait(LOOK_EVERY)

    def end(self) -> None:
        """Within 15 seconds, whatever the children think of it."""
        others = [child for child in self.children if not child.last]
        _tell(others, signal.SIGTERM, WARM)
        _tell(others, signal.SIGTERM, COLD)
        _tell(others, signal.SIGKILL, LAST / 2)
        last = [child for child in self.children if child.last]
        _tell(last, signal.SIGTERM, LAST / 2)
        _tell(last, signal.SIGKILL, LAST / 2)


def _tell(children: list[Child], number: signal.Signals, seconds: float) -> None:
    """Send a signal to those still alive and wait for them at most so long."""
    for child in children:
        child.send(number)
    end = time.monotonic() + seconds
    while any(child.alive for child in children) and time.monotonic() < end:
        time.sleep(0.02)
