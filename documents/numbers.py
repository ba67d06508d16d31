"""What is counted while a text is read: articles, parts, tables, figures, annexes, and the anchors already taken."""

from collections import Counter

from documents.findings import Finding

_DEEPEST_NUMBER = 3


class Numbers:
    """The counts of one paper. `prefix`: of the anchors of an annex that is a model of its own, whose articles and
    parts begin anew; everything else goes on.
    """

    def __init__(self, prefix: str = "") -> None:
        self.prefix = prefix
        self._counts: Counter[str] = Counter()
        self._sections: list[int] = []
        self._taken: set[str] = set()

    def within(self, prefix: str) -> "Numbers":
        """The counts of such an annex."""
        inner = Numbers(prefix)
        inner._counts, inner._taken = self._counts, self._taken
        return inner

    def next(self, kind: str) -> int:
        """The next number of "article", "table", "figure" or "annex", from 1."""
        key = f"{self.prefix}{kind}" if kind == "article" else kind
        self._counts[key] += 1
        return self._counts[key]

    def section(self, level: int) -> str:
        """The next number of a heading of that level, “2.1”; "" below the third."""
        self._sections = [*self._sections[:level], *[0] * (level - len(self._sections))]
        self._sections[level - 1] += 1
        return ".".join(map(str, self._sections)) if level <= _DEEPEST_NUMBER else ""

    def anchor(self, name: str, found: list[Finding], line: int | None = None) -> str:
        """The anchor, or nothing, and a finding, when another place has it."""
        if self.prefix + name in self._taken:
            found.append(Finding("anchor_twice", "Two places have the anchor “%(anchor)s”.", {"anchor": name}, line))
            return ""
        self._taken.add(self.prefix + name)
        return self.prefix + name

    def field(self, name: str, found: list[Finding], line: int) -> str:
        """The name of a signature field, unless another box has it. An annex is signed with what it belongs to."""
        if not name or self.prefix:
            return ""
        if f"{name}\0" in self._taken:
            msgid = "Two signatures have the field “%(name)s”; only the first one can be signed in the PDF."
            found.append(Finding("field_twice", msgid, {"name": name}, line))
            return ""
        self._taken.add(f"{name}\0")
        return name
