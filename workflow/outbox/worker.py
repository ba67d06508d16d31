"""The worker process: RQ forks a child for each job; the parent never compiles a paper."""

from __future__ import annotations

import structlog
from flask import Flask
from redis import Redis
from rq import Worker
from rq.job import Job
from rq.queue import Queue
from rq.serializers import JSONSerializer

from workflow.db import db
from workflow.outbox.doorbell import QUEUE

log = structlog.get_logger()


class RelaisWorker(Worker):
    """Runs each job inside the application, on connections of the child's own."""

    relais: Flask

    def perform_job(self, job: Job, queue: Queue) -> bool:
        with self.relais.app_context():
            db.engine.dispose(close=False)  # the parent's connections stay the parent's
            return super().perform_job(job, queue)


def work(app: Flask, burst: bool = False) -> None:
    """Work until told to stop."""
    url = app.config["RELAIS"].redis_url
    worker = RelaisWorker(
        [QUEUE],
        connection=Redis.from_url(url, socket_connect_timeout=2),
        serializer=JSONSerializer,
        log_job_description=False,
        worker_ttl=30,
        maintenance_interval=10,
        default_result_ttl=60,
    )
    worker.relais = app
    worker.work(burst=burst, with_scheduler=False, logging_level="WARNING")
