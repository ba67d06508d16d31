"""The database: one session per request, two ways to begin a transaction, and the scope every query passes through.

SQLite runs on the library shipped in the `pysqlite3` wheel (at least 3.51.3: older ones may corrupt a WAL file),
in WAL mode with full synchronisation; what may write begins IMMEDIATE, what only reads is refused any write.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
import pysqlite3
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Engine, LargeBinary, MetaData, Select, String, bindparam, event, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DisconnectionError, OperationalError
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    ORMExecuteState,
    Session,
    mapped_column,
    registry,
    with_loader_criteria,
)
from sqlalchemy.pool import Pool
from sqlalchemy.types import TypeDecorator

from workflow.errors import NoScope
from workflow.turns import Turns

SAFE_SQLITE = (3, 51, 3)
READ_ONLY = "relais_read_only"

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive time was about to be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={datetime: Instant, bytes: LargeBinary, str: String},
    )


db = SQLAlchemy(model_class=Base)


def new_id() -> str:
    """An identifier that says nothing: 32 hexadecimal digits."""
    return uuid.uuid4().hex


# -- scope --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scope:
    """The operations a request may touch, computed from assignments. Empty means none, never all."""

    operations: frozenset[str]


EVERYTHING = Scope(frozenset(("*",)))
_scope: ContextVar[Scope | None] = ContextVar("scope", default=None)


class OfOperation:
    """Mixed into every model whose rows belong to one operation: queries on it need a scope."""

    operation_id: Mapped[str] = mapped_column(String(64), index=True)


@contextmanager
def scoped(scope: Scope) -> Iterator[None]:
    """Let queries inside see the operations of `scope`."""
    token = _scope.set(scope)
    try:
        yield
    finally:
        _scope.reset(token)


def enter_scope(scope: Scope | None) -> Token[Scope | None]:
    """Set the scope for the rest of this request or job; `leave_scope` with the token gives back the one before."""
    return _scope.set(scope)


def leave_scope(token: Token[Scope | None]) -> None:
    _scope.reset(token)


@contextmanager
def unscoped(reason: str) -> Iterator[None]:
    """See every operation. `reason` is read by a test that lists all such places."""
    if not reason:
        raise NoScope("unscoped() needs a reason")
    with scoped(EVERYTHING):
        yield


def _operations() -> list[str]:
    """The operations of the scope that holds at this moment."""
    scope = _scope.get()
    if scope is None:
        raise NoScope("a query on data of an operation needs a scope")
    return sorted(scope.operations)


_HERE = bindparam("operations_of_scope", callable_=_operations, expanding=True)
_IN_SCOPE = with_loader_criteria(
    OfOperation, lambda model: model.operation_id.in_(_HERE), include_aliases=True, propagate_to_loaders=False
)
_BARE = "relais_bare"


def prepared(statement: Select[Any]) -> Select[Any]:
    """A query that every request asks: put together once, with `bindparam` for what differs, and run often.

    It finds what the scope of the moment it runs lets it find, like any other.
    """
    return statement.options(_IN_SCOPE).execution_options(**{_BARE: statement})


@event.listens_for(Session, "do_orm_execute")
def _apply_scope(state: ORMExecuteState) -> None:
    bare = state.execution_options.get(_BARE)
    if bare is None and not _is_of_operations(state):
        return
    scope = _scope.get()
    if scope is None:
        raise NoScope("a query on data of an operation needs a scope")
    if scope is not EVERYTHING:
        state.statement = state.statement if bare is not None else state.statement.options(_IN_SCOPE)
    elif bare is not None:
        state.statement = bare


def _is_of_operations(state: ORMExecuteState) -> bool:
    if state.is_column_load or not (state.is_select or state.is_update or state.is_delete):
        return False
    known = _known.get(state.statement)
    if known is None:
        asked = (state.bind_mapper, *state.all_mappers)  # the first alone knows what is only counted
        known = any(issubclass(mapper.class_, OfOperation) for mapper in asked if mapper)
        _known[state.statement] = known
    return known


_known: WeakKeyDictionary[Any, bool] = WeakKeyDictionary()
"""What was found of statements that are put together once and asked by every request."""


# -- transactions -------------------------------------------------------------------------------------------------


def begin_reading(session: Session | None = None) -> None:
    """Open the read-only transaction of a GET: any write inside it fails."""
    (session or db.session).connection(execution_options={READ_ONLY: True, "postgresql_readonly": True})


def engine_options(url: str) -> dict[str, Any]:
    """What the engine needs for `url`."""
    if not url.startswith("sqlite"):
        return {
            "pool_size": 10,
            "max_overflow": 10,
            "connect_args": {"options": "-c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000"},
        }
    found = tuple(int(part) for part in pysqlite3.sqlite_version.split("."))
    if found < SAFE_SQLITE:
        raise RuntimeError(f"SQLite {pysqlite3.sqlite_version} may corrupt a WAL file: 3.51.3 or newer is needed")
    connecting = {"timeout": PATIENCE, "factory": Queued}
    return {"module": pysqlite3, "pool_size": 20, "max_overflow": 20, "connect_args": connecting}


class Queued(pysqlite3.Connection):
    """A connection to SQLite that waits in line before it writes.

    SQLite has no line: whoever finds the database taken sleeps, longer each time, and often past the moment it is free.
    So the threads of one process wait for one another here, and only the first of them asks SQLite, often.
    """

    writing = False

    def begin_writing(self) -> None:
        if not _line.acquire(timeout=PATIENCE):
            raise pysqlite3.OperationalError("database is locked")
        self.writing, begun = True, False
        try:
            self._ask()
            begun = True
        finally:
            if not begun:
                self._leave()

    def _ask(self) -> None:
        last = time.monotonic() + PATIENCE
        self.execute("PRAGMA busy_timeout=0")
        try:
            while not self._taken():
                if time.monotonic() > last:
                    raise pysqlite3.OperationalError("database is locked")
                time.sleep(ASK_AGAIN)
        finally:
            self.execute(f"PRAGMA busy_timeout={1000 * PATIENCE}")

    def _taken(self) -> bool:
        try:
            self.execute("BEGIN IMMEDIATE")
        except pysqlite3.OperationalError:
            if self.in_transaction:
                raise
            return False
        return True

    def _leave(self) -> None:
        if self.writing:
            self.writing = False
            _line.release()

    def commit(self) -> None:
        try:
            super().commit()
        finally:
            self._leave()

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self._leave()

    def close(self) -> None:
        try:
            super().close()
        finally:
            self._leave()


_line = Turns()
PATIENCE = 15  # seconds a writer waits for the others
ASK_AGAIN = 0.001  # seconds


@event.listens_for(Engine, "connect")
def _on_connect(connection: Any, _record: Any) -> None:
    if not isinstance(connection, pysqlite3.Connection):
        return
    connection.isolation_level = None  # the begin event below decides, not the driver
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "busy_timeout=15000",
        "foreign_keys=ON",
        "secure_delete=ON",
        "trusted_schema=OFF",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(Pool, "checkin")
def _on_checkin(_connection: Any, record: Any) -> None:
    record.info[LEFT] = time.monotonic()


@event.listens_for(Pool, "checkout")
def _on_checkout(connection: Any, record: Any, _proxy: Any) -> None:
    """A connection that lay idle may have lost its server: it is asked once, and another one taken when it is silent.
    One that was used this very second is not asked: a request takes two, and every question is a journey.
    """
    idle = time.monotonic() - record.info.get(LEFT, float("inf"))
    if isinstance(connection, pysqlite3.Connection) or not IDLE < idle < float("inf"):
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except psycopg.OperationalError as silent:
        raise DisconnectionError() from silent


LEFT, IDLE = "left", 1.0  # when a connection was given back; seconds


@event.listens_for(Engine, "begin")
def _on_begin(connection: Connection) -> None:
    read_only = connection.get_execution_options().get(READ_ONLY, False)
    ours = connection.connection.dbapi_connection
    if isinstance(ours, Queued):
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if read_only else 'OFF'}")
        if read_only:
            connection.exec_driver_sql("BEGIN")
        else:
            _begin_writing(ours)


def _begin_writing(connection: Any) -> None:
    try:
        connection.begin_writing()
    except pysqlite3.OperationalError as taken:
        raise OperationalError("BEGIN IMMEDIATE", None, taken) from taken


@contextmanager
def own_transaction(*, read_only: bool = False) -> Iterator[Session]:
    """A short transaction beside the request's: journals, refused attempts, the outbox's own bookkeeping."""
    with Session(db.engine, expire_on_commit=False) as session, session.begin():
        if read_only:
            begin_reading(session)
        yield session


def database_now(session: Session) -> datetime:
    """The database's own clock: leases of several machines are compared on it."""
    if session.get_bind().dialect.name == "sqlite":
        return datetime.now(UTC)  # SQLite runs in this very process, and reads the same clock
    return session.execute(text("SELECT clock_timestamp()")).scalar_one().astimezone(UTC)
