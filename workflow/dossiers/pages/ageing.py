"""How pages speak of answers that have become too old: which pages, since when, gathered by whom."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from forms.validity import StaleBlock
from workflow import access, clock
from workflow.access import Identity
from workflow.circuit.decide import voices
from workflow.dossiers import queries
from workflow.dossiers.models import HANDED_ON, Household
from workflow.dossiers.pages.choices import name
from workflow.dossiers.pages.people_of import PeopleOf
from workflow.dossiers.pages.wording import full_day
from workflow.dossiers.queries import File
from workflow.dossiers.queries.freshness import Freshness, name_of
from workflow.dossiers.queries.refreshing import Ageing, triggers, worked_for
from workflow.dossiers.queries.requirements import SENTENCES, Unmet
from workflow.dossiers.rules import OVER
from workflow.web.spoken import label, lang


def banner(file: File, people_of: PeopleOf) -> dict[str, Any] | None:
    """What the page of a dossier says at its head once shared answers are too old; None as long as they hold.

    Nothing while a new version is being filled in: its pages say it one by one.
    """
    if not _grows_old(file) or not _may_be_stale(file.row.stale_from):
        return None
    blocks = ageing_of(file).shared()
    lines = [line(block, file, people_of) for block in blocks] + _in_my_way(
        file, {name_of(one.section) for one in blocks}
    )
    if not lines:
        return None
    may = any(name(offer) == "Refresh" for offer in file.offers)
    return {
        "lines": lines,
        "url": url_for("dossiers.refresh", reference=file.row.reference) if may else "",
        "reference": file.row.reference,
    }


def confided(file: File, people_of: PeopleOf) -> list[dict[str, str]]:
    """What is told beside, to whoever reads more than all who work on the file: this too has become old."""
    blocks = ageing_of(file).confided() if _grows_old(file) else []
    return [line(block, file, people_of) for block in blocks]


def _grows_old(file: File) -> bool:
    """Whether what this reader has before them was handed on, and still counts."""
    over = file.row.void_at is not None or file.row.about.state in OVER
    return not over and file.stored is not None and file.stored.state == HANDED_ON


def _in_my_way(file: File, told: Collection[str]) -> list[dict[str, str]]:
    """Pages that keep this reader from deciding, of which they read too little to be told more than the name."""
    state, circuit, context = file.known.state, file.published.circuit, file.known.context
    steps = [circuit.step(step) for step in state.open if circuit.step(step).fresh]
    mine = [s for s in steps if file.identity.person in {one.person for one in voices(circuit, state, s, context)}]
    names = {name for step in mine for name in context.stale_for(step)} - set(told)
    form, said = file.published.form, _("too old to decide on")
    labels = [page.label[queries.form_lang(form, lang())] for page in form.sections if page.name in names]
    return [{"label": text, "since": said, "by": ""} for text in labels]


def _may_be_stale(day: date | None) -> bool:
    """By what was worked out when they were handed on: answers are only opened when there is something to say."""
    return day is None or day <= clock.today()


def ageing_of(file: File) -> Ageing:
    """The answers this reader has before them, with when each was given."""
    return Ageing(file, Freshness(file.row, file.instance, file.lines))


def of_household(identity: Identity, row: Household) -> list[dict[str, Any]]:
    """The banners of a household's latest validated dossiers."""
    found = []
    for dossier in queries.dossiers_of(identity, row):
        if not dossier.closed or dossier.stale_from is None or queries.counting(row, dossier.slug) is not dossier:
            continue
        file = queries.file(identity, dossier.reference)
        told = banner(file, PeopleOf(file))
        if told:
            found.append(told | {"procedure": label(file.published.label)})
    return found


def triggers_of(identity: Identity, row: Household) -> list[tuple[str, str]]:
    """What may have happened, for a list of choices: (procedure:code, label)."""
    counting = {one.slug: one for one in queries.dossiers_of(identity, row) if one.void_at is None and one.stale_from}
    return [
        (f"{slug}:{code}", label(trigger.label))
        for slug, dossier in counting.items()
        for code, trigger in triggers(dossier).items()
    ]


