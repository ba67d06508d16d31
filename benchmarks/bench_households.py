"""How long the list of households takes over HTTP, as Claire reads it; beside a bare page of the same rows.

280 households, a dozen of them with a dossier under way. One reader, one request after the other.
"""

import json
import re
import sys
from collections.abc import Callable
from html import unescape
from pathlib import Path

import click
from ground import ENGINES, database, free_port, grounds, running
from installation import HOUSEHOLDS, PEOPLE, Installation
from measuring import Figure, around, percentile, show
from visitors import Answer, Visitor

from tests import factories

TIMES = 60
DOSSIERS = 12
CLAIRE = PEOPLE[0]


def waits(visit: Callable[[], Answer]) -> list[float]:
    """Seconds of each visit, after three that are not counted. Raises when a page is not what was asked."""
    found = [visit() for _ in range(TIMES + 3)][3:]
    if any(answer.status != 200 for answer in found):
        raise SystemExit("a page was refused")
    return [answer.seconds for answer in found]


def rows_of(page: bytes) -> list[list[str]]:
    """The words of the table, cell by cell: what the bare page is given."""
    body = page.decode().partition("<tbody")[2].partition("</tbody>")[0]
    lines = re.findall(r"<tr.*?</tr>", body, re.DOTALL)
    cells = [re.findall(r"<t[dh].*?</t[dh]>", line, re.DOTALL) for line in lines]
    return [[" ".join(unescape(re.sub(r"<[^>]+>", " ", cell)).split()) for cell in line] for line in cells]


def measured(run: Path, engine: str) -> list[Figure]:
    place = Installation(run, database(run, engine, "relais"))
    with place.entered():
        logins = place.furnish()
        for rank in range(DOSSIERS):
            factories.a_submitted_dossier(rank)
    with place.serving():
        claire = Visitor(place.port)
        claire.enter(logins[CLAIRE])
        rows = rows_of(claire.get("/households").body)
        asked = {
            f"{len(rows)} of {HOUSEHOLDS} households": "/households",
            "search “ben”": "/households?q=ben",
            "last page, by name": "/households?sort=-name&page=6",
            ".xlsx, all of them": "/households.xlsx",
        }
        found = {what: waits(lambda path=path: claire.get(path)) for what, path in asked.items()}
    bare = peer(run / f"bare-{engine}", rows)
    figures = []
    for what, seconds in found.items():
        there = None if what.startswith(".xlsx") else bare
        for percent in (50, 95):
            beside = 1000 * percentile(there, percent) if there else None
            figures.append(Figure(f"{engine}: {what}, p{percent}", 1000 * percentile(seconds, percent), "ms", beside))
    return figures


def peer(folder: Path, rows: list[list[str]]) -> list[float]:
    """The same rows from memory through one plain template: no session, no database, no rights."""
    folder.mkdir()
    (folder / "rows.json").write_text(json.dumps(rows))
    port = free_port()
    with running([sys.executable, str(Path(__file__).with_name("peers.py")), str(port), str(folder)], {}, folder, port):
        return waits(lambda: Visitor(port).get("/list"))


@click.command()
@click.option("--database", "engines", type=click.Choice(ENGINES), multiple=True, help="One database only.")
@click.option("--json", "as_json", is_flag=True)
def main(engines: tuple[str, ...], as_json: bool) -> None:
    """Measure the list of households."""
    figures, notes = [], [around()]
    for run, engine in grounds(engines, notes):
        figures += measured(run, engine)
    show("The list of households, over HTTP", figures, notes, as_json=as_json)


if __name__ == "__main__":
    main()
