"""The inside of a paragraph: Markdown's inline nodes → runs, with the values put back as plain text."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote, urlsplit

from markdown_it.tree import SyntaxTreeNode

from documents.content import Run, Runs
from documents.findings import Finding
from documents.values import Vault

_SCHEMES = {"http", "https", "mailto"}
_BEFORE = re.compile(r" (?=[;:!?»%€])")
_AFTER = re.compile(r"(?<=«) ")


@dataclass(slots=True)
class Inline:
    """Reads inline nodes of one rendering; what it refuses goes to `found`."""

    vault: Vault
    lang: str
    found: list[Finding]

    def runs(self, nodes: Iterable[SyntaxTreeNode]) -> Runs:
        return _joined(run for node in nodes for run in self._of(node, Run("")))

    def text(self, model_text: str) -> str:
        """A text of the model's own, with French spaces set and values in place."""
        return self.vault.open(self._typeset(model_text))

    def _typeset(self, text: str) -> str:
        if self.lang != "fr":
            return text
        return _AFTER.sub("\u00a0", _BEFORE.sub("\u00a0", text)).replace("'", "’")

    def _of(self, node: SyntaxTreeNode, manner: Run) -> Iterator[Run]:
        match node.type:
            case "text":
                yield replace(manner, text=self.text(node.content))
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
        elif run.text:
            kept.append(run)
    return tuple(kept)
