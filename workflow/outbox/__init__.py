"""Side effects as rows, written in the transaction that calls for them. RQ rings the doorbell and carries the work.

A row is claimed with a lease and a fence: work may run twice or at the same time, its result is written once. Losing
Redis costs time, never data: the relay rings again for what is due.
"""

from rq.timeouts import JobTimeoutException as TimeUp

from workflow.outbox.doorbell import connect, listeners, product, ring, waiting
from workflow.outbox.relay import New, add, add_new, drain, due_ids, given_up, reap, relay_once, run_again
from workflow.outbox.row import DONE, FAILED, PENDING, RUNNING, Outbox
from workflow.outbox.running import Lease, Superseded, handle, run

__all__ = [
    "DONE",
    "FAILED",
    "PENDING",
    "RUNNING",
    "Lease",
    "New",
    "Outbox",
    "Superseded",
    "TimeUp",
    "add",
    "add_new",
    "connect",
    "drain",
    "due_ids",
    "given_up",
    "handle",
    "listeners",
    "product",
    "reap",
    "relay_once",
    "ring",
    "run",
    "run_again",
    "waiting",
]
