"""The services under the tests are real, fresh and private."""

import smtplib
import threading
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import redis
from sqlalchemy import create_engine, inspect, text

from tests.services.databases import Databases


def tables(url: str) -> list[str]:
    engine = create_engine(url)
    try:
        return inspect(engine).get_table_names()
    finally:
        engine.dispose()


def run_sql(url: str, statement: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def rows(url: str) -> list[tuple[int, str]]:
    engine = create_engine(url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM dossier")) == 0
        found = [tuple(row) for row in connection.execute(text("SELECT * FROM household ORDER BY id"))]
    engine.dispose()
    return found


@pytest.mark.parametrize("visit", ["first", "second"])
def test_each_test_gets_an_empty_database(database_url: str, visit: str) -> None:
    assert tables(database_url) == []
    run_sql(database_url, "CREATE TABLE left_behind (id INTEGER)")


def test_a_database_can_start_as_a_copy(databases: Databases, database_url: str, database_engine: str) -> None:
    run_sql(database_url, "CREATE TABLE household (id INTEGER)")
    copy = databases.create(database_engine, like=database_url)
    run_sql(copy, "CREATE TABLE only_in_the_copy (id INTEGER)")
    assert tables(copy) == ["household", "only_in_the_copy"]
    assert tables(database_url) == ["household"]
    databases.drop(copy)


@pytest.mark.parametrize(
    "left_behind",
    [
        "INSERT INTO household VALUES (3, 'new')",
        "UPDATE household SET name = 'changed' WHERE id = 1",
        "DELETE FROM household WHERE id = 2",
        "DELETE FROM household; INSERT INTO household VALUES (1, 'one'), (2, 'two changed')",
        "INSERT INTO dossier VALUES (1, 9)",
        "TRUNCATE household CASCADE",
        "ALTER TABLE household ADD COLUMN more TEXT",
        "DROP TABLE dossier",
        "CREATE TABLE another (id INTEGER)",
    ],
)
def test_a_database_that_is_used_again_is_as_it_was(databases: Databases, left_behind: str) -> None:
    world = databases.create("postgresql")
    run_sql(world, "CREATE TABLE household (id INTEGER PRIMARY KEY, name TEXT)")
    run_sql(world, "CREATE TABLE dossier (id INTEGER, household INTEGER REFERENCES household DEFERRABLE)")
    run_sql(world, "INSERT INTO household VALUES (1, 'one'), (2, 'two')")
    used = databases.create("postgresql", like=world)
    for _turn in ("made", "given back", "given back again"):
        databases.renew(used, like=world)
        assert rows(used) == [(1, "one"), (2, "two")]
        assert sorted(tables(used)) == ["dossier", "household"]
        run_sql(used, f"SET session_replication_role = replica; {left_behind}")
    databases.drop(used)
    databases.drop(world)


@pytest.mark.parametrize("visit", ["first", "second"])
def test_each_test_gets_an_empty_redis(redis_url: str, visit: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("left", "behind")


def test_a_killed_redis_comes_back_at_the_same_address(redis_server) -> None:
    redis_server.kill()
    with redis.Redis.from_url(redis_server.url) as client:
        with pytest.raises(redis.ConnectionError):
            client.ping()
        redis_server.start()
        assert client.ping()


def test_the_mailbox_keeps_what_it_receives_and_can_refuse(smtp) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "relais@example.org", "cesf@example.org", "Élan"
    message.set_content("Bonjour")
    with smtplib.SMTP(smtp.host, smtp.port) as client:
        client.send_message(message)
        smtp.refuse_with = "451 try later"
        with pytest.raises(smtplib.SMTPDataError):
            client.send_message(message)
    assert [kept["Subject"] for kept in smtp.to("cesf@example.org")] == ["Élan"]


class OnePage(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<title>Relais</title>")

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


@pytest.mark.journey
def test_the_browser_opens_a_page_of_this_machine(page) -> None:
    server = HTTPServer(("127.0.0.1", 0), OnePage)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page.goto(f"http://127.0.0.1:{server.server_port}/")
    assert page.title() == "Relais"
    server.shutdown()
