"""Doors: relais document write, relais verify. They work without an installation, and never make one."""

from __future__ import annotations

import json
import mimetypes
import os
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import click
from babel.dates import format_date, format_datetime
from babel.support import Translations
from flask import current_app
from flask.cli import ScriptInfo, with_appcontext
from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError

from documents import detached, model
from documents.annexes import AnnexFile
from documents.authority import NoKey
from documents.findings import Finding, ModelRefused
from documents.letterhead import LetterheadRefused
from documents.library import MODEL, Library
from documents.pdf import NotSet
from documents.verification import MESSAGES, SignatureFact, Verdict
from documents.verification import verify as judge
from workflow import clock
from workflow.circuit.deadlines import local_day
from workflow.db import begin_reading, db
from workflow.filing import actions, queries
from workflow.filing.models import Paper
from workflow.filing.queries import Recognised
from workflow.filing.rules.beside import pair_in
from workflow.filing.rules.papers import Composed, Order, compose
from workflow.filing.rules.told import Signer
from workflow.filing.rules.told import told as signatures
from workflow.filing.rules.verdicts import COUNTS, STANDS, VOID, VOIDED, WAITING, WHOLE, stand_of
from workflow.operations.queries import operation
from workflow.web.logs import silence_doubts

TRANSLATIONS = Path(__file__).resolve().parents[2] / "templates" / "translations"
NO_INSTALLATION = "This file is whole since “%(name)s” sealed it, but no installation here can recognise that seal."
ZONE = "Europe/Paris"  # where an operation takes place unless it says otherwise
NOT_A_PDF = frozenset(("not_pdf", "empty"))

Translate = Callable[[str], str]
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def translator(lang: str) -> Translate:
    """Sentences of a language; the msgids themselves where there is no catalogue."""
    return Translations.load(TRANSLATIONS, [lang]).gettext


def _stop(words: str, code: int) -> NoReturn:
    click.echo(words, err=True)
    raise SystemExit(code)


# -- specimens ----------------------------------------------------------------------------------------------------


@click.group()
def document() -> None:
    """Papers: try a model."""


@document.command()
@click.argument("text", metavar="MODEL.md", type=FILE)
@click.argument("data", metavar="DATA.json", type=FILE)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder of the two files.")
@click.option("--lang", type=click.Choice(["fr", "en"]), help="Language of the paper; the model's own by default.")
@click.option("--organisation", default="Relais", help="Name of the letterhead.")
@click.option("--large", is_flag=True, help="The PDF in large print.")
@click.option("--annex", "annexes", type=FILE, multiple=True, help="A file attached as annex; may be repeated.")
@click.option("--letterhead", type=FILE, help="A .docx whose page, styles, header and footer the copy takes.")
@click.option("--json", "as_json", is_flag=True)
def write(
    *,
    text: Path,
    data: Path,
    out: Path,
    lang: str | None,
    organisation: str,
    large: bool,
    annexes: tuple[Path, ...],
    letterhead: Path | None,
    as_json: bool,
) -> None:
    """Write a specimen: NAME.docx and NAME.pdf, unsealed, and marked so on every page.

    Clauses come from the folder `clauses` next to the model's own, pictures from its own folder, models of annexes from
    the folders next to it. A model named model.md gives files named after its folder.
    """
    say = translator(lang or "fr")
    given, words = _data(data, say), _text(text, say)
    try:
        order = Order(
            text=words,
            data=given,
            lang=lang or _own_language(words),
            day=clock.today(),
            organisation=organisation,
            source=given,
            library=Library.beside(text),
            annexes=tuple(map(_annex, annexes)),
            letterhead=letterhead.read_bytes() if letterhead else None,
            large_print=large,
        )
        made = _specimen(order)
    except ModelRefused as refused:
        _stop("\n".join(_line(finding, say) for finding in refused.findings), 1)
    except LetterheadRefused as refused:
        _stop(_line(refused.finding, say), 1)
    except NotSet as fault:
        _stop(say("The paper cannot be set: %(reason)s") % {"reason": fault}, 1)
    name = text.parent.name if text.name == MODEL else text.stem
    _report(_saved(made, out, name), made, say, as_json)


def _data(path: Path, say: Translate) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as fault:
        _stop(say("%(file)s cannot be read: %(reason)s") % {"file": path.name, "reason": fault}, 2)
    if not isinstance(found, dict):
        _stop(say("%(file)s must hold a JSON object.") % {"file": path.name}, 2)
    return found


def _text(path: Path, say: Translate) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        _stop(say("%(file)s cannot be read: %(reason)s") % {"file": path.name, "reason": fault}, 2)


def _own_language(text: str) -> str:
    return str(model.front_matter_of(text).get("lang") or "fr")


