"""What is seen in the box of a signature: everything stands inside it, whoever signs."""

import io
import subprocess

import pikepdf
import pytest
from PIL import Image, ImageDraw

from documents import pdf, signing, stamping
from documents.stamping import Stamp
from tests.documents.parties import AT

WIDTH, HEIGHT = 215.43, 68.03
PLAIN = ("Anne Mercier", "Présidente du conseil d’administration", "Signé à l’écran le 2 novembre 2026 à 10:01")
LONG = (
    "Marie-Christine de La Rochefoucauld-Montmorency d’Aubusson",
    "Vice-présidente déléguée à l’habitat, au logement social et à la rénovation urbaine du quartier des Minguettes",
    "Communauté urbaine et métropole de Lyon – Direction de l’habitat et du renouvellement urbain",
    "Signé sur papier le 2 novembre 2026, conformité attestée par Jean-Baptiste Lefebvre-Duvivier",
)


def mark(size=(600, 200)) -> bytes:
    picture = Image.new("RGB", size, "white")
    ImageDraw.Draw(picture).line([(20, 150), (100, 40), (260, 160), (420, 60), (580, 30)], fill="navy", width=6)
    made = io.BytesIO()
    picture.save(made, "PNG")
    return made.getvalue()


def words(made: bytes, folder) -> str:
    (folder / "stamp.pdf").write_bytes(made)
    said = subprocess.run(["pdftotext", folder / "stamp.pdf", "-"], capture_output=True, check=True, text=True).stdout
    return " ".join(said.replace("\u200b", "").split())


def looked_at(made: bytes, folder) -> Image.Image:
    (folder / "stamp.pdf").write_bytes(made)
    subprocess.run(["pdftoppm", "-r", "200", "-png", "-singlefile", folder / "stamp.pdf", folder / "stamp"], check=True)
    return Image.open(folder / "stamp.png").convert("L")


@pytest.mark.parametrize("drawing", [None, mark()], ids=["typed", "drawn"])
@pytest.mark.parametrize(
    "lines",
    [
        PLAIN,
        LONG,
        ("محمد عبد الرحمن الفاسي", "Locataire"),
        ("W" * 90, "X" * 300, "Y" * 200),
        ("mot " * 400,) * 3,
        ("A",),
    ],
    ids=["plain", "long", "arabic", "one word", "a page of words", "one letter"],
)
def test_nothing_touches_the_edge_of_the_box_whatever_it_holds(house, tmp_path, lines, drawing):
    seen = looked_at(stamping.drawn(Stamp(lines, drawing), WIDTH, HEIGHT, house), tmp_path)
    wide, tall = seen.size
    right, top, bottom = (wide - 8, 0, wide, tall), (20, 0, wide, 6), (20, tall - 6, wide, tall)
    for edge in (right, top, bottom):
        assert seen.crop(edge).getextrema()[0] > 200, edge
    assert seen.crop((20, 6, wide - 8, tall - 6)).getextrema()[0] < 160


def test_every_word_is_there_and_in_order(house, tmp_path):
    said = words(stamping.drawn(Stamp(LONG), WIDTH, HEIGHT, house), tmp_path)
    assert said.replace("-", "") == " ".join(LONG).replace("-", "")  # poppler drops a hyphen at the end of a line


def test_a_name_is_shown_as_it_is_never_read_as_markup(house, tmp_path):
    name = "Jean <b>*gras*</b> #set text(99pt) $x$ _y_"
    assert words(stamping.drawn(Stamp((name,)), WIDTH, HEIGHT, house), tmp_path) == name


def test_signs_no_font_has_become_a_visible_sign_and_the_rest_stays(house, tmp_path):
    said = words(stamping.drawn(Stamp(("李小龍 Li Xiaolong",)), WIDTH, HEIGHT, house), tmp_path)
    assert said.endswith("Li Xiaolong")
    assert len(said) == len("李小龍 Li Xiaolong")


def test_the_same_stamp_is_the_same_file_of_one_page_of_that_size_with_its_fonts_inside(house):
    made = [stamping.drawn(Stamp(PLAIN, mark()), WIDTH, HEIGHT, house) for _ in range(2)]
    assert made[0] == made[1]
    with pikepdf.open(io.BytesIO(made[0])) as opened:
        (page,) = opened.pages
        assert [float(edge) for edge in page.mediabox] == pytest.approx([0, 0, WIDTH, HEIGHT], abs=0.01)
        fonts = [one for one in opened.objects if isinstance(one, pikepdf.Dictionary) and "/FontDescriptor" in one]
        assert fonts
        assert all(any(key.startswith("/FontFile") for key in one.FontDescriptor) for one in fonts)


def test_a_mark_that_is_no_picture_is_refused(house):
    with pytest.raises(pdf.NotSet):
        stamping.drawn(Stamp(PLAIN, b"not a picture"), WIDTH, HEIGHT, house)


def test_the_stamp_fills_its_place_on_the_signed_page(prepared, authority, stamps, tmp_path):
    said = {"at": AT, "name": "Anne Mercier", "reason": "", "location": "", "stamp": stamps["bailleur"]}
    made = signing.sign_for(prepared, authority, "bailleur", **said)
    (tmp_path / "signed.pdf").write_bytes(made)
    said = subprocess.run(
        ["pdftotext", tmp_path / "signed.pdf", "-"], capture_output=True, check=True, text=True
    ).stdout
    assert "Signé à l’écran le 2 novembre 2026" in said
    with pikepdf.open(io.BytesIO(made)) as opened:
        (widget,) = [one for one in opened.Root.AcroForm.Fields if one.T == "bailleur"]
        box = [float(edge) for edge in widget.Rect]
        drawn = [float(edge) for edge in widget.AP.N.BBox]
        assert drawn[2] - drawn[0] == pytest.approx(box[2] - box[0], abs=1)
        assert widget.Contents == "Signature de Anne Mercier"
