"""The relay: rings for what is due on a real Redis, and again for what Redis lost."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from tests.services.redis_server import RedisServer
from workflow import outbox
from workflow.db import db
from workflow.outbox.doorbell import connect, queue
from workflow.outbox.relay import LOST_AFTER, RING_AGAIN


@pytest.fixture
def ringing(app: Flask, redis_server: RedisServer) -> Iterator[RedisServer]:
    """The application with a real Redis; jobs of earlier tests are no concern of this one."""
    app.config["RELAIS"] = replace(app.config["RELAIS"], redis_url=redis_server.url)
    db.session.query(outbox.Outbox).delete()
    db.session.commit()
    yield redis_server
    redis_server.start()


def a_job() -> str:
    row_id = outbox.add("test.job", subject="test:1", key="test.job:1").id
    db.session.commit()
    return row_id


def called(server: RedisServer) -> list[str]:
    return [job.args[0] for job in queue(connect(server.url)).get_jobs()]


def test_a_due_job_is_called_once_while_its_call_waits(ringing: RedisServer) -> None:
    row_id, rung = a_job(), {}
    assert outbox.relay_once(rung, 0.0) == 1
    assert outbox.relay_once(rung, LOST_AFTER * 2) == 0
    assert called(ringing) == [row_id]


def test_a_call_lost_with_the_queue_is_made_again(ringing: RedisServer) -> None:
    row_id, rung = a_job(), {}
    outbox.relay_once(rung, 0.0)
    ringing.flush()
    assert outbox.relay_once(rung, LOST_AFTER / 2) == 0, "a worker may just be taking it"
    assert outbox.relay_once(rung, LOST_AFTER) == 1
    assert called(ringing) == [row_id]


def test_a_call_that_waits_too_long_is_made_again(ringing: RedisServer) -> None:
    a_job()
    rung: dict[str, float] = {}
    outbox.relay_once(rung, 0.0)
    assert outbox.relay_once(rung, RING_AGAIN) == 1


def test_a_dead_queue_delays_the_call_and_loses_nothing(ringing: RedisServer) -> None:
    row_id, rung = a_job(), {}
    ringing.kill()
    assert outbox.relay_once(rung, 0.0) == 0
    assert outbox.waiting(ringing.url) is None
    ringing.start()
    assert outbox.relay_once(rung, 2.0) == 1
    assert called(ringing) == [row_id]


def test_calls_carry_an_id_and_nothing_else(ringing: RedisServer) -> None:
    row_id = a_job()
    outbox.relay_once({}, 0.0)
    [job] = queue(connect(ringing.url)).get_jobs()
    assert (job.func_name, job.args, job.kwargs) == ("workflow.outbox.run", [row_id], {})
    assert job.serializer.__name__ == "JSONSerializer"
