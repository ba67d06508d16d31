"""What a reader sees: nothing stands alone at the foot of a page, names and boxes stand level, codes leave room."""

import datetime
import io
import re
import subprocess

import pikepdf
import pytest
from docx import Document as open_docx

from documents import docx, pdf
from tests.documents.reading import words_of_docx

DAY = datetime.date(2026, 11, 23)
FILLING = "Une ligne de remplissage qui tient sur une seule ligne.\n\n"
ROWS = range(33, 40)


def pages(rendered, house) -> list[str]:
    """The words of each page."""
    made = pdf.write(rendered.document, house, date=DAY).bytes
    said = subprocess.run(["pdftotext", "-", "-"], input=made, capture_output=True, check=True).stdout.decode()
    return [re.sub(r"\s+", " ", one) for one in said.split("\f")[:-1]]


def page_of(words: str, told: list[str]) -> int:
    return next(at for at, one in enumerate(told) if words in one)


@pytest.mark.parametrize("rows", ROWS)
def test_the_title_of_a_frame_is_never_parted_from_its_words(write_up, house, rows):
    body = FILLING * rows + '{% notice title: "Attention" %}\nPremière phrase.\n\nDeuxième phrase.\n{% endnotice %}\n'
    told = pages(write_up(body), house)
    assert page_of("Attention", told) == page_of("Première", told) == page_of("Deuxième", told)


@pytest.mark.parametrize("rows", ROWS)
def test_a_signature_never_stands_alone_on_a_page(write_up, house, rows):
    body = FILLING * rows + 'Fait en deux exemplaires.\n\n{% signature name: "Nadia Besson", place: "Grenoble" %}\n'
    told = pages(write_up(body), house)
    assert page_of("deux exemplaires", told) == page_of("Nadia", told)


LAST = "Dernier article du texte. " * 8
TITLED = "\n\n# Signatures\n\n"
WITNESSED = TITLED + "Fait en deux exemplaires.\n\n"


def signed_by(count: int) -> str:
    """As many signers, whose boxes are named s0, s1…"""
    return "\n".join(f'{{% signature name: "Nadia {at}", place: "Grenoble", field: "s{at}" %}}' for at in range(count))


def pages_of_boxes(rendered, house, large_print: bool = False) -> list[int]:
    return [one.page for one in pdf.write(rendered.document, house, date=DAY, large_print=large_print).fields]


@pytest.mark.parametrize("signers", [1, 2, 5, 8])
@pytest.mark.parametrize("title", [TITLED, WITNESSED], ids=["a title", "a title and a sentence"])
@pytest.mark.parametrize("rows", range(6, 40, 3))
def test_all_who_sign_stand_on_one_page_with_the_last_words_of_the_text(write_up, house, rows, title, signers):
    body = write_up(FILLING * rows + LAST + title + signed_by(signers))
    told, boxes = pages(body, house), pages_of_boxes(body, house)
    assert boxes == [page_of("exemplaires" if title == WITNESSED else "Signatures", told)] * signers
    assert page_of("Dernier article", told) == boxes[0]


@pytest.mark.parametrize("rows", range(6, 40, 6))
def test_more_who_sign_than_a_page_holds_begin_under_the_last_words_and_nobody_signs_alone(write_up, house, rows):
    body = write_up(FILLING * rows + LAST + TITLED + signed_by(13))
    told, boxes = pages(body, house), pages_of_boxes(body, house)
    assert page_of("Dernier article", told) == page_of("Signatures", told) == boxes[0]
    assert boxes == sorted(boxes)
    assert boxes.count(boxes[-1]) >= 3


@pytest.mark.parametrize("rows", ROWS)
def test_words_that_announce_a_list_stay_with_it(write_up, house, rows):
    told = pages(write_up(FILLING * rows + "Voici ce qui suit :\n\n- premier\n- dernier\n"), house)
    assert page_of("Voici", told) == page_of("premier", told) == page_of("dernier", told)


def test_a_frame_of_several_pages_is_still_written_whole(write_up, house):
    long = "".join(f"Phrase {number} du texte encadré, assez longue pour une ligne.\n\n" for number in range(120))
    told = pages(write_up("{% notice title: 'Long' %}\n" + long + "{% endnotice %}\n"), house)
    assert len(told) > 2
    assert "Phrase 119" in " ".join(told)


def test_those_who_sign_side_by_side_sign_at_the_same_height(write_up, house):
    body = (
        '{% signature name: "Claire", capacity: "CESF", organisation: "Ville", place: "Lyon", field: "a" %}\n'
        '{% signature name: "Nadia", field: "b" %}\n'
    )
    one, other = pdf.write(write_up(body).document, house, date=DAY).fields
    assert (one.page, round(one.top, 1)) == (other.page, round(other.top, 1))
    assert one.right < other.left


def test_a_paper_of_one_page_says_in_short_how_it_is_verified(write_up, house):
    letter = write_up('---\ntitle: "Lettre"\nabout: household\nkind: letter\n---\nBonjour.\n')
    paper = write_up('---\ntitle: "Accord"\nabout: operation\nkind: agreement\n---\nBonjour.\n')
    short, long = " ".join(pages(letter, house)), " ".join(pages(paper, house))
    assert "prestataire qualifié" in long
    assert "prestataire qualifié" not in short
    assert house.says("fr", "verify_short") in short
    assert "authentique" in " ".join(words_of_docx(docx.write(letter.document, house, content_hash="0")))


def test_a_box_to_tick_can_be_seen_and_read_aloud(write_up, house):
    body = "| Cochez | Réponse |\n|:-:|---|\n| [ ] | J’accepte. |\n"
    told = " ".join(pages(write_up(body), house))
    assert re.search(r"\[ ?\]", told)  # Poppler takes so small a space for none
    assert "[ ]" in " ".join(words_of_docx(docx.write(write_up(body).document, house, content_hash="0")))


def test_a_new_page_of_the_working_copy_begins_with_its_words(write_up, house):
    made = docx.write(write_up("Avant.\n\n{% pagebreak %}\n\nAprès.\n").document, house, content_hash="0")
    broken = [one.text for one in open_docx(io.BytesIO(made)).paragraphs if one.paragraph_format.page_break_before]
    assert broken == ["Après."]


def test_a_party_that_is_nobody_is_no_party(write_up):
    head = '---\ntitle: "A"\nparties: [{name: "{{ city }}"}, {name: "{{ other }}"}]\n---\nx\n'
    assert write_up(head, {"city": "Grenoble", "other": ""}).parties == ("Grenoble",)


def test_whoever_signs_in_a_loop_is_among_those_who_sign(write_up):
    head = '---\ntitle: "A"\nsignatories: [{name: "Maire", capacity: "Maire"}]\n---\n{% signatures %}\n\n'
    body = head + "{% for one in people %}\n{% signature name: one, capacity: 'Mandataire' %}\n{% endfor %}\n"
    signing = write_up(body, {"people": ["Monique", "Saïd"]}).signatories
    assert [one.name for one in signing] == ["Maire", "Monique", "Saïd"]


def test_long_contents_stand_on_a_page_of_their_own_and_lead_by_links(write_up, house):
    head = '---\ntitle: "A"\ncontents: true\n---\n'
    rendered = write_up(head + "".join(f"## Article – Objet {number}\n\nTexte.\n\n" for number in range(22)))
    made = pdf.write(rendered.document, house, date=DAY).bytes
    with pikepdf.open(io.BytesIO(made)) as opened:
        links = [one for one in opened.pages[0].Annots if one.Subtype == "/Link"]
    assert len(links) >= 22
    assert "Texte." not in pages(rendered, house)[0]
