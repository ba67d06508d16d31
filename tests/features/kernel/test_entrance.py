"""The command line begins at once where it needs no installation."""

import subprocess
import sys
from importlib import import_module

from workflow.app import commands
from workflow.serve.entrance import ALONE


def test_a_command_that_starts_alone_is_the_one_the_application_knows() -> None:
    known = {command.name: command for command in commands()}
    for name, place in ALONE.items():
        module, _, attribute = place.partition(":")
        assert getattr(import_module(module), attribute) is known[name]


def test_checking_a_form_does_not_wait_for_the_application() -> None:
    """Neither the web nor the database is read in."""
    asked = "import sys, workflow.catalogue.cli; print(sorted({'flask', 'sqlalchemy', 'typst'} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=60)
    assert told.stdout.strip() == "[]"
