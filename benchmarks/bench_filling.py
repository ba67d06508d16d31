"""How long the server works on one changed answer of the complete social diagnosis; beside a plain view from memory.

Claire has one section of a filled draft open. A change posts the whole section, as the page does, and gets it worked
out again; then the section is saved in passing, and opened as a whole page. Requests go into the application as a web
server hands them over: what is timed lies between the call and the last byte, database and commit included, the network
left out.
"""

import gc
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import click
from flask import Flask, render_template_string
from ground import ENGINES, database, grounds
from installation import PEOPLE, Installation
from lxml import html
from measuring import Figure, around, percentile, show

from tests import factories
from workflow.app import create_app
from workflow.db import db
from workflow.serve.web import spare_what_stays

TIMES, UNCOUNTED = 100, 15
CLAIRE = PEOPLE[0]
CHANGED = {  # section: the answer that changes, and what it is turned into, one after the other
    "D": ("data:D:D_loyer:D2_loyer", ("480,50", "512")),  # calculations
    "E": ("data:E:resource~1:E2", ("990", "1010")),  # rows, sums over rows and over other sections
    "H": ("data:H:H4_lieu", ("Rue Ampère", "Place Grenette")),  # health: who reads it is noted, in a second transaction
}
FRENCH = {"Accept-Language": "fr"}
PLAIN = """<!doctype html><html lang="fr"><form method="post">{% for field in fields %}<p><label>{{ field.label }}
<input name="{{ field.name }}" type="{{ field.type }}" value="{{ field.value }}"{{ field.checked }}></label></p>
{% endfor %}</form></html>"""


class Spent(NamedTuple):
    """Seconds between the call and the last byte, and those a processor worked meanwhile: others disturb these less."""

    waited: float
    worked: float


class Timed:
    """An application that notes how long its last answer took, and how long a processor worked for it, in seconds."""

    def __init__(self, app: Flask) -> None:
        self.app, self.served = app, app.wsgi_app
        self.spent = Spent(0.0, 0.0)
        app.wsgi_app = self  # type: ignore[method-assign]

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        began, worked = time.perf_counter(), time.thread_time()
        body = b"".join(self.served(environ, start))
        self.spent = Spent(time.perf_counter() - began, time.thread_time() - worked)
        return [body]


class Desk:
    """One person before one section of one dossier, without a network between them and the application."""

    def __init__(self, timed: Timed, login: str, reference: str, section: str) -> None:
        self.timed, self.client = timed, timed.app.test_client()
        self.client.post(f"/enter/{login}", data=self.form("/sign-in", f"/enter/{login}"), headers=FRENCH)
        base = f"/dossiers/{quote(reference)}"
        self.page, self.door = f"{base}/fill/{section}", f"{base}/save/{section}"
        self.typed = self.form(self.page, self.page)
        self.name, values = CHANGED[section]
        if self.name not in self.typed:
            raise SystemExit(f"section {section} does not ask {self.name}")
        self.values = cycle(values)

    def form(self, page: str, action: str) -> dict[str, list[str]]:
        """What a browser would send of a form: texts by name."""
        tree = html.fromstring(self.client.get(page, headers=FRENCH).text)
        typed: dict[str, list[str]] = {}
        for name, value in next(form for form in tree.forms if form.get("action") == action).form_values():
            typed.setdefault(name, []).append(value)
        return typed

    def change(self, why: str) -> Spent:
        """Change one answer; `why` is swap (the section comes back) or autosave (nothing does)."""
        self.typed[self.name] = [next(self.values)]
        answer = self.client.post(self.door, data=self.typed, headers=FRENCH | {"X-Relais": why})
        if answer.status_code != {"swap": 200, "autosave": 204}[why]:
            raise SystemExit(f"a change was answered with {answer.status_code}")
        self.typed["version"] = [answer.headers["X-Relais-Version"]]
        return self.timed.spent

    def open(self) -> Spent:
        answer = self.client.get(self.page, headers=FRENCH)
        if answer.status_code != 200:
            raise SystemExit(f"the page was answered with {answer.status_code}")
        return self.timed.spent


def taken(work: Callable[[], Spent]) -> list[Spent]:
    """What each took, after some that are not counted."""
    for _ in range(UNCOUNTED):
        work()
    gc.collect()
    return [work() for _ in range(TIMES)]


def measured(run: Path, engine: str) -> Iterator[Figure]:
    place = Installation(run, database(run, engine, "relais"))
    with place.entered():
        login = place.furnish()[CLAIRE]
        reference = factories.a_filled_dossier().reference
    timed = Timed(create_app(place.settings, RELAIS_QUIET=True))
    spare_what_stays()  # as a web process does
    try:
        for section in CHANGED:
            desk = Desk(timed, login, reference, section)
            bare = taken(plain(desk.client.get(desk.page, headers=FRENCH).text, desk.page))
            changed, saved = taken(partial(desk.change, "swap")), taken(partial(desk.change, "autosave"))
            opened = taken(desk.open)
            for what, spent in (("changed answer", changed), ("saved in passing", saved), ("whole page", opened)):
                yield from figures_of(f"{engine}, section {section}: {what}", spent, None if spent is saved else bare)
    finally:
        with timed.app.app_context():
            db.engine.dispose()


def figures_of(what: str, spent: list[Spent], bare: list[Spent] | None) -> Iterator[Figure]:
    """p50 and p95, then p95 of processor time."""
    for percent, side in ((50, "waited"), (95, "waited"), (95, "worked")):
        here, there = ([getattr(one, side) for one in found] for found in (spent, bare or spent))
        beside = 1000 * percentile(there, percent) if bare else None
        title = f"{what}, p{percent}{' at work' if side == 'worked' else ''}"
        yield Figure(title, 1000 * percentile(here, percent), "ms", beside)


def plain(page: str, action: str) -> Callable[[], Spent]:
    """The same fields drawn by one view of a bare Flask application, from memory: no person, no rule, no database."""
    form = next(form for form in html.fromstring(page).forms if form.get("action") == action)
    inputs = [one for one in form.inputs if one.name]
    fields = [
        {
            "name": one.name,
            "type": one.get("type", "text"),
            "value": one.get("value", ""),
            "checked": " checked" if one.get("checked") is not None else "",
            "label": one.label.text_content() if one.label is not None else "",
        }
        for one in inputs
    ]
    app = Flask("bare")
    app.add_url_rule("/", "page", lambda: render_template_string(PLAIN, fields=fields), methods=["GET", "POST"])
    timed, client = Timed(app), app.test_client()
    typed = {one["name"]: one["value"] for one in fields}

    def work() -> Spent:
        client.post("/", data=typed)
        return timed.spent

    return work


@click.command()
@click.option("--database", "engines", type=click.Choice(ENGINES), multiple=True, help="One database only.")
@click.option("--json", "as_json", is_flag=True)
def main(engines: tuple[str, ...], as_json: bool) -> None:
    """Measure one changed answer of a diagnosis."""
    figures, notes = [], [around()]
    for run, engine in grounds(engines, notes):
        figures += measured(run, engine)
    notes.append("Aim: 15 ms at p95 for a changed answer, on a quiet machine.")
    show(f"One changed answer of the diagnosis, {TIMES} times", figures, notes, as_json=as_json)


if __name__ == "__main__":
    main()
