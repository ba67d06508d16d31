"""A circuit file with any mistake: line, column, sentence, and never a traceback."""

import random
from pathlib import Path

import pytest

from tests.circuit.rehousing import DIAGNOSIS
from workflow.circuit.definition import CircuitRefused, check, load
from workflow.circuit.simulate import straight

LIBRARY = Path(__file__).parents[2] / "templates" / "procedures"
SHIPPED = sorted(path for path in LIBRARY.rglob("*.yaml") if "circuit" in path.relative_to(LIBRARY).as_posix())
SHIPPED = [path for path in SHIPPED if "scenarios" not in path.parts]
WORDS = [
    "[",
    "]",
    "{",
    "}",
    ":",
    "- ",
    "&a ",
    "*a",
    "!!set ",
    "!!bool ",
    "!!int ''",
    "!!python/none ",
    "<<: ",
    "? ",
    "7: ",
    "\x00",
    "\u2028",
    "~",
    "0x" + "f" * 20,
    "author",
    "'",
    '"',
    "é",
    "\t",
    "-1",
    "|",
]


def mutated(text: str, rng: random.Random) -> str:
    """The same file after a clumsy hand: a line lost, doubled, moved in or out, a word replaced, cut or pasted."""
    lines = text.splitlines()
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(lines))
        what = rng.randrange(6)
        if what == 0 and len(lines) > 1:
            del lines[at]
        elif what == 1:
            lines.insert(at, rng.choice(lines))
        elif what == 2:
            lines[at] = lines[at][1:] if rng.random() < 0.5 else f" {lines[at]}"
        elif what == 3:
            words = lines[at].split(" ")
            words[rng.randrange(len(words))] = rng.choice(WORDS + rng.choice(lines).split())
            lines[at] = " ".join(words)
        elif what == 4:
            cut = rng.randint(0, len(lines[at]))
            lines[at] = lines[at][:cut] + rng.choice(WORDS) + lines[at][cut:]
        else:
            lines[at] = lines[at][: rng.randint(0, len(lines[at]))]
    return "\n".join(lines)


def judged(text: str) -> None:
    """Either it is read, checked and played, or each mistake has its place and its sentence."""
    try:
        circuit = load(text)
    except CircuitRefused as refused:
        findings = refused.findings
        assert findings
    else:
        findings = check(circuit, form_paths=["/data/A/A14"], sections=["A"], roles=["cesf"])
        straight(circuit)
    lines = text.count("\n") + 2
    for one in findings:
        assert 1 <= one.line <= lines
        assert one.column >= 1
        assert one.message % dict(one.params)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_shipped_circuit_leads_to_its_end_when_everybody_agrees(path: Path) -> None:
    played = straight(load(path.read_text("utf-8")))
    assert (played["phase"], played["open"], played["differs"]) == ("approved", [], [])


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_whatever_a_clumsy_hand_does_to_a_shipped_circuit_is_said_or_works(path: Path) -> None:
    rng, text = random.Random(path.as_posix()[-40:]), path.read_text("utf-8")
    for _ in range(40):
        judged(mutated(text, rng))


@pytest.mark.proof
def test_thousands_of_clumsy_hands_never_break_anything() -> None:
    rng = random.Random(6)
    for _ in range(20_000):
        judged(mutated(rng.choice([DIAGNOSIS, *(path.read_text("utf-8") for path in SHIPPED)]), rng))


def test_what_cannot_even_be_read_is_placed_too() -> None:
    for text, place in (("circuit: x\nlabel: \x00", (2, 8)), ("a: [\n", (2, 1)), ("", (1, 1)), ("x" * 300_000, (1, 1))):
        with pytest.raises(CircuitRefused) as caught:
            load(text)
        assert (caught.value.findings[0].line, caught.value.findings[0].column) == place


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("circuit: !!bool oui", "tag", (1, 10)),
        ("circuit: !!int ''", "tag", (1, 10)),
        ("label: x\nstages: !!python/object/apply:os.system [ls]", "tag", (2, 9)),
        ("circuit: &a x", "alias", (1, 10)),
        ("circuit: x\nlabel: *a", "alias", (2, 8)),
        ("circuit: x\n<<: {label: x}", "merge", (2, 1)),
        ("circuit: x\ncircuit: y", "key_twice", (2, 1)),
        ("? [circuit]\n: x", "key", (1, 3)),
        ("- circuit", "not_a_mapping", (1, 1)),
        ("circuit: " + "[" * 5000, "too_deep", (1, 25)),
        ("circuit: x\n7: y", "unknown_key", (2, 4)),
    ],
)
def test_what_is_no_plain_text_is_refused_with_its_place(text: str, code: str, place: tuple[int, int]) -> None:
    with pytest.raises(CircuitRefused) as caught:
        load(text)
    assert (code, *place) in {(found.code, found.line, found.column) for found in caught.value.findings}


def test_an_unknown_name_is_told_with_the_nearest_there_is() -> None:
    text = DIAGNOSIS.replace("survives: none\n", "survives: none\n        sees: comission\n")
    names = {
        "roles": ["cesf", "referent_bailleurs", "household", "chef_de_projet"],
        "lenses": ["commission", "author"],
        "relations": ["landlords"],
        "bodies": ["commission-de-relogement"],
        "organisations": [],
    }
    found = {one.code: one for one in check(load(text), **names) if one.level == "error"}
    near = {code: one.params.get("near") for code, one in found.items()}
    assert near == {
        "unknown_role": "referent_bailleurs",
        "unknown_lens": "commission",
        "unknown_relation": "landlords",
        "unknown_body": "commission-de-relogement",
    }
    assert text.splitlines()[found["unknown_lens"].line - 1].strip() == "sees: comission"
    assert "“comission”" in found["unknown_lens"].message % dict(found["unknown_lens"].params)


def test_a_quorum_that_cannot_be_there_is_refused() -> None:
    text = DIAGNOSIS.replace(
        "relation: landlord}", "relation: landlord}\n        rule: {per_organisation: true, quorum: 2}"
    )
    with pytest.raises(CircuitRefused) as caught:
        load(text)
    assert [finding.code for finding in caught.value.findings] == ["never_met"]


def test_a_veto_of_who_is_not_asked_is_refused() -> None:
    body = "who: {body: commission-relogement}"
    asked = "who: {body: commission-relogement, organisation: [a, b, c]}\n        sees: commission"
    text = DIAGNOSIS.replace(body, asked).replace("quorum: 3}", "quorum: 3, veto: [d]}")
    with pytest.raises(CircuitRefused) as caught:
        load(text)
    assert [finding.code for finding in caught.value.findings] == ["veto"]
