"""A convention: numbered, referred to, made of clauses, signed by several, with its annexes, the same in both files."""

import datetime
import io
import re

import pikepdf
import pytest
from docx import Document as open_docx
from PIL import Image

from documents import docx, model, pdf
from documents.content import (
    AnnexTitle,
    Article,
    AttachedFiles,
    Figure,
    Heading,
    Paragraph,
    Signatures,
    Square,
    plain,
    walk,
)
from documents.content import Table as TableBlock
from tests.documents.reading import words_of_docx, words_of_pdf

DAY = datetime.date(2026, 11, 23)
CONVENTION = """---
title: "Convention de relogement"
subtitle: "Opération {{ operation.name }}"
about: operation
kind: agreement
numbering: articles
contents: true
typeface: serif
parties:
  - name: "{{ landlord.name }}"
  - Ville de Grenoble
signatories:
  - {field: bailleur, name: "{{ landlord.signs }}", capacity: Directeur, organisation: "{{ landlord.name }}"}
  - {field: ville, name: Claire Lemoine, capacity: Maire}
annexes:
  - {title: "Charte {{ operation.name }}", model: charte}
  - {title: Plan du quartier, file: attached}
asks:
  - {name: signee_le, type: date, label: "Signée le", required: true}
---
# Préambule

Vu l' **article** {% ref "objet" %}, le {% ref "moyens" %} et l'{% ref "clause-penale" %} ; voir aussi {% ref "pre" %}.

# Dispositions {#pre}

## Article – Objet {#objet}

La convention dure {{ years }} ans : elle est « ferme » !

{% clause "duree" %}

## Article – Moyens {#penalites}

{% caption "Les moyens" id: "moyens" %}
| Poste | Montant |
|:------|--------:|
| Suivi | 1 200 € |

{% figure "plan.png" alt: "Plan du quartier", caption: "Plan" id: "plan" width: 60 %}

{% qr "https://grenoble.example/relogement" label: "En savoir plus" %}

{% annex "Clause pénale" id: "clause-penale" %}
## Montant

Fixé à l'{% ref "penalites" %}.
{% endannex %}

{% signatures %}
"""
CHARTE = '---\ntitle: "Charte"\n---\n## Engagements\n\nLe bailleur {{ landlord.name }} écoute.\n'
CLAUSES = {
    "duree": "## Article – Durée\n\nUn an.\n",
    "duree.pluralis": "---\ntitle: Durée longue\n---\n## Article – Durée\n\nTrois ans chez {{ landlord.name }}.\n",
}
DATA = {
    "operation": {"name": "Mistral"},
    "landlord": {"slug": "actis", "name": "Actis", "signs": "Paul Roux"},
    "years": 3,
}
PLAN = model.AnnexFile("plan.pdf", "application/pdf", b"%PDF-1.7 plan", "Plan du quartier")


def a_picture(size: tuple[int, int] = (60, 40)) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, (20, 90, 120)).save(made, format="PNG")
    return made.getvalue()


def render(text=CONVENTION, data=DATA, files=(), **library):
    given = {"clauses": CLAUSES, "files": {"plan.png": a_picture()}, "models": {"charte": CHARTE}} | library
    shelf = model.Library(**given)
    whole = text if text.startswith("---") else f'---\ntitle: "Essai"\n---\n{text}'
    said = {"lang": "fr", "reference": "MIS-7", "date": DAY, "verify_url": None, "issuer": "Ville"}
    return model.render(model.load(whole, shelf), data, annex_files=files, **said)


def of_kind(rendered, kind):
    return [block for block in walk(rendered.document.blocks) if isinstance(block, kind)]


def said(rendered) -> str:
    return "\n".join(plain(one.runs) for one in of_kind(rendered, Paragraph))


@pytest.fixture(scope="module")
def convention():
    return render(files=[PLAN])


def test_a_whole_convention_is_written_without_a_finding(convention):
    assert convention.findings == ()
    assert convention.parties == ("Actis", "Ville de Grenoble")
    assert [one.field_name for one in convention.signatories] == ["bailleur", "ville"]


def test_references_say_what_the_place_is_and_its_number(convention):
    first, *_ = said(convention).split("\n")
    assert (
        first
        == "Vu l' article article\u00a01, le tableau\u00a01 et l'annexe\u00a01 ; voir aussi «\u00a0Dispositions\u00a0»."
    )
    assert "Fixé à l'article\u00a03." in said(convention)


