"""Slugs, login names, codes: made from what people write."""

from hypothesis import given
from hypothesis import strategies as st

from workflow.people.rules import ALPHABET, folded, grouped, login_from, normalised, slug_from


def never(_: str) -> bool:
    return False


def test_names_become_slugs_and_logins() -> None:
    assert slug_from("Les Œillets – Béarn & Cie", never) == "les-oeillets-bearn-cie"
    assert login_from("Fatou N’Diaye", never) == "fatou.n.diaye"
    assert slug_from("Actis", {"actis", "actis-2"}.__contains__) == "actis-3"


@given(st.text(max_size=200))
def test_whatever_the_name_there_is_a_short_plain_slug(name: str) -> None:
    for found in (slug_from(name, never), login_from(name, never)):
        assert 0 < len(found) <= 50
        assert found.isascii()
        assert found == found.lower().strip("-. ")


@given(st.text(alphabet=ALPHABET, min_size=12, max_size=12))
def test_a_code_is_read_back_however_it_is_typed(code: str) -> None:
    assert normalised(grouped(code)) == normalised(f" {grouped(code).lower().replace(' ', '-')}\n") == code


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert folded(folded(text)) == folded(text)
