"""The worker process: it only watches a hand, a child that does one job after another and is renewed in time.

A hand stays warm: forms, models, fonts and words that the last job needed are there for the next one. It is forked
from a process that never set a paper (Typst does not outlive a fork) and never asked the database anything.
"""

from __future__ import annotations

import faulthandler
import gc
import os
import resource
import signal
import sys
import time
from types import FrameType
from typing import NoReturn

import structlog
from flask import Flask
from redis import Redis
from redis.exceptions import RedisError
from rq import SimpleWorker
from rq.executions import Execution
from rq.job import Job
from rq.queue import Queue
from rq.serializers import JSONSerializer
from rq.utils import now

from workflow.db import db
from workflow.outbox.doorbell import QUEUE, TIMEOUT
from workflow.outbox.orphans import not_without_parent

PAUSE = 1.0  # seconds between two looks for a queue that does not answer, or two hands that die at once
MOST_JOBS = 1000  # after which a hand is renewed
MOST_MEMORY = 400  # megabytes a hand may have held before it is renewed
GRACE = 15  # seconds after its time is up until a job that does not listen is ended with its hand
LEAVING = 3  # seconds
SELDOM = 20_000  # objects made until the collector looks through the young ones
TOLD_TO_STOP = 3  # how a hand ends that will not be replaced
log = structlog.get_logger()


def work(app: Flask) -> None:
    """Work until told to stop, through every absence of the queue and every death of a hand."""
    watch = _Watch()
    while True:
        begun = time.monotonic()
        ended = watch.over(_new_hand(app))
        if watch.told_to_stop or ended == TOLD_TO_STOP:
            return
        if ended:
            log.warning("hand_died", status=ended)
            time.sleep(max(0.0, PAUSE - (time.monotonic() - begun)))


class _Watch:
    """Waits for the hand at work; an order to stop is handed on to it."""

    def __init__(self) -> None:
        self.told_to_stop = False
        self._hand = 0
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, self._hand_on)

    def over(self, hand: int) -> int:
        """How the hand ended: its own status, or minus the signal that ended it."""
        self._hand = hand
        if self.told_to_stop:
            self._tell()
        _pid, status = os.waitpid(hand, 0)
        self._hand = 0
        return os.waitstatus_to_exitcode(status)

    def _hand_on(self, _signal: int, _frame: FrameType | None) -> None:
        self.told_to_stop = True
        self._tell()

    def _tell(self) -> None:
        if self._hand:
            os.kill(self._hand, signal.SIGTERM)


def _new_hand(app: Flask) -> int:
    """Fork one; its process number."""
    watched_by = os.getpid()
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        _be_a_hand(app, watched_by)
    return pid


def _be_a_hand(app: Flask, watched_by: int) -> NoReturn:
    """Never returns to what the parent was doing, whatever happens."""
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # from a keyboard both hear it: the parent hands one order on
        _stops_at_once()
        not_without_parent()
        gc.freeze()  # what was loaded before stays for good: not to be looked through again and again
        gc.set_threshold(SELDOM)
        os.environ.setdefault("RAYON_NUM_THREADS", "1")  # a page is set faster by one thread than by several that wait
        with app.app_context():
            db.engine.dispose(close=False)  # the parent's connections, were there any, stay the parent's
        status = _labour(app, watched_by)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _stops_at_once() -> None:
    """Nothing is being done: an order to stop need not wait."""
    signal.signal(signal.SIGTERM, lambda *_: os._exit(TOLD_TO_STOP))


def _labour(app: Flask, watched_by: int) -> int:
    """Do jobs until told to stop, worn out or left alone; the status to end with."""
    while True:
        hand = None
        try:
            hand = _hand(app, watched_by)
            hand.work(with_scheduler=False, logging_level="WARNING", max_jobs=MOST_JOBS)
        except RedisError as problem:
            log.warning("queue_silent", error=type(problem).__name__)
        _stops_at_once()
        if hand is not None and hand.told_to_stop:
            return TOLD_TO_STOP
        if os.getppid() != watched_by or (hand is not None and hand.worn_out):
            return 0
        time.sleep(PAUSE)


class Hand(SimpleWorker):
    """Runs each job inside the application, in this very process."""

    max_connection_wait_time = 5.0  # seconds; RQ's own minute would let people wait after the queue is back
    relais: Flask
    watched_by: int
    told_to_stop = at_work = False
    done = 0

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        self.told_to_stop = True
        if self.at_work:
            self._stop_requested = True  # nothing is asked of the queue here: its silence must not break the job
            signal.signal(signal.SIGTERM, self.request_force_stop)
            self._shutdown_requested_date = now()
            return
        # A queue that does not answer may swallow the order: who does nothing leaves in any case.
        faulthandler.dump_traceback_later(LEAVING, exit=True)
        super().request_stop(signum, frame)

    def execute_job(self, job: Job, queue: Queue) -> None:
        # What hangs in foreign code does not hear RQ's alarm: the hand ends with it, and the row is tried again.
        faulthandler.dump_traceback_later(TIMEOUT + GRACE, exit=True)
        self.at_work = True
        try:
            super().execute_job(job, queue)
        finally:
            self.at_work = False
            faulthandler.cancel_dump_traceback_later()
        self.done += 1
        if self.worn_out or os.getppid() != self.watched_by:
            self._stop_requested = True

    def perform_job(self, job: Job, queue: Queue, execution: Execution) -> bool:
        with self.relais.app_context():
            return super().perform_job(job, queue, execution)

    @property
    def worn_out(self) -> bool:
        return self.done >= MOST_JOBS or _megabytes() > MOST_MEMORY


def _megabytes() -> int:
    """The most this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _hand(app: Flask, watched_by: int) -> Hand:
    """RQ keeps no schedule and no result for us: rows do. With a silent queue this raises RedisError."""
    connection = Redis.from_url(app.config["RELAIS"].redis_url, socket_connect_timeout=2)
    connection.ping()
    hand = Hand(
        [QUEUE],
        connection=connection,
        serializer=JSONSerializer,
        log_job_description=False,
        worker_ttl=30,
        maintenance_interval=10,
        default_result_ttl=0,
    )
    hand.relais, hand.watched_by = app, watched_by
    return hand