def line(block: StaleBlock, file: File, people_of: PeopleOf) -> dict[str, str]:
    """One page: {label, since}."""
    return {"label": block.label, "since": since(block), "by": _by(block.by, block.since, file, people_of)}


def since(block: StaleBlock) -> str:
    """réponses du 3 février 2026, valables 6 mois."""
    oldest = min(block.answers, key=lambda answer: answer.until)
    days = (oldest.until - oldest.given.day).days
    if days < 0:
        return _("answers of %(day)s; something has happened since", day=full_day(oldest.given.day))
    return _("answers of %(day)s, valid for %(duration)s", day=full_day(oldest.given.day), duration=duration(days))


def duration(days: int) -> str:
    """6 mois, 12 mois, 45 jours."""
    months = 12 if days == 365 else days // 30
    if days == 365 or (days and days % 30 == 0):
        return ngettext("%(num)s month", "%(num)s months", months)
    return ngettext("%(num)s day", "%(num)s days", days)


def _by(persons: Iterable[str], day: date, file: File, people_of: PeopleOf) -> str:
    return ", ".join(gatherer(person, day, file, people_of) for person in persons)


def gatherer(person: str, day: date, file: File, people_of: PeopleOf) -> str:
    """Who gathered answers on a day: Awa Diop (Études du Parc, pour Ville de Grenoble)."""
    organisation, employer = worked_for(person, file.row.operation_id, day)
    if employer and organisation and employer != organisation:
        acted = {"employer": people_of.organisation(employer), "organisation": people_of.organisation(organisation)}
        return f"{people_of.name(person)} ({_('%(employer)s, for %(organisation)s', **acted)})"
    return people_of.named(person, organisation)


# -- while a new version is filled in -----------------------------------------------------------------------------


def of_section(file: File, section: str, people_of: PeopleOf) -> dict[str, Any] | None:
    """What stands at the head of a page that is brought up to date: gathered when, by whom; the tick."""
    ageing = ageing_of(file)
    if not ageing.offers(section):
        return None
    stale = next((block for block in ageing.stale() if name_of(block.section) == section), None)
    return {
        "gathered": [
            _("Gathered on %(day)s by %(who)s.", day=full_day(day), who=gatherer(person, day, file, people_of))
            for person, day in ageing.gathered(section)
        ],
        "stale": since(stale) if stale else "",
        "unchanged": ageing.confirmed(section),
    }


def before_sending(file: File) -> dict[str, list[dict[str, str]]]:
    """Pages that stand in the way because they are too old, and pages of which nothing was said yet."""
    ageing = ageing_of(file)
    stale = [_page_line(file, name_of(block.section), block.label, since(block)) for block in ageing.stale()]
    told = {one["name"] for one in stale}
    lang_ = queries.form_lang(file.published.form, lang())
    left = [_page_line(file, page.name, page.label[lang_], "") for page in ageing.left() if page.name not in told]
    return {"stale": stale, "left": left}


def too_old(file: File) -> frozenset[str]:
    """Names of the pages that stand in the way."""
    return frozenset(name_of(block.section) for block in ageing_of(file).stale())


def _page_line(file: File, section: str, text: str, since_: str) -> dict[str, str]:
    url = url_for("dossiers.fill", reference=file.row.reference, section=section)
    return {"name": section, "label": text, "since": since_, "url": url}


# -- what comes first ---------------------------------------------------------------------------------------------


def reason(unmet: Unmet, identity: Identity) -> dict[str, Any]:
    """Why a dossier may not be opened yet: {sentence, blocks, url, action}."""
    reference = unmet.dossier.reference if unmet.dossier else ""
    leads = url_for("dossiers.dossier", reference=reference) if unmet.dossier else ""
    if unmet.blocks and access.may_read_names(identity, unmet.dossier.operation_id):
        leads = url_for("dossiers.refresh", reference=reference)
    return {
        "sentence": _(SENTENCES[unmet.code], procedure=label(unmet.label), reference=reference),
        "blocks": [f"{block.label}{_(':')} {since(block)}" for block in unmet.blocks],
        "url": leads,
        "action": _("Bring it up to date") if unmet.blocks else _("Open it"),
    }
