"""How much a drawing (SVG) draws, counted before anybody draws it: a small file can copy its copies without end."""

import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree

MOST_SHAPES = 20_000
_DEEPEST = 40
_REFERRED = re.compile(r"url\(\s*['\"]?#([^'\")\s]+)|^\s*#(\S+)\s*$")


class Swollen(Exception):
    """More is drawn than a picture in a paper can need."""


def measured(root: etree._Element) -> int:
    """The elements that are drawn, each copy of an element counted again. Raises Swollen past `MOST_SHAPES`."""
    if sum(1 for _ in root.iter()) > MOST_SHAPES:
        raise Swollen
    named = {one.get("id"): one for one in root.iter() if one.get("id")}
    return _weight(root, named, {}, ())


def _weight(
    top: etree._Element, named: dict[str | None, etree._Element], known: dict[str, int], above: tuple[str, ...]
) -> int:
    """An element with all below it, and once more all that it refers to."""
    weight = sum(1 for _ in top.iter())
    for name, times in Counter(_referred(top)).items():
        if name in above or name not in named:
            continue
        if len(above) > _DEEPEST:
            raise Swollen
        if name not in known:
            known[name] = _weight(named[name], named, known, (*above, name))
        weight += known[name] * times
        if weight > MOST_SHAPES:
            raise Swollen
    return weight


def _referred(top: etree._Element) -> Iterator[str]:
    for one in top.iter():
        for value in one.attrib.values():
            for inner, whole in _REFERRED.findall(value) if "#" in value else ():
                yield inner or whole
