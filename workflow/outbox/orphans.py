"""Processes that do not outlive the one that began them, where the system can tell them (Linux)."""

from __future__ import annotations

import ctypes
import signal
import sys

PR_SET_PDEATHSIG = 1  # Linux, prctl(2): the signal a process receives when its parent dies
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None  # loaded before a fork, used after it


def not_without_parent() -> None:
    """Run in the child: should its parent be killed, it is told to stop."""
    if _LIBC is not None:
        _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
