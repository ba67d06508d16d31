"""`relais serve`: everything under one command, which restarts what dies and ends together."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from tests.running.conftest import Furnished, MakeStation, Station, get, members, members_of_parent, stations, until
from workflow.app import ROOT

SERVE = "workflow.serve"


@pytest.fixture(scope="module")
def home_of(furnished: Furnished) -> Callable[[Path], Path]:
    """A copy of the furnished home, database and all, where the test wants it."""

    def copy(to: Path) -> Path:
        url, keys = furnished("sqlite")
        shutil.copytree(keys, to)
        shutil.copy(make_url(url).database or "", to / "relais.db")
        (to / "relais.db").chmod(0o600)
        return to

    return copy


def begin(station: Station) -> Station:
    station.start("serve", module=SERVE)
    until(station.answers, 60, "the first page")
    return station


@pytest.fixture(scope="module")
def served(home_of: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    """A furnished home with `relais serve` on it, answering: for tests that leave it alive."""
    folder = tmp_path_factory.mktemp("served")
    with stations(folder) as make:
        yield begin(make(home_of(folder / "h")))


@pytest.fixture
def mortal(home_of: Callable[[Path], Path], make_station: MakeStation, tmp_path: Path) -> Station:
    """The same for one test alone, which will end it."""
    return begin(make_station(home_of(tmp_path / "h")))


def children(station: Station) -> dict[str, int]:
    """{web, worker, clock, queue: process id} of a supervisor's own children."""
    found = {}
    for pid in members_of_parent(station.processes["serve"].pid):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().rstrip("\0").split("\0")
        found["queue" if "valkey" in words[0] else words[-1]] = pid
    return found


def end(station: Station, number: int, group: bool = False) -> float:
    """Tell the supervisor to stop; how long it took."""
    process = station.processes["serve"]
    started = time.monotonic()
    (os.killpg if group else os.kill)(process.pid, number)
    assert process.wait(20) == 0
    return time.monotonic() - started


def test_what_dies_is_started_again_and_all_end_together(mortal: Station) -> None:
    until(lambda: len(children(mortal)) == 4, what="four children")
    before = children(mortal)
    sessions = set(before.values())
    assert set(before) == {"web", "worker", "clock", "queue"}
    os.kill(before["worker"], signal.SIGKILL)
    os.kill(before["queue"], signal.SIGKILL)
    until(lambda: set(children(mortal)) == set(before) and not set(children(mortal).values()) & {before["worker"]})
    sessions |= set(children(mortal).values())
    assert mortal.answers()
    assert end(mortal, signal.SIGTERM) < 15
    assert [pid for session in sessions for pid in members(session)] == []
    assert "Traceback" not in mortal.log("serve")


@pytest.mark.proof
def test_an_interrupt_at_the_keyboard_ends_it_even_under_make(
    home_of: Callable[[Path], Path], make_station: MakeStation, tmp_path: Path
) -> None:
    station = make_station(home_of(tmp_path / "h"))
    makefile = tmp_path / "Makefile"
    makefile.write_text(f"run:\n\t@exec {sys.executable} -m {SERVE} serve\n")
    with (station.home / "make.log").open("ab") as log:
        make = subprocess.Popen(
            ["make", "--no-print-directory", "-f", str(makefile), "run"],
            env=station.environ,
            cwd=ROOT,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    station.processes["make"] = make
    until(station.answers, 40, "the first page")
    started = time.monotonic()
    os.killpg(make.pid, signal.SIGINT)  # as a terminal does: to everybody in the group
    make.wait(20)
    until(lambda: not members(make.pid), 15)
    assert time.monotonic() - started < 15
    assert not station.answers()


def test_anybody_gets_a_first_page_and_the_people_of_the_demonstration_are_named(served: Station) -> None:
    place, hops = "/", 0
    answer = get(served.port, place)
    while answer is not None and answer.status in (301, 302, 303, 307, 308) and hops < 5:
        place, hops = answer.headers["Location"], hops + 1
        answer = get(served.port, place)
    assert answer is not None
    assert answer.status == 200
    until(lambda: "Claire Maurin" in served.log("serve"), what="the welcome")
    told = served.log("serve")
    assert f"http://localhost:{served.port}" in told
    assert "Claire Maurin –" in told


def test_what_matters_is_for_this_user_only(served: Station) -> None:
    private = [
        "keys/master",
        "keys/secret",
        "relais.db",
        "queue",
        "queue/valkey.sock",
        "queue/valkey.conf",
        "authority",
    ]
    assert [name for name in private if (served.home / name).stat().st_mode & 0o077] == []


@pytest.mark.proof
def test_a_second_one_on_the_same_home_or_port_is_told_so_in_one_sentence(
    served: Station, make_station: MakeStation, tmp_path: Path
) -> None:
    same_home = _run(served.environ)
    assert same_home.returncode == 1
    assert len(same_home.stderr.strip().splitlines()) == 1
    other = make_station(tmp_path / "other")
    same_port = _run({**other.environ, "PORT": str(served.port)})
    assert same_port.returncode == 1
    assert str(served.port) in same_port.stderr
    assert len(same_port.stderr.strip().splitlines()) == 1


def _run(environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", SERVE, "serve"]
    return subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.proof
def test_a_long_path_to_the_home_is_served_too(
    home_of: Callable[[Path], Path], make_station: MakeStation, tmp_path: Path
) -> None:
    station = make_station(home_of(tmp_path / ("a-rather-long-name-" * 6) / "chez nous 50% été"))
    station.start("serve", module=SERVE)
    until(station.answers, 40, "the first page")
    until(lambda: len(children(station)) == 4, what="four children")
    assert not (station.home / "queue" / "valkey.sock").exists()
    assert end(station, signal.SIGINT) < 15


def test_a_supervisor_that_is_killed_takes_its_children_along(mortal: Station) -> None:
    until(lambda: len(children(mortal)) == 4, what="four children")
    sessions = list(children(mortal).values())
    os.kill(mortal.processes["serve"].pid, signal.SIGKILL)
    until(lambda: not any(members(session) for session in sessions), 15, "nobody is left")


@pytest.mark.proof
def test_a_browser_that_keeps_its_connection_open_holds_nobody_up(mortal: Station) -> None:
    connection = HTTPConnection("127.0.0.1", mortal.port, timeout=15)
    connection.request("GET", "/health")
    assert connection.getresponse().read()
    assert end(mortal, signal.SIGTERM) < 15
    connection.close()


def test_the_procfile_runs_under_honcho(station_on: Callable[[str], Station]) -> None:
    station = station_on("postgresql")
    honcho = Path(sys.executable).with_name("honcho")
    environ = {**station.environ, "PATH": f"{honcho.parent}:{station.environ['PATH']}"}
    released = subprocess.run([honcho, "run", "relais", "release"], env=environ, cwd=ROOT, timeout=60, check=False)
    assert released.returncode == 0
    with (station.home / "honcho.log").open("ab") as log:
        process = subprocess.Popen(
            [honcho, "start", "-f", ROOT / "Procfile", "web", "worker", "clock"],
            env=environ,
            cwd=ROOT,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    station.processes["honcho"] = process
    until(station.answers, 40, "the first page")
    process.send_signal(signal.SIGTERM)
    process.wait(20)


def test_a_taken_port_is_found_before_anything_starts(make_station: MakeStation, tmp_path: Path) -> None:
    station = make_station(tmp_path / "h")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", station.port))
        taken.listen()
        told = _run(station.environ)
    assert told.returncode == 1
    assert not (station.home / "relais.db").exists() or (station.home / "relais.db").stat().st_size == 0
