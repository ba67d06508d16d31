"""Circuit text → plain data with the place of everything. No anchors, no tags, no deep nesting, no key twice."""

from collections.abc import Mapping

import yaml

from workflow.circuit.model import CircuitRefused, Finding

MAX_TEXT = 200_000
MAX_DEPTH = 16
LARGEST = 10**15
MERGE = "tag:yaml.org,2002:merge"
_PLAIN = {f"tag:yaml.org,2002:{name}" for name in ("int", "bool", "null", "float")}

UNREADABLE = "Unreadable YAML: %(problem)s"

Places = dict[str, tuple[int, int]]


def read(text: str) -> tuple[object, Places]:
    """Plain data (dict, list, str, int, float, bool, None) and dotted path → (line, column), both from 1."""
    if len(text) > MAX_TEXT:
        raise _refused("too_long", "The file is longer than %(limit)d characters", None, limit=MAX_TEXT)
    try:
        _bounded(text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        raise _refused("yaml", UNREADABLE, error.problem_mark, problem=error.problem) from error
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        place = before.count("\n") + 1, len(before) - before.rfind("\n")
        problem = {"problem": error.reason}
        raise CircuitRefused((Finding("error", "yaml", "file", UNREADABLE, problem, *place),)) from error
    places: Places = {}
    return (None if node is None else _plain(node, "", places)), places


def place_of(places: Mapping[str, tuple[int, int]], where: str) -> tuple[int, int]:
    """Line and column of a part, of the nearest that holds it when the part itself is missing."""
    while where and where not in places:
        where = where.rpartition(".")[0] if "." in where else ""
    return places.get(where, (1, 1))


def _bounded(text: str) -> None:
    """Walk the flat events first: an alias, a tag or a tower of brackets is refused before anything is built."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _refused("alias", "YAML aliases are not allowed", event.start_mark)
        if tag := getattr(event, "tag", None):
            raise _refused("tag", "YAML tags such as %(tag)s are not allowed", event.start_mark, tag=_written(tag))
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise _refused("too_deep", "Nested deeper than %(limit)d levels", event.start_mark, limit=MAX_DEPTH)


def _written(tag: str) -> str:
    """A tag as people write it."""
    return tag.replace("tag:yaml.org,2002:", "!!")


def _plain(node: yaml.Node, path: str, places: Places) -> object:
    places[path] = (node.start_mark.line + 1, node.start_mark.column + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, f"{path}[{rank}]", places) for rank, child in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, places)
    return _scalar(node)


def _mapping(node: yaml.MappingNode, path: str, places: Places) -> Mapping[str, object]:
    result: dict[str, object] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise _refused("key", "A key must be a word", key_node.start_mark)
        key = key_node.value
        if key_node.tag == MERGE:
            raise _refused("merge", "YAML merging (<<) is not allowed", key_node.start_mark)
        if key in result:
            raise _refused("key_twice", "The key “%(key)s” stands twice", key_node.start_mark, key=key)
        result[key] = _plain(value_node, f"{path}.{key}" if path else key, places)
    return result


def _scalar(node: yaml.ScalarNode) -> object:
    """Dates and other YAML types stay the text that was written; a number too odd to build does as well."""
    if node.tag not in _PLAIN:
        return node.value
    try:
        value = yaml.SafeLoader("").construct_object(node)
    except ValueError:
        return node.value
    odd = isinstance(value, float) or (isinstance(value, int) and abs(value) > LARGEST)
    return str(node.value) if odd else value


def _refused(code: str, message: str, mark: yaml.Mark | None, **params: object) -> CircuitRefused:
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return CircuitRefused((Finding("error", code, "file", message, params, line, column),))
