"""How many filled forms of 250 answers a second a server takes over HTTP, each worked out; a bare insert beside.

Eight telephones send without a pause. Every submission is one set of answers to the long questionnaire: it is judged
(every rule, constraint and calculation of the form), compared with what the dossier holds, sealed, noted in the record,
and durable before it is answered. First every dossier gets its answers, then they are corrected, as a telephone
corrects: a new set that names the one before.
"""

import sys
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click
import questionnaire
from ground import ENGINES, database, free_port, grounds, running
from installation import PEOPLE, Installation
from measuring import Figure, around, cpu_seconds, percentile, show
from visitors import Answer, Errand, Load, Visitor, at_once

from forms.instance import Instance
from tests import factories
from workflow import clock
from workflow.catalogue import actions as catalogue
from workflow.catalogue.queries import current
from workflow.catalogue.rules import around as circumstances
from workflow.db import db
from workflow.dossiers import actions
from workflow.dossiers.models import Household, Submission
from workflow.people import actions as people

CLIENTS = 8
ANSWERS = 250
EXPRESSIONS = 850
DOSSIERS = 280
CORRECTIONS = 3
CLAIRE = PEOPLE[0]
SLUG = "long"
PROCEDURE = """slug: long
label: {fr: "Long questionnaire", en: "Long questionnaire"}
subject: household
form: form.md
circuit: circuit.yaml
"""
CIRCUIT = """circuit: long
label: {fr: "Long questionnaire", en: "Long questionnaire"}
stages:
  - id: fill
    label: {fr: "Remplir", en: "Fill in"}
    steps:
      - {id: fill, label: {fr: "Remplir", en: "Fill in"}, kind: fill, who: {role: [cesf]}, sees: author, delay: 30}
"""
BOUNDARY = "relais-benchmark"


@dataclass(frozen=True)
class Dossier:
    """One dossier, and the names its answers bear one after the other."""

    reference: str
    names: tuple[str, ...]


