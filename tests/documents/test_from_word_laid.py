"""Ours and theirs side by side: typography is no difference, and what is taken over says what the partner wrote."""

import copy
import dataclasses
import datetime
import functools
import io
import json
import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from docx import Document as open_docx
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from hypothesis import given, settings
from hypothesis import strategies as some

from documents import docx, model, orders
from documents.from_word import __main__ as process
from documents.from_word.laid import Laid, Written, laid
from documents.from_word.lines import Line
from documents.from_word.reading import read
from documents.from_word.taken import inlined, relocated, taken
from documents.house import HouseStyle
from documents.library import Library

LIBRARY = Path(__file__).parents[2] / "templates" / "documents"
HOUSE = Path(__file__).parents[2] / "templates" / "house-style"
STYLE = HouseStyle.load(HOUSE, organisation="Ville de Grenoble", address=("Grenoble",))
EXAMPLES = sorted(f"{path.parent.name}/{path.name}" for path in LIBRARY.glob("*/example*.json"))
AGREEMENT = "convention-inter-bailleurs/example.json"
DAYS = str(json.loads((LIBRARY / AGREEMENT).read_text("utf-8"))["rules"]["transfer_days"]["value"])


@functools.cache
def written(name: str) -> Written:
    file = LIBRARY / name.partition("/")[0] / "model.md"
    data = json.loads((LIBRARY / name).read_text("utf-8"))
    day = datetime.date(2006, 3, 6)
    verify = "https://relais.example.org/verify/7Q2M"
    return Written(file.read_text("utf-8"), data, Library.beside(file), "fr", "MIS-2006-0012", day, "GIE", verify)


@functools.cache
def copy_of(name: str) -> bytes:
    told = written(name)
    rendered = model.render(
        model.load(told.text, told.library), told.data, lang="fr", reference=told.reference, date=told.day,
        verify_url=told.verify_url, issuer=told.issuer,
    )  # fmt: skip
    return docx.write(rendered.document, STYLE, content_hash="0" * 64)


def opened(name: str) -> Any:
    return open_docx(io.BytesIO(copy_of(name)))


def lines(made: Any) -> tuple[Line, ...]:
    target = io.BytesIO()
    made.save(target)
    return read(target.getvalue()).lines


def compared(theirs: Sequence[Line], told: Written) -> tuple[Laid, ...]:
    return laid(theirs, told, STYLE)[0]


def with_theirs(told: Written, articles: Sequence[Laid]) -> Written:
    """The model once everything that differs is taken over."""
    texts = {"": told.text, **told.library.clauses}
    done = taken(texts, [one for article in articles if article.state != "same" for one in article.replaced])
    clauses = {name: text for name, text in done.items() if name}
    return dataclasses.replace(told, text=done[""], library=dataclasses.replace(told.library, clauses=clauses))


def differing(articles: Sequence[Laid]) -> dict[str, str]:
    return {one.title: one.state for one in articles if one.state != "same"}


def paragraph(made: Any, beginning: str) -> Paragraph:
    """The first one that begins so, be it in a table."""
    found = (Paragraph(one, made) for one in made.element.body.iter(qn("w:p")))
    return next(one for one in found if one.text.startswith(beginning))


def reworded(made: Any, beginning: str, old: str, new: str) -> None:
    (run,) = [run for run in paragraph(made, beginning).runs if old in run.text]
    run.text = run.text.replace(old, new)


# ---- nothing changed


@pytest.mark.parametrize("name", EXAMPLES)
def test_our_own_copy_says_the_same_in_every_article(name: str):
    told = compared(read(copy_of(name)).lines, written(name))
    assert differing(told) == {}
    assert [one.points for one in told if one.points] == []


def test_typography_and_numbers_of_articles_are_no_difference():
    made = opened(AGREEMENT)
    exchanged = str.maketrans({"\u00a0": " ", "\u202f": " ", "’": "'", "«": '"', "»": '"', "–": "-"})
    for line in made.paragraphs:
        for run in line.runs:
            run.text = run.text.translate(exchanged).replace("Article 5 ", "Article V ")
    assert differing(compared(lines(made), written(AGREEMENT))) == {}


