"""Logs of JSON lines with an allow-list of keys: no name, no answer, no address, no text of an exception."""

from __future__ import annotations

import logging
import sys
import traceback
from typing import Any

import structlog

ALLOWED = frozenset(
    (
        *("event", "level", "timestamp", "logger", "route", "status", "duration_ms", "method", "reference", "error"),
        *("job", "kind", "state", "count", "fence", "operation", "process", "pid", "signal", "port", "chain", "seq"),
        *("frames", "code", "stage", "table", "subject"),
    )
)


def only_allowed(_logger: Any, _name: str, line: dict[str, Any]) -> dict[str, Any]:
    """Drop what is not on the list: a value must be put there on purpose."""
    return {key: value for key, value in line.items() if key in ALLOWED}


def frames_only(_logger: Any, _name: str, line: dict[str, Any]) -> dict[str, Any]:
    """Of an exception keep where it happened, not what it said."""
    wanted = line.pop("exc_info", None)
    error = sys.exc_info()[1] if wanted is True else wanted
    if isinstance(error, BaseException):
        found = traceback.extract_tb(error.__traceback__)
        line["frames"] = [f"{frame.filename.rsplit('/', 2)[-1]}:{frame.lineno} {frame.name}" for frame in found[-6:]]
        line.setdefault("error", type(error).__name__)
    return line


def configure(level: str) -> None:
    """Send everything, ours and the libraries', through the same narrow door."""
    shared = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        frames_only,
        only_allowed,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    narrow = [_event_is_code, *shared, structlog.processors.JSONRenderer()]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=narrow))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    silence_doubts()


def silence_doubts() -> None:
    """Libraries that judge signatures tell of every doubt and name whose certificate it is: the verdict says it."""
    for library in ("pyhanko", "pyhanko_certvalidator"):
        logging.getLogger(library).setLevel(logging.CRITICAL)


def _event_is_code(_logger: Any, _name: str, line: dict[str, Any]) -> dict[str, Any]:
    """A library's message may quote data: keep who spoke, not what was said."""
    record = line.get("_record")
    line["event"] = f"library:{record.name}" if record is not None else "library"
    return line
