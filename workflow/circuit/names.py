"""What a circuit names, compared with what there is: whoever mistyped a name is told the nearest one."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches

from workflow.circuit.model import Circuit, Finding, Who
from workflow.circuit.reading import place_of
from workflow.circuit.walking import paths, walk, whos

MESSAGES: Mapping[str, tuple[str, str]] = {
    "unknown_path": (
        "The form has no question %(path)s",
        "The form has no question %(path)s; the nearest is %(near)s",
    ),
    "unknown_section": (
        "The form has no section “%(name)s”",
        "The form has no section “%(name)s”; the nearest is “%(near)s”",
    ),
    "unknown_role": (
        "There is no role “%(name)s”",
        "There is no role “%(name)s”; the nearest is “%(near)s”",
    ),
    "unknown_lens": (
        "There is no view “%(name)s” of the answers",
        "There is no view “%(name)s” of the answers; the nearest is “%(near)s”",
    ),
    "unknown_relation": (
        "Nothing says which organisation “%(name)s” is",
        "Nothing says which organisation “%(name)s” is; the nearest word is “%(near)s”",
    ),
    "unknown_body": (
        "There is no committee or group “%(name)s”",
        "There is no committee or group “%(name)s”; the nearest is “%(near)s”",
    ),
    "unknown_organisation": (
        "There is no organisation “%(name)s”",
        "There is no organisation “%(name)s”; the nearest is “%(near)s”",
    ),
}
"""What is said without and with a name that looks alike."""
_ALIKE = 0.6

Named = tuple[str, str, str]
"""What kind of finding it would be, where it stands, the name."""


def against(circuit: Circuit, known: Mapping[str, Iterable[str] | None]) -> tuple[Finding, ...]:
    """A refusal for each name that is not among those known, by kind of finding (see MESSAGES); None: not compared."""
    compared = {kind: frozenset(names) for kind, names in known.items() if names is not None}
    found = (one for one in _named(circuit) if one[0] in compared)
    return tuple(_unknown(circuit, *one, compared[one[0]]) for one in found if one[2] not in compared[one[0]])


def _unknown(circuit: Circuit, kind: str, where: str, name: str, known: Collection[str]) -> Finding:
    near = get_close_matches(name, sorted(known), 1, _ALIKE)
    params = {"path" if kind == "unknown_path" else "name": name} | ({"near": near[0]} if near else {})
    return Finding("error", kind, where, MESSAGES[kind][bool(near)], params, *place_of(circuit.places, where))


def _named(circuit: Circuit) -> Iterator[Named]:
    for where, path in paths(circuit):
        yield "unknown_path", where, path
    for at, _, _, step in walk(circuit):
        yield from _several(circuit, "unknown_section", f"{at}.sections", step.sections)
        yield from _several(circuit, "unknown_section", f"{at}.fresh", step.fresh)
        yield from _several(circuit, "unknown_lens", f"{at}.sees", (step.sees,) if step.sees else ())
        yield from _several(circuit, "unknown_organisation", f"{at}.rule.veto", step.rule.veto)
    for where, who in whos(circuit):
        yield from _of(circuit, where, who)


def _of(circuit: Circuit, where: str, who: Who) -> Iterator[Named]:
    yield from _several(circuit, "unknown_role", f"{where}.role", who.role)
    yield from _several(circuit, "unknown_body", f"{where}.body", (who.body,) if who.body else ())
    yield from _several(circuit, "unknown_organisation", f"{where}.organisation", who.organisation)
    yield from _several(circuit, "unknown_relation", f"{where}.relation", (who.relation,) if who.relation else ())


def _several(circuit: Circuit, kind: str, where: str, names: tuple[str, ...] | bool) -> Iterator[Named]:
    """Each with the place of the very word, where it is one of a list."""
    for rank, name in enumerate(names if isinstance(names, tuple) else ()):
        word = f"{where}[{rank}]"
        yield kind, word if word in circuit.places else where, name
