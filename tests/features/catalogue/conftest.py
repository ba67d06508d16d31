"""The application on each database with published procedures and no operation: what an officer finds first."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.features.conftest import _app, _settings, a_world, at_work
from tests.services.databases import Databases
from workflow.app import ROOT
from workflow.db import db
from workflow.exchange import actions as exchange

Install = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="session")
def _nothing_yet(database_engine: str, databases: Databases, keys: Path) -> str:
    """A database in the newest shape with published procedures only."""
    return a_world(databases.create(database_engine), keys)


@pytest.fixture(scope="session")
def _bare(_nothing_yet: str, database_engine: str, databases: Databases, keys: Path) -> Flask:
    return _app(_settings(databases.create(database_engine, like=_nothing_yet), keys, keys / "files"))


@pytest.fixture
def empty(_bare: Flask, _nothing_yet: str, databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    """The application on a copy of it. Inside the test, the scope is everything."""
    yield from at_work(_bare, _nothing_yet, databases, tmp_path / "files")


@pytest.fixture
def install(empty: Flask) -> Install:
    """Install one of the models of templates/operations: `install("severine")` → its description."""

    def from_model(name: str) -> dict[str, Any]:
        description = exchange.read_operation(ROOT / "templates" / "operations" / f"{name}.yaml")
        exchange.install(description)
        db.session.commit()
        return description

    return from_model
