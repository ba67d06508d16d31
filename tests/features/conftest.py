"""The application on each database, with the operation Mistral, its people and twelve households."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.services.databases import Databases
from workflow import config, outbox
from workflow.app import ROOT, create_app
from workflow.db import EVERYTHING, db, enter_scope
from workflow.exchange import actions as exchange
from workflow.filing import actions as filing
from workflow.migrations import running

SignIn = Callable[[str], FlaskClient]


def _settings(url: str, home: Path, files: Path) -> config.Config:
    return config.load(
        {
            "RELAIS_HOME": str(home),
            "DATABASE_URL": url,
            "REDIS_URL": "unix:///nobody/rings/here.sock",
            "STORAGE_URL": f"file://{files}",
            "DEMONSTRATION": "1",
        }
    )


def _app(settings: config.Config) -> Flask:
    return create_app(settings, TESTING=True, WTF_CSRF_ENABLED=False, RELAIS_QUIET=True, PROPAGATE_EXCEPTIONS=False)


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One home for all: keys and authority are made once."""
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="session")
def _world(database_engine: str, databases: Databases, keys: Path) -> str:
    """A database in the newest shape, with the procedure, the operation, its people and twelve households."""
    return a_world(databases.create(database_engine), keys, _mistral)


def _mistral() -> None:
    description = exchange.read_operation(ROOT / "templates" / "operations" / "mistral.yaml")
    exchange.install(description)
    exchange.put_households(description, 12)


def a_world(url: str, keys: Path, furnish: Callable[[], None] = lambda: None) -> str:
    """Give the database at `url` its shape and the published procedures, then whatever `furnish` does."""
    app = _app(_settings(url, keys, keys / "files"))
    with app.app_context():
        running.upgrade()
        filing.ensure_authority(app.config["RELAIS"])
        enter_scope(EVERYTHING)
        exchange.publish_procedures(ROOT / "templates" / "procedures")
        furnish()
        db.session.commit()
        outbox.drain()  # otherwise each test that lets jobs run begins with those of the world
        db.session.remove()
        db.engine.dispose()
        enter_scope(None)
    return url


@pytest.fixture(scope="session")
def _application(_world: str, database_engine: str, databases: Databases, keys: Path) -> Flask:
    """Made once: its templates stay compiled from one test to the next, as in a server."""
    return _app(_settings(databases.create(database_engine, like=_world), keys, keys / "files"))


@pytest.fixture
def app(_application: Flask, _world: str, databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    """The application on a fresh copy of that world. Inside the test, the scope is everything."""
    yield from at_work(_application, _world, databases, tmp_path / "files")


def at_work(application: Flask, world: str, databases: Databases, files: Path) -> Iterator[Flask]:
    """An application for the time of one test: a copy of the world, files of its own, its settings put back after."""
    databases.renew(application.config["SQLALCHEMY_DATABASE_URI"], like=world)
    before = dict(application.config)
    application.config["RELAIS"] = replace(before["RELAIS"], storage_url=f"file://{files}")
    with application.app_context():
        enter_scope(EVERYTHING)
        yield application
        enter_scope(None)
        db.session.remove()
        db.engine.dispose()
    application.config.clear()
    application.config.update(before)


@pytest.fixture
def sign_in(app: Flask) -> SignIn:
    """`sign_in("claire-maurin")` → a client signed in as that person."""

    def enter(slug: str) -> FlaskClient:
        from workflow.people.models import Account

        login = db.session.query(Account).filter_by(person_id=slug).one().login
        db.session.rollback()
        client = app.test_client()
        assert client.post(f"/enter/{login}").status_code == 303
        return client

    return enter


@pytest.fixture
def anonymous(app: Flask) -> FlaskClient:
    return app.test_client()
