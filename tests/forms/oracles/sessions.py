"""One filling of a random questionnaire, told step by step to our engine and to another, compared after every turn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import rxeval

from forms.definition import load
from forms.growing import address, leaves
from forms.instance import Instance
from tests.forms.oracles.javarosa import JavaRosa
from tests.forms.oracles.questionnaire import NOW, TODAY, same
from tests.forms.oracles.random_forms import RandomForm, Step

TURNS = 8
# An answer and whether it is relevant, by path with row numbers.
State = Mapping[str, tuple[str, bool]]


def apply(instance: Instance, step: Step) -> None:
    if step[0] == "set":
        instance.set(step[1], step[2])
    elif step[0] == "add":
        instance.add_row(step[1])
    else:
        instance.remove_row(step[1], step[2])


def state(instance: Instance) -> State:
    instance.recompute()
    form = instance.form
    return {address(node, form): (node.text, node.relevant) for node, _ in leaves(instance.root, form)}


def differences_with_javarosa(form: RandomForm, engine: JavaRosa) -> Iterable[str]:
    """After a row is removed JavaRosa may keep values that are out of date: it reads the answers afresh then."""
    ours = Instance.new(load(form.xml), NOW)
    engine.load(form.xml)
    for turn in form.turns(TURNS):
        for step in turn:
            apply(ours, step)
        if turn[0][0] == "remove":
            engine.load(form.filled(ours.to_xml()))
        else:
            engine.act([("add", f"{step[1]}[{step[2]}]") if step[0] == "add" else step for step in turn])
        theirs = {path: (leaf["value"], leaf["relevant"]) for path, leaf in engine.dump().items()}
        yield from _differences(state(ours), theirs, turn)


def differences_with_rxeval(form: RandomForm) -> Iterable[str]:
    ours = Instance.new(load(form.xml), NOW)
    engine = rxeval.Session(form.xml, today=TODAY, now=f"{TODAY}T10:30:00")
    for turn in form.turns(TURNS):
        for step in turn:
            apply(ours, step)
            _apply_to_rxeval(engine, step)
        told = engine.recompute()["relevant"]
        mine = state(ours)
        theirs = {path: (engine.get(path), told.get(path, mine[path][1])) for path in mine}
        yield from _differences(mine, theirs, turn)


def _apply_to_rxeval(engine: rxeval.Session, step: Step) -> None:
    if step[0] == "set":
        engine.set(step[1], step[2])
    elif step[0] == "add":
        engine.add_row(step[1])
    else:
        engine.remove_row(step[1], step[2])


def _differences(ours: State, theirs: State, turn: list[Step]) -> Iterable[str]:
    """What a hidden answer is worth is nobody's business."""
    if set(ours) != set(theirs):
        yield f"after {turn}: other answers: {sorted(set(ours) ^ set(theirs))}"
        return
    for path, (value, relevant) in ours.items():
        other, shown = theirs[path]
        if relevant != shown or (relevant and not same(value, other)):
            yield f"after {turn}: {path} is {value!r} ({relevant}), to the other engine {other!r} ({shown})"
