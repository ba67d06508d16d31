"""The lists that choices come from: inside the form, in files beside it, or the answers themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from lxml import etree

from forms.expressions import ExpressionError
from forms.expressions.nodes import Call, Expression, Text, every
from forms.externals import check_choices, read_list
from forms.structure import Choice, ChoiceList, Formula
from forms.tree import Node
from forms.wordings import Wordings, choice_of, instance_name, tree_of
from forms.xform import LAST_SAVED, XF, Document, file_name, local

_LAST_SAVED = "The answers of the form filled before (last-saved) are not available here: each file stands alone."
SEARCH = "Choices looked up by search() are not available here: use select_one_from_file with a choice_filter."
_READS_LIST = frozenset({"instance", "pulldata"})
MakeFormula = Callable[[str | None, str, str], Formula | None]


class Lists:
    """Reads the secondary instances of a document; `broken` says what is wrong with those that cannot be read."""

    def __init__(self, document: Document, media: Mapping[str, bytes]) -> None:
        self.document = document
        self.broken: dict[str, ExpressionError] = {}
        self.trees = {name: self._tree(name, element, media) for name, element in document.secondary.items()}
        self._read: dict[tuple[str, str, str], tuple[tuple[Choice, ...], Mapping[int, Choice]]] = {}

    def _tree(self, name: str, element: etree._Element, media: Mapping[str, bytes]) -> Node:
        source = self.document.sources.get(name, "")
        if source == LAST_SAVED:
            self.broken[name] = ExpressionError(_LAST_SAVED, 0, "last_saved")
        file = file_name(source)
        if not file:
            return tree_of(element)
        try:
            return read_list(file, media)
        except ExpressionError as error:
            self.broken[name] = error
            return Node("instance", None, "")

    def broken_in(self, tree: Expression) -> Iterator[str]:
        """Names of the lists that an expression reads and that cannot be read."""
        for part in every(tree):
            if isinstance(part, Call) and part.name in _READS_LIST and part.arguments:
                name = part.arguments[0]
                if isinstance(name, Text) and name.value in self.broken:
                    yield name.value

    def source(self, control: etree._Element, path: str, formula: MakeFormula) -> ChoiceList | None:
        """Where the choices of a question come from; none when it has none, or an expression at fault."""
        itemset = control.find(f"{XF}itemset")
        if itemset is None:
            return self._inline(control, path, formula)
        written = itemset.get("nodeset", "")
        found = formula(written, path, "choice_filter")
        value, label = itemset.find(f"{XF}value"), itemset.find(f"{XF}label")
        if found is None or value is None or label is None:
            return None
        filtered = "[" in written or not written.startswith("instance(")
        return ChoiceList(found, value.get("ref", ""), label.get("ref", ""), filtered)

    def _inline(self, control: etree._Element, path: str, formula: MakeFormula) -> ChoiceList | None:
        """Choices written inside the question, as other tools do: a list named after the question."""
        items = control.findall(f"{XF}item")
        if not items:
            return None
        self.trees[path] = tree_of([_rooted(items)])
        found = formula(f"instance('{path}')/root/item", path, "choice_filter")
        return None if found is None else ChoiceList(found, "value", "jr:itext(itextId)", False)

    def choices(self, source: ChoiceList, wordings: Wordings) -> tuple[tuple[Choice, ...], ChoiceList]:
        """All choices of the list behind a question, before any filter, and the source that finds them by item."""
        name = instance_name(source.formula.tree)
        if name is None or name not in self.trees:
            return (), source
        key = (name, source.value, source.label)
        if key not in self._read:
            items = self.items(name)
            found = tuple(choice_of(item, source.value, source.label, wordings) for item in items)
            self._read[key] = found, {id(item): choice for item, choice in zip(items, found, strict=True)}
        found, by_item = self._read[key]
        return found, replace(source, by_item=by_item)

    def items(self, name: str) -> list[Node]:
        return [item for root in self.trees[name] for item in root.children.get("item", ())]

    def check(self, source: ChoiceList, several: bool) -> None:
        """Whether the file behind a question can be chosen from. Raises ExpressionError."""
        name = instance_name(source.formula.tree)
        file = file_name(self.document.sources.get(name or "", ""))
        if file and name not in self.broken:
            check_choices(file, self.items(name or ""), source.value, source.label, several)


def _rooted(items: Sequence[etree._Element]) -> etree._Element:
    """The items of a question as pyxform would have written them in a list: value, and label or the id of its text."""
    root = etree.Element("root")
    for written in items:
        item = etree.SubElement(root, "item")
        for part in written:
            ref = part.get("ref", "")
            if local(part) == "label" and ref.startswith("jr:itext("):
                etree.SubElement(item, "itextId").text = ref[len("jr:itext(") :].rstrip(") ").strip(" '\"")
            else:
                etree.SubElement(item, local(part)).text = "".join(part.itertext())
    return root
