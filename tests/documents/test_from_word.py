"""A Word file is read as it stands once every tracked change is accepted; what Word notes beside it is kept."""

import io
import zipfile
from collections.abc import Callable

import pytest
from docx import Document as new_docx

from documents.from_word.lines import HEADING, ITEM, PARAGRAPH, PICTURE, ROW, Line
from documents.from_word.reading import read
from documents.harmless import WordRefused
from tests.documents.test_letterhead import HOSTILE, changed

TEXT = "word/document.xml"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def saved(made) -> bytes:
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def with_body(xml: str, **parts: str) -> bytes:
    """A file whose text is this XML; further parts by name."""

    def change(found: dict[str, bytes]) -> None:
        found[TEXT] = found[TEXT].replace(b"<w:body>", b"<w:body>" + xml.encode())
        found.update({f"word/{name}.xml": text.encode() for name, text in parts.items()})

    return changed(saved(new_docx()), change)


def lines(word: bytes) -> tuple[Line, ...]:
    return read(word).lines


def p(inside: str, properties: str = "") -> str:
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{inside}</w:p>"


def r(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def by(tag: str, inside: str) -> str:
    return f'<w:{tag} w:id="1" w:author="Jeanne Durand" w:date="2026-11-12T10:00:00Z">{inside}</w:{tag}>'


def test_headings_paragraphs_lists_and_tables_are_told_apart():
    made = new_docx()
    made.add_heading("Objet", 2)
    made.add_paragraph("Un texte.")
    made.add_paragraph("un point", "List Bullet")
    made.add_paragraph("premier", "List Number")
    table = made.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Dépense", "bailleur"
    told = lines(saved(made))
    assert [(one.kind, one.cells) for one in told] == [
        (HEADING, ("Objet",)),
        (PARAGRAPH, ("Un texte.",)),
        (ITEM, ("un point",)),
        (ITEM, ("premier",)),
        (ROW, ("Dépense", "bailleur")),
    ]
    assert told[0].level == 2
    assert [one.ordered for one in told[2:4]] == [False, True]


def test_a_typed_article_without_a_style_is_a_heading_and_a_sentence_about_one_is_not():
    made = new_docx()
    made.add_paragraph("Article 3 – Durée")
    made.add_paragraph("Article 3 de la loi du 1er septembre 1948, qui s’applique.")
    made.add_paragraph("• un point tapé à la main")
    assert [(one.kind, one.text) for one in lines(saved(made))] == [
        (HEADING, "Article 3 – Durée"),
        (PARAGRAPH, "Article 3 de la loi du 1er septembre 1948, qui s’applique."),
        (ITEM, "un point tapé à la main"),
    ]


def test_tracked_changes_are_accepted_and_who_wrote_what_is_kept():
    deleted = by("del", '<w:r><w:delText xml:space="preserve">dix </w:delText></w:r>')
    (line,) = lines(with_body(p(r("Pour ") + deleted + by("ins", r("douze ")) + r("mois."))))
    assert line.text == "Pour douze mois."
    assert [(one.kind, one.text, one.who, one.when[:10]) for one in line.changes] == [
        ("deleted", "dix ", "Jeanne Durand", "2026-11-12"),
        ("inserted", "douze ", "Jeanne Durand", "2026-11-12"),
    ]


def test_moved_words_stand_where_they_were_moved_to():
    first = p(by("moveFrom", r("La ville paie. ")) + r("Le bailleur paie."))
    told = lines(with_body(first + p(r("Ensuite. ") + by("moveTo", r("La ville paie.")))))
    assert [one.text for one in told] == ["Le bailleur paie.", "Ensuite. La ville paie."]
    assert [one.kind for line in told for one in line.changes] == ["moved_away", "moved"]


def test_a_deleted_end_of_paragraph_joins_two_of_them():
    mark = '<w:rPr><w:del w:id="2" w:author="Jeanne Durand"/></w:rPr>'
    (line,) = lines(with_body(p(r("Une phrase. "), mark) + p(r("Une autre."))))
    assert line.text == "Une phrase. Une autre."


def test_a_deleted_row_is_gone_and_an_inserted_paragraph_is_there():
    def row(text: str, tracked: str = "") -> str:
        return f"<w:tr>{tracked}<w:tc>{p(r(text))}</w:tc><w:tc>{p(r('oui'))}</w:tc></w:tr>"

    gone = '<w:trPr><w:del w:id="1" w:author="A"/></w:trPr>'
    table = f"<w:tbl><w:tblPr/><w:tblGrid/>{row('un')}{row('deux', gone)}</w:tbl>"
    new = p(by("ins", r("Nouveau.")), '<w:rPr><w:ins w:id="3" w:author="A"/></w:rPr>')
    assert [one.cells for one in lines(with_body(table + new))] == [("un", "oui"), ("Nouveau.",)]


def test_a_comment_is_kept_with_the_words_it_is_about():
    said = p('<w:commentRangeStart w:id="7"/>' + r("trois mois") + '<w:commentRangeEnd w:id="7"/>' + r(" au plus."))
    comments = f'<w:comments {W}><w:comment w:id="7" w:author="Jeanne Durand">{p(r("Six ?"))}</w:comment></w:comments>'
    (line,) = lines(with_body(said, comments=comments))
    assert line.text == "trois mois au plus."
    assert [(one.who, one.text, one.on) for one in line.remarks] == [("Jeanne Durand", "Six ?", "trois mois")]


def test_what_nobody_sees_is_taken_out_and_what_a_model_has_no_words_for_is_named():
    note = f'<w:footnotes {W}><w:footnote w:id="2">{p(r("Décision du 3 mars."))}</w:footnote></w:footnotes>'
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r>"
    maths = '<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:r><m:t>a+b</m:t></m:r></m:oMath>'
    box = "<w:r><w:pict><w:txbxContent>" + p(r("dans un cadre")) + "</w:txbxContent></w:pict></w:r>"
    soft = r("con\u00advention\u200b") + "<w:r><w:softHyphen/></w:r>"
    reference = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    (line,) = lines(with_body(p(soft + hidden + maths + box + reference), footnotes=note))
    assert line.text == "convention"
    assert {one.kind: one.text for one in line.left} == {
        "hidden": "secret",
        "equation": "a+b",
        "text_box": "dans un cadre",
        "footnote": "Décision du 3 mars.",
    }


def test_a_field_gives_the_words_it_shows_and_a_table_of_contents_nothing():
    def field(instruction: str, shown: str) -> str:
        mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
        told = f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
        return mark.format("begin") + told + mark.format("separate") + r(shown) + mark.format("end")

    told = lines(with_body(p(r("Voir l’") + field("REF a", "article 3")) + p(field('TOC \\o "1-2"', "Objet 1"))))
    assert [one.text for one in told] == ["Voir l’article 3"]


def test_a_field_that_is_never_closed_hides_nothing_behind_the_next_heading():
    opened = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC</w:instrText></w:r>'
    told = lines(with_body(p(opened) + p(r("Objet"), '<w:pStyle w:val="Heading1"/>') + p(r("Texte."))))
    assert [one.text for one in told] == ["Objet", "Texte."]


def test_a_picture_is_known_by_its_alternative_text():
    drawn = (
        '<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
        '<wp:docPr id="1" name="x" descr="Plan du quartier"/></wp:inline></w:drawing></w:r>'
    )
    assert [(one.kind, one.text) for one in lines(with_body(p(drawn)))] == [(PICTURE, "[Plan du quartier]")]


READ_ONLY = {"a template from elsewhere", "a link that runs"}
"""What harms who opens the file in Word, not who only reads its words."""


@pytest.mark.parametrize(
    ("change", "code"),
    [HOSTILE[name] for name in HOSTILE if name not in READ_ONLY],
    ids=[n for n in HOSTILE if n not in READ_ONLY],
)
def test_a_hostile_file_is_refused_with_a_sentence(change: Callable[[dict[str, bytes]], None], code: str):
    with pytest.raises(WordRefused) as refused:
        read(changed(saved(new_docx()), change))
    assert refused.value.finding.code == code
    assert (refused.value.finding.msgid % dict(refused.value.finding.params)).endswith(".")


@pytest.mark.parametrize("name", sorted(READ_ONLY))
def test_a_link_that_is_never_followed_does_no_harm(name: str):
    assert read(changed(saved(new_docx()), HOSTILE[name][0])).lines == ()


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", b"une lettre", b"PK\x05\x06" + b"\0" * 18, b"\xd0\xcf\x11\xe0" * 9]
)
def test_what_is_no_word_file_is_refused(data: bytes):
    with pytest.raises(WordRefused) as refused:
        read(data)
    assert refused.value.finding.code == "not_docx"


