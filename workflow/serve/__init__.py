"""The command line and, behind `relais serve`, the supervisor."""

from workflow.serve.entrance import main

__all__ = ["main"]
