"""How many decisions a second fifty people make over HTTP, on SQLite and on PostgreSQL, beside a bare Flask insert.

Every dossier waits for the committee. Its three voices are asked in three rounds: everybody first opens the page of
the decision (measured apart), then all post. In the first and the last round each posts again as soon as they are
answered, which shows what the server can do; in the second a hundred and ten decisions a second come from the fifty,
which shows what they wait for then. The record is verified afterwards.
"""

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import quote

import click
from ground import ENGINES, database, free_port, grounds, running
from installation import PEOPLE, Installation, before_the_committee
from measuring import Figure, around, cpu_seconds, percentile, show
from visitors import Answer, Errand, Load, Visitor, at_once, form_of, one_every

CROWD = 50
SEATS = PEOPLE[1:]  # one voice for each organisation, three are needed
PEER_POSTS = 2000
ASKED = 110  # decisions a second: the server must keep up with a hundred of them


class Committee:
    """Fifty browsers, each signed in as one of the three seats, and the dossiers each of them decides in each round."""

    def __init__(self, port: int, logins: dict[str, str], references: Sequence[str]) -> None:
        self.references = references
        self.visitors = [Visitor(port) for _ in range(CROWD)]
        for rank, visitor in enumerate(self.visitors):
            visitor.enter(logins[SEATS[rank % len(SEATS)]])

    def shares(self, turn: int) -> list[list[str]]:
        """Who decides what: the seat changes from one round to the next, no dossier is asked twice in one round."""
        shares: list[list[str]] = [[] for _ in self.visitors]
        for rank, reference in enumerate(self.references):
            seat = (rank + turn) % len(SEATS)
            crowd = shares[seat :: len(SEATS)]
            crowd[rank // len(SEATS) % len(crowd)].append(reference)
        return shares

    def opening(self, shares: list[list[str]]) -> tuple[Load, dict[str, dict[str, str]]]:
        """Everybody opens the pages of their decisions; the forms that stood on them, by dossier."""
        forms: dict[str, dict[str, str]] = {}

        def opens(visitor: Visitor, reference: str) -> Errand:
            def errand() -> Answer:
                answer = visitor.get(_page(reference))
                forms[reference] = form_of(answer.body, _page(reference))
                return answer

            return errand

        return at_once(_errands(self.visitors, shares, opens)), forms

    def deciding(self, shares: list[list[str]], forms: dict[str, dict[str, str]], every: float | None) -> Load:
        """Everybody posts: as fast as they are answered, or one `every` so many seconds."""

        def posts(visitor: Visitor, reference: str) -> Errand:
            return lambda: visitor.post(_page(reference), forms[reference])

        errands = _errands(self.visitors, shares, posts)
        return at_once(errands) if every is None else one_every(every, [one for mine in errands for one in mine])


def _errands(
    visitors: list[Visitor], shares: list[list[str]], errand: Callable[[Visitor, str], Errand]
) -> list[list[Errand]]:
    return [[errand(who, reference) for reference in share] for who, share in zip(visitors, shares, strict=True)]


def _page(reference: str) -> str:
    return f"/dossiers/{quote(reference)}/decide/approve/validation"


def measured(run: Path, engine: str, count: int) -> tuple[list[Figure], list[str]]:
    """Two rounds as fast as possible; between them one at the rate that must be kept up with."""
    place = Installation(run, database(run, engine, "relais"))
    with place.entered():
        logins = place.furnish()
        references = [row.reference for row in before_the_committee(count)]
    with place.serving() as server:
        committee = Committee(place.port, logins, references)
        opened, full, paced, worked = [], [], [], 0.0
        for turn, every in enumerate((None, 1 / ASKED, None)):
            shares = committee.shares(turn)
            load, forms = committee.opening(shares)
            opened.append(load)
            before = cpu_seconds(server)
            load = committee.deciding(shares, forms, every)
            worked += cpu_seconds(server) - before
            (paced if every else full).append(load)
    wrong = sum((*(load.but(303) for load in (*full, *paced)), *(load.but(200) for load in opened)), Counter())
    if wrong:
        raise SystemExit(f"{engine}: {wrong.total()} answers were not the expected ones, by status: {dict(wrong)}")
    if not (place.relais("record", "verify") and place.relais("invariants")):
        raise SystemExit(f"{engine}: the record or the invariants do not hold")
    notes = [f"{engine}: {3 * count} decisions, 0 errors; record and invariants verified afterwards"]
    return _figures(run, engine, opened, full, paced[0], worked / (3 * count)), notes


def _figures(run: Path, engine: str, opened: list[Load], full: list[Load], paced: Load, worked: float) -> list[Figure]:
    bare, bare_worked = peer(run, engine)
    waits = [wait for load in full for wait in load.waits]
    rate = len(waits) / sum(load.seconds for load in full)
    figures = [
        Figure(f"{engine}: decisions", rate, "/s", bare.rate),
        Figure(f"{engine}: web processes at work for one", 1000 * worked, "ms", 1000 * bare_worked),
    ]
    figures += [
        Figure(f"{engine}: one decision, p{percent}", 1000 * percentile(waits, percent), "ms", 1000 * there)
        for percent, there in ((percent, percentile(bare.waits, percent)) for percent in (50, 95, 99))
    ]
    figures.append(Figure(f"{engine}: kept up with, of {ASKED} asked", paced.rate, "/s"))
    figures += [
        Figure(f"{engine}: at {ASKED} a second, p{percent}", 1000 * percentile(paced.waits, percent), "ms")
        for percent in (50, 95, 99)
    ]
    pages = [wait for load in opened for wait in load.waits]
    read = len(pages) / sum(load.seconds for load in opened)
    return [*figures, Figure(f"{engine}: pages of a decision", read, "/s")]


def peer(run: Path, engine: str) -> tuple[Load, float]:
    """The same crowd posts to an application that inserts one row and answers; its processor seconds for one."""
    folder, port = run / f"bare-{engine}", free_port()
    folder.mkdir()
    address = [database(run, engine, "bare").replace("+psycopg", "")] if engine == "postgresql" else []
    script = str(Path(__file__).with_name("peers.py"))
    told = {"subject": "ACT-000001-1", "person": "helene-vasseur", "words": "x" * 200}
    with running([sys.executable, script, str(port), str(folder), *address], {}, folder, port) as server:
        visitors = [Visitor(port) for _ in range(CROWD)]
        at_once([[lambda who=who: who.post("/", told)] for who in visitors])
        before = cpu_seconds(server.pid)
        load = at_once([[lambda who=who: who.post("/", told)] * (PEER_POSTS // CROWD) for who in visitors])
        worked = cpu_seconds(server.pid) - before
    if load.but(303):
        raise SystemExit("the bare application failed")
    return load, worked / len(load.answers)


@click.command()
@click.option("--dossiers", default=150, show_default=True, help="Dossiers, three decisions each.")
@click.option("--database", "engines", type=click.Choice(ENGINES), multiple=True, help="One database only.")
@click.option("--json", "as_json", is_flag=True)
def main(dossiers: int, engines: tuple[str, ...], as_json: bool) -> None:
    """Measure decisions."""
    figures, notes = [], [around()]
    for run, engine in grounds(engines, notes):
        found, said = measured(run, engine, dossiers)
        figures += found
        notes += said
    show(f"Decisions over HTTP, {CROWD} people at once (gunicorn 2 x 8)", figures, notes, as_json=as_json)


if __name__ == "__main__":
    main()
