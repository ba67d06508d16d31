"""A PostgreSQL database given back its rows, where making it again would cost a fifth of a second for every test."""

from dataclasses import dataclass

import psycopg
from psycopg import sql

TIDY_AFTER = 60  # restorations: nobody else sweeps up the rows that were left behind (autovacuum is off)

_SHAPE = """
    SELECT coalesce(md5(string_agg(told, ',' ORDER BY told)), '') FROM (
        SELECT concat(c.oid, relkind, relname) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
         WHERE n.nspname = 'public'
        UNION ALL SELECT concat(tgrelid, tgname, tgenabled) FROM pg_trigger
        UNION ALL SELECT concat(attrelid, attname, atttypid, attisdropped) FROM pg_attribute WHERE attrelid IN (
            SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE n.nspname = 'public')
    ) known(told)
"""
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
_OTHERS = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database()
       AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


@dataclass
class Kept:
    """One table as it was: its rows as bytes, their number, and the transaction that wrote the newest of them."""

    rows: bytes
    count: int
    newest: int


class Restorer:
    """Remembers every row of a database when it is made; gives them back, touching only the tables that changed.

    A table is as it was when it has as many rows as then and none is newer than what was put there.
    """

    def __init__(self, server: str, user: str, database: str, like: str) -> None:
        self.like = like
        self.address = {"host": server, "user": user, "dbname": database}
        self.turns = 0
        with psycopg.connect(**self.address, autocommit=True) as connection:
            self.shape = _one(connection, _SHAPE)
            names = [name for (name,) in connection.execute(_TABLES)]
            self.tables = {name: Kept(_read(connection, name), *_state(connection, [name])[name]) for name in names}

    def restore(self) -> bool:
        """Give the rows back, whoever is still connected; False when its tables are no longer the same ones."""
        with psycopg.connect(**self.address, autocommit=True) as connection:
            connection.execute(_OTHERS)
            if _one(connection, _SHAPE) != self.shape:
                return False
            changed = self._changed(connection)
            with connection.transaction():
                connection.execute("SET LOCAL session_replication_role = replica")  # neither triggers nor foreign keys
                for name in changed:
                    self._put_back(connection, name)
            self.turns += 1
            if self.turns % TIDY_AFTER == 0:
                connection.execute("VACUUM")
        return True

    def _changed(self, connection: psycopg.Connection) -> list[str]:
        now = _state(connection, list(self.tables))
        return [name for name, kept in self.tables.items() if now[name] != (kept.count, kept.newest)]

    def _put_back(self, connection: psycopg.Connection, name: str) -> None:
        kept, table = self.tables[name], sql.Identifier(name)
        connection.execute(sql.SQL("DELETE FROM {}").format(table))
        command = sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(table)
        with connection.cursor() as cursor, cursor.copy(command) as copy:
            copy.write(kept.rows)
        kept.newest = _one(connection, "SELECT pg_current_xact_id()::text::bigint") if kept.count else 0


def _one(connection: psycopg.Connection, asked: str):
    return connection.execute(asked).fetchone()[0]


def _read(connection: psycopg.Connection, name: str) -> bytes:
    command = sql.SQL("COPY {} TO STDOUT (FORMAT binary)").format(sql.Identifier(name))
    with connection.cursor() as cursor, cursor.copy(command) as copy:
        return b"".join(copy)


def _state(connection: psycopg.Connection, names: list[str]) -> dict[str, tuple[int, int]]:
    """{table: (rows, the newest transaction that wrote one of them)}. No test run lives through a wraparound."""
    one = "SELECT {}, count(*), coalesce(max(xmin::text::bigint), 0) FROM {}"
    asked = sql.SQL(" UNION ALL ").join(sql.SQL(one).format(sql.Literal(name), sql.Identifier(name)) for name in names)
    return {name: (count, newest) for name, count, newest in connection.execute(asked)}
