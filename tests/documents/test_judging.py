"""Models are judged without setting a page, and the page of some words is found."""

import json
import subprocess
import sys
from pathlib import Path

from documents import judging, orders, seeking
from documents.library import Library

LIBRARY = Path(__file__).resolve().parents[2] / "templates" / "documents"
FRONT = "---\ntitle: T\nlang: fr\n---\n"


def order(text: str, **more: object) -> dict[str, object]:
    said = {"lang": "fr", "reference": "X", "day": "2026-11-20", "issuer": "Relais"}
    return {"text": FRONT + text, "data": {"household": {"display": "Mme A."}}, **said, **more}


def test_several_models_are_judged_by_one_process_in_their_order():
    told = orders.told([order("Bonjour."), order("{{ menage.nom }}"), order("# Un\n\n### Trois\n")])
    command = [sys.executable, "-m", "documents.judging"]
    done = subprocess.run(command, input=told.encode(), capture_output=True, check=True, timeout=60)
    found = json.loads(done.stdout)
    assert [one["refused"] for one in found] == [False, True, False]
    assert [[one["code"] for one in each["findings"]] for each in found] == [[], ["unknown_name"], ["heading_jump"]]
    assert found[1]["findings"][0]["line"] == 5


def test_an_unknown_name_is_told_by_itself_and_without_a_word_of_english():
    for written, name in (("{{ menage.nom }}", "menage"), ("{{ household.nom }}", "household.nom")):
        (found,) = judging.judged(order(written))["findings"]
        assert found["params"]["detail"] == name


def test_what_was_opened_and_not_closed_is_named():
    (found,) = judging.judged(order("{% for o in organisations %}\nBonjour."))["findings"]
    assert (found["code"], found["params"]["detail"]) == ("liquid_syntax", "endfor")


def test_a_field_above_what_an_audience_reads_is_told():
    text = "---\ntitle: T\nlang: fr\nabout: household\naudiences: [commission]\n---\nChez {{ household.display }}.\n"
    told = order("") | {"text": text, "levels": {"household.display": "V2"}, "readers": {"commission": ["V0", "V1"]}}
    assert [(one["code"], one["line"]) for one in judging.judged(told)["findings"]] == [("too_high", 7)]


def test_the_page_of_some_words_is_found_whatever_the_ends_of_its_lines():
    from documents import proof

    model = LIBRARY / "convention-prefecture" / "model.md"
    library = Library.beside(model)
    told = {
        "text": model.read_text("utf-8"),
        "data": json.loads((model.parent / "example.json").read_text("utf-8")),
        **{"lang": "fr", "reference": "X", "day": "2026-11-20", "issuer": "R", "organisation": "V", "address": []},
        "house": str(LIBRARY.parent / "house-style"),
        "clauses": library.clauses,
        "models": library.models,
        "pages": True,
        "look": library.clauses["duree"],
    }
    made = proof.proved(told)
    assert 1 < made["at"] <= made["count"] == len(made["pages"])


def test_words_that_stand_nowhere_or_are_too_few_have_no_page():
    assert seeking.page_of(b"", "## Un titre\n\nBref.") == 0