def _annex(file: Path) -> AnnexFile:
    media_type, _ = mimetypes.guess_type(file.name)
    return AnnexFile(file.name, media_type or "application/octet-stream", file.read_bytes())


def _specimen(order: Order) -> Composed:
    now = clock.now().replace(microsecond=0)
    reference = str(order.data.get("reference") or "SPECIMEN")
    return compose(order, reference, now, queries.house_style(order.organisation), mark="specimen")


def _saved(made: Composed, out: Path, name: str) -> dict[str, str]:
    out.mkdir(parents=True, exist_ok=True)
    paths = {form: out / f"{name}.{form}" for form in ("docx", "pdf")}
    paths["docx"].write_bytes(made.docx)
    paths["pdf"].write_bytes(made.pdf)
    return {form: str(path) for form, path in paths.items()}


def _report(paths: dict[str, str], made: Composed, say: Translate, as_json: bool) -> None:
    if as_json:
        found = [
            {"line": one.line, "clause": one.clause, "code": one.code, "message": _words(one, say)}
            for one in made.findings
        ]
        more = {"content_hash": made.content_hash, "missing_characters": made.missing, "findings": found}
        click.echo(json.dumps(paths | more, ensure_ascii=False))
        return
    for finding in made.findings:
        click.echo(_line(finding, say), err=True)
    if made.missing:
        click.echo(say("No font has these characters: %(signs)s") % {"signs": " ".join(made.missing)}, err=True)
    click.echo("\n".join(paths.values()))


def _words(finding: Finding, say: Translate) -> str:
    return say(finding.msgid) % dict(finding.params)


def _line(finding: Finding, say: Translate) -> str:
    words = _words(finding, say)
    if finding.line is not None:
        words = say("line %(line)s: %(message)s") % {"line": finding.line, "message": words}
    return (
        say("clause %(clause)s, %(message)s") % {"clause": finding.clause, "message": words}
        if finding.clause
        else words
    )


# -- the seal -----------------------------------------------------------------------------------------------------


@click.group()
def seal() -> None:
    """The keys this installation seals with."""


@seal.command()
@click.option("--json", "as_json", is_flag=True)
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr", help="Language of the sentence.")
@with_appcontext
def renew(*, as_json: bool, lang: str) -> None:
    """New keys for the seal and the time stamps, before the former ones end; these are kept beside them."""
    say = translator(lang)
    try:
        made = actions.renew_authority(current_app.config["RELAIS"])
    except NoKey as fault:
        _stop(say(fault.msgid) % fault.params, 1)
    ends, told = made.expires_at, say("The seal has new keys. They may be used until %(day)s.")
    words = told % {"day": format_date(ends, "long", locale=lang)}
    click.echo(json.dumps({"until": ends.isoformat()}) if as_json else words)


# -- verdicts -----------------------------------------------------------------------------------------------------


@click.command()
@click.argument("file", metavar="FILE.pdf", type=FILE)
@click.option("--seal", type=FILE, help="The seal (.p7s) beside a Word file; an archive of both needs none.")
@click.option("--json", "as_json", is_flag=True)
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr", help="Language of the sentence.")
@click.pass_context
def verify(context: click.Context, *, file: Path, seal: Path | None, as_json: bool, lang: str) -> None:
    """Check a PDF, or a Word file with its seal: 0 ours and whole, 1 anything else, 2 not to be read."""
    say = translator(lang)
    try:
        data = file.read_bytes()
    except OSError as fault:
        _stop(say("%(file)s cannot be read: %(reason)s") % {"file": file.name, "reason": fault}, 2)
    silence_doubts()
    found = _Installation.of(context)
    pair = pair_in(data, seal.read_bytes() if seal else b"")
    if pair is not None:
        _verify_beside(found, pair, say, as_json=as_json)
    try:
        with found.entered():
            verdict = judge(data, trust_roots=found.trust_roots(), known=found.holds, at=clock.now())
            ours = found.recognised(verdict) if verdict.ok else None
            told = found.told(verdict, ours, say) | _since_then(verdict, ours, lang, say)
            lines = [told["message"], *_signed(verdict, ours, lang, say), *told["changes"]]
    except OperationalError:
        _stop(say("The database does not answer: whether this file was issued here cannot be said."), 2)
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else "\n".join(lines))
    raise SystemExit(0 if told["ok"] else 2 if verdict.reason in NOT_A_PDF else 1)


