"""Pictures are written anew: upright, and without what the camera noted."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from workflow.filing.rules.pictures import PRINTED, TALLEST_MM, WIDEST_MM, Unreadable, printed, without_metadata


def picture(kind: str, mode: str = "RGB", size: tuple[int, int] = (30, 20), **more: object) -> bytes:
    made = io.BytesIO()
    Image.new(mode, size).save(made, kind, **more)
    return made.getvalue()


def test_a_photograph_loses_place_hour_and_device() -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0132] = "Phone of somebody", "2026:03:12 10:00:00"
    exif.get_ifd(0x8825)[1] = "N"
    bare = without_metadata(picture("JPEG", exif=exif, comment=b"a note"))
    assert b"Phone" not in bare
    assert b"a note" not in bare
    assert not Image.open(io.BytesIO(bare)).getexif()


def test_a_photograph_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert Image.open(io.BytesIO(without_metadata(picture("JPEG", exif=exif)))).size == (20, 30)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_is_kept(mode: str) -> None:
    again = Image.open(io.BytesIO(without_metadata(picture("PNG", mode))))
    assert (again.format, again.size) == ("PNG", (30, 20))


def test_transparency_stays() -> None:
    made = io.BytesIO()
    Image.new("RGBA", (2, 2), (10, 20, 30, 40)).save(made, "PNG")
    assert Image.open(io.BytesIO(without_metadata(made.getvalue()))).getpixel((0, 0)) == (10, 20, 30, 40)


def test_a_picture_meant_to_exhaust_the_machine_is_refused() -> None:
    with pytest.raises(Unreadable):
        without_metadata(picture("PNG", "1", (20_000, 20_000)))


WIDTHS = [((4000, 3000), WIDEST_MM), ((1000, 4000), TALLEST_MM / 4), ((96, 96), 25.4)]


@pytest.mark.parametrize(("size", "width"), WIDTHS)
def test_on_paper_a_picture_is_bounded_and_keeps_its_proportions(size: tuple[int, int], width: float) -> None:
    small = printed(picture("JPEG", size=size))
    made = Image.open(io.BytesIO(small.data))
    assert max(made.size) == min(PRINTED, max(size))
    assert abs(made.width / made.height - size[0] / size[1]) < 0.01
    assert abs(small.width_mm - width) < 0.01


def test_on_paper_a_drawn_signature_stands_on_white() -> None:
    made = io.BytesIO()
    Image.new("RGBA", (60, 20), (0, 0, 0, 0)).save(made, "PNG")
    assert min(Image.open(io.BytesIO(printed(made.getvalue()).data)).getpixel((5, 5))) > 250


def test_a_damaged_picture_is_not_printed() -> None:
    with pytest.raises(Unreadable):
        printed(picture("JPEG")[:200])


@given(cut=st.integers(min_value=0, max_value=400), junk=st.binary(max_size=40))
@settings(max_examples=100, deadline=None)
def test_whatever_is_sent_it_is_a_picture_or_a_refusal(cut: int, junk: bytes) -> None:
    whole = picture("JPEG")
    try:
        again = without_metadata(whole[:cut] + junk + whole[cut:])
    except Unreadable:
        return
    assert Image.open(io.BytesIO(again)).format == "JPEG"