class Phone(Visitor):
    """One telephone, with the address it was given."""

    def __init__(self, port: int, secret: str) -> None:
        super().__init__(port)
        self.path = f"/openrosa/{secret}/submission"

    def send(self, xml: str) -> Answer:
        return self._ask("POST", self.path, _multipart(xml))

    def _headers(self, body: str | None) -> dict[str, str]:
        return super()._headers(body) | {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


def _multipart(xml: str) -> str:
    head = 'Content-Disposition: form-data; name="xml_submission_file"; filename="submission.xml"'
    return f"--{BOUNDARY}\r\n{head}\r\nContent-Type: text/xml\r\n\r\n{xml}\r\n--{BOUNDARY}--\r\n"


class Ground:
    """The installation with the long questionnaire in use, a dossier open for every household, eight telephones."""

    def __init__(self, place: Installation, run: Path) -> None:
        self.place = place
        with place.entered():
            place.furnish()
            _publish(run / "long")
            self.xml = _filled()
            self.dossiers = [_open(home) for home in db.session.query(Household).order_by(Household.reference)]
            self.secrets = [_device(rank) for rank in range(CLIENTS)]

    def shares(self) -> list[list[Dossier]]:
        return [self.dossiers[rank::CLIENTS] for rank in range(CLIENTS)]

    def errands(self, turn: int) -> list[list[Errand]]:
        """What each telephone sends in one round."""
        phones = [Phone(self.place.port, secret) for secret in self.secrets]
        return [
            [partial(phone.send, self.written(one, turn)) for one in share]
            for phone, share in zip(phones, self.shares(), strict=True)
        ]

    def written(self, one: Dossier, turn: int) -> str:
        """The answers of one round: one answer differs from the round before."""
        before = f"<deprecatedID>{one.names[turn - 1]}</deprecatedID>" if turn else ""
        told = f'<r:reference xmlns:r="urn:relais:xlsform:1">{one.reference}</r:reference>'
        name = f"<instanceID>{one.names[turn]}</instanceID>"
        start, _mark, _end = self.xml.partition("<meta>")
        said = start.replace("<name>Amina Belkacem</name>", f"<name>Amina Belkacem {turn}</name>")
        return f"{said}<meta>{name}{before}{told}</meta></data>"

    def states(self) -> set[str]:
        with self.place.entered():
            return {state for (state,) in db.session.query(Submission.state).distinct()}


def _publish(folder: Path) -> None:
    folder.mkdir()
    (folder / "procedure.yaml").write_text(PROCEDURE)
    (folder / "circuit.yaml").write_text(CIRCUIT)
    (folder / "form.md").write_text(questionnaire.table(EXPRESSIONS))
    catalogue.publish(folder)
    catalogue.adopt(factories.MISTRAL["slug"], SLUG)
    db.session.commit()


def _filled() -> str:
    """One complete set of answers; there must be as many as promised, and none may be wrong."""
    form = current(SLUG, factories.MISTRAL["slug"]).form
    instance = Instance.new(form, circumstances(clock.wall()))
    for _person in range(1, questionnaire.PERSONS):
        instance.add_row("/data/home/person")
    for person in range(1, questionnaire.PERSONS + 1):
        for _stay in range(1, questionnaire.STAYS):
            instance.add_row(f"/data/home/person[{person}]/stay")
    for path, answer in questionnaire.answers(form):
        instance.set(path, answer)
    if instance.relevant("/data/result/why"):
        instance.set("/data/result/why", "old age")
    given = sum(bool(node.text) and question.asked for _path, node, question in instance.leaves())
    if given < ANSWERS or instance.errors():
        raise SystemExit(f"{given} answers, {len(instance.errors())} of them wrong")
    return instance.to_xml()


def _open(home: Household) -> Dossier:
    found, _new = actions.open_dossier(factories.identity(CLAIRE), home, current(SLUG, factories.MISTRAL["slug"]))
    db.session.commit()
    return Dossier(found.reference, tuple(f"uuid:{uuid.uuid4()}" for _ in range(CORRECTIONS + 1)))


def _device(rank: int) -> str:
    _row, secret = people.add_device(factories.identity(CLAIRE), factories.MISTRAL["slug"], f"Telephone {rank}")
    db.session.commit()
    return secret


def measured(run: Path, engine: str) -> tuple[list[Figure], list[str]]:
    place = Installation(run, database(run, engine, "relais"))
    ground = Ground(place, run)
    loads = []
    with place.serving() as server:
        before = cpu_seconds(server)
        for turn in range(CORRECTIONS + 1):
            loads.append(at_once(ground.errands(turn)))
        worked = cpu_seconds(server) - before
    wrong = [load.but(201) for load in loads if load.but(201)]
    if wrong or ground.states() != {"accepted"}:
        raise SystemExit(f"{engine}: not every submission was taken: {wrong}, {ground.states()}")
    if not (place.relais("record", "verify") and place.relais("invariants")):
        raise SystemExit(f"{engine}: the record or the invariants do not hold")
    count = sum(len(load.answers) for load in loads)
    return list(_figures(run, engine, ground.xml, loads, worked)), [f"{engine}: {count} submissions, 0 errors"]


def _figures(run: Path, engine: str, xml: str, loads: Sequence[Load], worked: float) -> Iterator[Figure]:
    waits = [wait for load in loads for wait in load.waits]
    bare, bare_worked = peer(run, engine, xml)
    rate = len(waits) / sum(load.seconds for load in loads)
    yield Figure(f"{engine}: submissions", rate, "/s", bare.rate)
    yield Figure(f"{engine}: web processes at work for one", 1000 * worked / len(waits), "ms", 1000 * bare_worked)
    for percent in (50, 95, 99):
        there = 1000 * percentile(bare.waits, percent)
        yield Figure(f"{engine}: one submission, p{percent}", 1000 * percentile(waits, percent), "ms", there)


def peer(run: Path, engine: str, xml: str) -> tuple[Load, float]:
    """The same bytes into one row of a bare application: no person, no rule, no seal, no record."""
    folder, port = run / f"bare-{engine}", free_port()
    folder.mkdir()
    address = [database(run, engine, "bare").replace("+psycopg", "")] if engine == "postgresql" else []
    script = str(Path(__file__).with_name("peers.py"))
    told = {"subject": "long", "person": "claire-maurin", "words": xml}
    with running([sys.executable, script, str(port), str(folder), *address], {}, folder, port) as server:
        visitors = [Visitor(port) for _ in range(CLIENTS)]
        at_once([[lambda who=who: who.post("/", told)] for who in visitors])
        before = cpu_seconds(server.pid)
        load = at_once([[lambda who=who: who.post("/", told)] * (DOSSIERS // CLIENTS) for who in visitors])
        worked = cpu_seconds(server.pid) - before
    if load.but(303):
        raise SystemExit("the bare application failed")
    return load, worked / len(load.answers)


@click.command()
@click.option("--database", "engines", type=click.Choice(ENGINES), multiple=True, help="One database only.")
@click.option("--json", "as_json", is_flag=True)
def main(engines: tuple[str, ...], as_json: bool) -> None:
    """Measure submissions."""
    figures, notes = [], [around()]
    for run, engine in grounds(engines, notes):
        found, said = measured(run, engine)
        figures += found
        notes += said
    notes.append("Aim: 100 submissions a second, p95 under 100 ms, on two cores shared with the telephones.")
    show(f"Forms of {ANSWERS} answers over HTTP, {CLIENTS} telephones at once", figures, notes, as_json=as_json)


if __name__ == "__main__":
    main()