@pytest.mark.proof
@pytest.mark.parametrize("name", [AGREEMENT, "charte-de-relogement/example.json"])
def test_a_copy_saved_by_another_program_says_the_same(name: str, tmp_path: Path):
    (tmp_path / "paper.docx").write_bytes(copy_of(name))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    order = ["soffice", "--headless", profile, "--convert-to", "docx:MS Word 2007 XML", "--outdir", tmp_path / "out"]
    subprocess.run([*order, tmp_path / "paper.docx"], check=True, capture_output=True, timeout=240)
    saved = read((tmp_path / "out" / "paper.docx").read_bytes())
    assert differing(compared(saved.lines, written(name))) == {}
    assert "0" * 64 in saved.foot


# ---- what is taken over


def test_changed_words_are_written_into_the_model_and_its_fields_stay():
    made = opened(AGREEMENT)
    reworded(made, "Le bailleur qui la reçoit", "il explique pourquoi", "il dit par écrit pourquoi")
    articles = compared(lines(made), written(AGREEMENT))
    assert differing(articles) == {"Fiche d’échange": "changed"}
    after = with_theirs(written(AGREEMENT), articles).text
    assert after == written(AGREEMENT).text.replace("il explique pourquoi", "il dit par écrit pourquoi")


def test_a_list_and_a_table_grow_where_the_partner_let_them_grow():
    made = opened(AGREEMENT)
    item = paragraph(made, "l’ancienneté dans le parc social")
    again = copy.deepcopy(item._p)
    item._p.addnext(again)
    Paragraph(again, item._parent).runs[0].text = "la date de la demande est reprise ;"
    table = next(one for one in made.tables if one.rows[0].cells[0].text == "Dépense")
    row = copy.deepcopy(table.rows[-1]._tr)
    table.rows[-1]._tr.addnext(row)
    table.rows[-1].cells[0].paragraphs[0].runs[0].text = "Nettoyage | *gros* et {{ petit }}"
    theirs = lines(made)
    articles = compared(theirs, written(AGREEMENT))
    done = with_theirs(written(AGREEMENT), articles)
    assert "mutation ;\n- la date de la demande est reprise ;\n- aucune" in done.text
    assert "| Nettoyage \\| \\*gros\\* et \\{\\{ petit \\}\\} |" in done.text
    assert differing(compared(theirs, done)) == {}


def test_a_changed_value_a_loop_and_a_condition_are_to_be_looked_at_by_hand():
    made = opened(AGREEMENT)
    reworded(made, "Le bailleur qui la reçoit", DAYS, "77")
    reworded(made, "Chaque ménage est confié", "le secteur qu’il demande", "le quartier qu’il demande")
    articles = {one.title: one for one in compared(lines(made), written(AGREEMENT))}
    (value,) = articles["Fiche d’échange"].points
    assert (value.why, value.ours, value.theirs, value.taken) == ("value", DAYS, "77", False)
    (choice,) = articles["Répartition des ménages"].points
    assert (choice.why, choice.ours, choice.theirs, choice.taken) == ("condition", "secteur", "quartier", True)


def test_words_in_a_loop_stay_and_both_texts_are_told():
    made = opened("avenant/example.json")
    reworded(made, "Habitat du Drac", ", agissant par ", ", représenté par ")
    head = compared(lines(made), written("avenant/example.json"))[0]
    assert [(one.why, one.ours, one.theirs) for one in head.points] == [("repeated", "agissant", "représenté")]
    assert all(one.before == one.after for one in head.replaced)


def sections(made: Any) -> dict[str, list[Any]]:
    """The elements of every article by its title."""
    found: dict[str, list[Any]] = {}
    for one in made.element.body:
        line = Paragraph(one, made) if one.tag.endswith("}p") else None
        if line is not None and line.style.name.startswith("Heading"):
            found[line.text.partition("– ")[2] or line.text] = []
        if found and not one.tag.endswith("}sectPr"):
            found[list(found)[-1]].append(one)
    return found