def test_a_text_longer_than_any_agreement_is_refused():
    with pytest.raises(WordRefused) as refused:
        read(with_body(p(r("a")) * 20_001))
    assert refused.value.finding.code == "too_large"


def test_tables_within_tables_without_end_are_refused_or_read_in_no_time():
    deep = "<w:tbl><w:tr><w:tc>" * 80 + p(r("au fond")) + "</w:tc></w:tr></w:tbl>" * 80
    with pytest.raises(WordRefused):
        read(with_body(deep))


def test_twenty_megabytes_are_the_most():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("word/media/a.png", b"\0" * 20_000_001)
    with pytest.raises(WordRefused) as refused:
        read(made.getvalue())
    assert "20 MB" in refused.value.finding.msgid % dict(refused.value.finding.params)


def test_a_comment_on_no_words_in_particular_is_kept_and_none_is_told_twice():
    comment = f'<w:comment w:id="3" w:author="Jeanne Durand">{p(r("À revoir."))}</w:comment>'
    comments = f"<w:comments {W}>{comment}</w:comments>"
    reference = '<w:r><w:commentReference w:id="3"/></w:r>'
    (line,) = lines(with_body(p(r("Un texte.") + reference + reference), comments=comments))
    assert [(one.text, one.on) for one in line.remarks] == [("À revoir.", "")]


def test_a_text_box_that_word_writes_twice_is_named_once():
    box = "<w:pict><w:txbxContent>" + p(r("dans un cadre")) + "</w:txbxContent></w:pict>"
    space = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ways = f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    twice = f"<mc:AlternateContent {space}>{ways}</mc:AlternateContent>"
    (line,) = lines(with_body(p(r("Un texte.") + f"<w:r>{twice}</w:r>")))
    assert [(one.kind, one.text) for one in line.left] == [("text_box", "dans un cadre")]


def test_an_address_may_hold_any_word():
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    told = '<w:r><w:instrText>HYPERLINK "https://ville.example.org/link/database"</w:instrText></w:r>'
    shown = mark.format("begin") + told + mark.format("separate") + r("le site") + mark.format("end")
    assert [one.text for one in lines(with_body(p(shown)))] == ["le site"]
