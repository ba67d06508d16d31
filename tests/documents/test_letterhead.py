"""An organisation's own letterhead: a hostile file is refused with a sentence, a harmless one rules the look."""

import datetime
import io
import zipfile
from collections.abc import Callable

import pytest
from docx import Document as new_docx
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from documents import docx
from documents.letterhead import LetterheadRefused, check

DAY = datetime.date(2026, 11, 23)
TEXT = "word/document.xml"
RELATIONS = "word/_rels/document.xml.rels"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NUMBERING = "word/numbering.xml"
TYPES = "[Content_Types].xml"
HEADER = "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"
WORD = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
PICTURE = b"\x89PNG\r\n\x1a\n\0\0"


def saved(made) -> bytes:
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


@pytest.fixture(scope="module")
def letterhead() -> bytes:
    made = new_docx()
    section = made.sections[0]
    section.page_width, section.page_height = Mm(216), Mm(279)
    section.left_margin = section.right_margin = Mm(33)
    section.header.paragraphs[0].text = "Actis, office public de l’habitat"
    section.footer.paragraphs[0].text = "25 avenue de Constantine, Grenoble"
    made.styles["Heading 1"].font.size = Pt(31)
    made.styles["Normal"].font.name = "Georgia"
    made.add_paragraph("Ici le texte de la lettre.")
    return saved(made)


