"""Killed, flushed, cut off in the middle: after the restart everything is there, exactly once."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories import a_validated_dossier
from tests.running.conftest import Station, ask, until
from tests.services.databases import ENGINES
from tests.services.redis_server import RedisServer
from workflow import outbox
from workflow.dashboards.queries.invariants import findings
from workflow.db import db, unscoped
from workflow.dossiers.models import Dossier, Household
from workflow.filing.models import READY, Paper
from workflow.mail import Mail
from workflow.outbox.doorbell import ring_new
from workflow.outbox.row import DONE, RUNNING, Outbox
from workflow.people.models import Account
from workflow.record.models import Event

JOBS = ("test:1", "test:2", "test:3")


@pytest.fixture(params=ENGINES)
def station(station_on: Callable[[str], Station], request: pytest.FixtureRequest) -> Station:
    """On each database in turn."""
    return station_on(request.param)


@pytest.fixture
def station_on_sqlite(station_on: Callable[[str], Station]) -> Station:
    """Where the database has no part in it, once is enough."""
    return station_on("sqlite")


@contextmanager
def inside(station: Station) -> Iterator[Flask]:
    """The application of that home in this process, seeing everything; it lets go of the database at the end."""
    app = station.app()
    with app.app_context(), unscoped("a test looks at everything"):
        yield app
        db.session.remove()
        db.engine.dispose()


def ask_for_jobs(station: Station) -> None:
    with inside(station) as app:
        for subject in JOBS:
            outbox.add("test.slow", subject=subject, key=subject)
        db.session.commit()
        app.config["RELAIS_QUIET"] = False
        ring_new()


def states(station: Station, kind: str) -> list[str]:
    with inside(station):
        return sorted(db.session.scalars(select(Outbox.state).where(Outbox.kind == kind)))


def all_done(station: Station, kind: str = "test.slow") -> bool:
    found = states(station, kind)
    return bool(found) and set(found) == {DONE}


def check_whole(station: Station) -> None:
    with inside(station):
        assert [finding for finding in findings() if finding.faults] == []


def check_each_effect_once(station: Station) -> None:
    with inside(station):
        effects = sorted(db.session.scalars(select(Mail.to).where(Mail.to.startswith("test:"))))
    assert effects == list(JOBS)
    check_whole(station)


def test_a_worker_killed_while_making_papers_leaves_each_paper_once(station: Station) -> None:
    with inside(station):
        a_validated_dossier()
    station.start("worker", "clock")
    until(lambda: RUNNING in states(station, "dossiers.make_paper"), 40, "a paper is being made")
    station.kill("worker")
    station.start("worker")
    until(lambda: all_done(station, "dossiers.make_paper"), 40, "every paper is made")
    with inside(station):
        papers = sorted((paper.audience, paper.state) for paper in db.session.query(Paper))
    assert papers == [("commission", READY), ("household", READY)]
    check_whole(station)


def test_a_worker_killed_at_work_is_replaced_and_nothing_is_done_twice(station_on_sqlite: Station) -> None:
    station = station_on_sqlite
    station.start("worker", "clock")
    ask_for_jobs(station)
    until(station.began, what="a job begins")
    station.kill("worker")
    station.give_leave()
    station.start("worker")
    until(lambda: all_done(station), what="every job is done")
    assert len(station.began()) == len(JOBS) + 1, "the killed one was taken up again, the others once"
    check_each_effect_once(station)


def test_one_hand_does_job_after_job_and_another_takes_over_when_it_dies(station_on_sqlite: Station) -> None:
    station = station_on_sqlite
    station.give_leave()
    station.start("worker", "clock")
    ask_for_jobs(station)
    until(lambda: all_done(station), what="every job is done")
    (hand,) = {pid for _subject, pid, _parent in map(str.split, station.began())}
    os.kill(int(hand), signal.SIGKILL)
    with inside(station) as app:
        outbox.add("test.slow", subject="test:4", key="test:4")
        db.session.commit()
        app.config["RELAIS_QUIET"] = False
        ring_new()
    until(lambda: len(station.began()) == len(JOBS) + 1 and all_done(station), what="another hand does the next job")
    assert station.processes["worker"].poll() is None, "the worker outlives its hands"


@pytest.mark.proof
def test_a_job_that_outlives_its_worker_is_written_once(station_on_sqlite: Station) -> None:
    station = station_on_sqlite
    station.start("worker", "clock")
    ask_for_jobs(station)
    until(station.began, what="a job begins")
    os.kill(station.processes["worker"].pid, signal.SIGKILL)  # the parent only: its child goes on as an orphan
    station.processes["worker"].wait()
    station.start("worker")
    station.give_leave()
    until(lambda: all_done(station), what="every job is done")
    check_each_effect_once(station)


def test_a_redis_flushed_at_work_costs_time_and_no_job(station_on_sqlite: Station, redis_server: RedisServer) -> None:
    station = station_on_sqlite
    station.start("worker", "clock")
    ask_for_jobs(station)
    until(station.began, what="a job begins")
    redis_server.flush()
    station.give_leave()
    until(lambda: all_done(station), 40, "every job is done")
    check_each_effect_once(station)


@pytest.mark.proof
def test_a_redis_killed_at_work_costs_time_and_no_job(station_on_sqlite: Station, redis_server: RedisServer) -> None:
    station = station_on_sqlite
    station.start("worker", "clock")
    ask_for_jobs(station)
    until(station.began, what="a job begins")
    redis_server.kill()
    station.give_leave()
    redis_server.start()
    until(lambda: all_done(station), 40, "every job is done")
    assert station.processes["worker"].poll() is None, "the worker outlives the queue"
    check_each_effect_once(station)


def signed_in(station: Station, slug: str) -> dict[str, str]:
    """The headers of somebody who entered by one click."""
    with inside(station):
        login = db.session.scalars(select(Account.login).where(Account.person_id == slug)).one()
    answer = ask(station.port, "POST", f"/enter/{login}")
    assert answer is not None
    assert answer.status == 303
    cookies = [value.split(";")[0] for name, value in answer.getheaders() if name == "Set-Cookie"]
    return {"Cookie": "; ".join(cookies), "Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("engine", "moment"), [("sqlite", "kill-before"), ("sqlite", "kill-after"), ("postgresql", "kill-after")]
)
def test_a_web_killed_around_the_commit_opens_one_dossier(
    station_on: Callable[[str], Station], engine: str, moment: str
) -> None:
    station = station_on(engine)
    station.start("web")
    until(station.answers, what="the web answers")
    headers = signed_in(station, "claire-maurin")
    with inside(station):
        household = db.session.scalars(select(Household.id).order_by(Household.reference)).first()
    path, body = f"/households/{household}/dossiers", urlencode({"request_key": "the same form"})
    (station.home / moment).touch()
    assert ask(station.port, "POST", path, body, headers) is None, "killed before the answer left"
    until(station.answers, what="the web is back")
    again = ask(station.port, "POST", path, body, headers)
    once_more = ask(station.port, "POST", path, body, headers)
    assert again is not None
    assert once_more is not None
    assert (again.status, again.headers["Location"]) == (303, once_more.headers["Location"])
    with inside(station):
        assert db.session.query(Dossier).count() == 1
        assert db.session.query(Event).filter_by(kind="Opened").count() == 1
    check_whole(station)
