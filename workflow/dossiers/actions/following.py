"""What becomes of a household's file when one of its dossiers moves on: the table `leads_to` of the procedure.

A line is `{at, state}`, with `from` (the statuses it starts from) and `if` (an expression over the answers) as needed.
`at` is the id of a filling step, `submitted` for any of them, or how the dossier ended: approved, refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from workflow.catalogue.queries import version
from workflow.circuit import events as e
from workflow.dossiers import queries
from workflow.dossiers.actions.households import set_state
from workflow.dossiers.models import Dossier, Household

BEFORE_SURVEY = ("to_contact", "appointment", "unreachable", "interview_refused", "to_update")
BEFORE_SEARCH = (*BEFORE_SURVEY, "surveyed")
"""A diagnosis that is brought up to date later on leaves the household where it stands."""
OF_A_DIAGNOSIS: tuple[Mapping[str, Any], ...] = (
    {"at": "submitted", "from": BEFORE_SURVEY, "state": "surveyed"},
    {"at": "approved", "from": BEFORE_SEARCH, "state": "searching"},
)
"""For a procedure that does not say what it leads to: it is a diagnosis, as all were before there were others."""


def follow(row: Dossier, event: e.Event, by: str) -> None:
    """Set the status of the household, where there is one, in the transaction of the decision."""
    names = _names(event)
    if not names or row.household is None:
        return
    settings = version(row.procedure).settings
    for line in settings.get("leads_to", OF_A_DIAGNOSIS):
        if line["at"] in names and _starts(row, row.household, line):
            set_state(row.household, line["state"], by)
            return


def states_of(settings: Mapping[str, Any]) -> frozenset[str]:
    """The statuses to which dossiers of a procedure lead; none for a diagnosis, which is counted by itself."""
    return frozenset(line["state"] for line in settings.get("leads_to", ()))


def _names(event: e.Event) -> Iterable[str]:
    if isinstance(event, e.Submitted):
        return ("submitted", event.step or "")
    return (event.outcome,) if isinstance(event, e.Completed) else ()


def _starts(row: Dossier, home: Household, line: Mapping[str, Any]) -> bool:
    if home.state not in line.get("from", (home.state,)) or home.state == line["state"]:
        return False
    return "if" not in line or queries.Answers(row).holds(line["if"])
