"""Who holds a lease, and whether that process still exists.

A lease ends by its time. Where the system tells (Linux), the lease of a process of this machine that is gone ends at
once, so that a killed worker costs seconds and not the whole lease.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

PROC = Path("/proc")


@lru_cache(maxsize=1)
def _place() -> str:
    """This boot of this machine and this space of process numbers; empty where the system does not tell."""
    try:
        boot = (PROC / "sys/kernel/random/boot_id").read_text().strip().replace("-", "")[:12]
        return f"{boot}.{os.stat(PROC / 'self/ns/pid').st_ino}"
    except OSError:
        return ""


def _started(pid: int) -> str | None:
    """When a process started (in clock ticks since boot: a number used again is told apart); None when it is gone."""
    try:
        told = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    state, started = told[0], told[19]
    return None if state in "ZX" else started


def holder() -> str:
    """A name for this very process, to be written into a lease."""
    pid = os.getpid()
    return f"{_place()}:{pid}:{_started(pid) or ''}"


def gone(name: str | None) -> bool:
    """Whether the process that wrote this name is known to be gone. False when that cannot be known from here."""
    place, _, rest = (name or "").partition(":")
    pid, _, started = rest.partition(":")
    if not place or place != _place() or not pid.isdigit():
        return False
    return _started(int(pid)) != started
