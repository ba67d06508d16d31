"""Play a scenario against a circuit, or the straight path through it."""

from collections.abc import Mapping

from workflow.circuit.deadlines import Calendar
from workflow.circuit.game import Game, Holds
from workflow.circuit.model import Circuit
from workflow.circuit.scenario import ScenarioRefused, read_scenario
from workflow.circuit.straight import invented, next_move

__all__ = ["Holds", "ScenarioRefused", "play", "straight"]


def play(
    circuit: Circuit,
    scenario: Mapping[str, object],
    holds: Holds,
    *,
    zone: str = "Europe/Paris",
    calendar: Calendar | None = None,
) -> dict[str, object]:
    """{"phase", "open", "events": [as stored], "course": [{"at", "by", "do", "step", "refused", "events", "phase",
    "open"}], "differs": [{"where", "expected", "found"}]}; no difference: empty list.

    holds(condition, answers) judges a condition. ScenarioRefused when the scenario itself makes no sense.
    """
    game = Game(circuit, read_scenario(scenario), holds, zone, calendar or Calendar())
    for move in game.scenario.moves:
        game.play(move)
    game.compare()
    return _outcome(game)


def straight(circuit: Circuit, *, zone: str = "Europe/Paris", calendar: Calendar | None = None) -> dict[str, object]:
    """The same for the straight path: every condition is met, invented people of every role and body agree in turn."""
    game = Game(circuit, invented(circuit), lambda condition, answers: True, zone, calendar or Calendar())
    while (move := next_move(game)) is not None:
        game.play(move)
    game.compare()
    return _outcome(game)


def _outcome(game: Game) -> dict[str, object]:
    return {
        "phase": game.state.phase,
        "open": sorted(game.state.open),
        "events": [event.to_dict() for event in game.events],
        "course": game.course,
        "differs": game.differs,
    }