def test_a_moved_a_removed_and_a_new_article_are_known_and_taken_over():
    made = opened(AGREEMENT)
    told = sections(made)
    for one in told["Dettes locatives"]:
        one.getparent().remove(one)
    for one in reversed(told["Arbitrage"]):
        told["Objet"][-1].addnext(one)
    heading, text = copy.deepcopy(told["Objet"][0]), copy.deepcopy(told["Objet"][1])
    told["Coordination"][-1].addnext(text)
    told["Coordination"][-1].addnext(heading)
    for one, words in ((heading, "Article 15 – Visites communes"), (text, "Chacun visite # tout.")):
        first, *others = Paragraph(one, made).runs
        first.text = words
        for run in others:
            run._r.getparent().remove(run._r)
    theirs = lines(made)
    articles = compared(theirs, written(AGREEMENT))
    assert differing(articles) == {"Dettes locatives": "removed", "Arbitrage": "moved", "Visites communes": "new"}
    done = with_theirs(written(AGREEMENT), articles)
    assert differing(compared(theirs, done)) == {}
    assert "## Article – Visites communes\n\nChacun visite # tout." in done.text
    assert "Dettes locatives" not in done.text


def test_a_reference_that_follows_the_new_number_of_its_article_is_no_difference():
    source = written(AGREEMENT).text.replace("La convention fixe", 'Selon l’{% ref "echange" %}, la convention fixe')
    told = dataclasses.replace(written(AGREEMENT), text=source)
    made = open_docx(io.BytesIO(_docx(told)))
    for line in made.paragraphs:
        for run in line.runs:
            run.text = run.text.replace("Article\u00a05 ", "Article\u00a06 ").replace(
                "article\u00a05", "article\u00a06"
            )
    for link in made.element.body.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"):
        link.text = (link.text or "").replace("article\u00a05", "article\u00a06")
    assert differing(compared(lines(made), told)) == {}


def _docx(told: Written) -> bytes:
    rendered = model.render(
        model.load(told.text, told.library), told.data, lang="fr", reference=told.reference, date=told.day,
        verify_url=told.verify_url, issuer=told.issuer,
    )  # fmt: skip
    return docx.write(rendered.document, STYLE, content_hash="0" * 64)


def test_invented_values_are_no_difference_when_the_paper_is_unknown():
    made = opened(AGREEMENT)
    reworded(made, "Le bailleur qui la reçoit", DAYS, "77")
    told = dataclasses.replace(written(AGREEMENT), invented=True)
    assert differing(compared(lines(made), told)) == {}


NEW_WORDS = (
    "remplacement",
    "*étoile*",
    "{{ accolade }}",
    "# dièse",
    "1. point",
    "a_b_c",
    "<b>",
    "[lien](x)",
    "& Cie",
    "«",
)


def mutated(made: Any, rng: random.Random) -> None:
    """Words replaced, put in, taken out; paragraphs added and taken out, as a partner would."""
    kept = [one for one in made.paragraphs if one.text.strip() and any(len(run.text.split()) > 2 for run in one.runs)]
    begin = next((at for at, one in enumerate(kept) if one.style.name.startswith("Heading")), len(kept))
    for _ in range(5 if kept[begin:] else 0):
        line = rng.choice(kept[begin:])
        long = [run for run in line.runs if len(run.text.split()) > 2]
        if not long:
            continue
        run = rng.choice(long)
        told, at = run.text.split(" "), rng.randrange(len(run.text.split(" ")))
        deed = rng.randrange(5)
        if deed == 0:
            told[at] = rng.choice(NEW_WORDS)
        elif deed == 1:
            told.insert(at, rng.choice(NEW_WORDS))
        elif deed == 2:
            told.pop(at)
        elif not line.style.name.startswith("Heading"):
            again = copy.deepcopy(line._p)
            line._p.addnext(again)
            first, *others = Paragraph(again, line._parent).runs
            first.text = f"Une phrase nouvelle, {rng.choice(NEW_WORDS)}, numéro {rng.randrange(999)}."
            for other in others:
                other._r.getparent().remove(other._r)
            continue
        run.text = " ".join(told)


