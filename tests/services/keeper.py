"""Ends what a test run started, even when the run itself is killed.

A service writes down the command that ends it; the run carries these out when it ends, and a shell in a session of its
own does so in its place when it was killed, because no fixture runs after a SIGKILL.
"""

import shlex
import shutil
import subprocess
from pathlib import Path

END_ALL = 'for file in "$1"/at-end/*; do [ -f "$file" ] && sh "$file"; done; rm -rf "$1"'
END_ALL_ONCE_GONE = f'while kill -0 "$0" 2>/dev/null; do sleep 1; done; {END_ALL}'


class Missing(Exception):
    """A program the tests need is not on this machine; the message says which and what installs it."""


def program(name: str, package: str) -> str:
    """The path of a program, or `Missing` with the Debian package that brings it."""
    path = shutil.which(name)
    if path is None:
        raise Missing(f"{name} is not installed: run `make test`, or install the Debian package {package}.")
    return path


def remember(run: Path, name: str, command: list[str]) -> None:
    """Write down the command that ends a service of the run whose folder is `run`."""
    folder = run / "at-end"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(shlex.join(command) + "\n")


def end_all(run: Path) -> None:
    """End every service of the run and remove its folder."""
    subprocess.run(["/bin/sh", "-c", END_ALL, "-", str(run)], capture_output=True, cwd="/", check=False)


def end_all_once_gone(run: Path, owner: int) -> None:
    """The same, as soon as the process `owner` no longer exists."""
    subprocess.Popen(
        ["/bin/sh", "-c", END_ALL_ONCE_GONE, str(owner), str(run)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
    )