def test_both_files_of_a_convention_say_the_same_words(convention, house, tmp_path):
    made = pdf.write(convention.document, house, date=DAY).bytes
    copy = docx.write(convention.document, house, content_hash="abc")
    in_pdf = [word for word in words_of_pdf(made, tmp_path) if not re.fullmatch(r"\.+|\u2060?\d", word)]
    assert [word for word in words_of_docx(copy) if not re.fullmatch(r"\d", word)] == in_pdf


def test_references_and_contents_are_links_in_both_files(convention, house):
    with pikepdf.open(io.BytesIO(pdf.write(convention.document, house, date=DAY).bytes)) as opened:
        links = [one for page in opened.pages for one in page.get("/Annots", []) if "/Dest" in one or "/A" in one]
    assert len(links) >= 5 + 8
    made = open_docx(io.BytesIO(docx.write(convention.document, house, content_hash="abc")))
    led = made.element.xpath("//w:hyperlink/@w:anchor")
    names = made.element.xpath("//w:bookmarkStart/@w:name")
    assert set(led) <= set(names)
    assert len(names) == len(set(names))
    assert "TOC" in "".join(made.element.xpath("//w:instrText/text()"))


def test_a_reference_to_nowhere_is_reported_with_its_line():
    rendered = render('Texte.\n\nVoir {% ref "rien" %}.')
    (finding,) = rendered.findings
    assert (finding.code, finding.line) == ("unknown_anchor", 6)
    assert said(rendered).endswith("Voir ?.")


def test_an_anchor_is_given_once_and_never_by_a_value():
    rendered = render("## A {#x}\n\n## B {#x}\n\n## C {{ v }}", {"v": "{#y}"})
    assert [one.anchor for one in of_kind(rendered, Heading)] == ["x", "", ""]
    assert of_kind(rendered, Heading)[2].text == "C {#y}"
    assert [one.code for one in rendered.findings] == ["anchor_twice"]


def test_parts_are_numbered_below_each_other():
    text = '---\ntitle: "T"\nnumbering: sections\n---\n# A\n\n## B\n\n## C {#c}\n\n# D\n\n## E\n\nVoir {% ref "c" %}.'
    rendered = render(text)
    assert [one.number for one in of_kind(rendered, Heading)] == ["1", "1.1", "1.2", "2", "2.1"]
    assert said(rendered) == "Voir partie\u00a01.2."


def test_the_clause_of_the_landlord_wins(convention):
    assert "Un an." in said(convention)
    of_pluralis = render(data=DATA | {"landlord": {"slug": "pluralis", "name": "Pluralis", "signs": "A"}}, files=[PLAN])
    assert "Trois ans chez Pluralis." in said(of_pluralis)
    assert [one.title for one in of_kind(of_pluralis, Article)] == ["Objet", "Durée", "Moyens"]


@pytest.mark.parametrize(
    ("clauses", "code", "clause", "line"),
    [
        ({}, "unknown_clause", "", 6),
        ({"a": "x\n\n{{ v | nowhere }}"}, "unknown_filter", "a", 3),
        ({"a": "x", "a.b": "---\nt: 1\n---\n{% if v %}"}, "liquid_syntax", "a.b", None),
        ({"a": 'x\n{% clause "b" %}', "b": "y"}, "clause_in_clause", "a", 2),
    ],
)
def test_a_clause_that_cannot_be_used_is_named_with_its_line(clauses, code, clause, line):
    with pytest.raises(model.ModelRefused) as refused:
        render('Avant.\n\n{% clause "a" %}', clauses=clauses)
    (finding,) = refused.value.findings
    assert (finding.code, finding.clause) == (code, clause)
    assert line is None or finding.line == line


def test_an_unknown_name_in_a_clause_and_after_it_names_the_right_file_and_line():
    for body, clause, place in (("{{ nowhere }}", "a", 1), ("Un.\n\nDeux.", "", 8)):
        with pytest.raises(model.ModelRefused) as refused:
            render('Avant.\n\n{% clause "a" %}\n\n{{ lost }}', {}, clauses={"a": body})
        (finding,) = refused.value.findings
        assert (finding.clause, finding.line) == (clause, place)


def test_who_signs_stands_where_the_text_says_and_an_empty_name_is_left_out(convention):
    (row,) = of_kind(convention, Signatures)
    assert [(one.name, one.capacity) for one in row.blocks] == [("Paul Roux", "Directeur"), ("Claire Lemoine", "Maire")]
    assert [one.code for one in render("{% signatures %}").findings] == ["no_signatories"]


