"""How long a charter with 500 contributions takes over HTTP: the text with what is said of it, the desk, an article."""

import time
from datetime import timedelta
from pathlib import Path

import click
from bench_households import waits
from ground import ENGINES, database, grounds
from installation import Installation
from measuring import Figure, around, percentile, show
from visitors import Visitor

from tests import factories
from tests.cast import BRUNO, NADIA
from workflow import clock
from workflow.catalogue.queries.paper_models import model_in_use
from workflow.charter.actions import answering, beginning, contributing
from workflow.charter.actions.answering import Answer
from workflow.charter.actions.beginning import Frame
from workflow.charter.actions.contributing import Draft
from workflow.charter.queries import drafts
from workflow.charter.queries.entitled import reader_of
from workflow.db import db
from workflow.operations.models import Operation
from workflow.people.models import Account

CONTRIBUTIONS = 500
ANSWERED = 5  # every fifth one
WORDS = "Nous demandons que chaque ménage soit relogé près de ses proches, avec une aide pour le déménagement. " * 4
ASKED = {"date": "2026-12-14", "number": 12, "text": "selon ce qui a été convenu"}


def a_charter() -> str:
    """Open to all, with its contributions keyed and published, a fifth of them answered; its reference."""
    nadia, place = factories.identity(NADIA), db.session.get_one(Operation, "mistral")
    model, today = model_in_use("mistral", "charte-de-relogement"), clock.today(place.zone)
    told = {ask.name: ask.choices[0] if ask.choices else ASKED[ask.type] for ask in model.asks}
    row = beginning.begin(nadia, place, model, told)
    frame = Frame(
        "Charte", "Le relogement.", "La démolition.", "Ni insultes.", today, today + timedelta(days=9), True, ["csf"]
    )
    beginning.frame(nadia, row, row.version, frame)
    beginning.open_draft(nadia, row, row.version)
    reader = reader_of(factories.identity(BRUNO), row)
    keys = [one.key for one in drafts.current_parts(row)]
    for rank in range(CONTRIBUTIONS):
        said = Draft(
            keys[rank % len(keys)],
            "comment",
            f"{rank}. {WORDS}",
            said_by="inhabitant",
            source="paper",
            said_on=today,
            consent="unnamed",
        )
        number = contributing.record_for(row, reader, said).number
        answering.keep_read(nadia, row, number, 1, show=True)
        if rank % ANSWERED == 0:
            answering.answer(nadia, row, number, 2, Answer("declined", "La convention le dit déjà."))
    db.session.commit()
    return row.reference


def measured(run: Path, engine: str) -> list[Figure]:
    place = Installation(run, database(run, engine, "relais"))
    with place.entered():
        place.furnish()
        begun = time.perf_counter()
        reference = a_charter()
        keyed = 1000 * (time.perf_counter() - begun) / CONTRIBUTIONS
        login = db.session.query(Account).filter_by(person_id=NADIA).one().login
    with place.serving():
        nadia, anybody = Visitor(place.port), Visitor(place.port)
        nadia.enter(login)
        asked = {
            "the text, 500 contributions beside it": (nadia, f"/drafts/{reference}"),
            "the desk": (nadia, f"/drafts/{reference}/desk"),
            "everything behind one article": (nadia, f"/drafts/{reference}/articles/frais"),
            "one contribution": (nadia, f"/drafts/{reference}/contributions/3"),
            "the public page": (anybody, f"/consultations/{reference}"),
        }
        found = {what: waits(lambda who=who, path=path: who.get(path)) for what, (who, path) in asked.items()}
    figures = [Figure(f"{engine}: one contribution keyed, published, answered", keyed, "ms")]
    return figures + [
        Figure(f"{engine}: {what}, p{percent}", 1000 * percentile(seconds, percent), "ms")
        for what, seconds in found.items()
        for percent in (50, 95)
    ]


@click.command()
@click.option("--database", "engines", type=click.Choice(ENGINES), multiple=True, help="One database only.")
@click.option("--json", "as_json", is_flag=True)
def main(engines: tuple[str, ...], as_json: bool) -> None:
    """Measure a charter with 500 contributions."""
    figures, notes = [], [around()]
    for run, engine in grounds(engines, notes):
        figures += measured(run, engine)
    show("A charter with 500 contributions, over HTTP", figures, notes, as_json=as_json)


if __name__ == "__main__":
    main()
