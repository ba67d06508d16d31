"""What a voice comes to that does not close its step by itself, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from workflow.circuit.model import Kind, Step

WAITS = frozenset(("waits", "waits_for_quorum"))
"""Codes of the consequence that others must speak as well."""


def goes_on(step: Step, told: Mapping[str, Any]) -> str:
    """`told`: parameters of the consequence "waits": refused, favourable, against, left, needed; reports written before
    they were counted hold the favourable ones and those needed only.
    """
    parts = _noted(step, refused=told.get("refused", False)), _stands(step, told), _ends(step, told)
    return " ".join(filter(None, parts))


def _noted(step: Step, *, refused: bool) -> str:
    if step.rule.kind != "per_organisation":
        return _("Your refusal is noted; the step goes on.") if refused else _("Your voice is noted; the step goes on.")
    if refused:
        return _("The refusal of your organisation is noted; the step goes on.")
    return _("The voice of your organisation is noted; the step goes on.")


def _stands(step: Step, told: Mapping[str, Any]) -> str:
    if "left" not in told:
        return ""
    if step.kind is Kind.OPINION:
        return _("With yours – given: %(given)s, still to come: %(left)s.", given=told["favourable"], left=told["left"])
    numbers = {name: told[name] for name in ("favourable", "against", "left")}
    return _("With yours – favourable: %(favourable)s, against: %(against)s, still to come: %(left)s.", **numbers)


def _ends(step: Step, told: Mapping[str, Any]) -> str:
    needed = told["needed"]
    if step.kind is Kind.OPINION:
        return ngettext("%(num)s opinion is needed.", "%(num)s opinions are needed.", needed)
    if step.rule.quorum is None:
        return ngettext("%(num)s favourable voice is needed.", "%(num)s favourable voices are needed.", needed)
    return ngettext(
        "It ends once %(num)s organisation has spoken and the others can change nothing any more: more must be "
        "favourable than against.",
        "It ends once %(num)s organisations have spoken and the others can change nothing any more: more must be "
        "favourable than against.",
        needed,
    )
