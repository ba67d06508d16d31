"""Every answer of a tree with its path: found once, found again when a row comes or goes."""

import pytest

from forms.growing import address, leaves
from forms.instance import Instance

COUNTED = """
| survey | | | | |
| | type | name | label | repeat_count | calculation |
| | integer | number | Number | | |
| | begin_repeat | person | Person | ${number} | |
| | text | name | Name | | |
| | begin_repeat | pet | Pet | | |
| | text | call | Call | | |
| | end_repeat | | | | |
| | end_repeat | | | | |
| settings | | | | |
| | form_id | form_title | | |
| | counted | Counted | | |
"""


def walked(instance):
    instance.recompute()
    return [(address(node, instance.form), node, question) for node, question in leaves(instance.root, instance.form)]


def test_every_answer_is_found_at_its_address_in_the_order_of_the_form(household):
    assert list(household.leaves()) == walked(household)
    assert "/data/C/person[2]/age" in [path for path, _, _ in household.leaves()]


def test_a_row_that_comes_or_goes_is_seen(household):
    household.leaves()
    household.add_row("/data/C/person")
    assert list(household.leaves()) == walked(household)
    household.remove_row("/data/C/person", 1)
    assert list(household.leaves()) == walked(household)


@pytest.mark.parametrize("number", ["3", "1", "0"])
def test_rows_that_an_answer_asks_for_are_seen(form_of, now, number):
    instance = Instance.new(form_of(COUNTED), now)
    instance.set("/data/number", "2")
    assert list(instance.leaves()) == walked(instance)
    instance.add_row("/data/person[2]/pet")
    instance.set("/data/number", number)
    assert list(instance.leaves()) == walked(instance)
