"""What the commands on files share: sentences in a language, results as JSON, how they end."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import click
from babel.support import Translations

from forms.expressions import Now
from workflow import clock
from workflow.catalogue.rules import around

TRANSLATIONS = Path(__file__).resolve().parents[3] / "templates" / "translations"
ZONE = ZoneInfo("Europe/Paris")  # of `--now` without a zone
SPOKEN = ("fr", "en")
Translate = Callable[[str], str]
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
in_language = click.option("--lang", type=click.Choice(["fr", "en"]), default="fr", help="Language of the sentences.")
always_json = click.option("--json", is_flag=True, expose_value=False, help="One JSON document: it always is.")
as_of = click.option("--now", "now", metavar="ISO", help="Instant to take for now.")


def translator(lang: str) -> Translate:
    """Sentences of a language; the msgids themselves where there is no catalogue."""
    return Translations.load(TRANSLATIONS, [lang]).gettext


def sentence(say: Translate, message: str, params: Mapping[str, Any]) -> str:
    return say(message) % dict(params) if message else ""


def instant_of(given: str | None, say: Translate) -> Now:
    """What the engine may not look up by itself."""
    try:
        instant = datetime.fromisoformat(given) if given else clock.now().astimezone(ZONE)
    except ValueError:
        stop(say("%(value)s is not an instant. Write it like 2026-11-23T14:00.") % {"value": given}, 2)
    instant = instant if instant.tzinfo else instant.replace(tzinfo=ZONE)
    return around(instant)


def printed_json(told: Mapping[str, Any]) -> None:
    """UTF-8 whatever the terminal says: what comes out is read by programs."""
    click.echo(json.dumps(told, ensure_ascii=False, allow_nan=False).encode("utf-8", "backslashreplace"))


def stop(words: str, code: int) -> NoReturn:
    click.echo(words.encode("utf-8", "backslashreplace"), err=True)
    raise SystemExit(code)
