"""From what somebody wishes to write to the order of a paper: data read, cut to its audience, never more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from documents import front_matter
from documents import model as models
from documents.annexes import AnnexFile
from documents.front_matter import Annex
from workflow.approvals.models import Sitting
from workflow.catalogue.queries.paper_models import PaperModelInUse
from workflow.config import Config
from workflow.dossiers.models import Household
from workflow.filing.queries import letterhead_of
from workflow.filing.rules.papers import Order
from workflow.people.models import Body, Person
from workflow.writing.queries import bodies, facts
from workflow.writing.queries.facts import Around
from workflow.writing.rules.figures import Figure, needs_sitting, read_in, texts_of
from workflow.writing.rules.shaping import cut, source

NO_AUDIENCE = {"household": "household"}
"""Who reads a paper whose model names no reader, by what it is about: the household, and otherwise the committee."""


NO_SURVEY = {"link": "", "code": "", "until": ""}
"""What models read of a survey where a letter belongs to none."""


@dataclass(frozen=True)
class Wish:
    """What is to be written, for whom. asked: {name: value}; annexes: files attached; besides: what the journey that
    asks for it adds.
    """

    model: PaperModelInUse
    known: Around
    day: date
    household: Household | None = None
    body: Body | None = None
    sitting: Sitting | None = None
    asked: Mapping[str, Any] = field(default_factory=dict)
    large: bool = False
    annexes: Sequence[AnnexFile] = ()
    writer: Person | None = None
    besides: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def data(self) -> dict[str, Any]:
        """Everything, for nobody's eyes: `order` cuts it."""
        with force_locale(lang_of(self.model.text)):
            told = dict(self.known.told) | {"survey": dict(NO_SURVEY)}
            if self.household is not None:
                told |= facts.household(self.known, self.household, self.writer)
            else:
                told |= facts.nobody(self.known)
            if self.body is not None:
                told |= bodies.told(self.body, self.sitting)
        told |= self.besides
        return told | {"date": self.day.isoformat(), "asked": dict(self.asked), "lang": lang_of(self.model.text)}


@lru_cache(maxsize=256)
def lang_of(text: str) -> str:
    """The language a model is written in."""
    told = str(models.front_matter_of(text).get("lang") or facts.LANG)
    return told if told in models.LANGUAGES else facts.LANG


def audiences_of(model: PaperModelInUse) -> tuple[str, ...]:
    return tuple(one.name for one in model.audiences) or (NO_AUDIENCE.get(model.about, "commission"),)


@dataclass(frozen=True)
class Told:
    """What a paper is written from, before it is cut to an audience. owner: whose letterhead."""

    model: PaperModelInUse
    data: Mapping[str, Any]
    day: date
    owner: str
    large: bool = False
    annexes: Sequence[AnnexFile] = ()


def told_of(wish: Wish) -> Told:
    return Told(wish.model, wish.data, wish.day, wish.known.owner, wish.large, wish.annexes)


def order(told: Told, audience: str, reference: str, verify_url: str | None, *, copy: bool = True) -> Order:
    """The order of one paper for one audience. copy: whether a working copy is made, in the letterhead of the owner."""
    settings: Config = current_app.config["RELAIS"]
    model, lang = told.model, lang_of(told.model.text)
    data = cut(told.data, audience, lang)
    city = data["operation"]["city"]
    with force_locale(lang):
        address = (_("Rehousing mission"), city)
        reason = _("Document issued")
    version = {"model": model.slug, "version": model.hash}
    return Order(
        text=model.text,
        data=data,
        lang=lang,
        day=told.day,
        organisation=data["controller"]["name"] or settings.issuer,
        source=source(data, reference, version, len(audiences_of(model))),
        address=address,
        issuer=settings.issuer,
        verify_url=verify_url,
        reason=reason,
        place=city,
        library=model.library,
        annexes=tuple(told.annexes),
        letterhead=letterhead_of(told.owner) if copy else None,
        large_print=told.large,
        to_sign=True,
    )


def rendered(asked: Order, loaded: models.Model | None = None) -> models.Rendered:
    """The words of a paper, without setting it. loaded: its model, where many are tried. Raises ModelRefused."""
    return models.render(
        loaded or models.load(asked.text, asked.library),
        dict(asked.data),
        lang=asked.lang,
        reference="",
        date=asked.day,
        verify_url=None,
        issuer=asked.issuer,
        annex_files=asked.annexes,
    )


def texts(model: PaperModelInUse) -> list[str]:
    return texts_of(model.text, model.library.clauses, model.library.models)


def tells_of_a_sitting(model: PaperModelInUse) -> bool:
    return needs_sitting(texts(model))


def figures_read(model: PaperModelInUse, known: Around) -> list[Figure]:
    """The figures of law and practice a paper will say, those to be looked at first."""
    codes = read_in(texts(model))
    found = [one for code, one in known.figures.items() if code in codes]
    return sorted(found, key=lambda one: (not one.doubtful, one.label))


def attached_annexes(model: PaperModelInUse) -> list[Annex]:
    """The annexes that the model announces as files."""
    return [one for one in front_matter.read(models.front_matter_of(model.text), "")[0].annexes if not one.model]
