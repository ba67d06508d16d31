"""`relais serve` on a new home: it starts empty and prints the way in, once for each start."""

import os
import re
import signal
from pathlib import Path

import pytest

from tests.cast import FIRST
from tests.running.conftest import MakeStation, Station, get, until
from workflow import config
from workflow.app import create_app
from workflow.catalogue.queries import slugs
from workflow.db import db
from workflow.people.models import Person
from workflow.people.queries import administrators

LINK = re.compile(r"/first/\S+")


@pytest.fixture
def bare(make_station: MakeStation, tmp_path: Path) -> Station:
    """Nothing was ever entered here."""
    return make_station(tmp_path / "h", DEMONSTRATION="0")


def start(station: Station) -> list[str]:
    """Start the whole server; every link its window has shown since the first time."""
    station.start("serve", module="workflow.serve")
    until(station.answers, 60, "the first page")
    until(lambda: "Ctrl+C" in station.log("serve").split("GONE")[-1], what="the welcome")
    return LINK.findall(station.log("serve"))


def stop(station: Station) -> None:
    process = station.processes.pop("serve")
    os.kill(process.pid, signal.SIGTERM)
    assert process.wait(20) == 0
    with (station.home / "serve.log").open("a") as log:
        log.write("GONE\n")


def test_a_new_home_starts_empty_and_the_printed_link_leads_in_once(bare: Station) -> None:
    (first,) = start(bare)
    assert get(bare.port, "/").status == 302
    stop(bare)
    again, second = start(bare)
    assert (again, second != first) == (first, True), "a new link at the next start"
    assert get(bare.port, first).status == 410
    assert get(bare.port, second).status == 200
    with bare.app().app_context():
        assert "diagnostic-social" in slugs(), "what is shipped can be adopted"
        assert db.session.query(Person).count() == 0
        db.session.remove()


@pytest.mark.proof
def test_once_somebody_looks_after_it_no_link_is_printed(bare: Station) -> None:
    (link,) = start(bare)
    app = create_app(config.load(bare.environ), WTF_CSRF_ENABLED=False, RELAIS_QUIET=True)
    with app.app_context():
        assert app.test_client().post(link, data=FIRST).status_code == 303
        db.session.remove()
        assert [row.person.name for row in administrators()] == ["Lucie Barral"]
        db.session.remove()
    stop(bare)
    assert start(bare) == [link]