def test_annexes_are_numbered_through_those_written_compiled_and_attached(convention):
    assert [(one.number, one.title) for one in of_kind(convention, AnnexTitle)] == [
        (1, "Clause pénale"),
        (2, "Charte Mistral"),
    ]
    (listed,) = of_kind(convention, AttachedFiles)
    (file,) = listed.files
    assert (file.number, file.title, file.name, file.size) == (3, "Plan du quartier", "plan.pdf", 13)
    assert [one.level for one in of_kind(convention, Heading)] == [1, 1, 2, 2]
    assert [one.code for one in render().findings] == ["annex_missing"]


def test_an_attached_annex_travels_in_the_pdf_and_its_hash_is_printed(convention, house, tmp_path):
    source = ("donnees.json", "application/json", b"{}", "Données")
    made = pdf.write(convention.document, house, attachments=[source, *convention.attachments], date=DAY).bytes
    with pikepdf.open(io.BytesIO(made)) as opened:
        assert opened.attachments["plan.pdf"].get_file().read_bytes() == PLAN.data
    (listed,) = of_kind(convention, AttachedFiles)
    assert listed.files[0].sha256 in "".join(words_of_pdf(made, tmp_path))


def test_a_figure_and_a_code_are_read_from_their_arguments(convention):
    (figure,) = of_kind(convention, Figure)
    assert (figure.alt, figure.caption, figure.width_mm, figure.anchor) == ("Plan du quartier", "Plan", 60.0, "plan")
    (square,) = of_kind(convention, Square)
    assert (square.address, square.label) == ("https://grenoble.example/relogement", "En savoir plus")
    (table,) = of_kind(convention, TableBlock)
    assert (table.number, table.anchor) == (1, "moyens")


def test_an_annex_that_is_a_model_counts_its_own_articles_and_keeps_its_own_anchors():
    text = (
        '---\ntitle: "T"\nannexes: [{title: Règlement, model: r}]\n---\n'
        '## Article – A {#a}\n\nVoir {% ref "a" %}.\n\n{% signature name: "N", field: "f" %}'
    )
    annexed = (
        '---\ntitle: "R"\n---\n## Article – B\n\n## Article – C {#a}\n\nVoir {% ref "a" %} et {% ref "z" %}.\n\n'
        '{% signature name: "N", field: "f" %}'
    )
    rendered = render(text, models={"r": annexed})
    assert [(one.number, one.title) for one in of_kind(rendered, Article)] == [(1, "A"), (1, "B"), (2, "C")]
    assert said(rendered) == "Voir article\u00a01.\nVoir article\u00a02 et ?."
    assert [one.field_name for row in of_kind(rendered, Signatures) for one in row.blocks] == ["f", ""]
    assert [(one.code, one.line) for one in rendered.findings] == [("unknown_anchor", 8)]


def test_an_annex_without_its_model_is_refused_with_its_line():
    with pytest.raises(model.ModelRefused) as refused:
        render('---\ntitle: "T"\nannexes:\n  - {title: Plan, model: nowhere}\n---\nTexte.')
    assert [(one.code, one.line) for one in refused.value.findings] == [("unknown_annex", 4)]


def test_two_signatures_never_share_a_field():
    rendered = render('{% signature name: "A", field: "f" %}\n{% signature name: "B", field: "f" %}')
    assert [one.field_name for row in of_kind(rendered, Signatures) for one in row.blocks] == ["f", ""]
    assert [(one.code, one.line) for one in rendered.findings] == [("field_twice", 5)]


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ("about: everybody", 3),
        ("about: body\nkind: poem", 4),
        ("numbering: roman", 3),
        ("contents: perhaps", 3),
        ("parties: Actis", 3),
        ("parties:\n  - {name: A}\n  - {role: B}", 5),
        ("signatories: [{field: a}]", 3),
        ("signatories: [{name: A, colour: red}]", 3),
        ("annexes: [{title: A}]", 3),
        ("annexes: [{title: A, model: b, file: attached}]", 3),
        ("asks: [{name: Visite le}]", 3),
        ("asks: [{name: a, type: colour}]", 3),
        ("asks: [{name: a, type: choice}]", 3),
        ("asks: [{name: a, type: text, choices: [b]}]", 3),
    ],
)
def test_what_the_front_matter_cannot_mean_is_reported_with_its_line(given, line):
    loaded = model.load(f'---\ntitle: "T"\n{given}\n---\nTexte.')
    assert [(one.code, one.line) for one in loaded.findings] == [("front_matter_value", line)]
    assert all(one.msgid % dict(one.params) for one in loaded.findings)


