"""The YAML of a front matter, read without what an author never needs and an attacker does: names that stand for other
values (a hundred lines that mean a thousand million) and brackets without end.
"""

from collections.abc import Hashable
from functools import lru_cache
from typing import Any

import yaml

LONGEST = 200_000
DEEPEST = 20


class _Plain(yaml.SafeLoader):
    """SafeLoader without aliases, and with an end to how deep values lie in each other."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event = self.peek_event()
        if isinstance(event, yaml.AliasEvent) or self.depth > DEEPEST:
            raise yaml.composer.ComposerError(None, None, "an alias, or too deep", event.start_mark)
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        if any(not isinstance(key, yaml.ScalarNode) for key, _ in node.value):
            raise yaml.constructor.ConstructorError(None, None, "a key that is no word", node.start_mark)
        return super().construct_mapping(node, deep)


def values(text: str) -> object:
    """What the front matter says. Raises yaml.YAMLError."""
    root = tree(text)
    return None if root is None else _Plain("").construct_document(root)


@lru_cache(maxsize=4)
def tree(text: str) -> yaml.Node | None:
    """The same as nodes, which know their lines. Raises yaml.YAMLError."""
    if len(text) > LONGEST:
        raise yaml.YAMLError("too long")
    return yaml.compose(text, Loader=_Plain)
