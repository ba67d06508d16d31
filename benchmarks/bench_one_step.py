"""Fifty people decide on the same step at the same instant, round after round: one wins, forty-nine are told clearly.

Fifty referents of one landlord hold the same step, of which one voice is enough. In each round all fifty post their
approval of one dossier, from a page they were shown while it waited. Exactly one must be taken; each of the others must
read who was faster, and the record must hold one approval. Any other answer ends the run without a table.
"""

import secrets
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import click
from ground import ENGINES, database, grounds
from installation import Installation, before_the_landlord
from measuring import Figure, around, percentile, show
from visitors import Answer, Errand, Load, Visitor, at_once, form_of

from tests.factories import MISTRAL
from workflow import clock
from workflow.db import db
from workflow.dossiers.queries import by_reference
from workflow.people import actions as people
from workflow.people.models import Account
from workflow.record.queries import facts

CROWD, LANDLORD = 50, "actis"
CLEAR = "Quelqu’un a été plus rapide"  # what the page says to whoever came second, with the name


def colleagues() -> dict[str, str]:
    """{login: name} of fifty referents of one landlord."""
    found = {}
    for rank in range(CROWD):
        slug, name = f"referent-{rank:02}", f"Référent Numéro{rank:02}"
        person = people.put_person(slug, name, f"{slug}@example.net")
        people.open_account(person)
        people.assign(slug, "referent_bailleur", LANDLORD, MISTRAL["slug"], since=clock.today() - timedelta(days=30))
        db.session.commit()
        found[db.session.query(Account).filter_by(person_id=slug).one().login] = name
    return found


class Crowd:
    """Fifty browsers. Each opened a page of this step once, for its own token; one of them opens each dossier."""

    def __init__(self, port: int, logins: Sequence[str], first: str) -> None:
        self.visitors = [Visitor(port) for _login in logins]
        self.tokens = []
        for visitor, login in zip(self.visitors, logins, strict=True):
            visitor.enter(login)
            self.tokens.append(form_of(visitor.get(_page(first)).body, _page(first))["csrf_token"])

    def decide(self, reference: str) -> Load:
        """All post what was shown to the first of them."""
        shown = form_of(self.visitors[0].get(_page(reference)).body, _page(reference))

        def posts(visitor: Visitor, token: str) -> Errand:
            form = shown | {"csrf_token": token, "request_key": secrets.token_hex(16)}
            return lambda: visitor.post(_page(reference), form)

        return at_once([[posts(*one)] for one in zip(self.visitors, self.tokens, strict=True)])


def _page(reference: str) -> str:
    return f"/dossiers/{quote(reference)}/decide/approve/visa_bailleur"


def judged(answers: Sequence[Answer], names: Sequence[str]) -> Counter[str]:
    """How many were taken, and how many of the others read who was faster."""
    winners = [name for answer, name in zip(answers, names, strict=True) if answer.status == 303]
    return Counter("taken" if answer.status == 303 else clear(answer, winners) for answer in answers)


def clear(answer: Answer, winners: Sequence[str]) -> str:
    page = answer.body.decode()
    told = answer.status == 409 and CLEAR in page and any(name in page for name in winners)
    return "told" if told else f"unclear {answer.status}"


def measured(run: Path, engine: str, rounds: int) -> tuple[list[Figure], list[str]]:
    place = Installation(run, database(run, engine, "relais"))
    with place.entered():
        place.furnish()
        logins = colleagues()
        references = [row.reference for row in before_the_landlord(LANDLORD, rounds)]
    loads = []
    with place.serving():
        crowd = Crowd(place.port, list(logins), references[0])
        for reference in references:
            load = crowd.decide(reference)
            told = judged(load.answers, list(logins.values()))
            if told != {"taken": 1, "told": CROWD - 1}:
                raise SystemExit(f"{engine}: {reference}: {dict(told)}")
            loads.append(load)
    with place.entered():
        twice = [reference for reference in references if len(approvals(reference)) != 1]
    if twice or not (place.relais("record", "verify") and place.relais("invariants")):
        raise SystemExit(f"{engine}: the record or the invariants do not hold {twice}")
    waits = [wait for load in loads for wait in load.waits]
    note = f"{engine}: {rounds} rounds of {CROWD}: one winner each, {rounds * (CROWD - 1)} clear answers"
    return [
        Figure(f"{engine}: answers", sum(map(len, (load.answers for load in loads))) / sum(waits_of(loads)), "/s"),
        Figure(f"{engine}: one answer, p50", 1000 * percentile(waits, 50), "ms"),
        Figure(f"{engine}: one answer, p95", 1000 * percentile(waits, 95), "ms"),
    ], [note]


def waits_of(loads: list[Load]) -> list[float]:
    return [load.seconds for load in loads]


def approvals(reference: str) -> list[str]:
    told = facts(by_reference(reference).subject)
    return [fact.kind for fact in told if fact.kind == "Approved" and fact.data.get("step") == "visa_bailleur"]


@click.command()
@click.option("--rounds", default=200, show_default=True)
@click.option("--database", "engines", type=click.Choice(ENGINES), multiple=True, help="One database only.")
@click.option("--json", "as_json", is_flag=True)
def main(rounds: int, engines: tuple[str, ...], as_json: bool) -> None:
    """Fifty on one step."""
    figures, notes = [], [around()]
    for run, engine in grounds(engines, notes):
        found, said = measured(run, engine, rounds)
        figures += found
        notes += said
    show(f"{CROWD} people on one step (gunicorn 2 x 8)", figures, notes, as_json=as_json)


if __name__ == "__main__":
    main()
