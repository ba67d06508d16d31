"""Redis: rung after the commit, trusted with nothing."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

QUEUE = "relais"  # exactly one queue per worker process: with several, a crash after the pop loses the job
JOB = "workflow.outbox.run"
log = structlog.get_logger()


@lru_cache(maxsize=4)
def connect(url: str) -> Redis:
    """A connection that gives up quickly: a slow queue must not hold a page."""
    return Redis.from_url(url, socket_connect_timeout=0.2, socket_timeout=0.5)


def queue(connection: Redis) -> Queue:
    return Queue(QUEUE, connection=connection, serializer=JSONSerializer)


def ring(url: str, ids: Iterable[str]) -> bool:
    """Tell the workers of these rows. False when nobody could be told; the relay will try again."""
    ids = list(ids)
    try:
        bell = queue(connect(url))
        for row_id in ids:
            bell.enqueue(JOB, row_id, job_timeout=300, result_ttl=60, failure_ttl=3600)
    except RedisError as problem:
        log.warning("doorbell_silent", error=type(problem).__name__, count=len(ids))
        return False
    return True
