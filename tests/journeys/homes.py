"""Which household each journey takes, by rank: journeys share an installation, and no two may touch the same home."""

from enum import IntEnum, unique


@unique
class Home(IntEnum):
    """Rank among the households of an installation of the tests."""

    FROM_EMPTY_TO_SEALED = 8
    QUESTION_ADDED = 9
    LINK_OF_HOUSEHOLD = 10
    LINK_OF_EXPERT = 11
    STALE = 12
    AWAY = 13
    SILENT = 14
    RETURNED = 15
    SCENE = 16  # the first of those in every situation (`places.py`): seven
    SCENE_LAST = 22
    DRAFT = 24
    EMPTY = 25
    TWO_TABS = 26
    EXPIRED = 27
    FASTER = 28
    CALLED = 29
    ASKED = 30
    TOLD = 31
    NO_SCRIPT = 32
    NO_SCRIPT_COMMITTEE = 33
    BAD_ROWS = 34
    TWO_PEOPLE = 35
    TOGETHER = 36
    ALONE = 37
    NETWORK = 38
    ROWS = 39
    IN_BROWSER = 40
    ON_PAPER = 41
    BY_PHONE = 42
    IMPORTED = 43
    WHOSE = 44  # whose answers those four are given
    BY_KEYBOARD = 45
    WITHOUT_SCRIPT = 46
    NARROW = 47
    ENGLISH = 48
    SHORTENED = 49
    SEVERAL_1 = 50
    SEVERAL_2 = 51
    SEVERAL_3 = 52
    DECISION = 53
    PAPERS_1 = 54
    PAPERS_2 = 55
    PAPERS_UNSIGNED = 56
    SURVEYED_BY_PHONE = 57
    SURVEYED_ON_PAPER = 58
    SURVEYED_SILENT = 59


HOUSEHOLDS = max(Home) + 1
