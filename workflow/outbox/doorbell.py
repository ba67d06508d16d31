"""Redis: rung after the commit, trusted with nothing."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import structlog
from flask import current_app
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue, Worker
from rq.serializers import JSONSerializer

from workflow.db import db

QUEUE = "relais"  # exactly one queue per worker process: with several, a crash after the pop loses the job
JOB = "workflow.outbox.run"
TIMEOUT = 100  # seconds a job may take; shorter than its lease
TO_RING = "relais_to_ring"
log = structlog.get_logger()


@lru_cache(maxsize=4)
def connect(url: str) -> Redis:
    """A connection that gives up quickly: a slow queue must not hold a page."""
    return Redis.from_url(url, socket_connect_timeout=0.2, socket_timeout=0.2, retry=Retry(NoBackoff(), 0))


def queue(connection: Redis) -> Queue:
    return Queue(QUEUE, connection=connection, serializer=JSONSerializer)


def ring(url: str, ids: Iterable[str]) -> bool:
    """Tell the workers of these rows. False when nobody could be told; the relay will try again."""
    ids = list(ids)
    try:
        bell = queue(connect(url))
        for row_id in ids:
            bell.enqueue(JOB, row_id, job_timeout=TIMEOUT, result_ttl=0, failure_ttl=3600)
    except RedisError as problem:
        log.warning("doorbell_silent", error=type(problem).__name__, count=len(ids))
        return False
    return True


def ring_new() -> None:
    """After the commit: ring for what this session wrote."""
    call(db.session.info.pop(TO_RING, []))


def call(ids: list[str]) -> None:
    """Ring for these rows on this installation's queue, unless it works without one."""
    if ids and not current_app.config.get("RELAIS_QUIET"):
        ring(current_app.config["RELAIS"].redis_url, ids)


def waiting(url: str) -> int | None:
    """How many calls lie in the queue; None when the queue does not answer."""
    try:
        return queue(connect(url)).count
    except RedisError:
        return None


def listeners(url: str) -> int | None:
    """How many workers listen; None when the queue does not answer."""
    try:
        return Worker.count(connection=connect(url))
    except RedisError:
        return None


def product(url: str) -> str | None:
    """The queue's name and version; None when it does not answer."""
    try:
        told = connect(url).info("server")
    except RedisError:
        return None
    if "valkey_version" in told:
        return f"Valkey {told['valkey_version']}"
    return f"Redis {told.get('redis_version', '')}"
