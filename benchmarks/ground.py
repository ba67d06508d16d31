"""What a benchmark stands on: a folder of its own, a database, a queue, servers on the loopback; gone when it ends."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # the factories and services of the tests are used here too

from tests.services import postgresql  # noqa: E402
from tests.services.databases import Databases  # noqa: E402
from tests.services.keeper import end_all, end_all_once_gone  # noqa: E402

ENGINES = ("sqlite", "postgresql")
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "autovacuum": "on"}
"""The tests switch durability off; a figure that counts commits needs it on, as SQLite has it (synchronous=FULL)."""

PATIENCE = 30.0  # seconds for a server to answer


@contextmanager
def ground() -> Iterator[Path]:
    """A folder for one run. Whatever was started in it ends with the run, even when the run is killed."""
    run = Path(tempfile.mkdtemp(prefix="relais-bench-"))
    run.chmod(0o711)  # as root, PostgreSQL runs as another user and must walk through
    end_all_once_gone(run, os.getpid())
    try:
        yield run
    finally:
        end_all(run)


def database(run: Path, engine: str, whose: str) -> str:
    """The address of an empty database of this run, as durable as an installation's."""
    postgresql.SETTINGS.update(DURABLE)
    folder = run / "databases"
    folder.mkdir(mode=0o700, exist_ok=True)
    return Databases(folder, whose, postgresql.PostgreSQL(run)).create(engine)


def has_postgresql() -> bool:
    return any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


def grounds(engines: Iterable[str], notes: list[str]) -> Iterator[tuple[Path, str]]:
    """(folder, engine) for every database asked for; one that is not here is said in `notes`."""
    for engine in engines or ENGINES:
        if engine == "postgresql" and not has_postgresql():
            notes.append("PostgreSQL is not installed: not measured.")
            continue
        with ground() as run:
            yield run, engine


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    command: list[str], environ: dict[str, str], folder: Path, port: int | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A process while the block runs; with a port, from its first answer on. Its words go to a file of the run."""
    name = f"{port or Path(command[0]).name}.log"
    with (folder / name).open("wb") as log:
        process = subprocess.Popen(command, env=environ, cwd=ROOT, stdout=log, stderr=log)
    try:
        if port is not None and not _answers(process, port):
            raise RuntimeError(f"{' '.join(command)} did not start:\n{(folder / name).read_text()[-2000:]}")
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.05)
    return False
