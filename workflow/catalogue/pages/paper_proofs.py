"""The proof of a model or a clause while somebody writes it: its pages as pictures, and what is to say about it.

It is set in a process of its own, bounded in time and memory; nothing of it is kept.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import current_app, g
from flask_babel import gettext as _
from flask_babel import ngettext

from documents.findings import ModelRefused
from documents.model import LANGUAGES, front_matter_of
from documents.values import MOST_TEXT
from workflow import clock
from workflow.catalogue.pages.paper_halves import placed
from workflow.catalogue.queries.paper_content import Content
from workflow.catalogue.queries.paper_readers import LEVELS, READERS
from workflow.catalogue.queries.paper_rules import rules_of
from workflow.db import db
from workflow.web.press import NotPrinted, judged, proved

FIGURE = ("value", "unit", "source", "since")
LONGEST = 200  # characters of a remark's parameter that are shown


@dataclass(frozen=True)
class Wanted:
    """What is to be set: a content, with which example, how. look: words whose page is wanted."""

    content: Content
    example: Mapping[str, Any]
    large: bool = False
    pages: bool = True
    docx: bool = False
    look: str = ""


@dataclass(frozen=True)
class Proof:
    """pages: pictures in base64; count: how many pages the paper has; fault: a sentence when it could not be set at
    all; refused: whether the findings keep it from being written; at: the page of the words that were looked for.
    """

    findings: tuple[Mapping[str, Any], ...] = ()
    pages: tuple[str, ...] = ()
    count: int = 0
    at: int = 0
    missing: tuple[str, ...] = ()
    pdf: bytes = b""
    docx: bytes = b""
    fault: str = ""
    told: list[dict[str, Any]] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        return not self.pdf

    @property
    def sentence(self) -> str:
        """What is said of it in one line."""
        if self.fault:
            return self.fault
        count = len(self.told)
        if self.refused:
            return _("The paper cannot be written like this.")
        pages = ngettext("%(num)s page", "%(num)s pages", self.count) if self.count else ""
        remarks = ngettext("%(num)s remark", "%(num)s remarks", count) if count else _("no remark")
        return _("%(pages)s, %(remarks)s", pages=pages, remarks=remarks) if pages else remarks


def proof_of(wanted: Wanted, operation: str) -> Proof:
    """Set it. Gives the transaction back: nobody waits for this request meanwhile."""
    if len(wanted.content.text) > MOST_TEXT:
        return Proof(fault=_("The model is too long."))
    order = _order(wanted.content, wanted.example, operation)
    organisation = _organisation(order["data"])
    db.session.rollback()
    try:
        made = proved(
            **order,
            organisation=organisation,
            address=[],
            large=wanted.large,
            pages=wanted.pages,
            docx=wanted.docx,
            look=wanted.look,
        )
    except NotPrinted as fault:
        return Proof(fault=_too_much(fault))
    return _read(made, wanted.content.text)


def _order(content: Content, example: Mapping[str, Any], operation: str) -> dict[str, Any]:
    data = data_of(example, operation)
    return {
        "text": content.text,
        "data": data,
        "lang": _lang(content.text),
        "reference": _("EXAMPLE"),
        "day": _day(data).isoformat(),
        "issuer": current_app.config["RELAIS"].issuer,
        "clauses": dict(content.clauses),
        "files": dict(content.files),
        "models": dict(content.annexed),
        "levels": dict(LEVELS),
        "readers": dict(READERS),
    }


def _too_much(fault: NotPrinted) -> str:
    current_app.logger.error("proof_not_printed %s for %s", type(fault).__name__, g.identity.person)
    return _("This took too long, or too much room: look for a loop without end, or a picture that is too large.")


@dataclass(frozen=True)
class Judged:
    """What is to say about one content with one example. fault: a sentence when it could not be read at all."""

    title: str
    refused: bool
    findings: tuple[Mapping[str, Any], ...] = ()
    fault: str = ""
    text: str = ""

    @property
    def told(self) -> list[dict[str, Any]]:
        return remarks(self.findings, self.text, refused=self.refused)


def judged_each(several: Sequence[tuple[str, Content, Mapping[str, Any]]], operation: str) -> list[Judged]:
    """Each (title, content, example), read without setting a page. Gives the transaction back."""
    long = [title for title, content, _example in several if len(content.text) > MOST_TEXT]
    if long:
        return [Judged(title, refused=True, fault=_("The model is too long.")) for title in long]
    wanted = [_order(content, example, operation) for _title, content, example in several]
    db.session.rollback()
    try:
        made = judged(wanted)
    except NotPrinted as fault:
        return [Judged(several[0][0], refused=True, fault=_too_much(fault))]
    return [
        Judged(title, one["refused"], tuple(one["findings"]), text=content.text)
        for (title, content, _example), one in zip(several, made, strict=True)
    ]


def _read(made: Mapping[str, Any], text: str) -> Proof:
    findings = tuple(made.get("findings", ()))
    missing = tuple(made.get("missing", ()))
    return Proof(
        findings=findings,
        pages=tuple(made.get("pages", ())),
        count=made.get("count", 0),
        at=made.get("at", 0),
        missing=missing,
        pdf=b64decode(made.get("pdf", "")),
        docx=b64decode(made.get("docx", "")),
        told=remarks(findings, text, missing, refused="pdf" not in made),
    )


def remarks(
    findings: Iterable[Mapping[str, Any]], text: str, missing: tuple[str, ...] = (), *, refused: bool
) -> list[dict[str, Any]]:
    """[{refused, line, clause, sentence, field, at}] in the reader's language, by line."""
    told = [_told(one["msgid"], one["params"], _line(one, text), one.get("clause", ""), refused) for one in findings]
    if missing:
        signs = {"signs": " ".join(missing[:20])}
        told.append(_told("No font has these signs; another stands in their place: %(signs)s", signs, None, "", False))
    return [placed(one, text) for one in sorted(told, key=lambda one: (one["clause"], one["line"] or 0))]


