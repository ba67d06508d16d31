"""What makes a readable circuit wrong (error) or surprising (warning)."""

from collections.abc import Iterator

from workflow.circuit.model import AUTHOR, RETURNING, Circuit, Finding, Kind, Step
from workflow.circuit.reading import place_of
from workflow.circuit.walking import walk

_TACIT = {Kind.VISA: {"approve", "refuse"}, Kind.APPROVAL: {"approve", "refuse"}, Kind.OPINION: {"no_opinion"}}
_DECIDING = {Kind.VISA, Kind.APPROVAL, Kind.SIGNATURE}


def inner(circuit: Circuit) -> tuple[Finding, ...]:
    """Remarks that need nothing but the circuit."""
    found = [*_twice(circuit), *_first_stage(circuit), *_someone_decides(circuit), *_translations(circuit)]
    found += _refreshing(circuit)
    for at, index, _, step in walk(circuit):
        found += [*_returns(circuit, at, index, step), *_time(circuit, at, step), *_apart(circuit, at, step)]
        found += _voices(circuit, at, step)
    return tuple(found)


def _refreshing(circuit: Circuit) -> Iterator[Finding]:
    """A form is taken up again by whom one can name beforehand, where something is filled; stale answers need a way."""
    if circuit.refresh and circuit.author_stage is None:
        yield _error(circuit, "refresh", "nothing_filled", "Nothing is filled in here: nothing can be refreshed")
    if circuit.refresh and circuit.refresh.who.person_from:
        yield _error(circuit, "refresh.who", "who", "Say exactly one of role, body")
    for at, _, _, step in walk(circuit):
        if step.fresh and not circuit.refresh:
            message = "Answers may become too old for this step, and nobody may refresh them"
            yield _warning(circuit, f"{at}.fresh", "never_refreshed", message)


def _twice(circuit: Circuit) -> Iterator[Finding]:
    seen: set[str] = set()
    for rank, stage in enumerate(circuit.stages):
        if stage.id in seen:
            yield _error(circuit, f"stages[{rank}].id", "id_twice", "The name “%(name)s” is used twice", name=stage.id)
        seen.add(stage.id)
    if AUTHOR in seen:
        yield _error(circuit, "stages", "reserved", "No stage may be called “%(name)s”", name=AUTHOR)
    seen = set()
    for at, _, _, step in walk(circuit):
        if step.id in seen:
            yield _error(circuit, f"{at}.id", "id_twice", "The name “%(name)s” is used twice", name=step.id)
        seen.add(step.id)


def _first_stage(circuit: Circuit) -> Iterator[Finding]:
    first = circuit.stages[0]
    if first.condition or all(step.condition or step.kind is Kind.INFORMATION for step in first.steps):
        yield _warning(circuit, "stages[0]", "first_optional", "The first stage may stay closed and be skipped")


def _someone_decides(circuit: Circuit) -> Iterator[Finding]:
    sure = any(
        step.kind in _DECIDING and not step.condition and not stage.condition
        for stage in circuit.stages
        for step in stage.steps
    )
    if not sure:
        yield _warning(circuit, "stages", "nobody_decides", "A dossier may end approved although nobody approved it")


def _translations(circuit: Circuit) -> Iterator[Finding]:
    labels = [("label", circuit.label)]
    labels += [(f"stages[{rank}].label", stage.label) for rank, stage in enumerate(circuit.stages)]
    labels += [(f"{at}.label", step.label) for at, _, _, step in walk(circuit)]
    for where, label in labels:
        if "en" not in label:
            yield _warning(circuit, where, "label_en", "The English label is missing")


def _returns(circuit: Circuit, at: str, index: int, step: Step) -> Iterator[Finding]:
    earlier = {stage.id for stage in circuit.stages[:index]}
    if circuit.author_stage is not None and circuit.author_stage < index:
        earlier.add(AUTHOR)
    refusal = step.on_refusal.stage
    if refusal is not None and refusal not in earlier:
        yield _error(circuit, f"{at}.on_refusal", "not_earlier", "“%(name)s” is not an earlier stage", name=refusal)
    for name in step.send_back or ():
        if name not in earlier:
            yield _error(circuit, f"{at}.send_back", "not_earlier", "“%(name)s” is not an earlier stage", name=name)
    if step.kind not in RETURNING and (step.send_back or not step.on_refusal.ends):
        yield _error(circuit, at, "never_returns", "A step of kind %(kind)s never sends back", kind=step.kind.value)


def _time(circuit: Circuit, at: str, step: Step) -> Iterator[Finding]:
    if step.tacit and step.tacit not in _TACIT.get(step.kind, ()):
        message = "A step of kind %(kind)s cannot be decided by silence as “%(value)s”"
        yield _error(circuit, f"{at}.tacit", "tacit", message, kind=step.kind.value, value=step.tacit)
    if step.delay is None:
        for key in ("tacit", "reminders", "escalation"):
            if getattr(step, key):
                yield _error(circuit, f"{at}.{key}", "needs_delay", "“%(key)s” needs a delay", key=key)


def _apart(circuit: Circuit, at: str, step: Step) -> Iterator[Finding]:
    known = {other.id for other in circuit.steps()} - {step.id}
    for name in step.separate_from:
        if name not in known:
            yield _error(circuit, f"{at}.separate_from", "unknown_step", "There is no other step “%(name)s”", name=name)


def _voices(circuit: Circuit, at: str, step: Step) -> Iterator[Finding]:
    """A quorum of organisations that cannot be there, a veto of one that is not asked."""
    named = 1 if step.who.relation else len(set(step.who.organisation))
    needed = step.rule.needed if step.rule.kind == "per_organisation" else None
    if named and needed and needed > named:
        message = "The rule asks for %(needed)d organisations, and only %(named)d may speak here"
        yield _error(circuit, f"{at}.rule", "never_met", message, needed=needed, named=named)
    for name in step.rule.veto:
        if step.who.organisation and name not in step.who.organisation:
            yield _error(circuit, f"{at}.rule", "veto", "“%(name)s” has a veto and is not asked", name=name)


def _error(circuit: Circuit, where: str, code: str, message: str, **params: object) -> Finding:
    return Finding("error", code, where, message, params, *place_of(circuit.places, where))


def _warning(circuit: Circuit, where: str, code: str, message: str, **params: object) -> Finding:
    return Finding("warning", code, where, message, params, *place_of(circuit.places, where))
