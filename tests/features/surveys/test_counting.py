"""What is hidden stays hidden: not in one table, not by subtracting one from another."""

from collections.abc import Mapping

from workflow.surveys.rules.counting import FEW, GIVES_AWAY, Answered, Tally
from workflow.surveys.rules.frame import Frame, Group

YES_NO = {"oui": "Oui", "non": "Non"}


def asked(
    path: str, said: Mapping[int, str], among: range, choices: Mapping[str, str] = YES_NO, kind: str = "select_one"
):
    told = {who: tuple(text.split()) for who, text in said.items()}
    return Answered(path, path, kind, choices, "none", frozenset(among), told)


def counts(table) -> list[int | None]:
    return [one.count for one in table.rows]


def test_a_small_count_takes_a_second_one_with_it() -> None:
    tally = Tally(frozenset(range(40)), 5)
    table = tally.add(asked("a", {who: "oui" if who < 38 else "non" for who in range(40)}, range(40)))
    assert counts(table) == [None, None]
    assert tally.add(asked("b", dict.fromkeys(range(40), "oui"), range(40))).rows[0].percent == 100


def test_whom_a_question_was_asked_does_not_tell_what_the_question_before_hides() -> None:
    tally = Tally(frozenset(range(40)), 5)
    parent = {who: ("a" if who < 3 else "b" if who < 10 else "c") for who in range(40)}
    assert counts(tally.add(asked("parent", parent, range(40), {"a": "A", "b": "B", "c": "C"}))) == [None, None, 30]
    child = asked("child", dict.fromkeys(range(3, 10), "oui"), range(3, 10))
    assert tally.add(child).withheld == GIVES_AWAY, "seven were asked: three answered the first choice"
    assert tally.add(asked("few", dict.fromkeys(range(3), "oui"), range(3))).withheld == FEW
    assert tally.add(asked("all but few", dict.fromkeys(range(37), "oui"), range(37))).withheld == FEW


def test_a_sum_of_answers_does_not_tell_a_hidden_one() -> None:
    scale = {"tres": "Très", "plutot": "Plutôt", "pas": "Pas"}
    tally = Tally(frozenset(range(40)), 5)
    said = {who: ("tres" if who < 20 else "plutot" if who < 37 else "pas") for who in range(40)}
    assert counts(tally.add(asked("q", said, range(40), scale))) == [20, None, None]
    satisfied = Group("q", frozenset(("tres", "plutot")))
    assert tally.share(satisfied) is None, "thirty-seven of forty would be three"
    assert tally.cross(Frame(satisfied=satisfied, first_choice=satisfied), {}) is None


def test_who_did_not_answer_is_no_small_group_either() -> None:
    tally = Tally(frozenset(range(40)), 5)
    table = tally.add(asked("q", {who: "oui" if who < 25 else "non" for who in range(38)}, range(40)))
    assert (table.whole, table.base) == (True, 40)
    assert [one.count for one in table.rows] == [25, None, None]
    several = asked(
        "s", {who: "a b" if who < 10 else "a" for who in range(40)}, range(40), {"a": "A", "b": "B"}, "select_multiple"
    )
    assert counts(tally.add(several)) == [40, 10]
    numbers = asked("n", {who: str(who % 11) for who in range(40)}, range(40), {}, "range")
    assert tally.add(numbers).average == 4.7


def test_satisfaction_stands_beside_the_first_choice() -> None:
    tally = Tally(frozenset(range(40)), 5)
    tally.add(asked("s", {who: "oui" if who < 32 else "non" for who in range(40)}, range(40)))
    tally.add(asked("f", {who: "oui" if who < 24 else "non" for who in range(40)}, range(40)))
    frame = Frame(satisfied=Group("s", frozenset(("oui",))), first_choice=Group("f", frozenset(("oui",))))
    words = dict.fromkeys(("satisfied", "unsatisfied", "first", "other", "none", "total"), "")
    assert [(one.percent, one.count) for one in map(tally.share, (frame.satisfied, frame.first_choice)) if one] == [
        (80, 32),
        (60, 24),
    ]
    crossed = tally.cross(frame, words)
    assert crossed is not None and crossed.counts == ((24, 8, 32), (0, 8, 8), (24, 16, 40))
