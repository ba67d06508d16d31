"""What the signs of an installation mean, in words; and which addresses of a mail may be clicked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from workflow.filing.rules.certificates import urgency

PATIENCE = timedelta(minutes=2)  # what waits longer than this is worth a word
LOW_ON_DISK = 500  # megabytes
ADDRESS = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class Waiting:
    """How many rows wait, and since when the oldest does."""

    count: int = 0
    since: datetime | None = None


@dataclass(frozen=True)
class Signs:
    """What was found. `queue` and `workers` are None when the queue does not answer."""

    now: datetime
    failed: int = 0
    mails: Waiting = Waiting()
    jobs: Waiting = Waiting()
    queue: int | None = 0
    workers: int | None = 1
    broken: tuple[tuple[str, int], ...] = ()  # journals that do not hold: (name, first bad line)
    free_mb: int | None = None
    certificates: tuple[tuple[str, datetime], ...] | None = ()  # (seal, time, root, organisation), until when; no key


@dataclass(frozen=True)
class Sentence:
    """One thing to say: `state` as pages show it, msgids for one and for many. `since` is an age to be put in words."""

    state: str
    one: str
    many: str = ""
    count: int = 1
    since: timedelta | None = None
    params: dict[str, Any] = field(default_factory=dict)


def health(signs: Signs) -> list[Sentence]:
    """What an operator should know, the worst first; nothing when everything works."""
    return [*_alarms(signs), *_delays(signs)]


def _alarms(signs: Signs) -> Iterator[Sentence]:
    for name, line in signs.broken:
        text = "The journal of “%(name)s” was altered at line %(line)s: keep a copy of everything and ask for help."
        yield Sentence("late", text, params={"name": name, "line": line})
    if signs.failed:
        one, many = "%(num)d job has failed and waits for you.", "%(num)d jobs have failed and wait for you."
        yield Sentence("late", one, many, signs.failed)
    if signs.free_mb is not None and signs.free_mb < LOW_ON_DISK:
        yield Sentence("late", "Only %(free)s MB are left on the disk.", params={"free": signs.free_mb})
    yield from ends(signs)


CERTIFICATES: dict[str, tuple[str, str]] = {
    "seal": (
        "The certificate of the seal ends in %(num)d day, on %(day)s. Renew it: relais seal renew",
        "The certificate of the seal ends in %(num)d days, on %(day)s. Renew it: relais seal renew",
    ),
    "time": (
        "The certificate of the time stamps ends in %(num)d day, on %(day)s. Renew it: relais seal renew",
        "The certificate of the time stamps ends in %(num)d days, on %(day)s. Renew it: relais seal renew",
    ),
    "root": (
        "The root certificate ends in %(num)d day, on %(day)s. Have it renewed before.",
        "The root certificate ends in %(num)d days, on %(day)s. Have it renewed before.",
    ),
    "organisation": (
        "The organisation’s certificate ends in %(num)d day, on %(day)s. Have it renewed before.",
        "The organisation’s certificate ends in %(num)d days, on %(day)s. Have it renewed before.",
    ),
}
"""{certificate: that it ends soon, for one day and for several}."""
NO_KEY = "The key of the seal is missing, cannot be read, or has expired: no document is made any more."
BLOCKED = "A certificate ends on %(day)s: no new document is sealed any more. Have it renewed now."


def ends(signs: Signs) -> Iterator[Sentence]:
    """Certificates that end within ninety days, more urgently within thirty; once nothing is sealed, that first."""
    if signs.certificates is None:
        yield Sentence("late", NO_KEY)
    for name, until in signs.certificates or ():
        near, left = urgency(until, signs.now), max((until - signs.now).days, 0)
        if near == 0:
            yield Sentence("late", BLOCKED, params={"day": until.date()})
        elif near is not None:
            one, many = CERTIFICATES[name]
            yield Sentence("waiting" if near > 30 else "late", one, many, left, params={"day": until.date()})


def _delays(signs: Signs) -> Iterator[Sentence]:
    if signs.queue is None:
        yield Sentence("waiting", "The queue does not answer. Nothing is lost: work goes on when it is back.")
    elif not signs.workers:
        yield Sentence("waiting", "Nobody takes the work: start a worker. Nothing is lost meanwhile.")
    mails = ("%(num)d mail has been waiting for %(since)s.", "%(num)d mails have been waiting for %(since)s.")
    jobs = ("%(num)d job has been waiting for %(since)s.", "%(num)d jobs have been waiting for %(since)s.")
    for (one, many), waiting in ((mails, signs.mails), (jobs, signs.jobs)):
        if waiting.count and waiting.since and signs.now - waiting.since >= PATIENCE:
            yield Sentence("waiting", one, many, waiting.count, signs.now - waiting.since)


def pieces(line: str, base_url: str) -> list[tuple[str, str | None]]:
    """A line of a mail as (text, address or None): only addresses of this very installation become links."""
    found: list[tuple[str, str | None]] = []
    rest = 0
    for match in ADDRESS.finditer(line):
        address = match[0].rstrip(".,;)")
        if address == base_url or address.startswith(f"{base_url}/"):
            found += [(line[rest : match.start()], None), (address, address)]
            rest = match.start() + len(address)
    found.append((line[rest:], None))
    return [piece for piece in found if piece[0]]
