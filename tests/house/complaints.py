"""What users of other systems complained about, and the tests here that answer it.

`python tests/house/complaints.py` writes docs/complaints.md from the marks `@pytest.mark.complaint(n)` on tests.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "complaints.md"
COMPLAINTS = (
    "One state cannot ask several approvers.",
    "Who approves cannot be taken from the answers; nobody can delegate or forward.",
    "The first of three signatures already lets the document leave.",
    "Anybody in the chain hands in somebody else's draft.",
    "A decision does not print who decided, for whom and in what capacity.",
    "All, any, k of n, delegation, absence, withdrawal, return and opinions have to be programmed.",
    "After one of several has decided, the step beside it stays open and the case hangs.",
    "Everybody disagrees and the case goes on all the same.",
    "A person with seats at three stages has to click three times.",
    "Nobody can open again what was handed in too early.",
    "A point is contested while others sign: it cannot be pulled back, and the earlier round stays open.",
    "An author who also decides can only throw the case away; the refusal does not say who refused.",
    "No second opinion, no undo before the next person acts, no trail that survives a restart.",
    "Data change after an approval and the engine does not notice.",
    "A case comes back to a state it was in before, and nobody gets a task or a mail.",
    "A link in a mail approves a document that was changed since.",
    "Nobody learns whether the mails left; after a correction was asked, nothing more can be done.",
    "A case that was given back jumps forward again by itself.",
    "Two people edit one case and overwrite each other; nobody sees who wrote what.",
    "Nobody can act for an absent colleague with both names on record.",
    "An opinion that was asked for has neither a due date nor a reminder.",
    "The reminder lacks the personal link, and nobody sees when the last one left.",
    "One long-dead case spoils the published delay; a deadline cannot be extended.",
    "Nobody is told when everything is in; only those who decide are chased, never who looks after it.",
    "To mend a word one clones the form, and open cases stay on old revisions.",
    "Cases move to a newer version one at a time, and cannot be looked at first.",
    "After an upgrade of the software, old cases cannot be read.",
    "A case shows the newest form instead of the one it began on.",
    "A case under way runs on whatever the definition is at that moment.",
    "A circuit with open cases is changed by SQL.",
    "Drafts hang on a version that is gone or broken.",
    "Saved under a newer form, an old case loses the answers that form does not know.",
    "Conditions are the first wish, and nobody can say why a question is not asked.",
    "There are no calculated fields.",
    "A form cannot be saved in part, nor taken up again elsewhere.",
    "Two rules on one field fight; hidden answers are kept or blanked at random.",
    "Only one person may sign, or anybody may in the place of the one named.",
    "Drafts are lost: the session ends, saving fails quietly, a tab is changed.",
    "Exports and large jobs time out.",
    "Too many mails, and digests of nothing.",
    "The exact document is not seen before one commits to it.",
    "The number of signatories is built in.",
    "The graphical editor drops what the file can say.",
    "What an operator did cannot be told from what happened by itself.",
    "The older a case, the slower its approval.",
    "Stopping a case had to be added state by state.",
    "Two people at once, data swapped before sign-off, a live form nobody may certify, lists of many queries.",
)
"""In the order of the study they come from; the number is the place in this list, from 1."""
DO_NOT_APPLY = {
    9: "Each step asks another capacity. One click for two of them would say something on behalf of an organisation "
    "that nobody asked; a step that must not be the same person's says so (`separate_from`).",
}
"""Why nothing answers it."""


def marked() -> dict[int, list[tuple[str, str]]]:
    """Number → (file, name) of the tests that answer it."""
    found: dict[int, list[tuple[str, str]]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        text = path.read_text("utf-8")
        if "mark.complaint(" in text:
            for name, number in _marks(ast.parse(text)):
                found.setdefault(number, []).append((path.relative_to(ROOT).as_posix(), name))
    return found


def _marks(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            for one in node.decorator_list:
                if isinstance(one, ast.Call) and ast.unparse(one.func) == "pytest.mark.complaint":
                    yield from ((node.name, ast.literal_eval(number)) for number in one.args)


def written() -> str:
    """The page."""
    answered = marked()
    lines = [
        "# Complaints of others, and what answers them",
        "",
        "What people asked for or complained about in other systems of forms and approvals, and the tests that show it",
        "does not happen here. Written from the marks on the tests: `.venv/bin/python tests/house/complaints.py`.",
        "",
        "| | complaint | answered by |",
        "|---:|---|---|",
    ]
    for number, complaint in enumerate(COMPLAINTS, start=1):
        if number not in DO_NOT_APPLY:
            tests = "<br>".join(_told(*one) for one in answered.get(number, ()))
            lines.append(f"| {number} | {complaint} | {tests} |")
    lines += ["", "## What does not apply", "", "| | complaint | why |", "|---:|---|---|"]
    lines += [f"| {number} | {COMPLAINTS[number - 1]} | {why} |" for number, why in sorted(DO_NOT_APPLY.items())]
    return "\n".join(lines) + "\n"


def _told(path: str, name: str) -> str:
    sentence = name.removeprefix("test_").replace("_", " ")
    return f"[{sentence}](../{path})"


if __name__ == "__main__":
    PAGE.write_text(written(), "utf-8")
