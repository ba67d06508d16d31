"""Before anything runs: private folders, keys, the newest shape of the database, the authority that seals."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from workflow.config import Config, private_dir
from workflow.db import db
from workflow.exchange import actions as exchange
from workflow.filing import actions as filing
from workflow.migrations import running

LOCK = 7_231_001  # an advisory lock of PostgreSQL's: any number, always the same

PROCEDURES = Path(__file__).resolve().parents[2] / "templates" / "procedures"


def make_ready(settings: Config) -> None:
    """Once at a time; repeating it changes nothing. Two that start together wait for one another."""
    for name in ("keys", "files", "queue", "run"):
        private_dir(settings.home / name)
    with _alone(settings):
        running.upgrade()
        filing.ensure_authority(settings)
        exchange.publish_procedures(PROCEDURES)  # those shipped with this version; operations adopt them when they wish
        db.session.commit()


@contextmanager
def _alone(settings: Config) -> Iterator[None]:
    """Nobody else releases meanwhile: neither on this home nor on this database."""
    with (settings.home / "run" / "release.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if not settings.database_url.startswith("postgresql"):
            yield
            return
        with db.engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
            connection.commit()  # the lock is the session's; an open transaction would stand in the way
            yield
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})
            connection.commit()
