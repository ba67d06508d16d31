"""A model says what it says, and refuses with the line at fault."""

import pytest

from documents import model
from documents.content import Article, Heading, KeyValues, ListBlock, Notice, Paragraph, Signatures, Table, plain


def of_kind(rendered, kind):
    return [block for block in rendered.document.blocks if isinstance(block, kind)]


def test_a_loop_between_the_rows_of_a_table_makes_one_row_for_each_turn(fiche):
    (table,) = of_kind(fiche, Table)
    said = [[plain(cell) for cell in row] for row in table.rows]
    assert said == [["Salaire", "1\u00a0400,00\u00a0€"], ["Aide au logement", "180,00\u00a0€"]]
    assert table.alignment == ("left", "right")
    assert table.caption == "Ressources du ménage"


def test_title_and_subtitle_take_values(fiche):
    assert fiche.document.title == "Fiche de diagnostic social"
    assert fiche.document.meta.subtitle == "Relogement du quartier Mistral"


def test_articles_are_numbered_in_order_of_appearance(write_up):
    rendered = write_up("# Convention\n\n## Article – Objet\n\nA.\n\n## Article : Durée\n\nB.\n")
    assert [(one.number, one.title) for one in of_kind(rendered, Article)] == [(1, "Objet"), (2, "Durée")]


def test_signature_blocks_that_follow_each_other_stand_in_one_row(fiche):
    (row,) = of_kind(fiche, Signatures)
    assert [one.field_name for one in row.blocks] == ["cesf", "menage"]


def test_a_colon_inside_a_value_never_cuts_a_label(write_up):
    rendered = write_up(
        "{% keyvalues %}\n- {{ label }} : {{ value }}\n{% endkeyvalues %}",
        {"label": "Si oui: lequel", "value": "a : b"},
    )
    ((label, value),) = of_kind(rendered, KeyValues)[0].rows
    assert (plain(label), plain(value)) == ("Si oui: lequel", "a : b")


def test_words_stay_as_they_are_typed_until_they_are_written_into_a_file(write_up):
    (paragraph,) = of_kind(write_up("Bonjour ! « Oui » : {{ v }}", {"v": "a ; b"}), Paragraph)
    assert plain(paragraph.runs) == "Bonjour ! « Oui » : a ; b"


def test_lists_nest_and_notices_hold_blocks(write_up):
    rendered = write_up("{% notice title: t %}\n- un\n   - deux\n{% endnotice %}", {"t": "À savoir"})
    (notice,) = of_kind(rendered, Notice)
    assert notice.title == "À savoir"
    assert isinstance(notice.blocks[0], ListBlock)
    assert isinstance(notice.blocks[0].items[0][1], ListBlock)


def test_indented_text_inside_a_loop_is_a_paragraph_not_code(write_up):
    rendered = write_up("{% for v in vs %}\n\n      {{ v }}\n{% endfor %}", {"vs": ["un", "deux"]})
    assert [plain(one.runs) for one in of_kind(rendered, Paragraph)] == ["un", "deux"]


def test_a_heading_that_jumps_is_lowered_and_reported(write_up):
    rendered = write_up("# Un\n\n### Trois\n\nTexte.")
    assert [one.level for one in of_kind(rendered, Heading)] == [1, 2]
    assert [finding.code for finding in rendered.findings] == ["heading_jump"]


def test_a_model_may_begin_below_the_first_level(write_up):
    rendered = write_up("## Article – Objet\n\nA.\n\n### Détail\n\nB.\n\n## Article – Durée\n\nC.")
    assert [one.level for one in of_kind(rendered, (Article, Heading))] == [1, 2, 1]
    assert rendered.findings == ()


def test_a_missing_value_may_be_tested_and_replaced(write_up):
    rendered = write_up(
        '{% if answers.J %}Oui{% else %}Non{% endif %} {{ answers.J.J7 | default: "—" }}', {"answers": {}}
    )
    assert plain(of_kind(rendered, Paragraph)[0].runs) == "Non —"


def test_a_link_keeps_only_harmless_schemes(write_up):
    rendered = write_up(
        "[a]({{ bad }}) [b]({{ good }})", {"bad": "javascript:alert(1)", "good": "https://example.org/é"}
    )
    runs = of_kind(rendered, Paragraph)[0].runs
    assert [run.href for run in runs if run.href] == ["https://example.org/%C3%A9"]
    assert [finding.code for finding in rendered.findings] == ["link_refused"]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("no front matter", "front_matter", 1),
        ("---\ntitle: [\n---\n", "front_matter", 2),
        ("---\nlang: fr\n---\nBonjour", "no_title", 1),
        ("---\ntitle: T\n---\n\n{% if a %}", "liquid_syntax", None),
        ("---\ntitle: T\n---\n\n{% include 'x' %}", "liquid_syntax", 5),
        ("---\ntitle: T\n---\n\n{% capture x %}a{% endcapture %}", "liquid_syntax", 5),
        ("---\ntitle: T\n---\nOui\n{{ a | nowhere }}", "unknown_filter", 5),
    ],
)
def test_a_model_that_cannot_be_read_names_its_line(text, code, line):
    with pytest.raises(model.ModelRefused) as refused:
        model.load(text)
    (finding,) = refused.value.findings
    assert finding.code == code
    assert line is None or finding.line == line


def test_writing_an_unknown_name_is_refused_with_its_line(write_up):
    with pytest.raises(model.ModelRefused) as refused:
        write_up("{% if a %}\n\n{{ household.nmae }}\n{% endif %}", {"a": 1, "household": {"name": "B."}})
    (finding,) = refused.value.findings
    assert (finding.code, finding.line) == ("unknown_name", 6)
    assert "nmae" in str(finding.params["detail"])


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in (1..200) %}{% for b in (1..200) %}x{% endfor %}{% endfor %}",
        "{% assign s = 'xxxxxxxxxx' %}{% for a in (1..60) %}{% assign s = s | append: s %}{% endfor %}",
        "{% for a in (1..15000) %}{{ big }}{% endfor %}",
        "{{ big | replace: 'x', big }}",
    ],
)
def test_loops_and_texts_without_measure_are_refused_quickly(write_up, text):
    with pytest.raises(model.ModelRefused):
        write_up(text, {"big": "x" * 10_000})


def test_every_finding_can_be_said_with_its_parameters(write_up):
    rendered = write_up("# A\n\n### B\n\n![x](y)\n\n{% table t %}\n", {"t": {"header": ["a"], "rows": [["1", "2"]]}})
    assert {finding.code for finding in rendered.findings} == {"heading_jump", "image_not_allowed", "uneven_row"}
    assert all(finding.msgid % dict(finding.params) for finding in rendered.findings)
