"""One letter to 490 households, as many as phase 1 of Mas du Taureau: from the button until the last one is sealed.

Two worker processes, as `relais serve` runs them on two processors: each letter read from the database, rendered, set
by Typst, sealed with a time-stamp, encrypted, stored, written down in the record. The memory is the highest a worker or
the process of one of its jobs ever held. The peer is Typst and the seal alone, one letter after the other, in one
process, divided by the number of workers: what cannot be less.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click
from flask import current_app
from ground import ENGINES, database, grounds, running
from installation import PEOPLE, Installation
from measuring import Figure, around, show
from sqlalchemy import func, select

from documents.signing import seal
from tests import factories
from workflow import clock, outbox
from workflow.catalogue.queries.paper_models import model_in_use
from workflow.db import begin_reading, db, new_id
from workflow.dossiers.models import Household
from workflow.filing import queries as filing
from workflow.filing.actions.many import Sheaf
from workflow.filing.rules.papers import compose_original
from workflow.operations.models import Operation
from workflow.outbox.relay import due_ids
from workflow.serve import queue
from workflow.writing.actions import letters
from workflow.writing.models import DONE, RUNNING, WRITTEN, LetterLine, LetterRun
from workflow.writing.queries.facts import around as around_operation
from workflow.writing.queries.letters import Run
from workflow.writing.queries.orders import order, told_of

LETTERS, WORKERS, MODEL = 490, 2, "convocation"
SAMPLE = 20  # letters of the peer
HERE = factories.MISTRAL["slug"]
PATIENCE = 600.0  # seconds


def settle(count: int) -> list[Household]:
    """`count` households: those of the demonstration, and further ones like them."""
    known = db.session.query(Household).order_by(Household.reference).all()
    columns = [column.key for column in Household.__table__.columns if column.key not in ("id", "reference")]
    for number in range(count - len(known)):
        told = {name: getattr(known[number % len(known)], name) for name in columns}
        db.session.add(Household(id=new_id(), reference=f"MDT-{number:04}", **told))
    db.session.commit()
    return db.session.query(Household).order_by(Household.reference).limit(count).all()


def prepared(count: int) -> str:
    """The id of a run that only waits for its button."""
    claire, model = factories.identity(PEOPLE[0]), model_in_use(HERE, MODEL)
    known = around_operation(db.session.get_one(Operation, HERE))
    run = letters.begin(claire, known, model, "household", settle(count), large=False)
    db.session.commit()
    told = {ask.name: ask.choices[0] if ask.choices else "2026-12-14" for ask in model.asks}
    letters.answer(run, told, run.version)
    db.session.commit()
    return run.id


@contextmanager
def at_work(place: Installation) -> Iterator[list[int]]:
    """The queue and its workers; their processes."""
    bell = queue.prepare(place.settings)
    with ExitStack() as stack:
        stack.enter_context(running(bell.command, dict(os.environ), place.home))
        bell.wait()
        command = [sys.executable, "-m", "workflow.serve", "worker"]
        processes = [stack.enter_context(running(command, place.environ, place.home)) for _each in range(WORKERS)]
        end = time.monotonic() + PATIENCE
        while outbox.listeners(bell.url) != WORKERS:
            if time.monotonic() > end:
                raise SystemExit("the workers did not begin")
            time.sleep(0.1)
        yield [process.pid for process in processes]


def highest(workers: list[int]) -> float:
    """Megabytes: the most that a worker, or the process of one of its jobs, has held so far (Linux)."""
    most = 0
    for file in Path("/proc").glob("[0-9]*/status"):
        try:
            told = dict(line.split(":", 1) for line in file.read_text().splitlines() if ":" in line)
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(file.parent.name) in workers or int(told["PPid"]) in workers:
            most = max(most, int(told.get("VmHWM", "0 kB").split()[0]))
    return most / 1000


def processor(workers: list[int]) -> float:
    """Seconds the workers and the processes of their jobs have computed: others at work change it little (Linux)."""
    ticks = 0
    for worker in workers:
        words = Path(f"/proc/{worker}/stat").read_text().rpartition(") ")[2].split()
        ticks += sum(map(int, words[11:15]))  # its own, and of those it has waited for
    return ticks / os.sysconf("SC_CLK_TCK")


def written(place: Installation, run_id: str, workers: list[int]) -> tuple[float, float, float, int]:
    """(seconds, of the processors, megabytes, letters) from the button until the last letter is sealed."""
    with place.entered():
        begun, before = time.perf_counter(), processor(workers)
        run = db.session.get_one(LetterRun, run_id)
        letters.start(factories.identity(PEOPLE[0]), run, run.version)
        db.session.commit()
        outbox.ring(place.settings.redis_url, due_ids(db.session))
        db.session.rollback()
        most = 0.0
        while time.perf_counter() - begun < PATIENCE:
            most = max(most, highest(workers))
            begin_reading()
            state = db.session.scalar(select(LetterRun.state).where(LetterRun.id == run_id))
            db.session.rollback()
            if state != RUNNING:
                break
            time.sleep(0.05)
        seconds = time.perf_counter() - begun
        asked = select(func.count()).select_from(LetterLine).where(LetterLine.state == WRITTEN)
        if state != DONE:
            raise SystemExit("the letters were not all written")
        return seconds, processor(workers) - before, most, db.session.scalar(asked) or 0


def bare(run_id: str) -> tuple[float, float]:
    """Milliseconds of one letter: rendered and set; sealed. The first one, which reads the fonts, is not counted."""
    run = Run(db.session.get_one(LetterRun, run_id))
    homes = db.session.query(Household).order_by(Household.reference).limit(SAMPLE + 1).all()
    asked = [
        order(told_of(run.wish(home, {})), "household", "RL-2222-2222", "https://relais.example.org/v/RL-2222-2222")
        for home in homes
    ]
    sheaf, authority, now = (
        Sheaf(asked[0]),
        filing.authority(current_app.config["RELAIS"]),
        clock.now().replace(microsecond=0),
    )
    style, loaded = filing.house_style(asked[0].organisation, asked[0].address), sheaf._loaded
    setting = sealing = 0.0
    for number, one in enumerate(asked):
        begun = time.perf_counter()
        _said, made = compose_original(one, loaded, "RL-2222-2222", now, style)
        between = time.perf_counter()
        seal(made.pdf, authority, at=now, reason=one.reason, location=one.place)
        if number:
            setting, sealing = setting + between - begun, sealing + time.perf_counter() - between
    return 1000 * setting / SAMPLE, 1000 * sealing / SAMPLE


def measured(run: Path, engine: str, count: int) -> list[Figure]:
    place = Installation(run, database(run, engine, "relais"))
    with place.entered():
        place.furnish()
        db.session.rollback()  # nobody writes while jobs do
        outbox.drain()
        run_id = prepared(count)
    with at_work(place) as workers:
        seconds, computed, memory, made = written(place, run_id, workers)
    with place.entered():
        setting, sealing = bare(run_id)
    least = (setting + sealing) * made / WORKERS / 1000
    return [
        Figure(f"{engine}: {made} letters, written and sealed", seconds, "s", least),
        Figure(f"{engine}: the same, computed by each of the workers", computed / WORKERS, "s", least),
        Figure(f"{engine}: the most a worker held", memory, "MB"),
        Figure("one letter rendered and set, alone", setting, "ms"),
        Figure("one letter sealed, alone", sealing, "ms"),
    ]


@click.command()
@click.option("--database", "engines", type=click.Choice(ENGINES), multiple=True, help="One database only.")
@click.option("--letters", "count", default=LETTERS, show_default=True)
@click.option("--json", "as_json", is_flag=True)
def main(engines: tuple[str, ...], count: int, as_json: bool) -> None:
    """Measure one letter to many households."""
    figures, notes = [], [around()]
    for run, engine in grounds(engines, notes):
        figures += measured(run, engine, count)
    notes.append(f"Aim: {LETTERS} letters under 30 s with {WORKERS} workers, each under 400 MB.")
    title = "One letter to many households; the peer: Typst and the seal alone, shared by the workers"
    show(title, figures, notes, as_json=as_json)


if __name__ == "__main__":
    sys.exit(main())
