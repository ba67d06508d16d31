"""Processes of Relais for the tests: the real ones, with one more kind of job and places where they may be killed.

`python -m tests.running.station web|worker|clock`. A job "test.slow" says that it began, waits for leave, then writes
one row. A file "kill-before" or "kill-after" in the home kills the web process before or after its next commit.
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

from workflow import outbox
from workflow.app import create_app
from workflow.db import database_now, db, new_id
from workflow.mail import KEPT, Mail
from workflow.outbox.worker import work
from workflow.serve.beat import keep_time
from workflow.serve.web import Web

PATIENCE = 20.0  # seconds a slow job waits for leave


def slow(home: Path, lease: outbox.Lease) -> None:
    """Says that it began (one line per attempt), waits for leave, leaves one effect."""
    with (home / "began").open("a") as file:
        file.write(f"{lease.subject} {os.getpid()} {os.getppid()}\n")
    end = time.monotonic() + PATIENCE
    while not (home / "leave").exists() and time.monotonic() < end:
        time.sleep(0.02)
    with lease.finish():
        now = database_now(db.session)
        effect = {"key": new_id(), "to": lease.subject, "subject": "An effect", "body": "-", "lang": "fr"}
        db.session.add(Mail(id=new_id(), **effect, state=KEPT, made_at=now))


def killed_here(home: Path, when: str) -> None:
    """Dies at once, the way a machine does, when the test put the file that asks for it."""
    mark = home / when
    if request.method == "POST" and mark.exists():
        mark.unlink()
        os.kill(os.getpid(), signal.SIGKILL)


def make_app() -> Flask:
    app = create_app(WTF_CSRF_ENABLED=False)
    home = app.config["RELAIS"].home
    outbox.handle("test.slow", lambda lease: slow(home, lease))
    inner = app.wsgi_app

    @app.after_request
    def before_commit(response: Response) -> Response:
        killed_here(home, "kill-before")  # registered last, so it runs before the door commits
        return response

    def after_commit(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        answer = inner(environ, start)
        with app.request_context(environ):
            killed_here(home, "kill-after")
        return answer

    app.wsgi_app = after_commit
    return app


def main(what: str) -> None:
    app = make_app()
    if what == "web":
        Web(app).run()
    elif what == "worker":
        work(app)
    else:
        with app.app_context():
            keep_time()


if __name__ == "__main__":
    main(sys.argv[1])
