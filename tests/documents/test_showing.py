"""A paper is shown as it is signed: its pages with the stamps in their boxes, and its words."""

import io

import pytest
from PIL import Image

from documents import showing


def dark(png: bytes) -> int:
    """How many points of a picture are darker than grey."""
    with Image.open(io.BytesIO(png)) as opened:
        return sum(opened.convert("L").point(lambda one: one < 128 and 255).histogram()[255:])


def test_a_page_is_a_light_picture_of_a4(signed):
    png = showing.pictures(signed, 1)[0]
    with Image.open(io.BytesIO(png)) as opened:
        assert opened.size == (993, 1404) or abs(opened.size[0] - 992) <= 2
    assert len(png) < 250_000


def test_the_stamps_of_those_who_signed_are_seen(prepared, signed):
    pages = len(showing.words(signed))
    more = [dark(showing.pictures(signed, n)[0]) - dark(showing.pictures(prepared, n)[0]) for n in range(1, pages + 1)]
    assert max(more) > 200


def test_a_page_that_is_not_there_is_refused(signed):
    with pytest.raises(RuntimeError):
        showing.pictures(signed, 99)


def test_the_words_of_each_page_are_told(signed):
    said = showing.words(signed)
    assert any("Signature" in text for text in said)


def test_several_pages_are_drawn_together_as_they_are_alone(signed):
    pages = len(showing.words(signed))
    assert pages > 1
    assert showing.pictures(signed, 1, pages + 5) == [showing.pictures(signed, n)[0] for n in range(1, pages + 1)]
