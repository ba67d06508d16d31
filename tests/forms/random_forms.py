"""Forms made by chance: groups, repeats, repeats in repeats, counts, and rules that read each other in every direction.

They are written as XForm XML at once, which costs a hundredth of what a workbook costs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from xml.sax.saxutils import quoteattr

from hypothesis import strategies as st

from forms.definition import BrokenForm, load

KINDS = ("int", "decimal", "string", "date")
RULED = ("relevant", "calculate", "constraint", "required")


@dataclass(frozen=True)
class Part:
    """A question, a group or a repeat, with its rules by name. `kind` is a bind type, `group` or `repeat`."""

    name: str
    kind: str
    children: tuple[Part, ...] = ()
    rules: dict[str, str] = field(default_factory=dict)

    def walk(self, above: str = "") -> Iterator[tuple[str, Part]]:
        path = f"{above}/{self.name}"
        yield path, self
        for child in self.children:
            yield from child.walk(path)


def xform(root: Part) -> str:
    """The form as pyxform would write it."""
    binds = "".join(_bind(path, part) for path, part in root.walk() if part is not root)
    body = "".join(_control(part, f"/{root.name}/{part.name}") for part in root.children)
    return (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" '
        'xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>By chance</h:title><model>'
        f"<instance>{_element(root)}</instance>{binds}</model></h:head><h:body>{body}</h:body></h:html>"
    )


def _element(part: Part) -> str:
    return f"<{part.name}>{''.join(map(_element, part.children))}</{part.name}>"


def _bind(path: str, part: Part) -> str:
    rules = "".join(f" {name}={quoteattr(text)}" for name, text in part.rules.items() if name != "count")
    kind = "" if part.children else f' type="{part.kind}"'
    return f'<bind nodeset="{path}"{kind}{rules}/>'


def _control(part: Part, path: str) -> str:
    if not part.children:
        return "" if "calculate" in part.rules else f'<input ref="{path}"><label>{part.name}</label></input>'
    inside = "".join(_control(child, f"{path}/{child.name}") for child in part.children)
    if part.kind == "repeat":
        count = f" jr:count={quoteattr(part.rules['count'])}" if "count" in part.rules else ""
        inside = f'<repeat nodeset="{path}"{count}>{inside}</repeat>'
    return f'<group ref="{path}">{inside}</group>'


# -- structure


@st.composite
def parts(draw: st.DrawFn, names: Iterator[int], depth: int) -> Part:
    kind = draw(st.sampled_from((*KINDS, *(("group", "repeat", "repeat") if depth else ()))))
    name = f"{kind[0]}{next(names)}"
    if kind not in {"group", "repeat"}:
        return Part(name, kind)
    inside = draw(st.integers(1, 4))
    return Part(name, kind, tuple(draw(parts(names, depth - 1)) for _ in range(inside)))


@st.composite
def structures(draw: st.DrawFn) -> Part:
    names = iter(range(1, 1000))
    return Part("data", "group", tuple(draw(parts(names, 2)) for _ in range(draw(st.integers(2, 6)))))


# -- rules


@dataclass(frozen=True)
class Place:
    """Where an expression stands, and which paths it may read."""

    path: str
    repeats: tuple[str, ...]
    every: tuple[tuple[str, Part], ...]

    def above(self, path: str) -> list[str]:
        """The repeats a path goes through, outermost first."""
        return [repeat for repeat in self.repeats if f"{path}/".startswith(f"{repeat}/")]


def relative(path: str, target: str) -> str:
    """The path from one part to another by way of what they share."""
    own, other = path.split("/"), target.split("/")
    shared = 0
    while shared < min(len(own), len(other) - 1) and own[shared] == other[shared]:
        shared += 1
    up = [".."] * (len(own) - shared)
    return "/".join([*up, *other[shared:]]) or "."


@st.composite
def readings(draw: st.DrawFn, place: Place) -> str:
    """Something read: one answer, a group, many rows, a row chosen by a filter, the place of the own row."""
    target, part = draw(st.sampled_from(place.every))
    through = place.above(target)
    choices = [target, relative(place.path, target)]
    if part.kind == "repeat":
        choices += [f"count({target})", f"count({relative(place.path, target)})"]
    elif part.children:
        choices += [f"string({target})", f"count-non-empty({target}/*)"]
    if through and part.kind != "repeat":
        repeat, rest = through[0], target[len(through[0]) :]
        choices += [f"sum({target})", f"max({target})", f"join('-', {target})", f"{repeat}[position() = 2]{rest}"]
        choices += [f"count({repeat}[.{rest} > 1])", f"indexed-repeat({target}, {repeat}, 1)"]
        if len(through) == 1:
            choices.append(f"sum({repeat}[position() < 3]{rest})")
    if place.above(place.path):
        choices += ["position(..)", "string(..)"]
    return draw(st.sampled_from(choices))


@st.composite
def expressions(draw: st.DrawFn, place: Place) -> str:
    one, two = draw(readings(place)), draw(readings(place))
    mould = draw(st.sampled_from(_MOULDS))
    return mould.format(one, two)


_MOULDS = (
    "{0}",
    "{0} + 1",
    "{0} > {1}",
    "{0} != ''",
    "{0} = '2'",
    "not({0} = {1})",
    "if({0} > 1, {1}, '')",
    "concat({0}, '/', {1})",
    "coalesce({0}, {1})",
    "{0} = 1 or {1} = 3",
    "{0} >= 1 and string-length({1}) < 4",
    "round({0} div 3, 1)",
    "selected({0}, '1')",
    "number({0}) - date({1})",
)


@st.composite
def forms(draw: st.DrawFn) -> str:
    """The XML of a form whose rules can all run: one that waits for itself loses its rule."""
    root = draw(structures())
    every = tuple(pair for pair in root.walk() if pair[1] is not root)
    repeats = tuple(path for path, part in every if part.kind == "repeat")
    rules = {path: draw(_rules(part, Place(path, repeats, every))) for path, part in every}
    return _without_cycles(root, rules)


@st.composite
def expression_places(draw: st.DrawFn) -> tuple[str, str, str]:
    """A form in which only relevance is ruled, a path in it, and an expression that may stand there."""
    root = draw(structures())
    every = tuple(pair for pair in root.walk() if pair[1] is not root)
    repeats = tuple(path for path, part in every if part.kind == "repeat")
    paths = st.sampled_from([path for path, _ in every])
    ruled = {path: Place(path, repeats, every) for path in draw(st.sets(paths, max_size=2))}
    rules = {path: {"relevant": draw(expressions(place))} for path, place in sorted(ruled.items())}
    path = draw(paths)
    return _without_cycles(root, rules), path, draw(larger_expressions(Place(path, repeats, every)))


@st.composite
def larger_expressions(draw: st.DrawFn, place: Place) -> str:
    one, two = draw(expressions(place)), draw(expressions(place))
    return draw(st.sampled_from(_LARGER)).format(one, two)


_LARGER = (
    "{0}",
    "({0}) = ({1})",
    "({0}) < ({1})",
    "({0}) * ({1}) - 1",
    "({0}) and not({1})",
    "if({0}, {1}, 'else')",
    "concat({0}, {1})",
    "-({0}) mod 3",
    "count(({0}) | ({1}))",
)


@st.composite
def _rules(draw: st.DrawFn, part: Part, place: Place) -> dict[str, str]:
    possible = RULED if not part.children else ("relevant", "count") if part.kind == "repeat" else ("relevant",)
    chosen = draw(st.sets(st.sampled_from(possible), max_size=2))
    return {name: draw(expressions(place)) for name in sorted(chosen)}


def _without_cycles(root: Part, rules: dict[str, dict[str, str]]) -> str:
    while True:
        xml = xform(_ruled(root, "", rules))
        try:
            load(xml)
        except BrokenForm as broken:
            fault = broken.faults[0]
            if fault.error.code != "cycle":
                raise
            rules[fault.path] = {}
        else:
            return xml


def _ruled(part: Part, above: str, rules: dict[str, dict[str, str]]) -> Part:
    path = f"{above}/{part.name}"
    children = tuple(_ruled(child, path, rules) for child in part.children)
    return replace(part, children=children, rules=rules.get(path, {}))
