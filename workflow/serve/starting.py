"""`relais serve`: make ready, start everything, say where to go, and end it all when told."""

from __future__ import annotations

import errno
import fcntl
import http.client
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask_babel import gettext as _

from workflow.config import Config, private_dir
from workflow.db import db
from workflow.errors import Refused
from workflow.people import actions as people_actions
from workflow.people import queries as people
from workflow.serve import queue as queues
from workflow.serve.release import make_ready
from workflow.serve.supervisor import Child, Supervisor

OURS = ("web", "worker", "clock")


def serve(settings: Config) -> None:
    """Runs until told to stop. Raises Refused when this home or this port is already served."""
    with _only_here(settings.home):
        _port_is_free(settings)
        make_ready(settings)
        welcome = _welcome(settings)
        _forget_connections()
        supervisor = Supervisor([])
        supervisor.listen()
        try:
            _fill(supervisor, settings)
            supervisor.run(_Greeting(settings, welcome))
        finally:
            supervisor.end()


def _fill(supervisor: Supervisor, settings: Config) -> None:
    """The queue first, then those who need it."""
    environ: dict[str, str] = {}
    if settings.embedded_queue:
        queue = queues.prepare(settings)
        child = Child("queue", queue.command, last=True)
        supervisor.children.append(child)
        child.start()
        if not queue.wait():
            child.kill()
            queue.forget()
            child.start()
            queue.wait()
        environ["REDIS_URL"] = queue.url
    command = [sys.executable, "-m", "workflow.serve"]
    supervisor.children += [Child(name, [*command, name], environ) for name in OURS]


@contextmanager
def _only_here(home: Path) -> Iterator[None]:
    """One supervisor per home: two would fight for the queue."""
    with (private_dir(home / "run") / "serve.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as busy:
            raise Refused("already_served", "Relais already runs on this folder (%(home)s).", home=home.name) from busy
        yield


def _port_is_free(settings: Config) -> None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as problem:
            if problem.errno == errno.EADDRINUSE:
                message = "Port %(port)s is taken by another program: choose another one with PORT."
            else:
                message = "Relais cannot listen on %(host)s, port %(port)s: choose others with HOST and PORT."
            raise Refused("port", message, host=settings.host, port=settings.port) from problem


def _forget_connections() -> None:
    """The supervisor only supervises."""
    db.session.remove()
    db.engine.dispose()


def _welcome(settings: Config) -> list[str]:
    """What is printed once the first page can be had."""
    lines = [_("Relais is ready: %(url)s", url=settings.base_url)]
    if settings.demonstration:
        lines += ["", _("The data are invented. On the first page, one click lets you in as:")]
        for account in people.accounts_of_demonstration():
            sentence = account.person.sentence or {}
            lines.append(f"  {account.person.name} – {sentence.get('fr', '')}")
    lines += _first_link(settings)
    return [*lines, "", _("To stop: Ctrl+C.")]


def _first_link(settings: Config) -> list[str]:
    """The way in for the first administrator, while there is none. It is printed here and kept nowhere."""
    secret = None if settings.demonstration else people_actions.offer_first_link()
    db.session.commit()
    if secret is None:
        return []
    told = _("Nobody looks after this installation yet. Open this link within a day; it works once:")
    return ["", told, f"  {settings.base_url}/first/{secret}"]


class _Greeting:
    """Says the welcome once, when the web answers."""

    def __init__(self, settings: Config, lines: list[str]) -> None:
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104
        self.host, self.port = host, settings.port
        self.lines = lines

    def __call__(self) -> None:
        if self.lines and self._answers():
            click.echo("\n".join(self.lines))
            sys.stdout.flush()
            self.lines = []

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=2)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
