"""Two people write one page: what each changed is kept, what both changed is asked about. A removed row comes back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from forms.answering import apply, changes
from forms.instance import Instance
from forms.merging import BOTH, MINE, Compared, Seen, choice, compare, homeless, recalled, remembered, settled
from forms.pages import name_of
from forms.putting_back import put_back, row_of
from forms.visibility import EVERYTHING
from tests.forms.scenario import NOW, form_of

FORM = form_of("""
| survey |
| | type | name | label | relevant |
| | begin_group | page | Page | |
| | text | a | A | |
| | text | b | B | |
| | integer | c | C | |
| | begin_repeat | row | Row | |
| | text | d | D | |
| | begin_repeat | inner | Inner | |
| | text | e | E | |
| | end_repeat | | | |
| | end_repeat | | | |
| | end_group | | | |
| | begin_group | other | Other | |
| | text | f | F | |
| | end_group | | | |
""")
PAGE, KEY = "/data/page", b"k" * 32
PATHS = tuple(f"{PAGE}/{name}" for name in "abc")
TEXTS = st.tuples(st.sampled_from(["", "x", "y"]), st.sampled_from(["", "u", "v"]), st.sampled_from(["", "1", "2"]))


def said(*texts: str) -> Instance:
    instance = Instance.new(FORM, NOW)
    for path, text in zip(PATHS, texts, strict=True):
        instance.set(path, text)
    return instance


def page(texts: tuple[str, ...]) -> dict[str, str]:
    return {name_of(path): text for path, text in zip(PATHS, texts, strict=True)}


def seen_of(instance: Instance) -> Seen:
    return recalled(KEY, remembered(instance, PAGE, EVERYTHING, KEY))


def nobody(_path: str) -> bool:
    return False


@given(TEXTS, TEXTS, TEXTS)
def test_what_only_one_of_two_changed_stands_and_the_rest_is_asked_about(base, theirs, mine):
    seen, now = seen_of(said(*base)), said(*theirs)
    found = compare(now, page(mine), PAGE, seen=seen, own=nobody)
    apply(now, page(mine), PAGE, leave={*found.leave, *(one.path for one in found.conflicts)})
    asked = {one.path for one in found.conflicts}
    for path, was, they, me in zip(PATHS, base, theirs, mine, strict=True):
        both = was not in (they, me) and they != me
        assert (path in asked) == both
        assert now.get(path) == (they if both or me == was else me)


@given(TEXTS, TEXTS)
def test_without_memory_of_what_was_shown_every_difference_is_asked_about(theirs, mine):
    found = compare(said(*theirs), page(mine), PAGE, seen=Seen(KEY), own=nobody)
    assert [one.path for one in found.conflicts] == [
        path for path, they, me in zip(PATHS, theirs, mine, strict=True) if they != me
    ]


def test_what_the_page_itself_wrote_is_nobody_else_s() -> None:
    found = compare(said("x", "", ""), page(("y", "", "")), PAGE, seen=Seen(KEY), own=lambda _path: True)
    assert found == Compared()


def test_a_choice_counts_only_before_the_text_it_was_made_against() -> None:
    mine = page(("mine", "", ""))
    [before] = compare(said("theirs", "", ""), mine, PAGE, seen=Seen(KEY), own=nobody).conflicts
    again = compare(said("theirs again", "", ""), mine, PAGE, seen=Seen(KEY), own=nobody)
    assert settled(again, {before.path: choice(MINE, before, KEY)}, KEY)[0].conflicts == again.conflicts
    [now] = again.conflicts
    assert settled(again, {now.path: choice(MINE, now, KEY)}, KEY) == (Compared(), {})
    assert settled(again, {now.path: choice(BOTH, now, KEY)}, KEY)[1] == {now.path: "theirs again\nmine"}


@given(st.text(max_size=40))
def test_a_word_that_is_none_remembers_nothing_and_breaks_nothing(word):
    assert not recalled(KEY, word).had(PATHS[0], "x")


def test_another_key_tells_nothing() -> None:
    word = remembered(said("x", "", ""), PAGE, EVERYTHING, KEY)
    assert recalled(KEY, word).had(PATHS[0], "x")
    assert not recalled(b"o" * 32, word).had(PATHS[0], "x")


def test_texts_without_a_place_are_found_unless_nobody_touched_them() -> None:
    instance = said("x", "", "")
    instance.add_row(f"{PAGE}/row")
    instance.set(f"{PAGE}/row[2]/d", "old")
    seen = seen_of(instance)
    instance.remove_row(f"{PAGE}/row", 2)
    row, gone = name_of(f"{PAGE}/row[2]/d"), name_of(f"{PAGE}/gone")
    assert list(homeless(instance, {row: "old"}, PAGE, seen)) == []
    sent = {row: "new", gone: "of another version", name_of(PATHS[0]): "y", "version": "1.2"}
    assert [text for _path, text in homeless(instance, sent, PAGE, seen)] == ["new", "of another version"]


def test_a_removed_row_comes_back_in_its_place_with_its_rows() -> None:
    instance = said("", "", "")
    for number, text in enumerate("uvw", 1):
        instance.add_row(f"{PAGE}/row")
        instance.set(f"{PAGE}/row[{number}]/d", text)
    instance.add_row(f"{PAGE}/row[2]/inner")
    instance.add_row(f"{PAGE}/row[2]/inner")
    instance.set(f"{PAGE}/row[2]/inner[2]/e", "deep")
    before = instance.answers()
    removed = row_of(instance, f"{PAGE}/row[2]")
    instance.remove_row(f"{PAGE}/row", 2)
    assert removed is not None
    assert put_back(instance, removed) == f"{PAGE}/row[2]"
    assert instance.answers() == before
    assert list(changes(instance, {}, PAGE)) == []


def test_a_row_that_never_was_is_not_remembered() -> None:
    instance = said("", "", "")
    assert row_of(instance, f"{PAGE}/row[9]") is None
    assert row_of(instance, f"{PAGE}/row[٢]") is None
    assert row_of(instance, "nothing") is None
