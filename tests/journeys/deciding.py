"""Steps that several journeys have in common: a diagnosis is approved, read by its household, filled anew."""

import re
from collections.abc import Mapping
from typing import Any

from forms.structure import Form
from tests.journeys.visiting import Visitor

Task = str | re.Pattern[str]


def takes_up(visitor: Visitor, task: Task) -> None:
    """Open a task from the list of what waits."""
    visitor.goes_to("/waiting")
    visitor.follows(task)


def approves(visitor: Visitor) -> None:
    """On the page of a dossier: the button, then the page that says the consequence."""
    visitor.follows("Valider")
    visitor.presses("Valider")
    visitor.is_told_that_it_is_done()


def confirms_on_screen(visitor: Visitor) -> None:
    """With the household beside them."""
    visitor.ticks("C’est exact")
    visitor.ticks("Ici, sur cet écran")
    visitor.presses("Confirmer pour le ménage")
    visitor.is_told_that_it_is_done()


def fitted(form: Form, said: Mapping[str, Any], path: str = "/data") -> dict[str, Any]:
    """The same answers with choices this operation's form has: what it does not know becomes its own first ones."""
    return {name: _fitted(form, value, f"{path}/{name}") for name, value in said.items()}


def _fitted(form: Form, value: Any, path: str) -> Any:
    if isinstance(value, Mapping):
        return fitted(form, value, path)
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        return [fitted(form, row, path) for row in value]
    question = form.questions.get(path)
    known = [choice.value for choice in question.choices] if question else []
    if not known:
        return value
    if isinstance(value, list):
        return [one for one in value if one in known] or known[:1]
    if value in known:
        return value
    return known[int(path[-1]) - 1 if path[-1].isdigit() and int(path[-1]) <= len(known) else 0]