def _line(one: Mapping[str, Any], text: str) -> int | None:
    """The line of a remark; one about a heading stands where its words are."""
    heading = str(one["params"].get("heading") or "")
    if one.get("line") or not heading:
        return one.get("line")
    lines = enumerate(text.split("\n"), start=1)
    return next((at for at, line in lines if line.startswith("#") and heading in line), None)


def _told(msgid: str, params: Mapping[str, Any], line: int | None, clause: str, refused: bool) -> dict[str, Any]:
    sentence = _(msgid, **{name: str(value)[:LONGEST] for name, value in params.items()})
    return {"refused": refused, "line": line, "clause": clause, "sentence": sentence}


def data_of(example: Mapping[str, Any], operation: str) -> dict[str, Any]:
    """The example, with the figures of the operation; figures it lacks are those that come with the program."""
    known = {code: {name: one[name] for name in FIGURE} for code, one in rules_of(operation).items()}
    own = {code for code, one in rules_of(operation).items() if one["own"]}
    given = example.get("rules") if isinstance(example.get("rules"), Mapping) else {}
    rules = known | {code: one for code, one in (given or {}).items() if code not in own}
    return {**example, "rules": rules}


def _lang(text: str) -> str:
    try:
        told = str(front_matter_of(text).get("lang") or "")
    except ModelRefused:
        told = ""
    return told if told in LANGUAGES else LANGUAGES[0]


def _day(data: Mapping[str, Any]) -> date:
    try:
        return date.fromisoformat(str(data.get("date")))
    except ValueError:
        return clock.today()


def _organisation(data: Mapping[str, Any]) -> str:
    controller = data.get("controller")
    return str(controller.get("name") or "") if isinstance(controller, Mapping) else ""
