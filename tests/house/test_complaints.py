"""Every complaint of the study is answered by a test or has its reason."""

from tests.house.complaints import COMPLAINTS, DO_NOT_APPLY, PAGE, marked, written


def test_each_complaint_has_a_test_or_a_reason() -> None:
    every = set(range(1, len(COMPLAINTS) + 1))
    assert set(marked()) | set(DO_NOT_APPLY) == every
    assert not set(marked()) & set(DO_NOT_APPLY)


def test_the_table_is_the_one_the_marks_give() -> None:
    assert PAGE.read_text("utf-8") == written(), "run .venv/bin/python tests/house/complaints.py"
