"""The command line and, behind `relais serve`, the supervisor."""

from workflow.serve.commands import main

__all__ = ["main"]
