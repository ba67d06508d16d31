"""Know a file again: as a paper that was sealed, or as one of the states it goes through while people sign it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from workflow.filing.models import Paper
from workflow.filing.queries.papers import with_hash
from workflow.filing.rules.told import Signer
from workflow.people import queries as people


@dataclass(frozen=True)
class Recognised:
    """stand: "" | newer | taken_back | stopped | complete: what became of this state of the paper (`rules.verdicts`).

    signers: {place in the file: who signed there}; by_hand: who signed on paper alone. Both only of this very state:
    they are told to whoever handed in the file.
    """

    paper: Paper
    stand: str = ""
    signers: Mapping[str, Signer] = field(default_factory=dict)
    by_hand: tuple[Signer, ...] = ()


Ask = Callable[[str], Recognised | None]
_asked: dict[str, Ask] = {}


def register_states(name: str, ask: Ask) -> None:
    """Handed in at start by whoever keeps states of papers: what it knows of a SHA-256, whoever asks."""
    _asked[name] = ask


def recognised(sha256: str) -> Recognised | None:
    """What is known of a file; whoever keeps its states knows more than the paper it began as."""
    found = next(filter(None, (ask(sha256) for ask in _asked.values())), None)
    if found is not None:
        return found
    paper = with_hash(sha256)
    return Recognised(paper) if paper else None


def place_names(places: Iterable[str]) -> list[str]:
    """Places for a signature as people call them: one named after an organisation bears its name."""
    known = people.organisation_rows()
    return [known[one].name if one in known else one for one in places]
