"""What waits for me, and a dossier's page, in an installation of 100,000 dossiers and more than a million facts.

Four dossiers are played through the application; every other one is a copy of their rows under other names, written
straight into the tables, and so are the facts of the record (their chain is not computed: nobody verifies it here).
The copies wait for the advisers and committees of 200 teams. Beside it: the same pages of the same installation before
the copies were made.
"""

import hashlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from bench_households import waits
from ground import ENGINES, database, grounds
from installation import PEOPLE, Installation
from measuring import Figure, around, percentile, show
from sqlalchemy import Table, event, func, insert, select
from visitors import Visitor

from tests import factories
from workflow.approvals.models import Course, Task, Voter
from workflow.db import Base, db
from workflow.dossiers.models import AnswerSet, Dossier, Fact, Household
from workflow.record.models import Chain, chain_of
from workflow.record.models import Event as Told

DOSSIERS = 100_000
AT_ONCE = 500  # dossiers copied in one statement
TEAMS = 200  # of 500 dossiers each, as many as the largest operations have
CLAIRE, HELENE = PEOPLE[:2]
OF_A_SUBJECT = (Course, Task, Voter, Told)
HERE = factories.MISTRAL["slug"]


class Copies:
    """Rows of one dossier, to be written again under other names."""

    def __init__(self, model: Dossier) -> None:
        self.names = (model.household_id, model.id, model.reference, model.household.reference)
        self.rows: list[tuple[Table, dict]] = []
        for kind in (Household, Dossier, AnswerSet, Fact, *OF_A_SUBJECT):
            self.rows += [(kind.__table__, dict(row)) for row in _rows_of(kind, model)]
        self.facts = sum(table is Told.__table__ for table, _row in self.rows)

    def under(self, number: int, seq: int) -> Iterator[tuple[Table, dict]]:
        """The rows of copy `number`; `seq` is the place of its first fact in the chain."""
        told = dict(
            zip(self.names, (_name(number, "h"), _name(number, "d"), f"X-{number}", f"Y-{number}"), strict=True)
        )
        for table, row in self.rows:
            copy = {column: _renamed(value, told) for column, value in row.items()}
            if table is Voter.__table__ and number % TEAMS:
                copy["person"] = f"{copy['person']}-{number % TEAMS}"
            if table is AnswerSet.__table__:
                copy["id"] = _name(number, "a")
            if table is Dossier.__table__:
                copy["open_key"] = None
            if table is Told.__table__:
                copy["seq"] = seq = seq + 1
            yield table, copy


def _rows_of(kind: type[Base], model: Dossier) -> list:
    table = kind.__table__
    if kind is Household:
        return list(db.session.execute(select(table).where(table.c.id == model.household_id)).mappings())
    if kind is Dossier:
        return list(db.session.execute(select(table).where(table.c.id == model.id)).mappings())
    where = table.c.subject == model.subject if "subject" in table.c else table.c.dossier_id == model.id
    return list(db.session.execute(select(table).where(where)).mappings())


def _name(number: int, kind: str) -> str:
    return hashlib.md5(f"{kind}{number}".encode(), usedforsecurity=False).hexdigest()


def _renamed(value: object, told: dict[str, str]) -> object:
    if not isinstance(value, str):
        return value
    return re.sub("|".join(map(re.escape, told)), lambda found: told[found[0]], value)


def fill(models: list[Dossier], count: int) -> int:
    """Write `count` copies; how many facts the record then holds."""
    copies = [Copies(model) for model in models]
    head = db.session.get_one(Chain, chain_of(HERE))
    for first in range(0, count, AT_ONCE):
        rows: dict[Table, list[dict]] = {}
        for number in range(first, first + AT_ONCE):
            one = copies[number % len(copies)]
            for table, row in one.under(number, head.head_seq):
                rows.setdefault(table, []).append(row)
            head.head_seq += one.facts
        for table, several in rows.items():
            db.session.execute(insert(table), several)
        db.session.commit()
    return db.session.scalar(select(func.count()).select_from(Told)) or 0


def asked(paths: dict[str, tuple[str, str]], place: Installation, logins: dict[str, str]) -> dict[str, list[float]]:
    """{what: seconds of each visit} of pages, each as who reads it."""
    with place.serving():
        visitors = {who: Visitor(place.port) for who in logins}
        for who, visitor in visitors.items():
            visitor.enter(logins[who])
        return {what: waits(lambda who=who, path=path: visitors[who].get(path)) for what, (who, path) in paths.items()}


def statements(place: Installation, login: str, path: str) -> int:
    """SQL statements of one visit, the second one: the first looks up what stays."""
    found: list[str] = []
    with place.entered() as app:
        app.config["WTF_CSRF_ENABLED"] = False
        client = app.test_client()
        client.post(f"/enter/{login}")
        client.get(path)
        event.listen(db.engine, "before_cursor_execute", lambda *told: found.append(told[2]))
        client.get(path)
    return len(found)


def measured(run: Path, engine: str, count: int) -> tuple[list[Figure], list[str]]:
    place = Installation(run, database(run, engine, "relais"))
    with place.entered():
        logins = {who: login for who, login in place.furnish().items() if who in (CLAIRE, HELENE)}
        models = [factories.a_filled_dossier(0), factories.a_dossier_before_the_committee(1)]
        models += [factories.a_validated_dossier(2), factories.a_validated_dossier(3)]
        page = f"/dossiers/{models[1].reference}"
        paths = {
            "what waits for an adviser": (CLAIRE, "/waiting"),
            "what waits for a seat of the committee": (HELENE, "/waiting"),
            "the page of a dossier": (CLAIRE, page),
            "the same, for the committee": (HELENE, page),
        }
    before = asked(paths, place, logins)
    counted = {what: statements(place, logins[who], path) for what, (who, path) in paths.items()}
    with place.entered():
        models = [db.session.merge(model) for model in models]
        facts = fill(models, count)
    found = asked(paths, place, logins)
    figures = []
    for what, seconds in found.items():
        for percent in (50, 95):
            there = 1000 * percentile(before[what], percent)
            figures.append(Figure(f"{engine}: {what}, p{percent}", 1000 * percentile(seconds, percent), "ms", there))
        who, path = paths[what]
        now = statements(place, logins[who], path)
        figures.append(Figure(f"{engine}: {what}, SQL statements", now, "", counted[what]))
    return figures, [f"{engine}: {count} dossiers, {facts} facts"]


@click.command()
@click.option("--database", "engines", type=click.Choice(ENGINES), multiple=True, help="One database only.")
@click.option("--dossiers", "count", default=DOSSIERS, show_default=True)
@click.option("--json", "as_json", is_flag=True)
def main(engines: tuple[str, ...], count: int, as_json: bool) -> None:
    """Measure pages among many dossiers."""
    figures, notes = [], [around()]
    for run, engine in grounds(engines, notes):
        found, said = measured(run, engine, count)
        figures += found
        notes += said
    notes.append("Aim: p95 under 100 ms, and as many SQL statements as with four dossiers.")
    show("Pages among many dossiers, over HTTP; the peer: the same pages with four", figures, notes, as_json=as_json)


if __name__ == "__main__":
    sys.exit(main())
