"""How long a list of ten thousand households takes: read, looked over, written; brought again with every row changed.

Beside reading: python-calamine on the same file. "others wait" is the longest time another writer is kept waiting.
"""

import io
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask.testing import FlaskClient
from ground import ENGINES, database, grounds
from installation import Installation
from measuring import Figure, around, show
from python_calamine import load_workbook
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.features.exchange.files import TITLES, home, xlsx
from workflow import outbox
from workflow.db import db
from workflow.dossiers.models import Household
from workflow.exchange.models import ImportRun
from workflow.people.models import Account, Person

COUNT = 10_000
NADIA = "nadia-ferhat"
FIELDS = ("name", "building", "dwelling", "dwelling_type", "surface", "persons", "tenant_reference")


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def bring(client: FlaskClient, data: bytes, told: str, more: dict[str, str]) -> list[Figure]:
    """The steps of a person, one after the other; then the background work, run here."""
    file = {"file": (io.BytesIO(data), "liste.xlsx")}
    run: list[str] = []
    steps = {
        "file read": lambda: run.append(client.post("/operations/mistral/import", data=file).location),
        "columns": lambda: client.post(f"{run[0]}/columns", data=_columns()),
        "preview": lambda: client.get(run[0]),
        "begin": lambda: client.post(f"{run[0]}/start", data=more),
    }
    figures = [Figure(f"{told}: {what}", 1000 * seconds(step), "ms") for what, step in steps.items()]
    with waiting_writer() as waits:
        took = seconds(outbox.drain)
    if db.session.scalars(select(ImportRun.state).order_by(ImportRun.made_at.desc())).first() != "done":
        raise SystemExit("the file was not brought in")
    db.session.rollback()
    return [
        *figures,
        Figure(f"{told}: written", 1000 * took, "ms"),
        Figure(f"{told}: others wait", 1000 * max(waits), "ms"),
    ]


def _columns() -> dict[str, str]:
    return {f"column-{letter}": name for letter, name in zip("ABCDEFG", FIELDS, strict=True)}


@contextmanager
def waiting_writer() -> Iterator[list[float]]:
    """Somebody who writes one small thing again and again meanwhile."""
    waits, over = [0.0], threading.Event()
    engine = db.engine

    def write() -> None:
        while not over.wait(0.05):
            began = time.perf_counter()
            with Session(engine) as session, session.begin():
                session.execute(update(Person).where(Person.id == NADIA).values(lang="fr"))
            waits.append(time.perf_counter() - began)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield waits
    finally:
        over.set()
        thread.join()


def measured(run: Path, engine: str, data: bytes, changed: bytes, peer: float) -> list[Figure]:
    place = Installation(run / engine, database(run, engine, "relais"))
    with place.entered() as app:
        app.config["WTF_CSRF_ENABLED"] = False
        place.furnish()
        login = db.session.scalars(select(Account.login).where(Account.person_id == NADIA)).one()
        db.session.rollback()
        client = app.test_client()
        client.post(f"/enter/{login}")
        outbox.drain()
        first = bring(client, data, f"{engine}, new", {})
        again = bring(client, changed, f"{engine}, all changed", {"apply_all": "1"})
        count = db.session.query(Household).count()
    if count < COUNT:
        raise SystemExit("households are missing")
    return [Figure(first[0].what, first[0].value, "ms", peer), *first[1:], *again]


@click.command()
@click.option("--database", "engines", type=click.Choice(ENGINES), multiple=True, help="One database only.")
@click.option("--json", "as_json", is_flag=True)
def main(engines: tuple[str, ...], as_json: bool) -> None:
    """Measure the import of a list of households."""
    figures, notes = [], [around()]
    data = xlsx([TITLES, *(home(number) for number in range(COUNT))])
    changed = xlsx([TITLES, *(home(number, persons=5) for number in range(COUNT))])
    peer = 1000 * seconds(lambda: load_workbook(io.BytesIO(data)).get_sheet_by_index(0).to_python())
    for run, engine in grounds(engines, notes):
        (run / engine).mkdir()
        figures += measured(run, engine, data, changed, peer)
    show(f"A list of {COUNT} households, from the file to the register", figures, notes, as_json=as_json)


if __name__ == "__main__":
    main()
