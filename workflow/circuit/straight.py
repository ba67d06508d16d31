"""The straight path through a circuit: people are invented for everybody it asks, and each agrees in turn."""

from collections.abc import Iterator

from workflow.circuit.entitlement import voices
from workflow.circuit.game import Game
from workflow.circuit.model import Circuit, Kind, Step, Who
from workflow.circuit.scenario import Move, Person, Scenario
from workflow.circuit.voting import count, unit

START = "2026-03-02T09:00"
MOST_PEOPLE = 12
_SAYS = {
    Kind.FILL: ("submit", {}),
    Kind.VISA: ("approve", {}),
    Kind.APPROVAL: ("approve", {}),
    Kind.OPINION: ("give_opinion", {"opinion": "favourable"}),
    Kind.SIGNATURE: ("sign", {"channel": "paper", "scan": "a page"}),
}


def invented(circuit: Circuit) -> Scenario:
    """Enough people at each step for its rule, each of another organisation unless the step names theirs."""
    people: dict[str, Person] = {}
    for step in circuit.steps():
        people |= {person.name: person for person in _people(step)}
    relations = {step.who.relation: step.who.relation for step in circuit.steps() if step.who.relation}
    answers = {step.who.person_from: step.id for step in circuit.steps() if step.who.person_from}
    author = next((f"{step.id}-1" for step in circuit.steps() if step.kind is Kind.FILL), next(iter(people)))
    told = _answers(answers)
    return Scenario(told, author, people, (), relations, (), "approved", ())


def next_move(game: Game) -> Move | None:
    """Somebody an open step still needs says yes; None once it has ended, or when nobody can help it on."""
    if game.state.phase == "new":
        return Move("start", "open", START, game.scenario.author, {}, (), (), None)
    if game.course[-1]["refused"]:
        return None
    for step in game.circuit.steps():
        if step.id in game.state.open and (person := _who_may(game, step)):
            do, told = _SAYS[step.kind]
            return Move(f"step {step.id}", do, None, person, {**told, "step": step.id}, (), (), None)
    return None


def _who_may(game: Game, step: Step) -> str | None:
    spoken = {unit(step, vote.voice) for vote in game.state.votes_at(step.id)}
    seats = sorted(voices(game.circuit, game.state, step, game.context()), key=str)
    own = [seat for seat in seats if seat.person.startswith(f"{step.id}-")]
    return next((seat.person for seat in (*own, *seats) if unit(step, seat) not in spoken), None)


def _people(step: Step) -> Iterator[Person]:
    who = step.who
    if who.person_from:
        yield Person(step.id, "anybody", None, None, frozenset())
        return
    for rank in range(1, _how_many(step) + 1):
        role = who.role[(rank - 1) % len(who.role)] if who.role else "seat"
        bodies = frozenset((who.body,)) if who.body else frozenset()
        yield Person(f"{step.id}-{rank}", role, _organisation(who, rank), None, bodies)


def _organisation(who: Who, rank: int) -> str | None:
    if who.relation:
        return who.relation
    return who.organisation[(rank - 1) % len(who.organisation)] if who.organisation else f"organisation-{rank}"


def _how_many(step: Step) -> int:
    """As many as the rule needs, a few where it asks for all or for a part."""
    few = 1 if step.rule.kind == "any" else 3
    wanted = count(step, (), ()).needed if step.rule.kind in ("count", "per_organisation") else few
    return min(max(few, wanted, len(step.who.organisation)), MOST_PEOPLE)


def _answers(told: dict[str, str]) -> dict[str, object]:
    """Answers nested by name; the first name of a path is that of the form."""
    nested: dict[str, object] = {}
    for path, value in told.items():
        *groups, name = path.strip("/").split("/")[1:] or [path]
        place = nested
        for group in groups:
            found = place.setdefault(group, {})
            place = found if isinstance(found, dict) else {}
        place[name] = value
    return nested
