"""SQLite lets one write at a time: the others wait in line, none is lost, and nobody waits for ever."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError

from workflow import db
from workflow.db import READ_ONLY, engine_options


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path / 'line.sqlite'}"
    made = create_engine(url, **engine_options(url))
    with made.begin() as connection:
        connection.execute(text("CREATE TABLE line (number INTEGER)"))
    yield made
    made.dispose()


def count(engine: Engine) -> int:
    with engine.execution_options(**{READ_ONLY: True}).begin() as connection:
        return connection.execute(text("SELECT count(*) FROM line")).scalar_one()


def write(engine: Engine, number: int) -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO line VALUES (:number)"), {"number": number})


def test_many_writers_at_once_all_write(engine: Engine) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: write(engine, number), range(40)))
    assert count(engine) == 40


def test_a_writer_that_fails_lets_the_next_one_write(engine: Engine) -> None:
    with pytest.raises(RuntimeError, match="halfway"), engine.begin() as connection:
        connection.execute(text("INSERT INTO line VALUES (0)"))
        raise RuntimeError("halfway")
    write(engine, 1)
    assert count(engine) == 1


def test_a_writer_who_walks_away_lets_the_next_one_write(engine: Engine) -> None:
    left = engine.connect()
    left.begin()
    left.close()
    gone = engine.connect()
    gone.begin()
    gone.invalidate()
    gone.close()
    write(engine, 1)
    assert count(engine) == 1


def test_nobody_waits_for_ever_behind_a_writer_that_does_not_end(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "PATIENCE", 0.05)
    inside, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with engine.begin():
            inside.set()
            leave.wait(10)

    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(hold)
        try:
            assert inside.wait(10)
            with pytest.raises(OperationalError, match="locked"):
                write(engine, 1)
        finally:
            leave.set()
        held.result()
    write(engine, 2)
    assert count(engine) == 1


def test_nobody_waits_for_ever_behind_another_process(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "PATIENCE", 0.05)
    stranger = db.pysqlite3.connect(engine.url.database, isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"):
        write(engine, 1)
    stranger.execute("ROLLBACK")
    stranger.close()
    write(engine, 2)
    assert count(engine) == 1


def test_a_reader_does_not_wait_in_line(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO line VALUES (1)"))
        assert count(engine) == 0
