"""French spaces and apostrophes are set when a paper is written, in the model's words and in values alike."""

import datetime
import io

import pytest
from docx import Document as open_docx
from hypothesis import given, settings
from hypothesis import strategies as st

from documents import docx, pdf
from documents.content import Run, plain
from documents.typography import typeset, typeset_runs
from tests.documents.reading import words_of_pdf

DAY = datetime.date(2026, 11, 23)
TYPED = st.text(st.sampled_from("aB éà'’ \u00a0\u202f;:!?«»%€0123n°m²h.@/-"), max_size=60)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Prêt ? Oui ! Non ;", "Prêt\u202f? Oui\u202f! Non\u202f;"),
        ("Objet : « oui »", "Objet\u00a0: «\u00a0oui\u00a0»"),
        ("l'accord d'Actis, aujourd'hui", "l’accord d’Actis, aujourd’hui"),
        ("520,50 € et 24 % de 62 m² en 3 h", "520,50\u00a0€ et 24\u00a0% de 62\u00a0m² en 3\u00a0h"),
        ("1 250 000 habitants", "1\u00a0250\u00a0000 habitants"),
        ("04 76 12 34 56", "04\u00a076\u00a012\u00a034\u00a056"),
        ("le 23 novembre 2026, le 1er mai", "le 23\u00a0novembre\u00a02026, le 1er\u00a0mai"),
        (
            "sous 10 jours, 3 propositions, art. L. 442-6",
            "sous 10\u00a0jours, 3\u00a0propositions, art.\u00a0L.\u00a0442-6",
        ),
        ("n° 12, Mme Roux, M. Petit, art. 3", "n°\u00a012, Mme\u00a0Roux, M.\u00a0Petit, art.\u00a03"),
        ("l'article 3 et l'annexe 2", "l’article\u00a03 et l’annexe\u00a02"),
        ("14:30, a;b, http://a.example/?q=1", "14:30, a;b, http://a.example/?q=1"),
        ("https://a.example/l'été", "https://a.example/l'été"),
        ("écrire à l'adresse o'neil@a.example", "écrire à l’adresse o'neil@a.example"),
        ("3 hommes, 2 maisons", "3 hommes, 2 maisons"),
    ],
)
def test_what_is_typed_plainly_is_written_as_french_is(typed, written):
    assert typeset(typed, "fr") == written


def test_other_languages_stay_as_they_are():
    assert typeset("Ready ? It's 24 %", "en") == "Ready ? It's 24 %"


def test_a_rule_sees_over_the_ends_of_runs_and_never_into_code():
    runs = (Run("l'"), Run("accord", strong=True), Run(" : "), Run("a ; b 'c'd", code=True), Run(" !"))
    done = typeset_runs(runs, "fr")
    assert [run.text for run in done] == ["l’", "accord", "\u00a0: ", "a ; b 'c'd", "\u202f!"]
    assert done[1].strong
    assert done[3].code


def test_the_address_of_a_link_stays_and_its_words_are_set():
    (run,) = typeset_runs((Run("Voir ici !", href="https://a.example/ !"),), "fr")
    assert (run.text, run.href) == ("Voir ici\u202f!", "https://a.example/ !")


@settings(max_examples=200, deadline=None)
@given(TYPED)
def test_a_second_pass_changes_nothing_and_no_word_is_lost(text):
    once = typeset(text, "fr")
    assert typeset(once, "fr") == once
    assert len(once) == len(text)
    assert once.replace("’", "'").split() == text.replace("’", "'").split()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(TYPED, st.booleans()), max_size=6))
def test_runs_are_set_like_the_text_they_make_and_code_stays(pieces):
    runs = tuple(Run(text, code=code) for text, code in pieces)
    done = typeset_runs(runs, "fr")
    assert typeset_runs(done, "fr") == done
    assert [run.text for run in done if run.code] == [run.text for run in runs if run.code]
    if not any(run.code for run in runs):
        assert plain(done) == typeset(plain(runs), "fr")


def test_both_files_carry_the_same_spaces(write_up, house, tmp_path):
    text = '---\ntitle: "T"\ntypeface: serif\n---\nLoyer : {{ v }}\n\nL\'accord est-il signé ?'
    rendered = write_up(text, {"v": "520 € !"})
    copy = open_docx(io.BytesIO(docx.write(rendered.document, house, content_hash="0")))
    lines = [line.text for line in copy.paragraphs]
    assert "Loyer\u00a0: 520\u00a0€\u202f!" in lines
    assert "L’accord est-il signé\u202f?" in lines
    words = words_of_pdf(pdf.write(rendered.document, house, date=DAY).bytes, tmp_path)
    assert "L’accord" in words


def test_a_typeface_without_a_narrow_space_takes_the_other_one(write_up, house):
    """Atkinson Hyperlegible has none; borrowing it would put a second family into every paper."""
    rendered = write_up("Est-ce signé ?", {})
    copy = open_docx(io.BytesIO(docx.write(rendered.document, house, content_hash="0")))
    assert "Est-ce signé\u00a0?" in [line.text for line in copy.paragraphs]
    assert b"NotoSerif" not in pdf.write(rendered.document, house, date=DAY).bytes
