"""The files of the project, as the tests of the house read them."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ENGINES = ("forms", "documents", "workflow/circuit")
CODE = ("forms", "documents", "workflow")
PAGES = (".html", ".css", ".js", ".svg", ".webmanifest")


def python_files(*folders: str) -> list[Path]:
    """Every Python file below these folders of the project."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def page_files() -> list[Path]:
    """What a browser is given: templates, styles, scripts, drawings."""
    found = (path for folder in ("templates", "workflow") for path in (ROOT / folder).rglob("*"))
    return sorted(path for path in found if path.suffix in PAGES)


def lines_with(paths: list[Path], pattern) -> list[str]:
    """`path:line: text` for every line where a compiled pattern is found."""
    return [
        f"{name(path)}:{number}: {line.strip()}"
        for path in paths
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if pattern.search(line)
    ]


def name(path: Path) -> str:
    """A path as seen from the root of the project."""
    return path.relative_to(ROOT).as_posix()


def dotted_uses(path: Path) -> Iterator[tuple[int, str]]:
    """Line and dotted name of every attribute a file reads, such as (12, "datetime.datetime.now")."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute):
            yield node.lineno, ast.unparse(node)
