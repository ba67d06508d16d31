"""Whatever somebody writes into a model, or brings along with it: refused with a sentence or shown as text, soon, and
within the memory of one bounded process.
"""

import base64
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from documents import orders

ROOT = Path(__file__).parents[2]
HOUSE = ROOT / "templates" / "house-style"
SOON = 25  # seconds, on a machine that does other things too
HEAD = '---\ntitle: "Essai"\n---\n'


def proved(text: str, data: dict | None = None, **more) -> tuple[dict, int]:
    """The proof of a text, from a process of its own; it must end soon, and never by a crash."""
    said = {"lang": "fr", "reference": "R-1", "day": "2026-11-23", "issuer": "Ville", "organisation": "Ville"}
    told = orders.order(text, data or {}, **said, address=[], house=str(HOUSE), **more)
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "documents.proof"],
        input=told.encode(),
        capture_output=True,
        timeout=60,
        check=False,
        cwd=ROOT,
    )
    assert time.monotonic() - began < SOON
    assert b"Traceback" not in done.stderr, done.stderr[-800:]
    return (json.loads(done.stdout) if done.stdout else {}), done.returncode


def codes(made: dict) -> set[str]:
    return {one["code"] for one in made["findings"]}


def a_yaml_bomb() -> str:
    lines = ['a0: &a0 ["x","x","x","x","x","x","x","x","x"]']
    lines += [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    return "---\n" + "\n".join(lines) + "\ntitle: *a9\n---\nx\n"


WILD = {
    "names that stand for lists of lists": a_yaml_bomb(),
    "brackets without end in the front matter": "---\ntitle: " + "[" * 20_000 + "\n---\nx\n",
    "a front matter without end": "---\ntitle: x\nnote: " + "y" * 3_000_000 + "\n---\nx\n",
    "conditions in conditions": HEAD + "{% if true %}" * 5_000 + "x" + "{% endif %}" * 5_000,
    "a condition without end": HEAD + "{% if true" + " and true" * 20_000 + " %}x{% endif %}",
    "a value without end": HEAD + "{{ a" + ".a" * 20_000 + " }}",
    "brackets in a value": HEAD + "{{ a" + "[a" * 5_000 + "]" * 5_000 + " }}",
}


@pytest.mark.parametrize("text", WILD.values(), ids=WILD)
def test_a_wild_model_is_refused_with_a_sentence(text):
    made, code = proved(text)
    assert code == 0
    assert "pdf" not in made
    assert made["findings"]
    assert all(one["msgid"] % one["params"] for one in made["findings"])


DEEP = {
    "quotes in quotes": "> " * 3_000 + "x",
    "lists in lists": "\n".join("  " * n + "- x" for n in range(400)),
    "emphasis without end": "*a **b " * 20_000,
    "links without end": "[" * 20_000 + "x",
    "a table of a thousand columns": "|" + " a |" * 1_000 + "\n|" + "---|" * 1_000 + "\n|" + " b |" * 1_000,
    "notices in notices": "{% notice title: 'a' %}\n" * 200 + "x\n" + "{% endnotice %}\n" * 200,
    "one word of a million letters": "x" * 1_000_000,
}


@pytest.mark.parametrize("body", DEEP.values(), ids=DEEP)
def test_a_text_that_goes_deep_or_wide_ends_soon(body):
    made, code = proved(HEAD + body)
    assert code in (0, 1)
    assert code == 1 or "pdf" in made or made["findings"]


def drawing(inside: str) -> bytes:
    root = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">'
    return f"{root}{inside}</svg>".encode()


def copies_of_copies() -> bytes:
    steps = ['<g id="g0"><rect width="1" height="1"/></g>']
    steps += [f'<g id="g{n}">' + f'<use xlink:href="#g{n - 1}"/>' * 10 + "</g>" for n in range(1, 12)]
    return drawing(f"<defs>{''.join(steps)}</defs>" + '<use xlink:href="#g11"/>')


PICTURES = {
    "copies of copies": copies_of_copies(),
    "groups in groups": drawing("<g>" * 5_000 + "</g>" * 5_000),
    "half a million shapes": drawing('<rect width="1" height="1"/>' * 500_000),
}


@pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES)
def test_a_drawing_that_swells_is_left_out(picture):
    made, code = proved(HEAD + '{% figure "a.svg" alt: "Plan" %}', files={"a.svg": picture}, docx=True)
    assert (code, codes(made)) == (0, {"figure"})
    assert base64.b64decode(made["pdf"]).startswith(b"%PDF-")


def test_a_drawing_blurred_over_a_whole_town_is_drawn_soon():
    blur = '<filter id="f"><feGaussianBlur stdDeviation="5000"/></filter>'
    picture = drawing(f'{blur}<rect width="9" height="9" filter="url(#f)"/>')
    made, code = proved(HEAD + '{% figure "a.svg" alt: "Plan" %}', files={"a.svg": picture}, docx=True)
    assert (code, codes(made)) == (0, set())


def test_a_field_that_no_longer_exists_is_refused_with_its_line():
    made, code = proved(HEAD + "Bonjour\n\n{{ household.gone }}\n", {"household": {"display": "Roux"}})
    assert (code, codes(made), made["findings"][0]["line"]) == (0, {"unknown_name"}, 6)
    assert "pdf" not in made


def test_names_no_font_draws_are_shown_by_a_sign_and_told():
    made, code = proved(HEAD + "{{ name }}", {"name": "李明 😀"}, docx=True)
    assert (code, codes(made), made["missing"]) == (0, set(), sorted("李明😀"))
