"""The proof of a model, set in a process of its own that is bounded whatever the model asks for."""

import base64
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from documents import orders

ROOT = Path(__file__).parents[2]
HOUSE = ROOT / "templates" / "house-style"
NASTY = [
    "**gras** # titre | a | b | {{ x }} {% if %}",
    "#set page(fill: red) $x$ @ref <a> \\u{41} = T",
    "<script>alert(1)</script> & &amp;",
    "李明 😀 \U0001f3e0",
    "مرحبا",
    "{% clause 'x' %} {#ancre}",
]


def proved(text: str, data: dict, **more) -> tuple[dict, int]:
    said = {"lang": "fr", "reference": "R-1", "day": "2026-11-23", "issuer": "Ville", "organisation": "Ville"}
    told = orders.order(text, data, **said, address=[], house=str(HOUSE), **more)
    command = [sys.executable, "-m", "documents.proof"]
    done = subprocess.run(command, input=told.encode(), capture_output=True, timeout=60, check=False, cwd=ROOT)
    return (json.loads(done.stdout) if done.stdout else {}), done.returncode


def model_of(body: str) -> str:
    return f'---\ntitle: "Essai"\n---\n{body}'


def test_a_proof_brings_both_files_and_what_is_to_say():
    text = model_of('# A {#a}\n\n{% clause "c" %}\n\n### B\n\n{% figure "p.png" alt: "x" %}\n')
    made, code = proved(text, {}, clauses={"c": "Voir {% ref 'nulle-part' %}."}, files={}, docx=True)
    assert code == 0
    assert base64.b64decode(made["pdf"]).startswith(b"%PDF-")
    assert base64.b64decode(made["docx"]).startswith(b"PK")
    places = {(one["code"], one["clause"], one["line"]) for one in made["findings"]}
    assert places == {("unknown_anchor", "c", 1), ("heading_jump", "", None), ("figure", "", 10)}


def test_a_model_at_fault_says_where_and_brings_no_file():
    made, code = proved(model_of("{{ nowhere }}"), {})
    assert code == 0
    assert "pdf" not in made
    assert [(one["code"], one["line"]) for one in made["findings"]] == [("unknown_name", 4)]


@pytest.mark.parametrize(
    "body",
    [
        "{% for a in (1..20000) %}{% for b in (1..20000) %}x{% endfor %}{% endfor %}",
        "{% for a in (1..15000) %}{{ big }}{% endfor %}",
        "{% clause 'big' %}" * 40,
    ],
)
def test_a_loop_or_a_text_without_end_is_refused_soon(body):
    began = time.monotonic()
    made, code = proved(model_of(body), {"big": "x" * 10_000}, clauses={"big": "y" * 60_000})
    assert time.monotonic() - began < 20
    assert code == 0
    assert [one["code"] for one in made["findings"]] == ["too_long"]


@pytest.mark.parametrize("value", NASTY)
def test_a_value_full_of_signs_is_text(value):
    made, code = proved(model_of("# {{ v }}\n\nAvant {{ v }} après.\n\n- {{ v }}\n"), {"v": value}, docx=True)
    assert code == 0
    assert made["findings"] == []


def test_the_process_is_bound():
    bound = "from documents import limits; limits.hold(seconds=2); import resource as r;"
    told = f"{bound} print(r.getrlimit(r.RLIMIT_CPU)[0], r.getrlimit(r.RLIMIT_CORE)[0])\nwhile True: pass"
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, timeout=30, check=False, cwd=ROOT)
    assert done.returncode != 0
    assert time.monotonic() - began < 15
    assert resource.getrlimit(resource.RLIMIT_CPU)[0] != 2


def test_memory_without_measure_ends_the_process():
    told = "from documents import limits; limits.hold(memory=400_000_000); bytearray(900_000_000)"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, timeout=30, check=False, cwd=ROOT)
    assert done.returncode != 0
    assert b"MemoryError" in done.stderr


def test_a_proof_brings_its_pages_as_pictures_and_how_many_there_are():
    body = "Un.\n\n{% pagebreak %}\n\nDeux.\n"
    made, code = proved(model_of(body), {}, pages=True)
    assert (code, made["count"], len(made["pages"])) == (0, 2, 2)
    assert all(base64.b64decode(one).startswith(b"\x89PNG") for one in made["pages"])


def test_of_a_paper_that_is_far_too_long_no_page_is_drawn():
    made, code = proved(model_of("{% for n in (1..150) %}x\n{% pagebreak %}\n\n{% endfor %}"), {}, pages=True)
    assert (code, made["count"] > 120, made["pages"]) == (0, True, [])


def test_a_proof_says_what_an_audience_may_not_read():
    text = '---\ntitle: "Essai"\naudiences: [public]\n---\n{{ household.income }}\n'
    told = {"levels": {"household.income": "V2"}, "readers": {"public": ["V0"]}}
    made, code = proved(text, {"household": {"income": 900}}, **told)
    assert [(one["code"], one["params"]["path"]) for one in made["findings"]] == [("too_high", "household.income")]
    assert code == 0


def test_a_label_in_one_language_too_few_is_told_with_its_line():
    asks = 'asks:\n  - {name: a, label: {fr: "Jour", en: "Day"}}\n  - {name: b, label: {fr: "Lieu"}}\n'
    made, _ = proved(f'---\ntitle: "Essai"\n{asks}---\nx\n', {})
    assert [(one["code"], one["line"], one["params"]) for one in made["findings"]] == [
        ("translation", 5, {"label": "Lieu", "lang": "en"})
    ]