def _verify_beside(found: _Installation, pair: tuple[bytes, bytes], say: Translate, *, as_json: bool) -> NoReturn:
    """A Word file and the seal beside it: 0 when it is the one that was sealed here, else 1."""
    with found.entered():
        beside = detached.checked(*pair, found.trust_roots(), clock.now())
    at = beside.time.isoformat() if beside.time else None
    told = {"ok": beside.ok, "reason": beside.reason, "message": say(beside.message), "name": beside.name, "time": at}
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else told["message"])
    raise SystemExit(0 if beside.ok else 1)


@dataclass(frozen=True)
class _Installation:
    """What stands where the settings point: perhaps nothing at all, and then nothing is made."""

    app: Any  # the Flask application, None without an installation

    @classmethod
    def of(cls, context: click.Context) -> _Installation:
        info = context.find_object(ScriptInfo)
        home = Path(os.environ.get("RELAIS_HOME") or "./var")
        there = info is not None and (home / "authority").is_dir()
        return cls(info.load_app() if info is not None and there else None)

    def entered(self) -> Any:
        return self.app.app_context() if self.app else nullcontext()

    def trust_roots(self) -> tuple[bytes, ...]:
        return queries.trust_roots(current_app.config["RELAIS"]) if self.app else ()

    def holds(self, sha256: str) -> bool:
        """Whether the file was issued here; a database without tables holds nothing."""
        if self.app is None:
            return False
        begin_reading()
        there = inspect(db.session.connection()).has_table(Paper.__tablename__)
        return there and queries.recognised(sha256) is not None

    def recognised(self, verdict: Verdict) -> Recognised | None:
        return queries.recognised(verdict.sha256) if self.app else None

    def told(self, verdict: Verdict, ours: Recognised | None, say: Translate) -> dict[str, Any]:
        """The verdict as JSON; without an installation a foreign seal and ours cannot be told apart."""
        reason, message = verdict.reason, verdict.message
        if self.app is None and reason == "unknown_signer":
            reason, message = "not_ours", NO_INSTALLATION
        said = {"ok": verdict.ok, "reason": reason, "message": say(message) % dict(verdict.params)}
        said |= {"family": verdict.family, "waiting": list(verdict.waiting)}
        said |= {"since": verdict.since.field if verdict.since else None}
        said |= {"changes": [say(one.msgid) % dict(one.params) for one in verdict.changes]}
        signers = ours.signers if ours else {}
        seals = [_signature(fact, signers.get(fact.field)) for fact in verdict.signatures]
        return said | {"sha256": verdict.sha256, "signatures": seals, "attachments": dict(verdict.attachments)}


def _signature(fact: SignatureFact, known: Signer | None) -> dict[str, Any]:
    told = {"name": fact.name, "time": fact.time.isoformat() if fact.time else None, "level": fact.level}
    told |= {"field": fact.field, "kind": fact.kind, "by": fact.by, "issuer": fact.issuer}
    told |= {"capacity": known.capacity if known else fact.reason, "way": known.way if known else ""}
    return told | {"trusted": fact.trusted, "changed_after": fact.changed_after}


def _since_then(verdict: Verdict, ours: Recognised | None, lang: str, say: Translate) -> dict[str, Any]:
    """What became of a paper that is ours and whole: annulled, or no longer its last state."""
    if ours is None:
        return {}
    if ours.paper.void_at:
        void = local_day(ours.paper.void_at, _zone(ours))
        day = format_date(void, "full", locale=lang)
        return {"ok": False, "reason": VOID, "message": say(VOIDED) % {"day": day}, "annulled": void.isoformat()}
    reason = stand_of(verdict.reason, ours.stand)
    if reason == WHOLE:
        return {"reason": reason, "message": say(MESSAGES[reason]), "family": "authentic", "waiting": []}
    if reason == WAITING:
        return {"reason": reason, "message": say(MESSAGES[reason]), "family": "incomplete"}
    if reason not in STANDS:
        return {}
    return {"ok": ours.stand in COUNTS, "reason": reason, "message": say(STANDS[reason])}


def _signed(verdict: Verdict, ours: Recognised | None, lang: str, say: Translate) -> list[str]:
    """A line for each signature: who, in what capacity, what it is, when, and what came after it."""
    several = signatures(verdict, ours.signers if ours else {}, ours.by_hand if ours else ())
    lines = []
    for one in several:
        at = one.at.astimezone(ZoneInfo(_zone(ours))) if one.at else None
        when = format_datetime(at, "long", locale=lang) if at else ""
        when = format_date(one.on, "long", locale=lang) if one.on else when
        known = (one.name, one.capacity, say(one.called), when)
        lines.append(f"- {', '.join(filter(None, known))}. {say(one.after) if one.after else ''}".rstrip())
    return lines


def _zone(ours: Recognised | None) -> str:
    place = operation(ours.paper.operation_id) if ours else None
    return place.zone if place else ZONE
