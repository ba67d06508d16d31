"""Where a decision leads back to: the stages drawn in a row, and whose decisions would fall."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from workflow.approvals.queries import Offer
from workflow.approvals.queries.voices import WAITS
from workflow.circuit import commands as c
from workflow.circuit.decide import Refusal, foreseen
from workflow.dossiers.pages.choices import name
from workflow.dossiers.pages.drafts import UNWRITTEN
from workflow.dossiers.pages.opening import Page
from workflow.web.spoken import label

RETURNING = frozenset(("SendBack", "Refuse", "Reopen"))


def goes(page: Page, offer: Offer) -> dict[str, Any] | None:
    """{stages: [{label, mark}], ways: [{place, falls: [sentences]}], ends, stays}; None when nothing leads back.

    mark: here, back (perhaps, where there is a choice), between or "". ends: the file is closed by it. stays: sentence,
    when this voice alone does not refuse the step.
    """
    if name(offer) not in RETURNING:
        return None
    targets, state = _targets(page, offer), page.file.known.state
    ends, stays = any(one.code == "completes" for one in offer.possible.consequence), _stays(page, offer)
    if not targets and not ends and not stays:
        return None
    stages = page.file.published.circuit.stages
    ranks = {page.course.rank_of(to) for to in targets}
    ways = [{"place": page.course.place_of(to), "falls": _falls(page, offer, to)} for to in targets]
    first = min(ranks, default=len(stages))
    return {
        "stages": [
            {"label": label(stage.label), "mark": _mark(rank, ranks, first, state.stage, ends)}
            for rank, stage in enumerate(stages)
        ],
        "ways": ways,
        "ends": ends,
        "stays": stays,
    }


def _stays(page: Page, offer: Offer) -> str:
    """What a refusal comes to that others may still outvote."""
    if name(offer) != "Refuse" or offer.step is None:
        return ""
    if all(one.code not in WAITS for one in offer.possible.consequence):
        return ""
    then = offer.step.on_refusal.stage
    if then is None:
        return _("For now the dossier stays here. If the others refuse it as well, it is refused and ends.")
    place = page.course.place_of(then)
    return _(
        "For now the dossier stays here. If the others refuse it as well, it goes back to: %(place)s.", place=place
    )


def _targets(page: Page, offer: Offer) -> tuple[str, ...]:
    if name(offer) != "Refuse":
        return offer.possible.choices.get("to", ())
    here = page.file.known.state.stage or 0
    circuit = page.file.published.circuit
    opened = (one.params["stage"] for one in offer.possible.consequence if one.code == "opens")
    return tuple(stage for stage in opened if circuit.stage_index(stage) < here)


def _mark(rank: int, ranks: set[int], first: int, here: int | None, ends: bool) -> str:
    if rank in ranks:
        return "back" if len(ranks) == 1 else "perhaps"
    if rank == here:
        return "end" if ends else "here"
    return "between" if here is not None and first < rank < here else ""


def _falls(page: Page, offer: Offer, to: str) -> list[str]:
    """Decisions that no longer count, or may not, should it go there."""
    known = page.file.known
    at: dict[str, Any] = {"step": offer.possible.step, "shown": known.context.shown(offer.possible.step or "")}
    kinds = {"SendBack": c.SendBack(**at, to=to, reason_ref=UNWRITTEN), "Reopen": c.Reopen(to=to, reason_ref=UNWRITTEN)}
    command = kinds.get(name(offer), c.Refuse(**at, reason_ref=UNWRITTEN))
    told = foreseen(page.file.published.circuit, known.state, command, offer.actor, known.context)
    risks = () if isinstance(told, Refusal) else told
    return list(dict.fromkeys(page.choices.sentence(one) for one in risks if one.code in ("falls", "may_fall")))
