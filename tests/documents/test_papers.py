"""The same words in both formats, the same bytes for the same paper, and nothing that stops a paper."""

import base64
import datetime
import io
import re
import subprocess
import zipfile

import pikepdf
import pytest
from docx import Document as open_docx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from documents import assembly, docx, fields, fonts, pdf
from documents.as_data import content_hash
from documents.content import Document, Figure, Meta
from documents.content import Paragraph as TextBlock
from documents.content import Run as TextRun
from tests.documents.reading import words_of_docx, words_of_pdf

DAY = datetime.date(2026, 11, 23)


def test_both_formats_say_the_same_words_in_the_same_order(fiche, paper, house, tmp_path):
    written = docx.write(fiche.document, house, content_hash=content_hash(fiche.document))
    assert words_of_docx(written) == words_of_pdf(paper.bytes, tmp_path)


@pytest.mark.parametrize("mark", ["specimen", "draft", "copy"])
def test_a_marked_paper_says_so_in_both_formats_and_claims_no_seal(fiche, house, tmp_path, mark):
    written = docx.write(fiche.document, house, content_hash="0", mark=mark)
    made = pdf.write(fiche.document, house, date=DAY, mark=mark).bytes
    words = words_of_docx(written)
    # Poppler reads the slanted word behind the text letter by letter.
    assert words == [word for word in words_of_pdf(made, tmp_path) if not (len(word) == 1 and word.isupper())]
    assert " ".join(words).count(house.says("fr", f"{mark}_text").replace("\u00a0", " ")) == 1
    assert "Sceau" not in words


def test_the_same_paper_gives_the_same_bytes(fiche, paper, house):
    again = pdf.write(fiche.document, house, attachments=[assembly.source_data({}, "d")], date=DAY)
    twice = pdf.write(fiche.document, house, attachments=[assembly.source_data({}, "d")], date=DAY)
    assert again.bytes == twice.bytes
    assert fields.prepare(paper.bytes, paper.fields) == fields.prepare(paper.bytes, paper.fields)


def test_the_pdf_declares_archive_and_accessibility_standards_title_and_language(paper):
    with pikepdf.open(io.BytesIO(paper.bytes)) as opened:
        about = opened.open_metadata()
        assert (about["pdfaid:part"], about["pdfaid:conformance"], about["pdfuaid:part"]) == ("3", "A", "1")
        assert about["dc:title"] == "Fiche de diagnostic social"
        assert opened.Root.Lang == "fr"
        assert bool(opened.Root.MarkInfo.Marked)


def test_the_source_data_comes_back_out_of_the_pdf(paper):
    assert assembly.embedded_data(paper.bytes)["need"] == "T3 avec ascenseur"


def test_signature_boxes_become_tagged_fields_where_the_text_puts_them(paper, tmp_path):
    made = fields.prepare(paper.bytes, paper.fields)
    assert [place.name for place in paper.fields] == ["cesf", "menage"]
    left, right = paper.fields
    assert left.right < right.left
    assert left.bottom == pytest.approx(right.bottom)
    with pikepdf.open(io.BytesIO(made)) as opened:
        for field in opened.Root.AcroForm.Fields:
            element = pikepdf.NumberTree(opened.Root.StructTreeRoot.ParentTree)[int(field.StructParent)]
            assert (element.S, str(element.Alt)) == ("/Form", str(field.TU))
    file = tmp_path / "fields.pdf"
    file.write_bytes(made)
    assert subprocess.run(["qpdf", "--check", file], capture_output=True, check=False).returncode == 0


def test_a_character_no_font_has_is_shown_as_a_sign_and_reported(write_up, house):
    made = pdf.write(write_up("Bonjour {{ v }}", {"v": "李 😀"}).document, house, date=DAY)
    assert made.missing_characters == ("李", "😀")


def test_arabic_is_drawn_and_not_reported(write_up, house):
    assert pdf.write(write_up("{{ v }}", {"v": "مرحبا بكم"}).document, house, date=DAY).missing_characters == ()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_no_text_ever_stops_a_paper(write_up, house, value):
    rendered = write_up(
        "# T {{ v }}\n\n**{{ v }}** *{{ v }}* `{{ v }}`\n\n{% keyvalues rows %}", {"v": value, "rows": []}
    )
    assert pdf.write(rendered.document, house, date=DAY).bytes.startswith(b"%PDF-")
    assert open_docx(io.BytesIO(docx.write(rendered.document, house, content_hash="0")))


