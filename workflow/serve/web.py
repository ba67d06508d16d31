"""The web process: gunicorn with threads, told everything here and nothing by its environment."""

from __future__ import annotations

import gc
import sys
from typing import Any

import structlog
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger

from workflow.config import Config, private_dir
from workflow.db import db

GRACE = 8  # seconds a request under way is given when told to stop
TURN = 0.0005  # seconds: who holds the database asks for the interpreter forty times and must not wait 5 ms each time
OFTEN = 10_000  # new objects between two looks of the collector; one filled form is some thousands
log = structlog.get_logger()


class Quiet(Logger):
    """Gunicorn's words may quote an address with what stands in it: they go through our own narrow door."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.setLevel("WARNING")
        self.error_log.propagate = True


class Web(BaseApplication):
    """Serves an application that is built once, before the processes part."""

    def __init__(self, app: Flask) -> None:
        self.relais = app
        super().__init__()

    def load_config(self) -> None:
        for name, value in options(self.relais.config["RELAIS"]).items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.relais


def options(settings: Config) -> dict[str, Any]:
    """Gunicorn's settings. It opens a control socket in the user's home unless told not to."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return {
        "bind": f"{host}:{settings.port}",
        "worker_class": "gthread",
        "workers": settings.web_workers,
        "threads": settings.web_threads,
        "timeout": 60,
        "graceful_timeout": GRACE,
        "keepalive": 5,
        "preload_app": True,
        "control_socket_disable": True,
        "worker_tmp_dir": str(private_dir(settings.home / "run")),
        "logger_class": Quiet,
        "accesslog": None,
        "proc_name": "relais",
        "when_ready": _say_ready,
        "post_fork": _own_connections,
        "forwarded_allow_ips": "",
    }


def _say_ready(server: Arbiter) -> None:
    log.info("web_ready", port=server.app.relais.config["RELAIS"].port)


def _own_connections(server: Arbiter, _worker: Any) -> None:
    """A connection opened before the processes parted belongs to the parent."""
    spare_what_stays()
    sys.setswitchinterval(TURN)
    with server.app.relais.app_context():
        db.engine.dispose(close=False)


def spare_what_stays() -> None:
    """What was loaded before stays for good: the collector need not look through it again and again (a third of a
    second each time, with every request waiting).
    """
    gc.freeze()
    gc.set_threshold(OFTEN)
