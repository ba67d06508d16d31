"""The signs of this installation: queue, database, disk, versions, journals."""

from __future__ import annotations

import json
import platform
import shutil
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from flask import current_app
from sqlalchemy import select, text

from workflow import outbox
from workflow.config import Config
from workflow.dashboards.queries import works
from workflow.dashboards.rules import Signs
from workflow.db import database_now, db
from workflow.filing.queries import certificates
from workflow.operations.models import Operation
from workflow.record.models import HOUSE, Chain, Event

VERIFIED = "RecordVerified"


@dataclass(frozen=True)
class Journal:
    """The journal of one operation, or of the house itself (`name` empty)."""

    id: str
    name: str
    lines: int
    last: datetime | None


@dataclass(frozen=True)
class Verification:
    """The last time all journals were read through. `broken`: (journal, first bad line)."""

    at: datetime
    lines: int
    broken: tuple[tuple[str, int], ...]


def signs() -> Signs:
    """Everything that says whether the installation is well."""
    config = _config()
    last = last_verification()
    names = {journal.id: journal.name for journal in journals()}
    return Signs(
        now=database_now(db.session),
        failed=works.failed(),
        mails=works.waiting(mails=True),
        jobs=works.waiting(mails=False),
        queue=outbox.waiting(config.redis_url),
        workers=outbox.listeners(config.redis_url),
        broken=tuple((names.get(chain) or "Relais", line) for chain, line in last.broken) if last else (),
        free_mb=free_mb(),
        certificates=certificates(config),
    )


def journals() -> list[Journal]:
    asked = (
        select(Chain.id, Chain.head_seq, Event.at, Operation.name)
        .outerjoin(Event, (Event.chain == Chain.id) & (Event.seq == Chain.head_seq))
        .outerjoin(Operation, Chain.id == "operation:" + Operation.id)
        .order_by(Operation.name, Chain.id)
    )
    return [Journal(row.id, row.name or "", row.head_seq, row.at) for row in db.session.execute(asked)]


def last_verification() -> Verification | None:
    asked = select(Event).where(Event.chain == HOUSE, Event.kind == VERIFIED).order_by(Event.seq.desc()).limit(1)
    row = db.session.scalar(asked)
    if row is None:
        return None
    data: dict[str, Any] = json.loads(row.body)["data"]
    return Verification(row.at, data["lines"], tuple((chain, line) for chain, line in data["broken"]))


def database() -> tuple[str, int]:
    """(product and version, size in bytes)."""
    if db.engine.dialect.name == "sqlite":
        found = db.session.execute(text("SELECT sqlite_version()")).scalar_one()
        pages = db.session.execute(text("PRAGMA page_count")).scalar_one()
        return f"SQLite {found}", pages * db.session.execute(text("PRAGMA page_size")).scalar_one()
    found = db.session.execute(text("SHOW server_version")).scalar_one()
    size = db.session.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
    return f"PostgreSQL {found.split()[0]}", size


def versions() -> dict[str, str]:
    """{what: version}; `queue` is missing while it does not answer."""
    try:
        own = version("relais")
    except PackageNotFoundError:
        own = "–"
    found = {"Relais": own, "Python": platform.python_version()}
    queue = outbox.product(_config().redis_url)
    return found | ({"queue": queue} if queue else {})


def free_mb() -> int:
    """Megabytes left where this installation writes."""
    return shutil.disk_usage(_config().home).free // 1_000_000


def _config() -> Config:
    return current_app.config["RELAIS"]
