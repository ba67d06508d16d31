"""What a paper of a dossier is made from: answers cut to its audience, who decided, whom to call."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from forms.instance import Instance
from forms.visibility import Lens, View, data, view
from workflow import clock
from workflow.access import LENSES, NAMING
from workflow.catalogue.queries import Published, version
from workflow.dossiers.models import AnswerSet, Dossier
from workflow.dossiers.queries.answers import form_lang, form_of, handed_on_set, opened, sets
from workflow.dossiers.queries.dossiers import by_subject
from workflow.dossiers.queries.paper import decisions
from workflow.dossiers.queries.paper.laying import Laying
from workflow.errors import NotFound
from workflow.filing.models import Paper
from workflow.filing.queries import letterhead_of
from workflow.filing.rules.papers import Order
from workflow.operations.models import Operation
from workflow.operations.queries import operation
from workflow.people.queries import grants_of, organisation_names, person
from workflow.record.queries import Fact, facts

Data = dict[str, Any]
_NAMED_IN_FRONT = re.compile(r"\A---\n(?:(?!---\n).*\n)*?signatories:", re.MULTILINE)
_PLACE_IN_THE_TEXT = re.compile(r"\{%-?\s*signature\s[^%]*\bfield:")


def published(row: Dossier) -> Published:
    """The version of its procedure on which a dossier runs."""
    return version(row.procedure)


@dataclass(frozen=True)
class Wanted:
    """A paper, asked for or only thought of. told: what had happened by then, in order."""

    row: Dossier
    kind: str
    audience: str
    lang: str
    reference: str
    told: Sequence[Fact]


def order_of(paper: Paper, issuer: str, verify_url: str | None) -> Order:
    """Everything `paper` says, and nothing its audience may not read. Raises NotFound when it was erased."""
    row = by_subject(paper.subject)
    wanted = Wanted(row, paper.kind, paper.audience, paper.lang, paper.reference, _facts(paper))
    return order(wanted, issuer, verify_url)


def order(paper: Wanted, issuer: str, verify_url: str | None) -> Order:
    """The same of a paper that nobody has asked for yet."""
    row = paper.row
    place = operation(row.operation_id)
    settings = published(row).settings
    stored = _answers_then(row, paper.told)
    if stored is None or place is None:
        raise NotFound()
    lens = LENSES[_audience(settings, paper)["lens"]]
    instance, _provenance = opened(row, stored)
    lang = form_lang(instance.form, paper.lang)
    laying = Laying(row.subject)
    seen, answers = view(instance, lens, lang, laying.named), data(instance, lens, lang)
    read = {"answers": answers, "sections": [laying.section(one) for one in seen.sections]}
    return Order(
        text=_model(row, paper),
        data=_common(paper, place) | read | _named(row, lens) | _remarks(paper, settings, seen),
        lang=paper.lang,
        day=clock.today(place.zone),
        organisation=organisation_names().get(place.owner, place.owner),
        source=_source(paper, instance, answers),
        address=(_("Rehousing mission"), place.city),
        issuer=issuer,
        verify_url=verify_url,
        reason=_("Document issued"),
        place=place.city,
        letterhead=letterhead_of(place.owner),
        to_sign=is_to_sign(published(row), paper.kind),
    )


def is_to_sign(procedure: Published, kind: str) -> bool:
    """Whether the model of a paper says where its signatories sign: it may then be signed in the file."""
    texts = procedure.models.get(kind, {}).values()
    return any(_NAMED_IN_FRONT.search(text) or _PLACE_IN_THE_TEXT.search(text) for text in texts)


def _audience(settings: Data, paper: Wanted) -> Data:
    """How the procedure describes the readers of this paper."""
    document = next(found for found in settings["documents"] if found["name"] == paper.kind)
    return next(found for found in document["audiences"] if found["name"] == paper.audience)


def _model(row: Dossier, paper: Wanted) -> str:
    texts = published(row).models[paper.kind]
    return texts.get(paper.lang) or texts["fr"]


def _facts(paper: Paper) -> list[Fact]:
    """What had happened when the paper was called for."""
    return [fact for fact in facts(paper.subject) if fact.version <= paper.version]


def _answers_then(row: Dossier, told: Sequence[Fact]) -> AnswerSet | None:
    """The answers as they were handed on last when the paper was called for: a newer version may be there since."""
    sent = next((fact.data.get("shown_hash") for fact in reversed(told) if fact.kind == "Submitted"), None)
    return next((one for one in sets(row) if sent and one.fingerprint == sent), handed_on_set(row))


def _common(paper: Wanted, place: Operation) -> Data:
    """What every reader of the paper may know."""
    row, told = paper.row, paper.told
    decided = next((fact.at for fact in reversed(told) if fact.kind == "Completed"), None)
    return {
        "audience": paper.audience,
        "operation": {"name": place.name, "city": place.city},
        "referent": _referent(row, paper.lang),
        "form_version": form_of(row).version,
        "decided_at": decided.astimezone(ZoneInfo(place.zone)).date() if decided else None,
        "decisions": decisions.rows(published(row), told, paper.lang, ZoneInfo(place.zone)),
    }


def _referent(row: Dossier, lang: str) -> Data:
    """Whom the household calls: its referent, or whoever filled the form with it."""
    who = person(row.about.referent) or person(row.author)
    if who is None:
        return {"name": "", "capacity": "", "phone": ""}
    held = [grant.role for grant in grants_of(who.id) if grant.operation == row.operation_id]
    labels = [decisions.role_label(published(row), role, lang) for role in held]
    capacity = next((label for label in labels if label), "")
    return {"name": who.name, "capacity": capacity[:1].lower() + capacity[1:], "phone": who.phone or ""}


def _named(row: Dossier, lens: Lens) -> Data:
    """Who the household is, and the reference it knows: only for readers of names."""
    if row.household is None:
        return {"reference": row.reference}
    if lens.exclude_purposes >= NAMING:
        return {}
    return {
        "reference": row.reference,
        "household": {"display": row.household.name, "address": row.household.address},
    }


def _remarks(paper: Wanted, settings: Data, seen: View) -> Data:
    """The household's own words: those it gave when it confirmed, else those of the form. On its own copy only."""
    if paper.audience != "household":
        return {}
    written = next((row.value for row in seen.rows() if row.path == settings.get("remarks")), "")
    return {"remarks": decisions.words_of_the_household(paper.told) or written}


def _source(paper: Wanted, instance: Instance, answers: Data) -> Data:
    """What travels inside the PDF: the answers its audience reads, and from which form they come."""
    form = instance.form
    said = {"form": form.form_id, "version": form.version, "audience": paper.audience}
    return {"reference": paper.reference, **said, "answers": answers}
