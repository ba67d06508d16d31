"""Fresh databases for tests, empty or as a copy of another one."""

from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql
from pysqlite3 import dbapi2 as sqlite
from sqlalchemy.engine import make_url

from tests.services.postgresql import USER, PostgreSQL
from tests.services.restoring import Restorer

ENGINES = ("sqlite", "postgresql")


class Databases:
    """Makes and drops the databases of one worker; starts PostgreSQL at the first one that needs it."""

    def __init__(self, folder: Path, worker: str, server: PostgreSQL) -> None:
        self.folder = folder
        self.worker = worker
        self.server = server
        self._numbers = count(1)
        self._restorers: dict[str, Restorer] = {}

    def create(self, engine: str, like: str | None = None) -> str:
        """A new database's address; `like` is the address of one to copy, which nobody may be using meanwhile."""
        name = f"test_{self.worker}_{next(self._numbers)}"
        if engine == "sqlite":
            return self._create_sqlite(name, like)
        return self._create_postgresql(name, like)

    def renew(self, url: str, like: str) -> None:
        """Make a database of ours again, under the same address, as a copy of another one."""
        before = self._restorers.get(url)
        if before and before.like == like and before.restore():
            return
        self.drop(url)
        name = str(make_url(url).database)
        if make_url(url).get_backend_name() == "sqlite":
            self._create_sqlite(Path(name).stem, like)
        else:
            self._create_postgresql(name, like)
            self._restorers[url] = Restorer(str(self.server.folder), USER, name, like)

    def drop(self, url: str) -> None:
        """Remove a database made here, whoever is still connected to it."""
        address = make_url(url)
        self._restorers.pop(url, None)
        if address.get_backend_name() == "sqlite":
            for suffix in ("", "-wal", "-shm", "-journal"):
                Path(f"{address.database}{suffix}").unlink(missing_ok=True)
        else:
            self._as_owner(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)"), address.database)

    def _create_sqlite(self, name: str, like: str | None) -> str:
        path = self.folder / f"{name}.sqlite3"
        if like is not None:
            source, target = sqlite.connect(make_url(like).database), sqlite.connect(str(path))
            source.backup(target)
            source.close()
            target.close()
        return f"sqlite:///{path}"

    def _create_postgresql(self, name: str, like: str | None) -> str:
        self.server.ensure()
        template = make_url(like).database if like else "template0"
        # Copying files is faster here than writing the whole template to the log, the server's default.
        self._as_owner(sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy"), name, template)
        return self.server.url(name)

    def _as_owner(self, statement: sql.SQL, *names: str | None) -> None:
        with psycopg.connect(host=str(self.server.folder), user=USER, dbname="postgres", autocommit=True) as connection:
            connection.execute(statement.format(*(sql.Identifier(name or "") for name in names)))
