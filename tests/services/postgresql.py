"""One PostgreSQL server for a whole test run, shared by its parallel workers.

It listens on a Unix socket in the folder of the run and on nothing else. PostgreSQL refuses to run as root, so root
lends it to an ordinary user. Durability is off: these databases do not outlive the run.
"""

import fcntl
import os
import pwd
import shutil
import subprocess
from pathlib import Path

from tests.services.keeper import Missing, remember

USER = "relais"
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "autovacuum": "off",
}


class PostgreSQL:
    """The server of the run whose folder is `run`; every worker of the run may ask for it."""

    def __init__(self, run: Path) -> None:
        self.run = run
        self.folder = run / "postgresql"
        self.data = self.folder / "data"

    def url(self, database: str) -> str:
        """The SQLAlchemy address of a database of this server."""
        return f"postgresql+psycopg://{USER}@/{database}?host={self.folder}"

    def ensure(self) -> "PostgreSQL":
        """Start the server unless another worker of this run already has."""
        with (self.run / "postgresql.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (self.data / "postmaster.pid").exists():
                self._start()
        return self

    def _start(self) -> None:
        self._prepare_folder()
        cluster = ["-D", str(self.data), "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        _run([_binary("initdb"), *cluster, "--no-sync", "--no-instructions"], self.folder)
        settings = {**SETTINGS, "unix_socket_directories": str(self.folder)}
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        remember(self.run, "postgresql", as_ordinary_user(self._control("stop", "-m", "immediate")))
        _run(self._control("start", "-l", str(self.folder / "log"), "-o", options), self.folder)

    def _prepare_folder(self) -> None:
        self.folder.mkdir(mode=0o755, exist_ok=True)
        if os.geteuid() == 0:
            os.chown(self.folder, pwd.getpwnam(ordinary_user()).pw_uid, -1)

    def _control(self, *arguments: str) -> list[str]:
        return [_binary("pg_ctl"), "-D", str(self.data), "-w", "-t", "60", *arguments]


def ordinary_user() -> str:
    """Who runs the server when the tests run as root: `postgres` where it exists, otherwise `nobody`."""
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def as_ordinary_user(command: list[str]) -> list[str]:
    """The same command, run by an ordinary user when we are root."""
    return ["runuser", "-u", ordinary_user(), "--", *command] if os.geteuid() == 0 else command


def _binary(name: str) -> str:
    """Debian keeps the server's programs out of PATH, one folder for each major version: take the newest."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    found = str(versions[-1]) if versions else shutil.which(name)
    if found is None:
        raise Missing(f"{name} is not installed: run `make test`, or install the Debian package postgresql.")
    return found


def _run(command: list[str], folder: Path) -> None:
    """Run to the end; output goes to a file, because a server keeps its parent's pipes open for ever."""
    output = folder / f"{Path(command[0]).name}.out"
    with output.open("w") as file:
        done = subprocess.run(as_ordinary_user(command), cwd=folder, stdout=file, stderr=file, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} failed:\n{output.read_text()}")
