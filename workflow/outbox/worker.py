"""The worker process: RQ forks a child for each job; the parent never compiles a paper."""

from __future__ import annotations

import signal
import time
from types import FrameType

import structlog
from flask import Flask
from redis import Redis
from redis.exceptions import RedisError
from rq import Worker
from rq.executions import Execution
from rq.job import Job
from rq.queue import Queue
from rq.serializers import JSONSerializer

from workflow.db import db
from workflow.outbox.doorbell import QUEUE

PAUSE = 1.0  # seconds between two looks for a queue that does not answer
log = structlog.get_logger()


class RelaisWorker(Worker):
    """Runs each job inside the application, on connections of the child's own."""

    max_connection_wait_time = 5.0  # seconds; RQ's own minute would let people wait after the queue is back
    relais: Flask
    told_to_stop = False

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        self.told_to_stop = True
        super().request_stop(signum, frame)

    def perform_job(self, job: Job, queue: Queue, execution: Execution) -> bool:
        with self.relais.app_context():
            db.engine.dispose(close=False)  # the parent's connections stay the parent's
            return super().perform_job(job, queue, execution)


def work(app: Flask, burst: bool = False) -> None:
    """Work until told to stop, through every absence of the queue; with `burst`, until the queue is empty."""
    while True:
        worker = None
        try:
            worker = _worker(app)
            worker.work(burst=burst, with_scheduler=False, logging_level="WARNING")
        except RedisError as problem:
            log.warning("queue_silent", error=type(problem).__name__)
        finally:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
        if burst or (worker is not None and worker.told_to_stop):
            return
        time.sleep(PAUSE)


def _worker(app: Flask) -> RelaisWorker:
    """RQ keeps no schedule and no result for us: rows do. With a silent queue this raises RedisError."""
    connection = Redis.from_url(app.config["RELAIS"].redis_url, socket_connect_timeout=2)
    connection.ping()
    worker = RelaisWorker(
        [QUEUE],
        connection=connection,
        serializer=JSONSerializer,
        log_job_description=False,
        worker_ttl=30,
        maintenance_interval=10,
        default_result_ttl=0,
    )
    worker.relais = app
    return worker