@settings(max_examples=25, deadline=None)
@given(name=some.sampled_from(EXAMPLES), seed=some.integers(0, 10_000))
def test_whatever_a_partner_edits_taking_it_over_gives_their_words(name: str, seed: int):
    made = opened(name)
    mutated(made, random.Random(seed))
    theirs = lines(made)
    articles = compared(theirs, written(name))
    after = compared(theirs, with_theirs(written(name), articles))
    by_hand = {one.title for one in articles if any(not point.taken for point in one.points)}
    assert set(differing(after)) <= by_hand


# ---- the model changed meanwhile


def test_a_change_finds_its_place_in_a_model_that_changed_meanwhile():
    made = opened(AGREEMENT)
    reworded(made, "Le bailleur qui la reçoit", "il explique pourquoi", "il écrit pourquoi")
    articles = compared(lines(made), written(AGREEMENT))
    chosen = [one for article in articles if article.state != "same" for one in article.replaced]
    base = {"": written(AGREEMENT).text}
    now = {"": base[""].replace("# Préambule", "# Avant-propos")}
    found, lost = relocated(base, now, chosen)
    assert lost == []
    assert "il écrit pourquoi" in taken(now, found)[""]
    gone = {"": base[""].replace("Le dossier d’un ménage est transmis", "Le dossier est remis")}
    assert relocated(base, gone, chosen)[1] == chosen


def test_the_words_of_a_clause_stand_where_the_model_called_for_it():
    text = inlined('Avant.\n\n{% clause "duree" %}\n\nAprès.', "duree.actis", "## Article – Durée\n\nUn an.\n")
    assert text == "Avant.\n\n## Article – Durée\n\nUn an.\n\nAprès."


# ---- the process


def answered(**more: Any) -> dict[str, Any]:
    told = written(AGREEMENT)
    order = {
        "text": told.text, "data": told.data, "lang": "fr", "reference": told.reference, "day": "2006-03-06",
        "issuer": "GIE", "organisation": "Ville de Grenoble", "address": [], "house": str(HOUSE),
        "clauses": dict(told.library.clauses), "files": {}, "models": {}, "verify_url": told.verify_url,
    }  # fmt: skip
    return json.loads(json.dumps(process.compared(order | more)))


def test_the_process_reads_a_file_and_compares_the_same_lines_again():
    first = answered(word=copy_of(AGREEMENT))
    assert "0" * 64 in first["foot"]
    assert first["about"]["reference"] == "MIS-2006-0012"
    again = answered(lines=first["lines"])
    assert again["articles"] == first["articles"]
    assert {one["state"] for one in again["articles"]} == {"same"}


@pytest.mark.parametrize(
    ("more", "whose", "code"),
    [({"word": b"une lettre"}, "theirs", "not_docx"), ({"lines": [], "text": "Sans en-tête"}, "ours", "front_matter")],
)
def test_the_process_says_whose_text_cannot_be_read(more: dict[str, Any], whose: str, code: str):
    told = answered(**more)
    assert (told["whose"], told["refused"]["code"]) == (whose, code)


def test_a_stranger_file_has_nothing_in_common_and_says_so():
    made = open_docx()
    made.add_heading("Contrat de vente")
    made.add_paragraph("Le vendeur cède un vélo.")
    states = [one.state for one in compared(lines(made), written(AGREEMENT))]
    assert states.count("new") >= 1
    assert states.count("removed") >= 20


def test_a_paragraph_that_says_the_same_without_end_is_answered_in_bounded_time():
    made = opened(AGREEMENT)
    paragraph(made, "Le coordonnateur réunit").runs[0].text = "le les de la " * 20_000
    target, told = io.BytesIO(), written(AGREEMENT)
    made.save(target)
    order = orders.order(
        told.text, told.data, lang="fr", reference=told.reference, day="2006-03-06", issuer="", organisation="",
        address=[], verify_url=told.verify_url,
        house=str(HOUSE), clauses=dict(told.library.clauses), word=target.getvalue(),
    )  # fmt: skip
    command = [sys.executable, "-m", "documents.from_word"]
    done = subprocess.run(command, input=order.encode(), capture_output=True, check=True, timeout=120)
    articles = json.loads(done.stdout)["articles"]
    assert [one["title"] for one in articles if one["state"] == "changed"] == ["Coordination"]
