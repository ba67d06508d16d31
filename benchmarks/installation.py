"""A real installation to measure: the operation Mistral with its 280 invented households, and `relais web` on it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from ground import ROOT, free_port, running

from tests import factories
from workflow import config
from workflow.app import create_app
from workflow.config import Config, private_dir
from workflow.db import EVERYTHING, db, enter_scope
from workflow.dossiers.models import Dossier, Household
from workflow.exchange import actions as exchange
from workflow.filing import actions as filing
from workflow.migrations import running as migrations
from workflow.people.models import Account
from workflow.serve import queue

HOUSEHOLDS = 280
PEOPLE = ("claire-maurin", "helene-vasseur", "francois-delaunay", "mireille-santoni")
WORKERS, THREADS = 2, 8


class Installation:
    """One home and one database, filled through the application's own actions."""

    def __init__(self, run: Path, database_url: str) -> None:
        self.home = private_dir(run / "home")
        self.port = free_port()
        self.settings: Config = config.load(
            {
                "RELAIS_HOME": str(self.home),
                "DATABASE_URL": database_url,
                "DEMONSTRATION": "1",
                "PORT": str(self.port),
                "LOG_LEVEL": "ERROR",
            }
        )

    @contextmanager
    def entered(self) -> Iterator[Flask]:
        """Inside the application, before every operation, nobody being rung."""
        app = create_app(self.settings, RELAIS_QUIET=True)
        with app.app_context():
            enter_scope(EVERYTHING)
            try:
                yield app
            finally:
                db.session.remove()
                db.engine.dispose()
                enter_scope(None)

    def furnish(self) -> dict[str, str]:
        """Tables, keys, procedure, operation, people, households. {person: login} of those who will sign in."""
        migrations.upgrade()
        filing.ensure_authority(self.settings)
        exchange.publish_procedures(ROOT / "templates" / "procedures")
        exchange.install(factories.MISTRAL)
        exchange.put_households(factories.MISTRAL, HOUSEHOLDS)
        db.session.commit()
        return {slug: _login(slug) for slug in PEOPLE}

    @property
    def environ(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
        return kept | {
            "RELAIS_HOME": str(self.home),
            "DATABASE_URL": self.settings.database_url,
            "DEMONSTRATION": "1",
            "PORT": str(self.port),
            "LOG_LEVEL": "ERROR",
            "WEB_WORKERS": str(WORKERS),
            "WEB_THREADS": str(THREADS),
        }

    @contextmanager
    def serving(self) -> Iterator[int]:
        """`relais web` and its queue; the process it runs in."""
        bell = queue.prepare(self.settings)
        with running(bell.command, dict(os.environ), self.home):
            bell.wait()
            with running(
                [sys.executable, "-m", "workflow.serve", "web"], self.environ, self.home, self.port
            ) as process:
                yield process.pid

    def relais(self, *words: str) -> bool:
        """Whether a command of `relais` found nothing to say against it."""
        command = [sys.executable, "-m", "workflow.serve", *words]
        return subprocess.run(command, env=self.environ, cwd=ROOT, capture_output=True, check=False).returncode == 0


def _login(slug: str) -> str:
    return db.session.query(Account).filter_by(person_id=slug).one().login


def before_the_committee(count: int) -> list[Dossier]:
    """`count` dossiers of which only the committee's three voices are missing."""
    return [factories.a_dossier_before_the_committee(rank) for rank in range(count)]


def before_the_landlord(landlord: str, count: int) -> list[Dossier]:
    """`count` dossiers of that landlord's households which wait for its word."""
    homes = db.session.query(Household).order_by(Household.reference).all()
    ranks = [rank for rank, home in enumerate(homes) if home.landlord == landlord][:count]
    if len(ranks) < count:
        raise SystemExit(f"{landlord} has {len(ranks)} households only")
    return [factories.a_submitted_dossier(rank) for rank in ranks]
