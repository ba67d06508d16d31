"""A real Redis for one worker, on a Unix socket of its own, which tests may stop, kill and start again."""

import subprocess
import time
from pathlib import Path

import redis

from tests.services.keeper import program, remember


class RedisServer:
    """`start`, `flush`, `kill` (as a crash would) and `stop`; `url` stays the same through all of them."""

    def __init__(self, run: Path, worker: str) -> None:
        self.run = run
        self.worker = worker
        self.folder = run / worker / "redis"
        self.socket = self.folder / "redis.sock"
        self.url = f"unix://{self.socket}"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start and wait until it answers; nothing when it already runs. It remembers nothing across a restart."""
        if self.running:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        self.socket.unlink(missing_ok=True)
        self._remember()
        with (self.folder / "redis.log").open("ab") as log:
            self._process = subprocess.Popen(self._command(), stdout=log, stderr=log)
        self._wait()

    def flush(self) -> None:
        """Forget everything, as a lost or replaced Redis would."""
        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def kill(self) -> None:
        """End it at once, without a chance to say goodbye."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)

    def stop(self) -> None:
        """End it in good order."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)

    def _remember(self) -> None:
        """By its socket, because a process number may be somebody else's by then."""
        client = program("redis-cli", "redis-server")
        remember(self.run, f"redis-{self.worker}", [client, "-s", str(self.socket), "shutdown", "nosave"])

    def _command(self) -> list[str]:
        settings = {"port": "0", "unixsocket": str(self.socket), "unixsocketperm": "700"}
        settings |= {"save": "", "appendonly": "no", "dir": str(self.folder)}
        words = [word for name, value in settings.items() for word in (f"--{name}", value)]
        return [program("redis-server", "redis-server"), *words]

    def _wait(self, seconds: float = 10) -> None:
        """Until the first answer; the last refusal is raised when none comes in time."""
        end = time.monotonic() + seconds
        with redis.Redis.from_url(self.url) as client:
            while True:
                try:
                    client.ping()
                    return
                except redis.ConnectionError:
                    if time.monotonic() > end or not self.running:
                        raise
                    time.sleep(0.02)