def test_the_front_matter_says_for_what_it_is_and_what_is_asked():
    front = model.load(CONVENTION, model.Library(CLAUSES, {}, {"charte": CHARTE})).front
    assert (front.about, front.kind, front.contents) == ("operation", "agreement", True)
    assert [(one.name, one.type, one.label, one.required) for one in front.asks] == [
        ("signee_le", "date", "Signée le", True)
    ]


def test_a_model_in_large_print_needs_more_room(house):
    text = '---\ntitle: "T"\nlarge_print: true\n---\n' + "Une phrase de plus.\n\n" * 60
    large, normal = render(text), render(text.replace("true", "false"))
    pages = []
    for rendered in (normal, large):
        with pikepdf.open(io.BytesIO(pdf.write(rendered.document, house, date=DAY).bytes)) as opened:
            pages.append(len(opened.pages))
    assert pages[0] < pages[1]


def test_an_english_convention_speaks_english_throughout(house, tmp_path):
    text = (
        '---\ntitle: "Agreement"\nlang: en\ncontents: true\n---\n## Article – Object {#o}\n\nSee {% ref "o" %}.\n\n'
        '{% annex "Map" %}\nHere.\n{% endannex %}'
    )
    told = {"lang": "en", "reference": "R", "date": DAY, "verify_url": None, "issuer": "C"}
    rendered = model.render(model.load(text), {}, **told)
    words = " ".join(words_of_pdf(pdf.write(rendered.document, house, date=DAY).bytes, tmp_path))
    assert "Contents" in words
    assert "See article 1." in words
    assert "Annex 1 Map" in words


def test_a_file_stands_under_the_title_it_was_given_for_and_a_missing_one_is_named():
    annexes = "[{title: Plan, file: attached}, {title: Charte, file: attached}]"
    text = f'---\ntitle: "Essai"\nannexes: {annexes}\n---\nTexte.'
    charter = model.AnnexFile("charte.pdf", "application/pdf", b"%PDF-1.7 charte", "Charte")
    more = model.AnnexFile("photo.png", "image/png", b"photo", "Photo")
    told = render(text, files=[more, charter])
    (listed,) = of_kind(told, AttachedFiles)
    assert [(one.title, one.name) for one in listed.files] == [("Charte", "charte.pdf"), ("Photo", "photo.png")]
    assert [(one.code, one.params["title"]) for one in told.findings] == [("annex_missing", "Plan")]
    untitled = render(text, files=[model.AnnexFile("a.pdf", "application/pdf", b"a"), charter])
    (listed,) = of_kind(untitled, AttachedFiles)
    assert [(one.title, one.name) for one in listed.files] == [("Plan", "a.pdf"), ("Charte", "charte.pdf")]


GIVEN = """---
title: "Essai"
audiences: [household, partner]
annexes:
  - {title: "Charte", model: charte, audiences: [partner]}
  - {title: "Plan du quartier", file: attached, audiences: [partner]}
---
Le texte.
"""
LETTER = model.AnnexFile("avis.pdf", "application/pdf", b"%PDF-1.7 avis", "Avis du maire", ("partner",))
GUIDE = model.AnnexFile("guide.pdf", "application/pdf", b"%PDF-1.7 guide", "Guide")


@pytest.mark.parametrize(
    ("reader", "files", "named"),
    [
        ("partner", ["plan.pdf", "avis.pdf", "guide.pdf"], ["Charte", "Plan du quartier", "Avis du maire", "Guide"]),
        ("household", ["guide.pdf"], ["Guide"]),
    ],
)
def test_an_annex_goes_to_the_readers_it_is_given_to_and_its_name_to_nobody_else(reader, files, named):
    made = render(GIVEN, DATA | {"audience": reader}, files=[PLAN, LETTER, GUIDE])
    words = repr(made.document)
    assert [name for name, *_ in made.attachments] == files
    assert [one for one in ("Charte", "Plan du quartier", "Avis du maire", "Guide") if one in words] == named
    assert ("Actis écoute" in words) == (reader == "partner")
    assert made.findings == ()


def test_an_annex_given_to_somebody_the_model_has_no_version_for_is_told_with_its_line():
    [found] = render(
        GIVEN.replace("model: charte, audiences: [partner]", "model: charte, audiences: [press]")
    ).findings[:1]
    assert (found.params["name"], found.line) == ("press", 5)
