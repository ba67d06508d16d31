"""What an operation still needs, in the order in which one does it."""

from workflow.exchange.rules.overview import Known, following, points


def _states(known: Known) -> dict[str, str]:
    return {point.code: point.state for point in points(known)}


def test_nothing_described_yet_begins_with_partners() -> None:
    found = points(Known())
    assert {point.state for point in found} == {"todo"}
    assert following(found).code == "partners"


def test_what_was_begun_and_lacks_something_is_to_be_completed() -> None:
    known = Known(partners=3, bodies=2, empty=1, households=20, alone=2, procedures=1, idle=4)
    assert _states(known) == {
        "partners": "waiting",
        "people": "todo",
        "bodies": "waiting",
        "buildings": "todo",
        "households": "waiting",
        "who_acts": "waiting",
    }


def test_when_nothing_is_missing_nothing_is_asked() -> None:
    known = Known(partners=3, landlords=1, acting=4, bodies=1, buildings=9, households=66, procedures=1)
    assert following(points(known)) is None
