"""The inside of a paragraph: Markdown's inline nodes → runs, with the values put back as plain text."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import quote, urlsplit

from markdown_it.tree import SyntaxTreeNode

from documents.content import Run, Runs
from documents.findings import Finding
from documents.references import Reference
from documents.values import Vault

_SCHEMES = {"http", "https", "mailto"}


@dataclass(slots=True)
class Inline:
    """Reads inline nodes of one rendering; what it refuses goes to `found`, the anchors it refers to to `asked`."""

    vault: Vault
    found: list[Finding]
    prefix: str = ""
    asked: dict[str, int] = field(default_factory=dict)

    def runs(self, nodes: Iterable[SyntaxTreeNode]) -> Runs:
        return _joined(run for node in nodes for run in self._of(node, Run("")))

    def _of(self, node: SyntaxTreeNode, manner: Run) -> Iterator[Run]:
        match node.type:
            case "text":
                yield from self._words(node.content, manner)
            case "code_inline":
                yield replace(manner, text=self.vault.open(node.content), code=True)
            case "softbreak":
                yield replace(manner, text=" ")
            case "hardbreak":
                yield replace(manner, text="\n")
            case "image":
                self.found.append(Finding("image_not_allowed", "Images cannot be written in Markdown; left out."))
            case _:
                yield from self._inside(node, manner)

    def _words(self, text: str, manner: Run) -> Iterator[Run]:
        """Words with their values in place; a reference is a run without words until the whole text is read."""
        for piece in self.vault.pieces(text):
            if isinstance(piece, str):
                yield replace(manner, text=piece)
            elif isinstance(piece, Reference):
                anchor = self.prefix + piece.anchor
                self.asked.setdefault(anchor, piece.line)
                yield replace(manner, to=anchor)

    def _inside(self, node: SyntaxTreeNode, manner: Run) -> Iterator[Run]:
        match node.type:
            case "strong":
                manner = replace(manner, strong=True)
            case "em":
                manner = replace(manner, emphasis=True)
            case "link":
                manner = replace(manner, href=self._address(str(node.attrs.get("href", ""))))
        for child in node.children:
            yield from self._of(child, manner)

    def _address(self, written: str) -> str | None:
        address = quote(self.vault.open(written).strip(), safe="%/:?#[]@!$&'()*+,;=~-._")
        try:
            allowed = urlsplit(address).scheme.lower() in _SCHEMES
        except ValueError:
            allowed = False
        if not allowed:
            msgid = "The link to “%(address)s” was taken out: only http, https and mailto are allowed."
            self.found.append(Finding("link_refused", msgid, {"address": address[:200]}))
        return address if allowed else None


def _joined(runs: Iterable[Run]) -> Runs:
    """Neighbours of the same manner become one run; empty ones go."""
    kept: list[Run] = []
    for run in runs:
        if kept and replace(kept[-1], text="") == replace(run, text=""):
            kept[-1] = replace(run, text=kept[-1].text + run.text)
        elif run.text or run.to:
            kept.append(run)
    return tuple(kept)
