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
