"""Where `relais` begins: a command that needs only an engine starts without the application."""

from __future__ import annotations

import os
import sys
from importlib import import_module

from click import Command

# By name, as the application knows it too (`workflow.app.commands`). Importing the application takes four times as long
# as checking a form.
ALONE = {"form": "workflow.catalogue.cli:form", "circuit": "workflow.catalogue.cli:circuit"}


def main() -> None:
    """Run the command line of this process."""
    os.umask(0o077)  # what is written is read by this user only
    words = sys.argv[1:]
    if words and words[0] in ALONE:
        _named(ALONE[words[0]])(args=words[1:], prog_name=f"relais {words[0]}")
    else:
        _named("workflow.serve.commands:relais")(prog_name="relais")


def _named(place: str) -> Command:
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)