@pytest.mark.parametrize("sign", ["#set page", "$x^2$", "@ref <label>", "= Titre", "*gras*", "\\u{41}", '"#(1+1)"'])
def test_typst_signs_in_a_value_are_only_text(write_up, house, tmp_path, sign):
    made = pdf.write(write_up("Avant {{ v }} après", {"v": sign}).document, house, date=DAY).bytes
    assert f"Avant {sign} après" in " ".join(words_of_pdf(made, tmp_path))


def test_a_long_table_repeats_its_header_and_large_print_needs_more_pages(write_up, house):
    table = {"header": ["Nom", "Montant"], "rows": [[f"Ligne {n}", n] for n in range(120)]}
    document = write_up("{% table t %}", {"t": table}).document
    normal, large = (pdf.write(document, house, date=DAY, large_print=big).bytes for big in (False, True))
    with pikepdf.open(io.BytesIO(normal)) as one, pikepdf.open(io.BytesIO(large)) as other:
        assert 3 <= len(one.pages) < len(other.pages)


TITLES = {"a heading": "## Ressource", "two headings": "# Budget\n\n## Ressource", "a bold line": "**Ressource**"}
FOLLOWED = {
    "values": "{% keyvalues %}\n- Nature : Salaire\n- Montant : 900\n{% endkeyvalues %}",
    "a table": "| Nature | Montant |\n|:--|--:|\n| Salaire | 900 |\n| Prime | 80 |",
    "words": "Nature du revenu, telle que la famille la déclare.",
}


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("followed", FOLLOWED)
def test_a_title_never_stays_alone_at_the_foot_of_a_page(write_up, house, tmp_path, title, followed):
    file = tmp_path / "paper.pdf"
    for lines in range(29, 37):  # the title comes near the foot of the first page, then on it, then after it
        before = "\n\n".join(["Une ligne."] * lines)
        document = write_up(f"{before}\n\n{TITLES[title]}\n\n{FOLLOWED[followed]}", {}).document
        file.write_bytes(pdf.write(document, house, date=DAY).bytes)
        said = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, check=True, text=True).stdout
        (page,) = (page for page in said.split("\f") if re.search("^ *Ressource", page, re.MULTILINE))
        assert "Nature" in page, f"after {lines} lines"


def test_word_is_told_to_keep_a_bold_line_with_what_it_announces(write_up, house):
    document = write_up(f"**Ressource**\n\n{FOLLOWED['values']}\n\nUne **vraie** phrase.", {}).document
    made = open_docx(io.BytesIO(docx.write(document, house, content_hash="abc123")))
    kept = {line.text: bool(line.paragraph_format.keep_with_next) for line in made.paragraphs}
    assert (kept["Ressource"], kept["Une vraie phrase."]) == (True, False)


def pictures_of_pdf(made: bytes) -> list[tuple[int, int]]:
    """The size, in points, of the pictures on all pages."""
    with pikepdf.open(io.BytesIO(made)) as opened:
        return [(int(one.Width), int(one.Height)) for page in opened.pages for one in page.images.values()]


def alternatives_of_pdf(made: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(made)) as opened:
        said = [one for one in opened.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one]
        return [str(one.Alt) for one in said]


def a_picture(form: str, size: tuple[int, int] = (60, 40)) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, (204, 119, 34)).save(made, format=form)
    return made.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_picture_handed_in_stands_in_both_files_with_what_it_shows(write_up, house, tmp_path, form):
    given = {"p": {"data": a_picture(form), "alt": "Porte <du> 12", "caption": "L’entrée", "width": 500}}
    rendered = write_up("Avant.\n\n{% picture p %}\n\nAprès.", given)
    assert rendered.findings == ()
    made = pdf.write(rendered.document, house, date=DAY).bytes
    copy = docx.write(rendered.document, house, content_hash="abc123")
    assert pictures_of_pdf(made) == [(60, 40)]
    assert "Porte <du> 12" in alternatives_of_pdf(made)
    opened = open_docx(io.BytesIO(copy))
    assert [one.get("descr") for one in opened.element.xpath("//wp:docPr")][:1] == ["Porte <du> 12"]
    assert opened.inline_shapes[0].width.mm <= 160
    assert "L’entrée" in " ".join(words_of_pdf(made, tmp_path))
    assert "L’entrée" in " ".join(words_of_docx(copy))


def test_a_picture_in_base64_is_one_too(write_up):
    given = {"p": {"data": base64.b64encode(a_picture("PNG")).decode(), "alt": "Plan"}}
    (figure,) = (b for b in write_up("{% picture p %}", given).document.blocks if isinstance(b, Figure))
    assert (figure.media_type, figure.alt, figure.data) == ("image/png", "Plan", a_picture("PNG"))