def changed(data: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The same archive with other parts."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, held in parts.items():
            archive.writestr(name, held)
    return made.getvalue()


def related(kind: str, target: str, mode: str = "External") -> Callable[[dict[str, bytes]], None]:
    told = f'<Relationship Id="rId99" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="{mode}"/>'

    def change(parts: dict[str, bytes]) -> None:
        parts[RELATIONS] = parts[RELATIONS].replace(b"</Relationships>", told.encode() + b"</Relationships>")

    return change


def within_the_text(piece: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        parts[TEXT] = parts[TEXT].replace(b"<w:body>", b"<w:body>" + piece)

    return change


def typed(parts: dict[str, bytes]) -> None:
    kind = b"wordprocessingml.document.main"
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(kind, b"ms-word.document.macroEnabled.main")


def a_macro(parts: dict[str, bytes]) -> None:
    parts["word/vbaProject.bin"] = b"macro"


def a_document_type(parts: dict[str, bytes]) -> None:
    parts["word/styles.xml"] = b'<!DOCTYPE a [<!ENTITY e "x">]>' + parts["word/styles.xml"].partition(b"?>")[2]


def a_document_type_in_utf16(parts: dict[str, bytes]) -> None:
    plain = parts["word/styles.xml"].decode().partition("?>")[2]
    parts["word/styles.xml"] = f'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a>{plain}'.encode("utf-16")


def a_bomb(parts: dict[str, bytes]) -> None:
    parts["word/media/image1.xml"] = b" " * 19_000_000


def a_great_bomb(parts: dict[str, bytes]) -> None:
    parts["word/media/image1.bin"] = b"\0" * 90_000_000


def many_parts(parts: dict[str, bytes]) -> None:
    parts |= {f"word/media/{number}.xml": b"<a/>" for number in range(500)}


def outside(parts: dict[str, bytes]) -> None:
    parts["../../etc/passwd.xml"] = b"<a/>"


def no_text(parts: dict[str, bytes]) -> None:
    del parts[TEXT]


def declared(parts: dict[str, bytes], told: str) -> None:
    parts[TYPES] = parts[TYPES].replace(b"</Types>", told.encode() + b"</Types>")


def a_header(name: str, inside: bytes, *, kind: str = HEADER, default: bool = False, related_as: str = "header"):
    """A header under this name, declared by its name or by its ending, with a piece of Word inside."""

    def change(parts: dict[str, bytes]) -> None:
        parts[f"word/{name}"] = b'<w:hdr xmlns:w="%s">%s</w:hdr>' % (WORD, inside)
        by = f'<Default Extension="{name.rpartition(".")[2]}"' if default else f'<Override PartName="/word/{name}"'
        declared(parts, f'{by} ContentType="{kind}"/>')
        related(related_as, name, "Internal")(parts)

    return change


def written_as(encoding: str, inside: bytes) -> Callable[[dict[str, bytes]], None]:
    """A header that says it is a picture, in another encoding."""

    def change(parts: dict[str, bytes]) -> None:
        a_header("media/a.png", inside, kind="image/png")(parts)
        parts["word/media/a.png"] = parts["word/media/a.png"].decode().encode(encoding)

    return change


def a_header_that_says_picture(parts: dict[str, bytes]) -> None:
    a_header("media/a.png", FIELD, kind="image/png", related_as="image")(parts)


def a_part(name: str, data: bytes, kind: str, related_as: str = "image") -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        parts[f"word/{name}"] = data
        if kind:
            declared(parts, f'<Override PartName="/word/{name}" ContentType="{kind}"/>')
        related(related_as, name, "Internal")(parts)

    return change


def relations_in_capitals(parts: dict[str, bytes]) -> None:
    related("oleObject", "a.xml", "Internal")(parts)
    parts["word/_rels/document.xml.RELS"] = parts.pop(RELATIONS)


def a_name_that_differs_in_case_only(parts: dict[str, bytes]) -> None:
    parts["word/STYLES.xml"] = parts["word/styles.xml"]


def a_name_that_is_another_once_read(parts: dict[str, bytes]) -> None:
    parts["word/%73tyles.xml"] = parts["word/styles.xml"]


def two_types_for_one_name(parts: dict[str, bytes]) -> None:
    a_part("a.png", PICTURE, "image/png")(parts)
    declared(parts, f'<Override PartName="/word/A.png" ContentType="{HEADER}"/>')


def an_unreadable_header(parts: dict[str, bytes]) -> None:
    a_header("a.png", b"", kind="image/png")(parts)
    parts["word/a.png"] = PICTURE


FIELD = (
    b'<w:p><w:r><w:instrText>INCLUDE</w:instrText></w:r><w:r><w:instrText>PICTURE "http://a"</w:instrText></w:r></w:p>'
)
SIMPLE = b'<w:p><w:fldSimple w:instr=" DDEAUTO excel a b "/></w:p>'
HOSTILE = {
    "a type with macros": (typed, "macro"),
    "macros": (a_macro, "macro"),
    "a template from elsewhere": (related("attachedTemplate", "https://elsewhere.example/a.dotm"), "external"),
    "a picture from elsewhere": (related("image", "file://server/share/a.png"), "external"),
    "a link that runs": (related("hyperlink", "javascript:alert(1)"), "external"),
    "text from elsewhere": (within_the_text(FIELD), "external"),
    "a live link": (within_the_text(SIMPLE), "external"),
    "another format": (within_the_text(b'<w:altChunk r:id="rId99"/>'), "foreign_text"),
    "another format by its relation": (related("aFChunk", "a.html", "Internal"), "foreign_text"),
    "an object": (related("oleObject", "embeddings/oleObject1.bin", "Internal"), "embedded"),
    "another file": (related("package", "embeddings/sheet.xlsx", "Internal"), "embedded"),
    "an object in the text": (within_the_text(b"<w:p><w:r><w:object/></w:r></w:p>"), "embedded"),
    "a document type": (a_document_type, "doctype"),
    "a document type in another encoding": (a_document_type_in_utf16, "doctype"),
    "a bomb": (a_bomb, "too_large"),
    "a great bomb": (a_great_bomb, "too_large"),
    "too many parts": (many_parts, "too_large"),
    "a part that lies elsewhere": (outside, "not_docx"),
    "no text": (no_text, "not_docx"),
    "a header under another ending": (a_header("header9.bin", FIELD), "external"),
    "a header by the type of its ending": (a_header("header9.bin", FIELD, default=True), "external"),
    "a header whose ending is in capitals": (a_header("header9.XML", FIELD), "external"),
    "another format under another ending": (a_header("header9.dat", b"<w:altChunk/>"), "foreign_text"),
    "an object under another ending": (a_header("header9.bin", b"<w:object/>"), "embedded"),
    "a document type under another ending": (
        a_part("a.bin", b"<!DOCTYPE a><a/>", "application/xml", "customXml"),
        "doctype",
    ),
    "a header that says it is a picture": (a_header_that_says_picture, "external"),
    "a header in UTF-16 that says it is a picture": (written_as("utf-16", FIELD), "external"),
    "a header in UTF-16 without its mark": (written_as("utf-16-be", b"<w:altChunk/>"), "not_docx"),
    "a header after blanks": (a_part("a.png", b"\n \t<w:altChunk xmlns:w='%s'/>" % WORD, "image/png"), "foreign_text"),
    "a header that nobody can read": (an_unreadable_header, "not_docx"),
    "text from elsewhere, in the strict manner": (
        a_part("a.bin", b"<w:hdr xmlns:w='%s'>%s</w:hdr>" % (STRICT, FIELD), HEADER, "header"),
        "external",
    ),
    "relations in capitals": (relations_in_capitals, "embedded"),
    "a name that differs in case only": (a_name_that_differs_in_case_only, "not_docx"),
    "a name that is another once read": (a_name_that_is_another_once_read, "not_docx"),
    "two types for one name": (two_types_for_one_name, "not_docx"),
    "a part of an unknown type": (a_part("a.exe", b"MZ", "application/octet-stream"), "embedded"),
    "a part without a type": (a_part("a.exe", b"MZ", ""), "embedded"),
}
HARMLESS = {
    "a picture": a_part("media/image1.png", PICTURE, "image/png"),
    "a drawing": a_part("media/image1.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
    "a font": a_part(
        "fonts/font1.odttf", b"<x\0", "application/vnd.openxmlformats-officedocument.obfuscatedFont", "font"
    ),
    "what a printer was told": a_part(
        "printerSettings1.bin",
        b"\x01\0",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.printerSettings",
        "printerSettings",
    ),
    "data beside the text": a_part("item9.xml", b"<object xmlns='urn:a'/>", "application/xml", "customXml"),
}


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS)
def test_what_word_itself_puts_beside_the_text_is_let_through(letterhead, change):
    check(changed(letterhead, change))


@pytest.mark.parametrize(("change", "code"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused_with_a_sentence(letterhead, change, code):
    with pytest.raises(LetterheadRefused) as refused:
        check(changed(letterhead, change))
    finding = refused.value.finding
    assert finding.code == code
    assert (finding.msgid % dict(finding.params)).endswith(".")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"a letter", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_archive_is_no_letterhead(data):
    with pytest.raises(LetterheadRefused) as refused:
        check(data)
    assert refused.value.finding.code == "not_docx"


def test_a_link_to_a_page_may_stand_in_a_letterhead(letterhead):
    check(changed(letterhead, related("hyperlink", "https://actis.example/")))


def test_page_styles_header_and_footer_of_the_letterhead_win(fiche, house, letterhead):
    made = new_docx(io.BytesIO(docx.write(fiche.document, house, content_hash="abc123", letterhead=letterhead)))
    section = made.sections[0]
    assert (round(section.page_width.mm), round(section.left_margin.mm)) == (216, 33)
    assert section.header.paragraphs[0].text == "Actis, office public de l’habitat"
    foot = [line.text for line in section.footer.paragraphs]
    assert foot[0] == "25 avenue de Constantine, Grenoble"
    assert any("abc123" in line for line in foot)
    assert made.styles["Heading 1"].font.size == Pt(31)
    assert made.styles["Normal"].font.name == "Georgia"


def test_the_paper_is_written_in_place_of_the_text_of_the_letterhead(fiche, house, letterhead):
    made = new_docx(io.BytesIO(docx.write(fiche.document, house, content_hash="abc123", letterhead=letterhead)))
    words = [line.text for line in made.paragraphs]
    assert "Ici le texte de la lettre." not in words
    assert fiche.document.title in words
    assert "Ville de Grenoble" not in words
    assert made.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr/w:lang/@w:val") == ["fr-FR"]
    widths = [int(one.get(qn("w:w"))) for one in made.tables[-1]._tbl.tblGrid]
    assert sum(widths) / 56.7 == pytest.approx(150, abs=2)


def test_a_letterhead_without_lists_or_defaults_gets_what_it_lacks(fiche, house):
    bare = new_docx()
    for style in [one for one in bare.styles if one.type == WD_STYLE_TYPE.PARAGRAPH and one.name != "Normal"]:
        style.element.getparent().remove(style.element)
    defaults = bare.styles.element.find(qn("w:docDefaults"))
    bare.styles.element.remove(defaults)
    relations = bare.part.rels
    for name in [key for key, one in relations.items() if one.reltype.endswith("/numbering")]:
        del relations[name]
    made = new_docx(io.BytesIO(docx.write(fiche.document, house, content_hash="0", letterhead=saved(bare))))
    assert made.element.xpath("//w:numPr")
    assert [line.text for line in made.paragraphs if line.style.name == "Heading 1"] == ["Synthèse"]


def test_a_first_page_of_its_own_keeps_its_header(fiche, house):
    given = new_docx()
    section = given.sections[0]
    section.different_first_page_header_footer = True
    section.first_page_header.paragraphs[0].text = "Cabinet du maire"
    copy = docx.write(fiche.document, house, content_hash="abc", mark="draft", letterhead=saved(given))
    section = new_docx(io.BytesIO(copy)).sections[0]
    heads = [line.text for line in section.first_page_header.paragraphs]
    assert heads == ["Cabinet du maire", house.says("fr", "draft_text")]
    assert any("abc" in line.text for line in section.first_page_footer.paragraphs)
