"""Bare applications to compare with, served by the same gunicorn with the same settings.

`python benchmarks/peers.py PORT FOLDER [DATABASE]`: POST / is one durable insert in one transaction; GET /list renders
the rows of FOLDER/rows.json from memory, through a plain Jinja table.
"""

import json
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
from flask import Flask, redirect, render_template_string, request
from flask.typing import ResponseReturnValue as Response
from gunicorn.app.base import BaseApplication
from pysqlite3 import dbapi2 as sqlite

WORKERS, THREADS = 2, 8
Insert = Callable[[tuple[str, ...]], None]

PAGE = """<!doctype html><html lang="fr"><title>Ménages</title><table>
{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table></html>"""
INSERT = "INSERT INTO decision (subject, person, words) VALUES ({0}, {0}, {0})"
TABLE = "CREATE TABLE IF NOT EXISTS decision (id {}, subject text, person text, words text)"


def bare(folder: Path, database: str) -> Flask:
    app = Flask("bare")
    rows = json.loads((folder / "rows.json").read_text()) if (folder / "rows.json").exists() else []
    insert = _postgresql(database) if database else _sqlite(folder / "bare.sqlite3")

    @app.post("/")
    def decide() -> Response:
        insert((request.form["subject"], request.form["person"], request.form["words"]))
        return redirect("/list", code=303)

    @app.get("/list")
    def listed() -> str:
        return render_template_string(PAGE, rows=rows)

    return app


def _sqlite(path: Path) -> Insert:
    """WAL and a full synchronisation at each commit, as Relais has them; one connection for each thread."""
    own = threading.local()

    def connection() -> sqlite.Connection:
        if not hasattr(own, "connection"):
            own.connection = sqlite.connect(str(path), timeout=15, isolation_level=None)
            own.connection.execute("PRAGMA journal_mode=WAL")
            own.connection.execute("PRAGMA synchronous=FULL")
        return own.connection

    with closing(sqlite.connect(str(path))) as first:
        first.execute(TABLE.format("integer PRIMARY KEY"))

    def insert(values: tuple[str, ...]) -> None:
        connection().execute("BEGIN IMMEDIATE")
        connection().execute(INSERT.format("?"), values)
        connection().execute("COMMIT")

    return insert


def _postgresql(address: str) -> Insert:
    own = threading.local()
    with psycopg.connect(address) as first:
        first.execute(TABLE.format("serial PRIMARY KEY"))

    def insert(values: tuple[str, ...]) -> None:
        if not hasattr(own, "connection"):
            own.connection = psycopg.connect(address)
        own.connection.execute(INSERT.format("%s"), values)
        own.connection.commit()

    return insert


class Served(BaseApplication):
    def __init__(self, app: Flask, port: int) -> None:
        self.app, self.port = app, port
        super().__init__()

    def load_config(self) -> None:
        told = {"bind": f"127.0.0.1:{self.port}", "worker_class": "gthread", "workers": WORKERS, "threads": THREADS}
        for name, value in (told | {"preload_app": True, "control_socket_disable": True}).items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.app


if __name__ == "__main__":
    port, folder, *database = sys.argv[1:]
    Served(bare(Path(folder), database[0] if database else ""), int(port)).run()