@pytest.mark.parametrize("value", [None, "x", {"data": b"GIF89a", "alt": "a"}, {"data": "ô", "alt": "a"}, {"alt": "a"}])
def test_what_is_no_picture_is_left_out_and_reported(write_up, value):
    rendered = write_up("{% picture p %}", {"p": value})
    assert [one.code for one in rendered.findings] == ["picture"]
    assert not any(isinstance(block, Figure) for block in rendered.document.blocks)


def test_a_picture_without_words_is_left_out_for_who_cannot_see_it(write_up):
    rendered = write_up("{% picture p %}", {"p": {"data": a_picture("PNG")}})
    assert [one.code for one in rendered.findings] == ["picture"]


def test_a_picture_of_the_theme_that_cannot_be_used_is_a_refusal_with_a_reason(house):
    picture = Figure(b"not a picture", "image/png", "rien")
    document = Document("T", "fr", Meta(reference="R", date="2026-11-23"), (picture,))
    with pytest.raises(pdf.NotSet):
        pdf.write(document, house, date=DAY)


def test_the_docx_has_real_headings_lists_repeated_headers_and_its_language(fiche, house):
    made = open_docx(io.BytesIO(docx.write(fiche.document, house, content_hash="abc123")))
    assert [line.text for line in made.paragraphs if line.style.name == "Heading 1"] == ["Synthèse"]
    assert made.element.xpath("//w:tblHeader")
    assert made.element.xpath("//w:numPr")
    assert made.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr/w:lang/@w:val") == ["fr-FR"]
    assert all(picture.get("descr") for picture in made.element.xpath("//wp:docPr"))


def test_the_docx_says_that_it_is_a_working_copy_and_carries_the_content_hash(fiche, house):
    made = open_docx(io.BytesIO(docx.write(fiche.document, house, content_hash="abc123")))
    foot = "\n".join(line.text for line in made.sections[0].footer.paragraphs)
    assert "Copie de travail" in foot
    assert "abc123" in foot
    assert made.sections[0].footer._element.xpath("//w:fldSimple/@w:instr") == ["PAGE", "NUMPAGES"]


def test_the_content_hash_follows_the_words_and_nothing_else(write_up):
    one, same, other = (content_hash(write_up("{{ v }}", {"v": v}).document) for v in ("a", "a", "b"))
    assert one == same != other


def test_the_docx_names_no_other_program_as_its_maker(fiche, house):
    with zipfile.ZipFile(io.BytesIO(docx.write(fiche.document, house, content_hash="abc123"))) as archive:
        said = {name: archive.read(name).decode() for name in archive.namelist() if name.startswith("docProps/")}
        pictures = [name for name in archive.namelist() if "thumbnail" in name]
    assert "<Application>Relais</Application>" in said["docProps/app.xml"]
    assert not re.search("microsoft|macintosh|python", "".join(said.values()), re.IGNORECASE)
    assert pictures == []


def test_the_docx_is_a_sound_archive_without_macros_or_foreign_parts(fiche, house):
    with zipfile.ZipFile(io.BytesIO(docx.write(fiche.document, house, content_hash="0"))) as archive:
        assert archive.testzip() is None
        assert not [name for name in archive.namelist() if "vba" in name.lower() or "embeddings" in name]


def test_every_word_of_the_house_exists_in_both_languages(house):
    assert set(house.words["fr"]) == set(house.words["en"])


def test_the_visible_sign_for_a_missing_character_can_itself_be_drawn():
    assert ord(fonts.replacement()) in fonts.drawable()


def test_a_paper_can_be_written_in_english(house):
    document = Document("Sheet", "en", Meta(reference="R", date="2026-11-23"), (TextBlock((TextRun("Hello"),)),))
    made = pdf.write(document, house, date=DAY).bytes
    with pikepdf.open(io.BytesIO(made)) as opened:
        assert opened.Root.Lang == "en"


def test_the_word_signature_stands_inside_its_own_field(paper, tmp_path):
    file = tmp_path / "paper.pdf"
    file.write_bytes(paper.bytes)
    command = ["pdftotext", "-bbox", file, "-"]
    said = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    found = re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">Signature<', said)
    for place, box in zip(paper.fields, found, strict=True):
        left, top, right, bottom = map(float, box)
        assert place.left < left < right < place.right
        assert place.bottom < pdf.A4_HEIGHT_PT - bottom < pdf.A4_HEIGHT_PT - top < place.top
