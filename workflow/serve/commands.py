"""`relais`: the commands that run it, beside those of the features."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from environs import EnvError
from flask import current_app
from flask.cli import ScriptInfo, with_appcontext
from flask_babel import gettext as _

from workflow.app import commands, create_app
from workflow.errors import Problem
from workflow.outbox.worker import work
from workflow.serve import backup as backups
from workflow.serve import beat, starting
from workflow.serve.release import make_ready
from workflow.serve.web import Web


class Relais(click.Group):
    """Commands that need the application build it by themselves; a refusal ends with 1, a wrong setting with 2."""

    def make_context(self, info_name: str | None, args: list[str], **extra: Any) -> click.Context:
        extra.setdefault("obj", ScriptInfo(create_app=create_app, set_debug_flag=False))
        return super().make_context(info_name, args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except EnvError as wrong:
            click.echo(f"relais: {wrong}", err=True)
            raise SystemExit(2) from wrong
        except Problem as refusal:
            with ctx.obj.load_app().app_context():
                click.echo(_(refusal.message, **refusal.params) if refusal.message else refusal.code, err=True)
            raise SystemExit(1) from refusal


@click.group(cls=Relais)
def relais() -> None:
    """Relais: the forms of a rehousing operation, from hand to hand until they are signed documents."""


@relais.command()
@with_appcontext
def release() -> None:
    """Bring the database, the keys and the authority to what this version needs."""
    make_ready(current_app.config["RELAIS"])


@relais.command()
@click.pass_obj
def web(found: ScriptInfo) -> None:
    """Answer the browsers."""
    Web(found.load_app()).run()


@relais.command()
@click.pass_obj
def worker(found: ScriptInfo) -> None:
    """Write papers, send mails."""

    work(found.load_app())


@relais.command()
@with_appcontext
def clock() -> None:
    """Ring for the jobs that are due, let deadlines pass. Exactly one is enough, two are harmless."""
    beat.keep_time()


@relais.command()
@with_appcontext
def serve() -> None:
    """Everything under one command: the queue, the web, a worker and the clock, until told to stop."""
    starting.serve(current_app.config["RELAIS"])


@relais.command()
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Keep the database, the files and the keys in FILE (a tar archive for this user's eyes only)."""
    count = backups.backup(current_app.config["RELAIS"], file)
    click.echo(_("%(count)s files are kept in %(file)s.", count=count, file=file.name))


@relais.command()
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def restore(file: Path) -> None:
    """Put what FILE keeps into an empty home."""
    count = backups.restore(current_app.config["RELAIS"], file)
    click.echo(_("%(count)s files are back in place.", count=count))


for command in commands():
    relais.add_command(command)
